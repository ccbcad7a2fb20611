"""What is done in the small city: cases, meetings, notices and sheets, everywhere somebody may be kept out."""

from datetime import date, timedelta
from itertools import product

from django.utils import timezone

from jiceng.engines.assembly import actions as assembly
from jiceng.engines.assembly.queries import Named
from jiceng.engines.intake.models import Batch
from jiceng.engines.notices import actions as notices
from jiceng.engines.procedures import actions as procedures
from jiceng.kernel.access import Actor
from jiceng.kernel.files import actions as files
from jiceng.kernel.files.cleaning.outside import Clean
from jiceng.kernel.journal.clock import one_moment
from jiceng.kernel.residents import actions as residents
from jiceng.kernel.residents.models import Listing
from jiceng.lib.refs import new_ref
from tests import builders
from tests.builders import BUILDER
from tests.guard import outside


def cases(world):
    """A dispute in every organisation, on its first step."""
    for one in world.places.values():
        if one.closed_on is None:
            told = procedures.Told(date(2026, 3, 2), {"dispute": "neighbours", "started": "asked"})
            made = procedures.open(
                one, procedure="mediation", title="晒场纠纷", told=told, by=BUILDER, at=timezone.now()
            )
            world.cases.append(made)


def cases_about_people(world):
    """Somebody's admission, at each level; the people are those who ask about themselves too."""
    for word in ("甲村0的党员", "流动党员", "借用党员"):
        who, told = world.people[word], procedures.Told(date(2026, 3, 2))
        made = procedures.open(
            who.organisation, procedure="admission", title="", told=told, about=who, by=BUILDER, at=timezone.now()
        )
        world.personal_cases.append(made)


def meetings(world):
    """A lecture in some organisations; to one a member was called who is known."""
    for at in ("甲县", "甲镇", "甲村0", "甲村36", "乙村", "外村"):
        person = world.people["甲村0的党员"].pk if at == "甲村0" else None
        roll = [Named(person) if person else Named(name="旁听的人", source="另列名单")]
        told = assembly.Sheet(
            "lecture", "党课", "党课", date(2026, 3, 2), "村委会", roll, {0: assembly.Mark("present")},
            assembly.Written("上了一课。", "主持", "记录"),
        )  # fmt: skip
        world.meetings.append((assembly.record(world.places[at], told=told, by=BUILDER, at=timezone.now()), person))


def rolls(world):
    """A voter on the roll of some villages."""
    for at in ("甲县", "甲镇", "甲村0", "甲村36", "乙村", "外村"):
        residents.list_many(
            world.places[at], roll="voters", names=[residents.NewListing("某村民", "一组")], source="登记",
            since=date(2026, 3, 2), until=None, by=BUILDER, at=timezone.now(),
        )  # fmt: skip
        world.listings += Listing.objects.filter(organisation=world.places[at])


def posted(world):
    """Drafts, what is up for anyone and for members, and what was taken down; each with somebody who disagrees."""
    today, now = timezone.localdate(), timezone.now()
    told = {"kind": "finance", "text": "收入 1,200.00 元。", "since": today, "until": today + timedelta(days=7)}
    for at, audience in product(("甲县", "甲镇", "甲村0", "甲村36", "乙村", "外村"), ("public", "members")):
        for word in ("草稿", "公示", "撤下"):
            new = notices.Draft(title=f"{word}一件", audience=audience, **told)  # type: ignore[arg-type]
            made = notices.draft(world.places[at], new=new, by=BUILDER, at=now)
            world.notices.append(made)
            files.keep(made, clean=Clean("附图.jpg", "jpg", b"\xff\xd8\xff of the city"), by=BUILDER, at=now)
            if word != "草稿":
                notices.publish(made, by=BUILDER, at=now)
                visitor = {"contact": "", "once": new_ref(), "address": f"10.0.0.{made.pk % 200}"}
                notices.raise_objection(made, text="不清楚", by=Actor.visitor(), at=now, **visitor)
            if word == "撤下":
                notices.withdraw(made, reason="有误", by=BUILDER, at=now)


def batches(world):
    """A file that somebody sent, at several places."""
    for at in ("甲县", "甲镇", "甲村0", "乙镇"):
        sender = next((one for one in world.callers if one.held and one.held[0][1] == world.places[at].pk), None)
        with outside(), one_moment():
            made = Batch.objects.create(
                organisation=world.places[at], sheet="members", name="名册.xlsx", size=1, digest="0" * 64,
                person=sender and sender.person, user=sender and sender.user, by_name="甲", at=builders.NOON,
            )  # fmt: skip
        world.batches.append(made)
