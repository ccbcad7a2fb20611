"""A village branch, who may publish there, and a notice in a few words."""

from datetime import date, timedelta
from typing import Any

from jiceng.engines.notices import actions
from jiceng.engines.notices.actions import Draft
from jiceng.engines.notices.models import Notice, Objection
from jiceng.kernel.access import Actor
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.refs import new_ref
from tests.builders import BUILDER, NOON

TODAY = date(2026, 6, 1)


def said(**other: Any) -> Draft:
    """What a notice says, right in everything."""
    told = {
        "kind": "finance", "title": "第二季度村级收支", "text": "收入 12,345.60 元，支出 8,000.00 元，结余 4,345.60 元。",
        "since": TODAY, "until": TODAY + timedelta(days=7),
    }  # fmt: skip
    return Draft(**{**told, **other})


def drafted(home: Organisation, *, by: Actor = BUILDER, at: Any = NOON, **other: Any) -> Notice:
    return actions.draft(home, new=said(**other), by=by, at=at)


def published(home: Organisation, *, by: Actor = BUILDER, at: Any = NOON, **other: Any) -> Notice:
    """A notice that is up."""
    made = drafted(home, by=by, at=at, **other)
    actions.publish(made, by=by, at=at)
    return made


def objected(notice: Notice, text: str = "支出里没有写清修路款。", *, at: Any = NOON, **other: Any) -> Objection:
    """What a visitor disagrees with."""
    told = {"contact": "", "once": new_ref(), "address": "10.0.0.1", "by": Actor.visitor(), **other}
    return actions.raise_objection(notice, text=text, at=at, **told)
