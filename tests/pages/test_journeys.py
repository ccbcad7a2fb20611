"""What people do with the platform, from the first page to the last, in a real browser."""

import re
from datetime import date, timedelta

import pytest

from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people.models import Membership, Person
from tests.kernel.accounts.cast import PASSWORD, account
from tests.kernel.people.cast import number
from tests.kernel.posts.cast import holder
from tests.pages.world import build, sign_in, state_purpose

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOME = re.compile(r"//[^/]+/$")
NEW_PASSWORD = "雨后的石板路很干净 2026"


@pytest.fixture
def world(page):
    page.set_default_timeout(10_000)
    return build()


@pytest.fixture
def phone(page):
    page.set_viewport_size({"width": 360, "height": 740})
    return page


@pytest.fixture
def bare(chromium, live_server):
    """A browser that runs no scripts."""
    context = chromium.new_context(base_url=live_server.url, locale="zh-CN", java_script_enabled=False)
    yield context.new_page()
    context.close()


def main(page):
    return page.locator("main")


def press(page, name):
    main(page).get_by_role("button", name=name, exact=True).click()


def follow(page, name):
    main(page).get_by_role("link", name=name, exact=True).first.click()


def title(page):
    return main(page).get_by_role("heading", level=1).inner_text()


def test_whoever_signs_in_from_a_slip_first_chooses_a_password(page, world):
    account(holder("officer", world.town, "钱新"), "newcomer", must_change=True)
    page.goto("/orgs/tree/")
    page.get_by_label("登录名").fill("newcomer")
    page.get_by_label("密码", exact=True).fill("猜的密码一个")
    press(page, "登录")
    assert page.get_by_label("登录名").input_value() == "newcomer"
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    press(page, "登录")
    page.goto("/orgs/tree/")
    assert page.url.endswith("/password/")
    page.get_by_label("现在的密码").fill(PASSWORD)
    page.get_by_label("新密码", exact=True).fill(NEW_PASSWORD)
    page.get_by_label("再输一次新密码").fill(NEW_PASSWORD)
    press(page, "换成新密码")
    page.wait_for_url(HOME)
    assert title(page) == "等我办的"
    page.goto("/orgs/tree/")
    assert main(page).get_by_role("link", name="青石镇委员会", exact=True).is_visible()


def test_an_officer_founds_a_branch_after_looking_it_over(page, world):
    sign_in(page, world, "officer")
    page.goto(f"/orgs/{world.town.ref}/")
    follow(page, "设立下级")
    page.get_by_label("组织代码").fill("C-NEW")
    page.get_by_label("名称", exact=True).fill("南坡村党支部")
    page.get_by_label("事由").fill("党员人数达到七名")
    press(page, "下一步，核对")
    assert "南坡村党支部" in main(page).inner_text()
    assert not Organisation.objects.filter(code="C-NEW").exists()
    press(page, "设立")
    assert title(page) == "青石镇委员会"
    assert main(page).get_by_role("link", name="南坡村党支部").is_visible()


def test_a_member_is_registered_and_what_was_typed_survives_a_mistake(page, world):
    sign_in(page, world, "officer")
    state_purpose(page, world.city)
    page.goto(f"/orgs/{world.branch.ref}/people/admission/")
    page.get_by_label("姓名").fill("苏明月")
    page.get_by_label("证件号码").fill("990000198005040000")
    page.get_by_label("学历").select_option("61")
    page.get_by_label("职业").select_option("02")
    press(page, "登记这名党员")
    assert page.locator(".error-summary").is_visible()
    assert page.get_by_label("姓名").input_value() == "苏明月"
    assert page.get_by_label("学历").input_value() == "61"
    page.get_by_label("证件号码").fill(number())
    page.get_by_label("性别").select_option("1")
    page.get_by_label("入党日期", exact=False).first.fill("2010-07-01")
    page.get_by_label("转正日期").fill("2011-07-01")
    page.get_by_label("从哪天起算在本组织").fill("2015-01-01")
    press(page, "登记这名党员")
    assert title(page) == "苏明月"
    assert Person.objects.get(name="苏明月").organisation == world.branch


def figure_of(page, at):
    page.goto(f"/orgs/{at.ref}/figures/members/")
    return int(page.locator(".figure-value b").first.inner_text().replace(",", ""))


def test_a_transfer_moves_the_figure_and_the_figure_opens_to_the_records(page, world):
    sign_in(page, world, "officer")
    state_purpose(page, world.city)
    before = figure_of(page, world.branch), figure_of(page, world.visited), figure_of(page, world.town)
    page.goto(f"/people/{world.member.ref}/")
    follow(page, "组织关系转接")
    page.get_by_label("转到哪个组织").fill(world.visited.code)
    press(page, "下一步，核对")
    assert Membership.objects.open().get(person=world.member).organisation == world.branch
    press(page, "转接组织关系")
    assert world.visited.name in main(page).inner_text()
    after = figure_of(page, world.branch), figure_of(page, world.visited), figure_of(page, world.town)
    assert after == (before[0] - 1, before[1] + 1, before[2])
    page.goto(f"/orgs/{world.visited.ref}/figures/members/")
    main(page).get_by_role("link", name="条记录").first.click()
    rows = main(page).locator("tbody tr")
    assert rows.count() == after[1]
    links = [one.get_attribute("href") for one in rows.get_by_role("link").all()]
    assert f"/people/{world.member.ref}/" in links


def test_a_secretary_looks_at_a_member_on_a_phone_and_the_member_reads_that(phone, world, chromium, live_server):
    sign_in(phone, world, "secretary")
    phone.get_by_role("navigation", name="常用").get_by_role("link", name="组织").click()
    phone.goto(f"/orgs/{world.branch.ref}/people/")
    follow(phone, "林秋菊")
    assert title(phone) == "林秋菊"
    assert "990000" not in phone.content()
    context = chromium.new_context(base_url=live_server.url, locale="zh-CN")
    own = context.new_page()
    sign_in(own, world, "member")
    own.get_by_role("link", name="我的档案").first.click()
    assert title(own) == "林秋菊"
    follow(own, "谁看过我的档案")
    said = main(own).inner_text()
    context.close()
    assert "周志远" in said
    assert "本组织日常工作" in said


def test_an_officer_climbs_the_tree_by_the_line_above_the_title(page, world):
    sign_in(page, world, "officer")
    page.goto(f"/orgs/{world.branch.ref}/")
    page.get_by_role("navigation", name="位置").get_by_role("link", name=world.town.name).click()
    assert title(page) == world.town.name


def test_a_secretary_does_not_find_another_branch(phone, world):
    sign_in(phone, world, "secretary")
    assert phone.goto(f"/orgs/{world.visited.ref}/people/").status == 404


@pytest.mark.parametrize("who", ["officer", "secretary", "member", "auditor", "security"])
def test_every_way_that_the_menu_offers_is_open(page, world, who):
    sign_in(page, world, who)
    ways = {one.get_attribute("href") for one in page.locator("nav a, header a").all()}
    shut = {way: status for way in ways if way.startswith("/") and (status := page.goto(way).status) != 200}
    assert shut == {}


def test_an_organisation_is_renamed_without_scripts(bare, world):
    sign_in(bare, world, "officer")
    bare.goto(f"/orgs/{world.branch.ref}/")
    follow(bare, "更名")
    bare.get_by_label("新名称").fill("东山社区党支部")
    bare.get_by_label("事由").fill("村改社区")
    press(bare, "下一步，核对")
    press(bare, "回去改")
    assert bare.get_by_label("新名称").input_value() == "东山社区党支部"
    press(bare, "下一步，核对")
    press(bare, "更名")
    assert title(bare) == "东山社区党支部"
    bare.goto("/orgs/tree/")
    main(bare).get_by_role("link", name="展开").first.click()
    assert bare.goto(f"/orgs/{world.city.ref}/figures/members/").status == 200
    assert bare.get_by_role("table").first.is_visible()


def tab_to(page, text):
    for _ in range(60):
        page.keyboard.press("Tab")
        if text in page.evaluate("document.activeElement.textContent.trim() || document.activeElement.name || ''"):
            return
    raise AssertionError(f"the Tab key never comes to {text}")


def test_a_unit_is_found_with_the_keyboard_alone(page, world):
    page.goto("/sign-in/")
    tab_to(page, "username")
    page.keyboard.type("officer")
    tab_to(page, "password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(HOME)
    page.keyboard.press("Tab")
    assert "跳" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("/")
    page.keyboard.type("第U1号")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/**")
    tab_to(page, "第U1号机械厂")
    page.keyboard.press("Enter")
    page.wait_for_url("**/units/**")
    assert title(page) == "第U1号机械厂"


def on_the_sheet(page, day, rest, **more):
    """Fills in the sheet of a meeting, as the secretary copies it from paper."""
    page.get_by_label("哪天开的").fill(day.isoformat())
    for label, text in more.items():
        page.get_by_label(label).fill(text)
    page.get_by_label("在哪里开的").fill("村委会")
    page.get_by_label("下面没有标的人").select_option(label=rest)
    page.get_by_label("会议记录").fill("修村道，大家都同意。")
    page.get_by_label("主持人").fill("周志远")
    page.get_by_label("记录人").fill("陈水生")
    press(page, "记下")
    assert "→ 通过" in main(page).inner_text()


def ended(page, step, day, outcome="", why=""):
    """Ends the step, in the way that is named."""
    follow(page, f"{step}：办")
    page.get_by_label("哪一天的事").fill(day.isoformat())
    if outcome:
        page.get_by_label(outcome, exact=True).check()
    if why:
        page.get_by_label("原因").fill(why)
    press(page, "记下")


def test_a_village_decides_on_a_phone_and_a_resident_reads_it_and_objects(phone, world, chromium, live_server):
    sign_in(phone, world, "secretary")
    today = date.today()
    first, later = today - timedelta(days=20), today - timedelta(days=16)
    phone.goto(f"/cases/{world.proposed.ref}/")
    follow(phone, "记下这次会")
    on_the_sheet(phone, first, "到会，赞成")
    ended(phone, "村党组织提议", first, "提出来")
    follow(phone, "记下这次会")
    on_the_sheet(phone, first, "到会，赞成", 应到名单="周志远\n陈水生\n林主任")
    ended(phone, "两委会商议", first, "商量定了")
    ended(phone, "方案送给党员", first)
    follow(phone, "记下这次会")
    on_the_sheet(phone, later, "到会，赞成")
    ended(phone, "党员大会审议", later, "审议通过")
    follow(phone, "记下这次会")
    on_the_sheet(phone, later, "到会，赞成")
    assert "应到 2，实到 2（100% ≥ 2/3），赞成 2（100% > 1/2 实到）→ 通过" in main(phone).inner_text()
    ended(phone, "村民会议或村民代表会议决议", later, "决议通过")
    follow(phone, "去公开")
    phone.get_by_label("从哪天起公开").fill(later.isoformat())
    phone.get_by_label("以前只贴在公开栏的").fill("贴在村委会公开栏，没有人提出异议。")
    press(phone, "公开")
    ended(phone, "决议公开", later + timedelta(days=6))
    follow(phone, "组织实施：办")
    phone.get_by_label("哪一天的事").fill((today - timedelta(days=2)).isoformat())
    phone.get_by_label("实施完了", exact=True).check()
    phone.get_by_label("实际用了多少").fill("79000")
    phone.get_by_label("办成了什么样").fill("修了两公里。")
    press(phone, "记下")
    follow(phone, "去公开")
    assert "实际用了：79,000.00 元" in phone.get_by_label("正文").input_value()
    press(phone, "公开")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    resident = chromium.new_context(base_url=live_server.url, locale="zh-CN", viewport={"width": 360, "height": 740})
    page = resident.new_page()
    page.set_default_timeout(10_000)
    page.goto("/public/")
    follow(page, "修村道实施结果")
    assert "修了两公里。" in main(page).inner_text()
    follow(page, "提出异议")
    page.get_by_label("不同意什么").fill("水沟没有修。")
    page.locator("main form button").last.click()
    assert "回执" in main(page).inner_text()
    resident.close()
    phone.goto("/notices/objections/")
    assert world.branch.name in main(phone).inner_text()
