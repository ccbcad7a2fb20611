"""Every page of the platform in a real browser: on a phone and at a desk, light and dark, read by axe-core."""

from pathlib import Path
from string import Formatter

import pytest
from django.urls import URLPattern, get_resolver, resolve

from jiceng.kernel.people.views.acts import ACTS
from tests.pages.world import build, sign_in, state_purpose

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
WIDTHS = {360: 740, 1280: 900}
THEMES = ("light", "dark")

LINES = {
    "home": "/",
    "search": "/search/?q=东山",
    "gallery": "/gallery/",
    "room": "/gallery/board/",
    "room/form": "/gallery/form/",
    "room/sign": "/gallery/sign/",
    "room/document": "/gallery/document/",
    "places": "/places/",
    "places-tree": "/places/tree/",
    "place": "/places/{place.ref}/",
    "place-history": "/places/{place.ref}/history/",
    "place-addition": "/places/{place.ref}/addition/",
    "place-renaming": "/places/{place.ref}/renaming/",
    "place-recoding": "/places/{place.ref}/recoding/",
    "place-move": "/places/{place.ref}/move/",
    "place-merger": "/places/{place.ref}/merger/",
    "place-closing": "/places/{place.ref}/closing/",
    "organisations": "/orgs/",
    "tree": "/orgs/tree/",
    "organisation": "/orgs/{town.ref}/",
    "organisation-history": "/orgs/{town.ref}/history/",
    "units": "/units/",
    "unit": "/units/{unit.ref}/",
    "unit-state": "/units/{unit.ref}/state/",
    "unit-correction": "/units/{unit.ref}/correction/",
    "unit-closing": "/units/{unit.ref}/closing/",
    "unit-handover": "/units/{unit.ref}/handover/",
    "organisation-units": "/orgs/{branch.ref}/units/",
    "unit-registration": "/orgs/{branch.ref}/units/registration/",
    "me": "/me/",
    "people": "/people/",
    "person": "/people/{member.ref}/",
    "person-looks": "/people/{me}/looks/",
    "person-sealed": "/people/{member.ref}/sealed/number/",
    "person-act": "/people/{member.ref}/acts/{act}/",
    "organisation-people": "/orgs/{branch.ref}/people/",
    "received-people": "/orgs/{visited.ref}/people/received/",
    "reception": "/orgs/{visited.ref}/people/reception/{away.ref}/",
    "people-purpose": "/orgs/{town.ref}/people/purpose/",
    "people-export": "/orgs/{branch.ref}/people/export/",
    "admission": "/orgs/{branch.ref}/people/admission/",
    "application": "/orgs/{branch.ref}/people/application/",
    "people-by-number": "/orgs/{branch.ref}/people/by-number/",
    "sign-in": "/sign-in/",
    "password": "/password/",
    "sessions": "/sessions/",
    "tokens": "/tokens/",
    "accounts": "/accounts/",
    "account": "/accounts/{accounts[member].ref}/",
    "organisation-accounts": "/orgs/{branch.ref}/accounts/",
    "organisation-posts": "/orgs/{branch.ref}/posts/",
    "appointment": "/orgs/{branch.ref}/posts/appointment/",
    "administrator": "/orgs/{city.ref}/posts/administrator/",
    "slips": "/orgs/{branch.ref}/posts/slips/",
    "term": "/orgs/{branch.ref}/term/",
    "term-extension": "/orgs/{visited.ref}/term/extension/",
    "term-correction": "/orgs/{visited.ref}/term/correction/",
    "forming": "/orgs/{branch.ref}/joint-body/",
    "post": "/posts/{post.ref}/",
    "handover": "/posts/{post.ref}/handover/",
    "vacating": "/posts/{post.ref}/vacating/",
    "correction": "/posts/{post.ref}/correction/",
    "terms": "/terms/",
    "joint-bodies": "/joint-bodies/",
    "joint-body": "/joint-bodies/{body.ref}/",
    "seat": "/joint-bodies/{body.ref}/seat/",
    "seat-ending": "/joint-bodies/{body.ref}/seats/{seat}/ending/",
    "pair": "/joint-bodies/{body.ref}/pair/",
    "pair-ending": "/joint-bodies/{body.ref}/pairs/{pair}/ending/",
    "body-ending": "/joint-bodies/{body.ref}/ending/",
    "organisation-founding": "/orgs/{town.ref}/founding/",
    "organisation-renaming": "/orgs/{town.ref}/renaming/",
    "organisation-upgrade": "/orgs/{branch.ref}/upgrade/",
    "organisation-move": "/orgs/{branch.ref}/move/",
    "organisation-merger": "/orgs/{branch.ref}/merger/",
    "organisation-split": "/orgs/{branch.ref}/split/",
    "organisation-dissolution": "/orgs/{branch.ref}/dissolution/",
    "organisation-ending": "/orgs/{temporary.ref}/ending/",
    "figures": "/figures/",
    "organisation-figures": "/orgs/{city.ref}/figures/",
    "organisation-figure": "/orgs/{city.ref}/figures/members/",
    "organisation-figure-records": "/orgs/{city.ref}/figures/members/records/",
    "intake": "/intake/",
    "intake-upload": "/intake/upload/",
    "intake-export": "/intake/sheets/organisations/export/",
    "intake-batch": "/intake/{ready.ref}/",
    "intake-rows": "/intake/{ready.ref}/rows/?outcome=add",
    "intake-problems": "/intake/{faulty.ref}/problems/",
    "procedures": "/procedures/",
    "procedure": "/procedures/weak-organisations/",
    "cases": "/cases/",
    "organisation-cases": "/orgs/{branch.ref}/cases/",
    "organisation-opening": "/orgs/{branch.ref}/cases/opening/weak-organisations/",
    "case": "/cases/{weak.ref}/",
    "case/ended": "/cases/{ended.ref}/",
    "case-ending": "/cases/{weak.ref}/ending/",
    "case-paper": "/cases/{planned.ref}/papers/file/",
    "case-round": "/cases/{monthly.ref}/rounds/",
    "case-reply": "/cases/{accepted.ref}/replies/petitions/",
    "case-halting": "/cases/{weak.ref}/halting/withdrawal/",
    "case-handing-over": "/cases/{weak.ref}/handing-over/",
    "case-correction": "/cases/{weak.ref}/entries/1/correction/",
    "case-meeting": "/cases/{proposed.ref}/meeting/",
    "case-meeting-bringing": "/cases/{proposed.ref}/meeting/bringing/",
    "case-posting": "/cases/{resolved.ref}/posting/",
    "rolls": "/orgs/{branch.ref}/rolls/",
    "roll-listing": "/orgs/{branch.ref}/rolls/listing/",
    "listing-leaving": "/rolls/{villager.ref}/leaving/",
    "listing-correction": "/rolls/{villager.ref}/correction/",
    "meetings": "/meetings/",
    "meeting": "/meetings/{sitting.ref}/",
    "organisation-meetings": "/orgs/{branch.ref}/meetings/",
    "meeting-recording": "/orgs/{branch.ref}/meetings/recording/general/",
    "journal": "/journal/",
    "notices": "/notices/",
    "notice": "/notices/{up.ref}/",
    "notice/draft": "/notices/{draft.ref}/",
    "notice-revision": "/notices/{draft.ref}/revision/",
    "notice-correction": "/notices/{up.ref}/correction/",
    "notice-withdrawal": "/notices/{up.ref}/withdrawal/",
    "notices-due": "/notices/due/",
    "objections": "/notices/objections/?all=1",
    "objection": "/notices/objections/{objection}/",
    "organisation-notices": "/orgs/{branch.ref}/notices/",
    "notice-composition": "/orgs/{branch.ref}/notices/composition/",
    "organisation-notices-due": "/orgs/{branch.ref}/notices/due/",
    "public": "/public/",
    "public-places": "/public/places/",
    "public-search": "/public/search/?q=收支",
    "public-organisation": "/public/orgs/{branch.ref}/",
    "public-notice": "/public/notices/{up.ref}/",
    "public-paper": "/public/notices/{up.ref}/paper/",
    "public-objection": "/public/notices/{up.ref}/objection/",
    "public-receipts": "/public/receipts/",
    "elections": "/elections/",
    "election": "/elections/{election}/",
    "organisation-elections": "/orgs/{visited.ref}/elections/",
    "polling": "/orgs/{visited.ref}/elections/poll/",
    "taking-office": "/orgs/{visited.ref}/elections/taking-office/",
    "awards": "/awards/",
    "award": "/awards/{award}/",
    "award-revoking": "/awards/{award}/revoking/",
    "award-recording": "/orgs/{town.ref}/awards/recording/",
    "coverage": "/coverage/",
    "pairings": "/pairings/",
    "unit-coverage": "/units/{unit.ref}/coverage/",
    "covering": "/units/{unit.ref}/coverage/new/",
    "covering-end": "/units/{unit.ref}/coverage/{branch.ref}/ending/",
    "pairing": "/units/{unit.ref}/pairing/",
    "pairing-end": "/units/{unit.ref}/pairing/{visited.ref}/ending/",
    "organisation-coverage": "/orgs/{branch.ref}/coverage/",
}
"""How to reach each page: the address in the world of these tests. A word after a slash tells another of its kind."""

NOT_PAGES = {
    # pictures, files, words for machines, a part of a page
    "healthz", "readyz", "sign-in-code", "places-table", "intake-template", "intake-problems-workbook",
    "intake-progress",
    # only ever sent to
    "sign-out", "session-ending", "token-ending", "account-reset", "account-disabling", "account-enabling",
    "account-session-ending", "intake-orders", "intake-discarding", "organisation-figure-reportings",
    "notice-publication", "notice-discarding", "public-feed", "public-kind-feed",
    "case-document", "case-ledger", "case-scan", "meeting-paper",
    "public-file", "file", "notice-attachments", "notice-dropping", "poll-withdrawal",
}  # fmt: skip
"""Addresses that answer no browser with a page."""

ROLES = {
    "administrator": "security", "organisation-accounts": "security", "account": "security", "journal": "auditor",
    "case-meeting": "secretary", "case-meeting-bringing": "secretary", "case-posting": "secretary",
    "meeting": "secretary", "meeting-recording": "secretary", "rolls": "secretary", "roll-listing": "secretary",
    "listing-leaving": "secretary", "listing-correction": "secretary",
}  # fmt: skip
"""Whose page it is, where an officer does not see it."""


def patterns(resolver):
    """Every named address of the workbench; the API has documents of its own."""
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            yield one
        elif str(one.pattern) != "api/":
            yield from patterns(one)


@pytest.mark.django_db(transaction=False)
def test_every_page_has_a_line_that_says_how_to_reach_it():
    names = {one.name for one in patterns(get_resolver())}
    lines = {name.partition("/")[0] for name in LINES}
    missing = names - NOT_PAGES - lines
    assert not missing, f"还没有在 LINES 里写明怎样打开这些页面：{'、'.join(sorted(missing))}"
    gone = (NOT_PAGES | lines) - names
    assert not gone, f"LINES 里写着已经没有的页面：{'、'.join(sorted(gone))}"


def addresses(world, role):
    """What that role looks at, with the area that answers it."""
    for name, line in LINES.items():
        if ROLES.get(name, "officer") != role:
            continue
        acts = ACTS if "act" in {field for _, field, _, _ in Formatter().parse(line)} else ("",)
        for act in acts:
            me = world.accounts[role].person.ref
            path = line.format(
                **{field: getattr(world, field) for field in world.__dataclass_fields__},
                act=act, me=me, seat=world.seat, pair=world.pair, objection=world.objection,
                award=world.award, election=world.election,
            )  # fmt: skip
            assert resolve(path.partition("?")[0]).url_name == name.partition("/")[0], path
            yield path


def faults(page, path):
    """What is wrong with one page: at each width, in each theme."""
    said = []
    page.set_viewport_size({"width": 1280, "height": 900})
    answer = page.goto(path)
    if answer.status != 200:
        return [f"{path}: {answer.status}"]
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            said.append(f"{path} {width} px: scrolls sideways, {wide} px")
        for theme in THEMES:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            said += [f"{path} {width} px {theme}: {one}" for one in page.evaluate(READ)]
    return said


READ = """async () => {
    const found = await axe.run(document, {resultTypes: ["violations"], elementRef: false});
    return found.violations.map(one => `${one.id} (${one.impact}): ${one.nodes[0].html.slice(0, 200)}`);
}"""


@pytest.fixture
def reader(page):
    """A page that carries axe-core, as the browser's own script and so without a hole in the policy, and its faults."""
    page.add_init_script(path=AXE)
    page.said = []
    page.on("console", lambda message: page.said.append(message.text) if message.type in ("error", "warning") else None)
    return page


AREAS = ("kernel", "people", "rest")


def area(path):
    first = path.split("/")[1]
    return "people" if "/people/" in path else "kernel" if first in ("orgs", "accounts", "posts") else "rest"


@pytest.mark.parametrize("part", AREAS)
def test_no_page_of_an_officer_has_a_fault(reader, part):
    world = build()
    sign_in(reader, world, "officer")
    state_purpose(reader, world.city)
    found = [fault for path in addresses(world, "officer") if area(path) == part for fault in faults(reader, path)]
    assert found + reader.said == []


@pytest.mark.parametrize("who", ["security", "auditor", "secretary"])
def test_no_page_that_only_others_see_has_a_fault(reader, who):
    world = build()
    sign_in(reader, world, who)
    found = [fault for path in addresses(world, who) for fault in faults(reader, path)]
    assert found + reader.said == []


@pytest.mark.parametrize("who", ["secretary", "member", "auditor"])
def test_the_first_pages_of_everybody_else_have_no_fault(reader, who):
    world = build()
    sign_in(reader, world, who)
    own = world.accounts[who].person.ref
    found = [fault for path in ("/", f"/people/{own}/", f"/people/{own}/looks/") for fault in faults(reader, path)]
    assert found + reader.said == []


def test_a_planted_fault_is_found(reader):
    """So that the silence above means something."""
    world = build()
    sign_in(reader, world, "member")
    reader.goto("/")
    reader.evaluate("document.querySelector('main').append(document.createElement('img'))")
    assert any(one.startswith("image-alt") for one in reader.evaluate(READ))
