"""The parts that pages are built from, by `{% load ui %}`.

Each is shown in every state on the gallery page and described in docs/ui.md.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from jiceng.ui import charts, icons, markup, words
from jiceng.ui.faults import faults
from jiceng.ui.shapes import Answer, Bar, Chart, Event, Figure, Link, Map, Node, Page, Step, Wait

register = template.Library()

register.filter("zh_date", words.zh_date)
register.filter("plain_date", words.plain_date)
register.filter("zh_moment", words.zh_moment)
register.filter("document_date", words.document_date)
register.filter("number", words.number)
register.filter("money", words.money)
register.filter("size", words.size)
register.simple_tag(icons.icon, name="icon")
for part in (
    markup.state, markup.button, markup.link_button, markup.fact,
    markup.row_head, markup.cell, markup.row_check, markup.qr,
):  # fmt: skip
    register.simple_tag(part)
register.simple_tag(words.percent, name="percent")
register.simple_tag(words.count, name="count")
register.simple_tag(charts.sparkline, name="spark")
register.simple_tag(charts.bar, name="bar")
register.simple_tag(charts.bars, name="picture_of_bars")

NOTICE_ICONS = {
    "info": "info-circle",
    "late": "alert-triangle",
    "wrong": "alert-circle",
    "done": "circle-check",
    "law": "scale",
}
STEP_STATES = {
    "done": ("check", "已办"),
    "current": ("", "正在办"),
    "late": ("alert-triangle", "已逾期"),
    "coming": ("", "未到"),
    "drawn": ("", ""),
    "skipped": ("", "不适用"),
}


def today_of(context: Context) -> date:
    """The day a page is drawn for: the context's `today`, which a replay sets, or the local day."""
    found = context.get("today")
    return found if isinstance(found, date) else timezone.localdate()


@register.filter("due")
def due_words(day: date, today: date) -> str:
    return words.due(day, today)


@register.simple_tag(takes_context=True)
def due(context: Context, day: date | None, working_days: int | None = None) -> SafeString:
    """A deadline: 还有 3 天（5月21日）, amber with a sign from two days before and when it is past."""
    if day is None:
        return SafeString("")
    today = today_of(context)
    near = (words.as_date(day) - today).days <= 2
    sign, kind = (
        (icons.icon("alert-triangle" if words.as_date(day) < today else "hourglass"), " due-near")
        if near
        else (icons.icon("clock"), "")
    )
    return format_html('<span class="due{}">{}{}</span>', kind, sign, words.due(day, today, working_days))


@register.simple_block_tag
def acts(content: str) -> SafeString:
    """What can be done now, in one row; on a phone one below the other."""
    return format_html('<div class="acts">{}</div>', content)


@register.simple_tag
def field(bound: BoundField, why: str = "", unit: str = "", **extra: Any) -> SafeString:
    """A field: label above, why it is asked, its help, its error, the input."""
    if bound.is_hidden:
        return bound.as_widget()
    attrs = {key.replace("_", "-"): value for key, value in extra.items()}
    about = " ".join(filter(None, (f"{bound.auto_id}_why" if why else "", str(bound.aria_describedby or ""))))
    if about and not bound.use_fieldset:
        attrs["aria-describedby"] = about
    shown = {
        "field": bound, "why": why, "unit": unit, "about": about, "control": bound.as_widget(attrs=attrs),
        "single": isinstance(bound.field.widget, CheckboxInput), "faults": faults(bound),
    }  # fmt: skip
    return render_to_string("ui/parts/field.html", shown)


@register.simple_tag
def fields(form: BaseForm) -> SafeString:
    """Every field of a form, in order."""
    return format_html_join("", "{}", ((field(bound),) for bound in form))


@register.simple_tag
def error_summary(*forms: BaseForm) -> SafeString:
    """All errors of the forms at the top, each linked to its field; nothing where there is none."""
    wrong = [(_target(bound), _named(bound, said)) for form in forms for bound in form for said in faults(bound)]
    whole = [said for form in forms for said in form.non_field_errors()]
    if not wrong and not whole:
        return SafeString("")
    return render_to_string(
        "ui/parts/error_summary.html", {"wrong": wrong, "whole": whole, "count": len(wrong) + len(whole)}
    )


def _named(bound: BoundField, said: str) -> str:
    return said if str(bound.label) in said else f"{bound.label}：{said}"


def _target(bound: BoundField) -> str:
    if isinstance(bound.field.widget, RadioSelect | CheckboxSelectMultiple):
        return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id


@register.simple_tag
def pick(bound: BoundField, **extra: Any) -> SafeString:
    """A field inside a sentence of a filter bar; its label is said to screen readers only."""
    attrs = {key.replace("_", "-"): value for key, value in extra.items()}
    return format_html(
        '<label class="pick"><span class="unseen">{}</span>{}</label>', bound.label, bound.as_widget(attrs=attrs)
    )


@register.simple_block_tag
def filters(content: str, url: str = "", clear_url: str = "", **extra: Any) -> SafeString:
    """Filters as a sentence with fields in it; sends a GET form."""
    return render_to_string(
        "ui/parts/filters.html",
        {
            "content": markup.kept_together(content),
            "url": url,
            "clear_url": clear_url,
            "attributes": markup.attributes(extra),
        },
    )


@register.inclusion_tag("ui/parts/answers.html")
def answers(rows: Sequence[Answer]) -> dict[str, Any]:
    """What was answered, each line with a way back to change it."""
    return {"rows": rows}


@register.simple_block_tag
def headline(content: str, title: str, kind: str = "") -> SafeString:
    """The head of a record: what it is, its title, and the state line as content."""
    over = format_html('<p class="over">{}</p>', kind) if kind else ""
    return format_html(
        '<header class="headline">{}<h1>{}</h1><div class="state-line">{}</div></header>', over, title, content
    )


@register.simple_block_tag
def panel(
    content: str,
    title: str,
    id: str = "",  # noqa: A002 -- the attribute's own name
    url: str = "",
    act: str = "全部",
) -> SafeString:
    """A part of a page under its own heading, with one link at the right."""
    return render_to_string(
        "ui/parts/panel.html", {"content": content, "title": title, "id": id, "url": url, "act": act}
    )


@register.simple_block_tag
def facts(content: str) -> SafeString:
    """Facts in two columns; holds `fact` and `fact_about`."""
    return format_html('<dl class="facts">{}</dl>', content)


@register.simple_block_tag
def fact_about(content: str, name: str) -> SafeString:
    """One fact whose value is written in the template."""
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", name, content)


@register.inclusion_tag("ui/parts/timeline.html")
def timeline(events: Sequence[Event]) -> dict[str, Any]:
    """Who did what and when, with a mark where it was late."""
    return {"events": events, "icons": markup.STATE_ICONS}


@register.inclusion_tag("ui/parts/steps.html")
def steps(rows: Sequence[Step], label: str = "办理步骤") -> dict[str, Any]:
    """The steps of a procedure, and where it stands."""
    return {"label": label, "rows": [(row, *STEP_STATES[row.state]) for row in rows]}


@register.simple_block_tag
def table(
    content: str, caption: str, columns: Sequence[Any], wide: bool = False, show_caption: bool = False
) -> SafeString:
    """A table with a sticky head that becomes cards on a phone; its content is rows of `row_head` and `cell`."""
    shown = {"content": content, "caption": caption, "columns": columns, "wide": wide, "show_caption": show_caption}
    return render_to_string("ui/parts/table.html", shown)


@register.simple_block_tag
def cell_about(content: str, label: str) -> SafeString:
    """A cell whose content is written in the template."""
    return format_html('<td data-label="{}"><span>{}</span></td>', label, content)


@register.inclusion_tag("ui/parts/pager.html")
def pager(page: Page, label: str = "翻页") -> dict[str, Any]:
    """The page before and the page after, and how many there are."""
    return {"page": page, "label": label}


@register.simple_block_tag
def nothing(content: str, title: str, icon: str = "inbox") -> SafeString:
    """An empty page or list: what would be here, and how it comes."""
    return format_html(
        '<div class="nothing">{}<p class="nothing-title">{}</p><div>{}</div></div>', icons.icon(icon), title, content
    )


@register.inclusion_tag("ui/parts/tree.html")
def tree(nodes: Sequence[Node], label: str = "", target: str = "") -> dict[str, Any]:
    """Rows of a tree with a way to open each; `target` selects what the answer replaces where scripts run."""
    return {"nodes": nodes, "label": label, "target": target}


@register.inclusion_tag("ui/parts/waits.html", takes_context=True)
def waits(context: Context, rows: Sequence[Wait]) -> dict[str, Any]:
    """What waits for somebody: each line what, until when, one button."""
    return {"rows": rows, "today": today_of(context)}


@register.inclusion_tag("ui/parts/crumbs.html")
def crumbs(links: Sequence[Link]) -> dict[str, Any]:
    """Where this page stands."""
    return {"links": links}


@register.inclusion_tag("ui/parts/tabs.html")
def tabs(links: Sequence[Link], label: str) -> dict[str, Any]:
    """Pages beside each other."""
    return {"links": links, "label": label}


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "") -> SafeString:
    """A remark in a frame: info, late, wrong, done, or law (the basis)."""
    head = format_html('<p class="notice-title">{}</p>', title) if title else ""
    return format_html(
        '<div class="notice notice-{}">{}<div>{}{}</div></div>',
        markup.known(kind, NOTICE_ICONS),
        icons.icon(NOTICE_ICONS[kind]),
        head,
        content,
    )


@register.simple_block_tag
def dialog(content: str, id: str, title: str) -> SafeString:  # noqa: A002 -- the attribute's own name
    """A box over the page, opened by `opens="id"`; what it does must also be reachable as a page."""
    return render_to_string("ui/parts/dialog.html", {"content": content, "id": id, "title": title})


@register.inclusion_tag("ui/parts/progress.html")
def progress(label: str, done: int, total: int, url: str = "", unit: str = "条") -> dict[str, Any]:
    """Long work on its way; asks `url` for itself every two seconds until it is done."""
    return {
        "label": label,
        "done": done,
        "total": total,
        "url": url if done < total else "",
        "unit": unit,
        "said": words.percent(done, total),
    }


@register.inclusion_tag("ui/parts/figure.html")
def figure_card(figure: Figure) -> dict[str, Any]:
    """A figure: value, base, date, trend, basis, and the records behind it."""
    return {"figure": figure}


@register.inclusion_tag("ui/parts/by_child.html")
def by_child(rows: Sequence[Bar], title: str, *, unseen: bool = False) -> dict[str, Any]:
    """A figure by child, as bars and as a table at once; `unseen` leaves the title to the heading above."""
    return {"rows": rows, "title": title, "unseen": unseen}


@register.inclusion_tag("ui/parts/chart.html")
def chart(picture: Chart) -> dict[str, Any]:
    """A picture with its table beside it; the picture is drawn where scripts run."""
    data = {
        "kind": picture.kind, "title": picture.title, "unit": picture.unit, "labels": list(picture.labels),
        "links": list(picture.links),
        "series": [{"name": one.name, "values": list(one.values)} for one in picture.series],
    }  # fmt: skip
    rows = [(name, [one.values[place] for one in picture.series]) for place, name in enumerate(picture.labels)]
    return {"picture": picture, "data": data, "rows": rows}


@register.inclusion_tag("ui/parts/map.html")
def choropleth(picture: Map) -> dict[str, Any]:
    """Places coloured by level, with a table that is legend and text at once."""
    return {"picture": picture, "drawn": charts.places(picture)}


@register.inclusion_tag("ui/parts/slip.html")
def slip(title: str, rows: Sequence[tuple[str, Any]], url: str = "", note: str = "") -> dict[str, Any]:
    """A slip to print and hand over: names, values and a QR code to the record."""
    return {"title": title, "rows": rows, "url": url, "note": note}


@register.inclusion_tag("ui/parts/sign_places.html")
def sign_places(*names: str, seal: str = "") -> dict[str, Any]:
    """Lines for signatures, and a place for a seal."""
    return {"names": names, "seal": seal}
