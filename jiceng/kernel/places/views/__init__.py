"""Pages of places: to find and read them, and to change them."""

from .changing import addition, closing, merger, move, recoding, renaming
from .reading import place, place_history, places, places_table, places_tree

__all__ = [
    "addition",
    "closing",
    "merger",
    "move",
    "place",
    "place_history",
    "places",
    "places_table",
    "places_tree",
    "recoding",
    "renaming",
]
