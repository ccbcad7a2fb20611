"""The verbs of the tree of places."""

from .changes import Because, New, add_below, close, merge, move, recode, rename
from .loading import Loaded, load_divisions
from .undoing import Undone, undo_load

__all__ = [
    "Because",
    "Loaded",
    "New",
    "Undone",
    "add_below",
    "close",
    "load_divisions",
    "merge",
    "move",
    "recode",
    "rename",
    "undo_load",
]
