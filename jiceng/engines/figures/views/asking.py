"""What the pages share: whose figure is asked, on which day, and how it is said."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from jiceng.engines.packs import queries as packs
from jiceng.kernel.access import Request, Rule
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.facts import Column
from jiceng.ui import words

from .. import catalogue, forms, queries
from ..indicators import Indicator, Structure
from ..queries import Value
from ..sources import Columnar, Source


@dataclass(frozen=True)
class Asked:
    """A question of a page, ready to be put: the organisation, the form, and the keywords of queries."""

    organisation: Organisation
    form: forms.Question
    on: date
    structure: Structure | None
    known_at: datetime | None
    source: Source

    @property
    def how(self) -> dict[str, Any]:
        return {"on": self.on, "structure": self.structure, "known_at": self.known_at, "source": self.source}

    @property
    def course(self) -> dict[str, Any]:
        """The same question without its day."""
        return {"structure": self.structure, "known_at": self.known_at, "source": self.source}

    @property
    def said(self) -> str:
        """The question as the rest of an address, so that every link on the page asks the same."""
        given = {key: value for key, value in self.form.data.items() if key in self.form.fields and value}
        return "&".join(f"{key}={value}" for key, value in given.items()) if self.form.is_valid() else ""

    @property
    def is_snapshot(self) -> bool:
        """Whether the answer comes from the columnar file rather than from the database as it is."""
        return isinstance(self.source, Columnar)


def asked(request: Request, organisation: str, rule: Rule, *indicators: Indicator) -> Asked:
    """The question of a request. What one may not see is not there."""
    found = get_object_or_404(rule.among(Organisation.objects.all(), request.actor), ref=organisation)
    given = request.GET.dict()
    form = forms.Question({**given, "on": given.get("on") or timezone.localdate().isoformat()})
    question = form.question()
    source = queries.source_for(*indicators)
    return Asked(found, form, question["on"], question["structure"], question["known_at"], source)


def indicator_or_404(key: str) -> Indicator:
    """The indicator in force today."""
    found = queries.indicator(key)
    if found is None:
        raise Http404
    return found


def unit_of(one: Indicator) -> str:
    """The unit in which the part is said; money is kept in fen and said in yuan."""
    return "元" if is_money(one) else one.unit


def is_money(one: Indicator) -> bool:
    """Whether the part is a sum of money."""
    if one.measure != "sum" or one.of is None:
        return False
    return catalogue.fact(one.fact).column(one.of).kind == "money"


def amount(one: Indicator, number: int) -> int:
    """The number as it is said: yuan for fen where that is whole, else exactly."""
    return Decimal(number) / 100 if is_money(one) else number  # type: ignore[return-value]


def in_words(one: Indicator, found: Value) -> str:
    """86%（43/50）, or 43 人."""
    if found.whole is not None:
        return words.percent(found.part, found.whole)
    return f"{words.number(amount(one, found.part))} {unit_of(one)}"


def labels_of(column: Column) -> dict[str, str]:
    """What the codes of a column stand for: its own labels, or the code table of its name."""
    return dict(column.labels) or packs.labels(column.key.replace("_", "-"))


def names_of(organisations: Iterable[int]) -> dict[int, Organisation]:
    """Organisations by id, for their names: the columnar file has none."""
    return Organisation.objects.only("id", "name", "ref", "path").in_bulk(list(organisations))


def address(page: str, asked: Asked, one: Indicator, **more: str) -> str:
    """A page of an indicator, asking the same question."""
    query = "&".join(filter(None, [asked.said, *(f"{key}={value}" for key, value in more.items())]))
    path = reverse(page, args=[asked.organisation.ref, one.key])
    return f"{path}?{query}" if query else path
