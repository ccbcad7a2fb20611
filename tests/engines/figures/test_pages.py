"""Pages of figures: who sees them, that they open to their records, and what a reported figure keeps."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiceng.engines.figures import actions, catalogue, columnar, queries
from jiceng.engines.figures.models import Reporting
from jiceng.engines.figures.sources import Live
from jiceng.kernel.access import Role
from jiceng.lib.refusals import NotAllowed, Refused
from jiceng.project.facts import FACTS
from tests.builders import BUILDER, NOON, member, org, root
from tests.kernel.accounts.cast import account, signed_in
from tests.kernel.posts.cast import actor, holder, person

pytestmark = pytest.mark.django_db

SPRING = date(2026, 5, 1)


@pytest.fixture(autouse=True)
def alone(tmp_path, settings):
    """No columnar file from another test; every fact handed over."""
    settings.DATA_DIR = tmp_path
    catalogue.facts_come_from(FACTS)


@pytest.fixture
def city():
    return root()


@pytest.fixture
def branch(city):
    return org("东山村党支部", under=city)


@pytest.fixture
def client(city):
    """The city's officer."""
    return signed_in(account(holder(Role.OFFICER, city, "王组织")))


def address(organisation, *rest, **query):
    asked = "&".join(f"{key}={value}" for key, value in query.items())
    return "/".join(["/orgs", organisation.ref, "figures", *rest, ""]) + (f"?{asked}" if asked else "")


def test_the_menu_leads_to_the_figures_of_ones_own_organisation(client, city):
    assert client.get("/figures/").headers["Location"] == address(city)


def test_a_figure_page_has_everything_that_makes_it_a_figure(client, city, branch):
    member(branch, "王小明")
    text = client.get(address(city, "members", on=SPRING)).content.decode()
    for said in ("东山村党支部", "本级", "依据", "公式", "去年同日", "走势", "2026年5月1日", "上报这个数", "打开这"):
        assert said in text, said
    assert "王小明" not in text


@pytest.mark.parametrize("is_snapshot", [False, True])
def test_the_drill_down_lists_just_what_was_counted(client, city, branch, is_snapshot):
    for number in range(120):
        member(branch, f"第{number}人")
    if is_snapshot:
        columnar.refresh()
    expected = queries.value(queries.indicator("members"), city.pk, on=SPRING).records
    seen, url = [], address(city, "members", "records", on=SPRING)
    while url:
        page = client.get(url)
        seen += [row["ref"] for row in page.context["rows"]]
        url = page.context["page"].next_url
    assert len(seen) == len(set(seen)) == expected >= 120
    assert "第3人" not in page.content.decode()


def test_a_record_is_called_as_people_call_it_and_a_member_by_surname_only(client, city, branch):
    member(branch, "欧阳建国")
    chief = holder(Role.SECRETARY, branch, "钱书记")

    def heads(key):
        page = client.get(address(city, key, "records", on=SPRING))
        return page.content.decode(), {row["called"] for row in page.context["rows"]}

    page, called = heads("members")
    assert any(word.startswith("欧〇〇〇，") and word.endswith("年生") for word in called)
    assert "欧阳建国" not in page
    assert f"钱书记，{chief.posts.get().title}" in heads("secretaries")[1]
    assert "东山村党支部" in heads("organisations")[1]


def test_a_record_out_of_the_reader_s_reach_keeps_its_name(city, branch):
    """A secretary above counts the members below, and reads none of their names there."""
    reader = signed_in(account(holder(Role.SECRETARY, city)))
    member(branch, "王小明")
    page = reader.get(address(city, "members", "records", on=SPRING))
    below = [row["called"] for row in page.context["rows"] if row["organisation"] == branch]
    assert below == ["党员"]


def test_a_page_of_records_costs_the_same_however_many(client, city, branch):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address(city, "secretaries", "records", on=SPRING)).status_code == 200
        return len(asked)

    holder(Role.SECRETARY, branch, "钱书记")
    cost()
    before = cost()
    for number in range(3):
        holder(Role.SECRETARY, org(f"第{number}支部", under=city), "李书记")
    assert cost() == before


def test_a_split_opens_to_its_own_records(client, city, branch):
    member(branch, "王小明")
    page = client.get(address(city, "members", on=SPRING))
    for split in page.context["splits"]:
        for row in split["rows"]:
            assert client.get(row["url"]).context["rows"], row
    assert client.get(address(city, "members", "records", by="birth_on", value="1")).status_code == 404


def test_what_is_out_of_reach_is_not_there(city, branch):
    neighbour = signed_in(account(holder(Role.SECRETARY, org("西山村党支部", under=city))))
    for rest in ((), ("members",), ("members", "records")):
        assert neighbour.get(address(branch, *rest)).status_code == 404
    assert neighbour.get(address(city)).status_code == 404
    assert neighbour.post(address(branch, "members", "reportings")).status_code == 404


def test_a_committee_member_sees_the_numbers_below_but_lists_no_records_there(city, branch):
    one = signed_in(account(holder(Role.COMMITTEE_MEMBER, city)))
    assert one.get(address(branch, "members")).status_code == 200
    assert one.get(address(branch, "members", "records")).status_code == 404


def test_a_visitor_is_asked_to_sign_in(city):
    assert Client().get(address(city)).status_code == 302


def test_an_unknown_indicator_is_not_there(client, city):
    assert client.get(address(city, "dances")).status_code == 404


def test_a_figure_page_costs_the_same_however_many_children(client, city):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address(city, "members", on=SPRING)).status_code == 200
        return len(asked)

    member(org("第一支部", under=city), "王小明")
    cost()
    before = cost()
    for number in range(3):
        member(org(f"第{number}支部", under=city), "李小红")
    assert cost() == before <= 45


def test_a_wrong_date_is_said_and_nothing_breaks(client, city):
    for on in ("2026-02-30", "0001-01-01", "abc"):
        page = client.get(address(city, "members", on=on))
        assert page.status_code == 200 and page.context["question"].form.errors


def test_a_reported_figure_stays_and_is_shown_with_its_difference(client, city, branch):
    member(branch, "王小明")
    before = queries.value(queries.indicator("members"), city.pk, on=SPRING).part
    page = client.post(address(city, "members", "reportings"), {"on": "2026-05-01"}, follow=True)
    assert "已上报" in page.content.decode()
    member(branch, "迟到的人")
    (told,) = queries.reportings(queries.indicator("members"), city.pk, source=Live())
    assert (told.reporting.part, told.today.part, told.difference) == (before, before + 1, 1)
    assert "+1" in client.get(address(city, "members")).content.decode()


def test_only_the_secretary_or_those_above_report(city, branch):
    one = queries.indicator("members")
    with pytest.raises(NotAllowed, match="书记"):
        actions.report_upward(branch, indicator=one, on=SPRING, by=actor(person("群众", of=branch)), at=NOON)
    assert actions.report_upward(branch, indicator=one, on=SPRING, by=actor(holder(Role.SECRETARY, branch)), at=NOON)


@pytest.mark.parametrize(
    ("on", "why"), [(date(2026, 6, 2), "截止日期不能晚于今天"), (date(1999, 1, 1), "还没有成立或已经撤销")]
)
def test_a_figure_is_not_reported_for_a_day_that_has_none(city, on, why):
    with pytest.raises(Refused, match=why):
        actions.report_upward(city, indicator=queries.indicator("members"), on=on, by=BUILDER, at=NOON)
    assert not Reporting.objects.exists()


def test_as_known_before_a_late_entry(city, branch):
    one = queries.indicator("members")
    member(branch, "王小明")
    assert queries.value(one, city.pk, on=SPRING, known_at=datetime(2001, 1, 1, tzinfo=UTC), source=Live()).part == 0
