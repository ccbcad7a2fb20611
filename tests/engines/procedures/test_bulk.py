"""A list of cases that are under way: all of it or nothing, and every case stands where one by one it would."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiceng.engines.procedures import actions, queries
from jiceng.engines.procedures.actions import Deed, Past, Told
from jiceng.engines.procedures.declarations.machine import Act
from jiceng.engines.procedures.models import Case, Entry
from jiceng.kernel.access import Role
from jiceng.kernel.journal.models import Entry as Journalled
from jiceng.lib.refusals import NotAllowed, Refused
from tests import builders

pytestmark = pytest.mark.django_db

AT = datetime(2026, 6, 1, 4, tzinfo=UTC)
DAY = date(2026, 3, 2)
SAID = {"dispute": "neighbours", "started": "asked"}
DONE = {"opened": DAY, "acceptance": DAY, "inquiry": DAY, "talks": DAY, "agreement": DAY, "confirmation": DAY}


@pytest.fixture
def town():
    return builders.org("某镇党委", kind="committee")


@pytest.fixture
def villages(town):
    return [builders.org(f"第{number}村党支部", under=town) for number in range(3)]


def past(village, **more):
    told = {"title": "争水", "step": "follow-up", "on": DAY, "done": DONE, "said": SAID, **more}
    return Past(village.pk, **told)


def entered(town, rows, by):
    return actions.enter_many(town, procedure="mediation", rows=rows, by=by, at=AT)


def test_a_list_stands_where_one_by_one_it_would(town, villages):
    officer = builders.holder(town, Role.OFFICER)
    kept = Deed(Act.DONE, DAY, "kept")
    made = entered(town, [past(villages[0]), past(villages[1], deeds=[kept])], officer)
    one = actions.enter(
        villages[0], procedure="mediation", title="争水", step="follow-up", done=DONE, told=Told(DAY, SAID),
        by=builders.holder(villages[0], Role.SECRETARY), at=AT,
    )  # fmt: skip
    first, second = (Case.objects.select_related("edition").get(pk=pk) for pk in made.cases)
    columns = ("state", "step", "end", "stood_since", "due_on", "opened_on", "number", "edition_id")
    assert [getattr(first, name) for name in columns] == [getattr(one, name) for name in columns]
    assert sorted(first.waitings.values_list("role", "level")) == sorted(one.waitings.values_list("role", "level"))
    assert (second.state, second.end, second.number, second.waitings.count()) == ("ended", "settled", 2, 0)
    assert queries.standing_of(second, queries.entries_of(second)).end.key == "settled"


def test_a_list_is_one_entry_of_the_journal_and_as_many_queries_for_three_as_for_one(town, villages):
    officer = builders.holder(town, Role.OFFICER)
    entered(town, [past(villages[0])], officer)

    def cost(rows):
        before = Journalled.objects.count()
        with CaptureQueriesContext(
            connection,
        ) as told:
            entered(town, rows, officer)
        assert Journalled.objects.count() == before + 1
        return len(told)

    assert cost([past(villages[0])]) == cost([past(one) for one in villages])


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"step": "dancing"}, "第 2 行：没有“dancing”这一步"),
        ({"title": " "}, "第 2 行：这个程序不能成批补登，没有写名称"),
        ({"on": date(2026, 6, 2)}, "第 2 行：这个程序不能成批补登，没有写名称，或者日期晚于今天"),
        ({"done": {"follow-up": DAY}}, "第 2 行：办过的步骤不在这一步之前"),
        ({"done": {"talks": date(2026, 3, 3)}}, "第 2 行：办过的步骤不在这一步之前，或者日期晚于"),
        ({"said": {"dispute": "war", "started": "asked"}}, "第 2 行：纠纷种类"),
        ({"deeds": [Deed(Act.DONE, DAY, "dancing")]}, "第 2 行：“回访”没有这种结果"),
        ({"deeds": [Deed(Act.DONE, date(2026, 3, 1), "kept")]}, "第 2 行：日期不能早于上一步"),
        ({"deeds": [Deed(Act.DONE, DAY, "kept"), Deed(Act.DONE, DAY, "kept")]}, "第 2 行：已经办结"),
    ],
)
def test_one_wrong_row_keeps_the_whole_list_out(town, villages, wrong, sentence):
    officer = builders.holder(town, Role.OFFICER)
    with pytest.raises(Refused, match=sentence):
        entered(town, [past(villages[0]), past(villages[1], **wrong), past(villages[2])], officer)
    assert not Case.objects.exists() and not Entry.objects.exists()


def test_a_list_reaches_no_further_than_the_office(town, villages):
    officer = builders.holder(town, Role.OFFICER)
    with pytest.raises(Refused, match="它不在您的下级"):
        entered(town, [past(builders.org("别处党支部"))], officer)
    with pytest.raises(NotAllowed):
        entered(town, [past(villages[0])], builders.holder(villages[0], Role.SECRETARY))
