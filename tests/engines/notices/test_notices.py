"""What is published is frozen; what was wrong is corrected or taken down, and whoever disagrees is answered."""

import threading
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from jiceng.engines.notices import actions, queries, sealed
from jiceng.engines.notices.models import Answer, Correction, Notice, Objection, Publication
from jiceng.kernel.access import Actor, Role
from jiceng.kernel.journal.clock import one_moment
from jiceng.kernel.journal.models import Entry
from jiceng.lib.refusals import NotAllowed, Refused
from tests.builders import BUILDER, NOON, holder, member, officer, org, root
from tests.engines.notices.cast import TODAY, drafted, objected, published, said
from tests.guard import outside

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return org("东山村党支部")


@pytest.fixture
def secretary(branch):
    return holder(branch, Role.SECRETARY)


def standing(day=TODAY):
    return [one.title for one in queries.standing(day)]


def fixed(notice, by, **other):
    told = {
        "title": notice.title,
        "text": "结余 43,456.00 元。",
        "phone": "",
        "until": notice.until,
        "reason": "漏一位",
    }
    return actions.correct(notice, by=by, at=NOON, **{**told, **other})


def test_a_draft_is_on_no_board_and_a_publication_is(branch, secretary):
    made = drafted(branch, by=secretary)
    assert standing() == []
    actions.publish(made, by=secretary, at=NOON)
    assert standing() == ["第二季度村级收支"]


def test_a_number_in_the_text_stops_it_and_its_place_is_told(branch, secretary):
    made = drafted(branch, by=secretary, text="补助对象\n陈水生 440703198001011234")
    with pytest.raises(actions.Revealing) as stopped:
        actions.publish(made, by=secretary, at=NOON)
    assert [(one.what, one.where) for one in stopped.value.found] == [("身份证号", "正文第 2 行")]
    assert Publication.objects.count() == 0


@pytest.mark.parametrize("where", ["title", "text", "reason"])
def test_no_number_comes_in_by_a_correction(branch, secretary, where):
    made = published(branch)
    with pytest.raises(actions.Revealing):
        fixed(made, secretary, **{where: "联系 13812345678"})
    assert Correction.objects.count() == 0 and Publication.objects.count() == 1


def test_no_number_comes_in_by_an_answer_or_a_withdrawal(branch, secretary):
    made = published(branch)
    one = objected(made)
    with pytest.raises(actions.Revealing):
        actions.answer(one, summary="某某 13812345678 问修路款", text="见附表。", by=secretary, at=NOON)
    with pytest.raises(actions.Revealing):
        actions.withdraw(made, reason="误写 440703198001011234", by=secretary, at=NOON)


def test_the_office_phone_may_stand_in_the_text(branch, secretary):
    made = drafted(branch, text="监督电话 0750-3261234。", phone="0750-3261234")
    assert actions.publish(made, by=secretary, at=NOON).phone == "0750-3261234"


def test_what_is_published_stays_as_it_was(branch, secretary):
    made = published(branch)
    held = queries.text_of(made)
    with outside():
        Notice.objects.filter(pk=made.pk).update(title="换了", text="换了")
    assert (held.title, held.digest) == ("第二季度村级收支", held.digest_now())
    with pytest.raises(Refused, match="更正"):
        actions.revise(made, new=said(title="换了"), by=secretary, at=NOON)
    with pytest.raises(Refused, match="撤下"):
        actions.discard(made, by=secretary, at=NOON)


def test_an_altered_row_no_longer_has_its_digest(branch):
    held = queries.text_of(published(branch))
    with outside():
        Publication.objects.filter(pk=held.pk).update(text="改了一个字")
    held.refresh_from_db()
    assert held.digest != held.digest_now()


def test_a_correction_is_a_second_text_and_the_first_is_kept(branch, secretary):
    made = published(branch)
    fixed(made, secretary)
    assert [one.number for one in made.publications.order_by("number")] == [1, 2]
    assert queries.text_of(made).text == "结余 43,456.00 元。"
    assert [one.text for one in queries.standing(TODAY)] == ["结余 43,456.00 元。"]


def test_a_correction_that_changes_nothing_is_refused(branch, secretary):
    made = published(branch)
    with pytest.raises(Refused, match="没有要更正的"):
        fixed(made, secretary, text=made.text)


def test_it_is_gone_on_the_day_and_not_before(branch):
    published(branch, until=TODAY + timedelta(days=7))
    assert len(standing(TODAY + timedelta(days=6))) == 1
    assert standing(TODAY + timedelta(days=7)) == []


def test_it_does_not_stand_before_its_day(branch):
    published(branch, since=TODAY + timedelta(days=2))
    assert (len(standing(TODAY + timedelta(days=1))), len(standing(TODAY + timedelta(days=2)))) == (0, 1)


def test_what_is_withdrawn_is_gone_at_once_and_for_good(branch, secretary):
    made = published(branch)
    actions.withdraw(made, reason="金额有误，核实后再公示", by=secretary, at=NOON)
    assert standing() == []
    for again in (
        lambda: actions.withdraw(made, reason="再撤", by=secretary, at=NOON),
        lambda: fixed(made, secretary),
        lambda: objected(made),
    ):
        with pytest.raises(Refused):
            again()


def test_what_stood_on_the_paper_board_first_is_marked_as_late(branch):
    today = timezone.localdate()
    made = published(branch, since=today - timedelta(days=3), until=today + timedelta(days=3), at=timezone.now())
    assert queries.text_of(made).late_days() == 3


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"title": " "}, "标题"), ({"text": ""}, "正文"), ({"until": TODAY}, "晚于"), ({"phone": "123"}, "电话"),
        ({"kind": "gossip"}, "类别"), ({"text": "字" * 20_001}, "正文"),
    ],
)  # fmt: skip
def test_a_wrong_draft_is_refused_with_a_sentence(branch, other, why):
    with pytest.raises(Refused, match=why):
        drafted(branch, **other)


def test_what_is_over_already_is_not_published(branch, secretary):
    made = drafted(branch, since=date(2026, 5, 1), until=date(2026, 6, 1))
    with pytest.raises(Refused, match="公示期已经过了"):
        actions.publish(made, by=secretary, at=NOON)


# Who may


def test_the_team_drafts_and_only_the_secretary_or_an_officer_publishes(branch):
    made = drafted(branch, by=holder(branch, Role.COMMITTEE_MEMBER))
    with pytest.raises(NotAllowed):
        actions.publish(made, by=holder(branch, Role.COMMITTEE_MEMBER), at=NOON)
    with pytest.raises(NotAllowed):
        actions.publish(made, by=holder(org(), Role.SECRETARY), at=NOON)
    actions.publish(made, by=officer(branch.parent), at=NOON)


def test_members_read_what_their_own_organisation_published_for_them(branch):
    one, other = member(branch), member(org())
    made = published(branch, audience="members")
    drafted(branch, title="草稿")
    assert [row.title for row in queries.visible(Actor("user", "甲", person=one.pk))] == [made.title]
    assert list(queries.visible(Actor("user", "乙", person=other.pk))) == []
    assert standing() == []


# Objections


def test_an_objection_has_a_receipt_and_an_answer_once(branch, secretary):
    made = published(branch)
    one = objected(made, contact="住村东头")
    assert queries.unanswered(made).count() == 1
    actions.answer(one, summary="问修路款的去向", text="已在附表列明。", by=secretary, at=NOON)
    assert queries.unanswered(made).count() == 0
    with pytest.raises(Refused, match="已经答复"):
        actions.answer(one, summary="问", text="答", by=secretary, at=NOON)


def test_a_contact_is_kept_sealed(branch):
    one = objected(published(branch), contact="村东头老陈")
    one.refresh_from_db()
    assert "村东头老陈".encode() not in bytes(one.contact)
    assert sealed.contact_of(one) == "村东头老陈"
    assert sealed.contact_of(objected(one.notice)) == ""


def test_the_same_form_sent_twice_is_one_objection(branch):
    made = published(branch)
    first, second = objected(made, once="0123456789"), objected(made, once="0123456789")
    assert first.number == second.number
    assert Objection.objects.count() == 1


def test_the_database_keeps_one_objection_a_form(branch):
    one = objected(published(branch))
    with pytest.raises(IntegrityError), transaction.atomic(), outside(), one_moment():
        Objection.objects.create(notice=one.notice, once=one.once, text="再来", caller=b"x", at=NOON)


def test_too_many_from_one_address_are_held_back_and_others_are_not(branch):
    made = published(branch)
    for _ in range(actions.MOST_AT_ONCE):
        objected(made)
    with pytest.raises(Refused, match="太多"):
        objected(made)
    objected(made, address="10.0.0.2")
    objected(made, at=NOON + timedelta(hours=1))


def test_where_an_objection_came_from_is_not_told_apart_the_next_day():
    assert sealed.caller_of("10.0.0.1", TODAY) == sealed.caller_of("10.0.0.1", TODAY)
    assert sealed.caller_of("10.0.0.1", TODAY) != sealed.caller_of("10.0.0.1", TODAY + timedelta(days=1))


@pytest.mark.parametrize(
    "other", [{"objections": False}, {"since": TODAY + timedelta(days=1)}], ids=["takes none", "not yet"]
)
def test_no_objection_is_taken_where_none_can_be(branch, other):
    made = published(branch, **other)
    with pytest.raises(Refused):
        objected(made)


def test_no_objection_is_taken_after_the_term(branch):
    made = published(branch)
    with pytest.raises(Refused, match="公示期"):
        objected(made, at=NOON + timedelta(days=7))


def test_the_journal_names_no_visitor_and_no_receipt(branch):
    one = objected(published(branch))
    entry = Entry.objects.get(verb="notices.raise_objection")
    assert (entry.by, one.number in f"{entry.by}{entry.on}") == ("visitor:", False)


# Two at once


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["publish", "withdraw", "answer", "correct", "object", "publish and discard"])
def test_of_two_at_once_one_wins_and_the_other_gets_a_sentence(act):
    branch = org(under=root())
    secretary = holder(branch, Role.SECRETARY)
    made = drafted(branch)
    if not act.startswith("publish"):
        actions.publish(made, by=BUILDER, at=NOON)
    one = objected(made) if act == "answer" else None
    acts = {
        "publish": [lambda: actions.publish(made, by=secretary, at=NOON)] * 2,
        "withdraw": [lambda: actions.withdraw(made, reason="误", by=secretary, at=NOON)] * 2,
        "answer": [lambda: actions.answer(one, summary="问", text="答", by=secretary, at=NOON)] * 2,
        "correct": [lambda: fixed(made, secretary)] * 2,
        "object": [lambda: objected(made, once="0123456789")] * 2,
        "publish and discard": [
            lambda: actions.publish(made, by=secretary, at=NOON),
            lambda: actions.discard(made, by=secretary, at=NOON),
        ],
    }
    outcomes = together(*acts[act])
    assert [one for one in outcomes if not isinstance(one, str | None)] == []
    assert outcomes.count(None) == (2 if act == "object" else 1)
    assert Publication.objects.count() <= 2 and Answer.objects.count() <= 1 and Objection.objects.count() <= 1


def together(*acts):
    """What came of each: None where it was done, a sentence where it was refused, else the fault."""
    ready, outcomes = threading.Barrier(len(acts)), []

    def run(act):
        ready.wait()
        try:
            act()
            outcomes.append(None)
        except Refused as refusal:
            outcomes.append(str(refusal))
        except Exception as fault:
            outcomes.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
