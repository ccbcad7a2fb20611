"""Inline drawings by name, from the folder beside this file."""

import re
from functools import cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_FOLDER = Path(__file__).parent / "icons"


def names() -> list[str]:
    """The names there are, in order."""
    return sorted(path.stem for path in _FOLDER.glob("*.svg"))


@cache
def _drawing(name: str) -> SafeString:
    path = _FOLDER / f"{name}.svg"
    if not re.fullmatch(r"[a-z0-9-]+", name) or not path.is_file():
        raise LookupError(f"no icon {name!r}; there are {', '.join(names())}")
    inside = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text(encoding="utf-8"), re.DOTALL)
    assert inside is not None
    # Our own files, checked into the package: nothing a user wrote can be in them.
    return mark_safe(inside.group(1))  # noqa: S308 -- see above


def icon(name: str, label: str = "") -> SafeString:
    """An icon in the colour and size of the text around it; hidden from screen readers unless it has a label."""
    said = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="icon" viewBox="0 0 24 24" {}>{}</svg>', said, _drawing(name))
