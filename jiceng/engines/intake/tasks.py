"""What is done in the background: an order is carried out, and where a killed worker left off another goes on."""

from django.db import connection
from django.tasks import task
from django.utils import timezone

from jiceng.kernel.access import Actor
from jiceng.kernel.accounts.models import User
from jiceng.lib import bulk
from jiceng.lib.refusals import Refused

from . import actions, catalogue, queries, reading
from .checking import Checker
from .declarations import Fault, Scope, Sheet
from .models import Batch, Order, Step, Stretch

MANY = 1000
"""Rows after which the database is told to count anew."""

KEEPER = Actor.command("intake")
"""Writes down why an order was refused: whoever gave it may have lost the post meanwhile."""


@task()
def carry_out(order: int) -> None:
    """Does what somebody ordered, in their name and with the rights they have now."""
    found = Order.objects.select_related("batch__organisation").get(pk=order)
    if found.user is None:
        do(found, by=KEEPER)
        return
    user = User.objects.filter(pk=found.user, disabling=None).first()
    if user:
        do(found, by=user.actor())
    else:
        actions.refuse(found, refusal=Refused("下指令的账号已经停用。"), by=KEEPER, at=timezone.now())


def do(order: Order, *, by: Actor) -> None:
    """Carries an order out now. A refusal is written down; anything else that goes wrong leaves the order open."""
    if hasattr(order, "refusal"):
        return
    try:
        match order.step:
            case Step.CHECK:
                check(order.batch, by=by)
            case Step.APPLY:
                applied = actions.apply(order.batch, by=by, at=timezone.now())
                if applied.rows >= MANY:
                    bulk.settle(connection)
            case Step.UNDO:
                actions.undo(order.batch, by=by, at=timezone.now())
    except Refused as refusal:
        actions.refuse(order, refusal=refusal, by=KEEPER, at=timezone.now())


def check(batch: Batch, *, by: Actor) -> None:
    """Reads and checks the whole file, a stretch at a time. Stretches that were kept before are not checked again."""
    if hasattr(batch, "checking"):
        return
    sheet = catalogue.sheet(batch.sheet)
    scope = Scope(batch.organisation, by, timezone.now(), batch.pk)
    kept = set(Stretch.objects.filter(batch=batch).values_list("number", flat=True))
    with reading.opened(queries.content(batch), labels=sheet.labels, sheet=sheet.name) as (head, stretches):
        checker = Checker(sheet, scope, head.labels)
        if not hasattr(batch, "reading"):
            actions.read(
                batch, head=head, columns=list(scope.columns), unknown=checker.unknown, by=by, at=timezone.now()
            )
        number = -1
        for number, some in enumerate(stretches):
            if number in kept:
                checker.pass_over(some)
            else:
                checked = checker.check(some)
                actions.stage(batch, number=number, checked=checked, scope=scope, by=by, at=timezone.now())
    if number < 0:
        raise Refused("表头下面没有内容。请填好再上传。")
    faults = _last(batch, sheet, scope, checker)
    actions.conclude(batch, faults=faults, foreseen=scope.foreseen, by=by, at=timezone.now())


def _last(batch: Batch, sheet: Sheet, scope: Scope, checker: Checker) -> list[Fault]:
    """What shows only when the whole file is known; the area looks at it only where no row is wrong by itself."""
    left = checker.finish()
    if left or Stretch.objects.filter(batch=batch, faults__gt=0).exists() or sheet.stage:
        return left
    return list(sheet.whole(scope, [one.row for one in queries.staged(batch, sheet)]))
