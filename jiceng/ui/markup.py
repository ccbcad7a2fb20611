"""Small parts drawn straight from values; everything that was given is escaped."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import segno
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from jiceng.ui import icons, words

STATE_ICONS = {
    "done": "circle-check", "doing": "progress-check", "wait": "hourglass", "late": "alert-triangle",
    "draft": "circle-dashed", "stopped": "ban", "sealed": "rubber-stamp", "info": "info-circle",
}  # fmt: skip
# A date with its weekday is the longest text that a cell does not break.
_SHORT = 16
BUTTON_KINDS = ("primary", "plain", "quiet", "danger")


def attributes(extra: Mapping[str, Any]) -> SafeString:
    """Further attributes of an element: `hx_get=url` becomes `hx-get="…"`; None, False and empty are left out."""
    given = (
        (key.replace("_", "-"), "" if value is True else value)
        for key, value in extra.items()
        if value is not None and value is not False and value != ""
    )
    return format_html_join("", ' {}="{}"', given)


def known(kind: str, kinds: Iterable[str]) -> str:
    """The kind itself, or a loud refusal that names the kinds there are."""
    if kind not in kinds:
        raise ValueError(f"no kind {kind!r}; there are {', '.join(kinds)}")
    return kind


def state(kind: str, word: str) -> SafeString:
    """A state: an icon and a word, never a colour alone."""
    if not word:
        raise ValueError("a state is said with a word")
    return format_html(
        '<span class="state state-{}">{}{}</span>', known(kind, STATE_ICONS), icons.icon(STATE_ICONS[kind]), word
    )


def button(
    label: str,
    kind: str = "plain",
    icon: str = "",
    why_not: str = "",
    type: str = "submit",  # noqa: A002 -- the attribute's own name, as page authors write it
    **extra: Any,
) -> SafeString:
    """A button that is named after its act. With `why_not` it is greyed and says the reason beside itself."""
    drawn = icons.icon(icon) if icon else ""
    known(kind, BUTTON_KINDS)
    if why_not:
        return format_html(
            '<span class="act-not"><button class="button" type="button" disabled>{}{}</button><span>{}</span></span>',
            drawn,
            label,
            why_not,
        )
    return format_html(
        '<button class="button button-{}" type="{}"{}>{}{}</button>', kind, type, attributes(extra), drawn, label
    )


def link_button(label: str, url: str, kind: str = "plain", icon: str = "", **extra: Any) -> SafeString:
    """A link that looks like a button. `opens="id"` opens that dialog instead where scripts run."""
    extra["data_opens"] = extra.pop("opens", None)
    drawn = icons.icon(icon) if icon else ""
    return format_html(
        '<a class="button button-{}" href="{}"{}>{}{}</a>',
        known(kind, BUTTON_KINDS),
        url,
        attributes(extra),
        drawn,
        label,
    )


_PICK_AND_MARK = re.compile(r'(<label class="pick">(?:(?!</label>).)*</label>)\s*([，；。：、])', re.DOTALL)


def kept_together(sentence: str) -> SafeString:
    """A sentence of fields in which no punctuation mark begins a line: browsers may break after any field."""
    return mark_safe(_PICK_AND_MARK.sub(r'<span class="kept">\1\2</span>', sentence))  # noqa: S308 -- drawn by parts


def fact(name: str, value: Any, url: str = "", missing: str = "未填") -> SafeString:
    """One fact: its name and its value, linked where there is more; an empty value is said."""
    if value is None or value == "":
        value = format_html('<span class="missing">{}</span>', missing)
    elif url:
        value = format_html('<a href="{}">{}</a>', url, value)
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", name, value)


def row_head(label: str, value: Any, url: str = "", sheet: bool = True) -> SafeString:
    """The cell that names its row. It opens in the side sheet on a wide screen, else as a page."""
    opens = mark_safe(" data-sheet") if sheet else ""
    shown = format_html('<a href="{}"{}>{}</a>', url, opens, value) if url else value
    return format_html('<th scope="row" data-label="{}">{}</th>', label, shown)


def cell(label: str, value: Any, number: bool = False, missing: str = "—") -> SafeString:
    """A cell; whole numbers are grouped and set to the right."""
    is_number = number or (isinstance(value, int | Decimal) and not isinstance(value, bool))
    said = missing if value in (None, "") else words.number(value) if isinstance(value, int) and is_number else value
    kind = "num" if is_number else "short" if len(str(said)) <= _SHORT else ""
    return format_html('<td data-label="{}"{}><span>{}</span></td>', label, attributes({"class": kind}), said)


def row_check(value: Any, label: str, name: str = "chosen", form: str = "") -> SafeString:
    """The box that chooses a row for a bulk act."""
    return format_html(
        '<td class="check"><label><span class="unseen">选择{}</span>'
        '<input type="checkbox" name="{}" value="{}"{}></label></td>',
        label, name, value, attributes({"form": form}),
    )  # fmt: skip


def qr(text: str, label: str) -> SafeString:
    """A QR code as a picture in the page."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(border=2, omitsize=True, svgclass=None, lineclass=None)
    # segno draws squares only: the text is in their pattern, never in the markup.
    squares = mark_safe(drawn.removeprefix("<svg"))  # noqa: S308 -- see above
    return format_html('<svg class="qr" role="img" aria-label="{}"{}', label, squares)
