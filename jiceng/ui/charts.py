"""Small pictures drawn at the server: plain SVG without inline styles, coloured by the style sheet."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from jiceng.ui.shapes import Map

type Point = tuple[float, float]


def sparkline(values: Sequence[int | None], label: str, *, width: int = 120, height: int = 28) -> SafeString:
    """A small line over time; a gap where a value is unknown, a dot on the last one known."""
    runs = _runs(values, width, height)
    if not runs:
        return SafeString("")
    x, y = runs[-1][-1]
    lines = format_html_join("", '<polyline points="{}"/>', ((_points(run),) for run in runs))
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">{}'
        '<circle cx="{}" cy="{}" r="2.5"/></svg>',
        width, height, width, height, label, lines, _short(x), _short(y),
    )  # fmt: skip


def _runs(values: Sequence[int | None], width: int, height: int) -> list[list[Point]]:
    known = [value for value in values if value is not None]
    low, span = min(known, default=0), max(known, default=0) - min(known, default=0)
    runs: list[list[Point]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
            continue
        x = 3 + (width - 6) * place / max(len(values) - 1, 1)
        y = height / 2 if span == 0 else height - 3 - (height - 6) * (value - low) / span
        runs[-1].append((x, y))
    # A lone point is drawn as a line of no length, whose round ends make a dot.
    return [run if len(run) > 1 else run * 2 for run in runs if run]


def _points(run: Sequence[Point]) -> str:
    return " ".join(f"{_short(x)},{_short(y)}" for x, y in run)


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def bar(part: int, whole: int, *, height: int = 10) -> SafeString:
    """How much of the whole the part is, as one bar. Decoration: the words with part and whole stand beside it."""
    filled = 0.0 if whole <= 0 else min(max(100 * part / whole, 0), 100)
    return format_html(
        '<svg class="bar" viewBox="0 0 100 {0}" height="{0}" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="bar-whole" width="100" height="{0}"/><rect class="bar-part" width="{1}" height="{0}"/></svg>',
        height, _short(filled),
    )  # fmt: skip


def bars(rows: Sequence[tuple[str, int]], title: str, *, width: int = 480, unit: str = "") -> SafeString:
    """Horizontal bars with their names and values, in the order given, for paper and for pages without scripts."""
    line, names = 26, 150
    scale = (width - names - 80) / (max((value for _, value in rows), default=0) or 1)
    drawn = (
        _named_bar(name, f"{value:,}{unit}", left=names, top=line * place, length=scale * max(value, 0))
        for place, (name, value) in enumerate(rows)
    )
    return format_html(
        '<svg class="bars" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img" aria-label="{2}">'
        "<title>{2}</title>{3}</svg>",
        width, line * len(rows), title, format_html_join("", "{}", ((one,) for one in drawn)),
    )  # fmt: skip


def _named_bar(name: str, said: str, *, left: int, top: int, length: float) -> SafeString:
    return format_html(
        '<text x="0" y="{0}">{1}<title>{2}</title></text>'
        '<rect class="bar-part" x="{3}" y="{4}" width="{5}" height="16"/><text x="{6}" y="{0}">{7}</text>',
        top + 17, name if len(name) <= 10 else f"{name[:9]}…", name,
        left, top + 5, _short(length), _short(left + 6 + length), said,
    )  # fmt: skip


def places(picture: Map) -> SafeString:
    """The shapes of a map, each with the number of its level where there is room. The table beside it says the same."""
    shapes = format_html_join(
        "",
        '<path class="map-{}" d="{}"><title>{}：{}</title></path>',
        ((one.level, one.path, one.label, one.said) for one in picture.areas),
    )
    marks = format_html_join(
        "",
        '<text x="{}" y="{}" dy=".35em">{}</text>',
        ((_short(one.x), _short(one.y), one.level) for one in picture.areas if one.level and one.has_room),
    )
    return format_html(
        '<svg viewBox="-1 -1 {} {}" fill-rule="evenodd" role="img" aria-label="{}">{}{}</svg>',
        _short(picture.width + 2), _short(picture.height + 2), f"{picture.title}，各下级在哪一级见旁边的表", shapes, marks,
    )  # fmt: skip
