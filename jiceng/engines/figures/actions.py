"""What people do with figures: report one upward. A figure itself is never typed."""

from datetime import date, datetime

from django.utils import timezone

from jiceng.kernel.access import Actor, action
from jiceng.kernel.journal.clock import moment
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.refusals import Refused

from . import queries, rules
from .indicators import Indicator, Structure
from .models import Reporting
from .sources import Live


@action(rules.report_upward)
def report_upward(
    subject: Organisation, *, indicator: Indicator, on: date, by: Actor, at: datetime,
    structure: Structure | None = None,
) -> Reporting:  # fmt: skip
    """Freezes a figure as the store knows it at this moment. A later word on the same day is another row."""
    if on > timezone.localdate(at):
        raise Refused("截止日期不能晚于今天；请选今天或更早的一天。")
    chosen = structure or indicator.structure
    if not queries.stood(subject.pk, on, chosen):
        raise Refused(f"“{subject.name}”在 {on} 还没有成立或已经撤销，没有数可报。")
    found = queries.value(indicator, subject.pk, on=on, structure=chosen, source=Live())
    return Reporting.objects.create(
        organisation=subject, indicator=indicator.key, name=indicator.name, edition=indicator.edition, on=on,
        structure=chosen, known_at=moment(), part=found.part, whole=found.whole, by_name=by.name, at=at,
    )  # fmt: skip
