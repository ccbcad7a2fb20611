"""The sheets that areas offer, handed over once at project start; areas stand beside or above this package."""

from collections.abc import Iterable

from .declarations import Sheet

_sheets: dict[str, Sheet] = {}


def sheets_come_from(sheets: Iterable[Sheet]) -> None:
    """Hands over every sheet that may be brought in. Raises ValueError where two have one key."""
    handed = list(sheets)
    _sheets.clear()
    for sheet in handed:
        if sheet.key in _sheets:
            raise ValueError(f"two sheets are called {sheet.key}")
        _sheets[sheet.key] = sheet


def sheets() -> list[Sheet]:
    """Every sheet, in the order they were handed over."""
    return list(_sheets.values())


def sheet(key: str) -> Sheet:
    """The sheet of that key. Raises KeyError with the keys there are."""
    if key not in _sheets:
        raise KeyError(f"no sheet {key}; there are {', '.join(_sheets)}")
    return _sheets[key]
