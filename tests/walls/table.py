"""The hand-written table: for each address, of what it is, who sees it, and who may do what it does.

It is written from what the house promises, by hand, and never from the rules: if both change alike, that is a decision
that two people have read. A new address without a line here fails the matrix.
"""

from tests.walls.deeds import MEETINGS, PROCEDURES, ROLLS
from tests.walls.elected import ELECTIONS
from tests.walls.honoured import HONOURS
from tests.walls.lines import (
    ACCOUNT,
    ANYBODY,
    BODY,
    EVERY,
    FIGURE,
    FORM,
    GOT,
    LIST,
    OFFICE,
    OFFICE_OR_SECRETARY,
    ORG,
    PERSON,
    POST,
    POSTED,
    RECEIVED,
    SELF,
    TODAY,
    UNIT,
    Line,
    form,
)

_WHY = {"on": TODAY, "reason": "工作需要", "step": "do"}

ORGANISATIONS = {
    "organisations": Line("list", ANYBODY),
    "tree": Line("list", ANYBODY),
    "organisation": Line("organisation", ORG),
    "organisation-history": Line("organisation", ORG),
    "organisation-founding": form(
        "organisation", "living", OFFICE_OR_SECRETARY, "orgs.found", **_WHY, code="NEW", name="新支部", kind="branch",
        form="standard",
    ),
    "organisation-renaming": form("organisation", "living", OFFICE, "orgs.rename", **_WHY, name="新名称"),
    "organisation-upgrade": Line("organisation", f"living & {OFFICE}", FORM, OFFICE, "orgs.upgrade"),
    "organisation-move": Line("organisation", f"living & {OFFICE}", FORM, OFFICE, "orgs.reparent"),
    "organisation-merger": Line("organisation", f"living & {OFFICE}", FORM, OFFICE, "reorganisation.merge"),
    "organisation-split": Line("organisation", f"living & {OFFICE}", FORM, OFFICE, "reorganisation.split"),
    "organisation-dissolution": Line("organisation", f"living & {OFFICE}", FORM, OFFICE, "reorganisation.dissolve"),
    "organisation-ending": Line(
        "organisation", f"temporary & {OFFICE}", FORM, OFFICE, "reorganisation.end_temporary", _WHY,
        with_it=frozenset({"orgs.dissolve", "people.take_back", "posts.vacate", "units.hand_over_all"}),
    ),
}  # fmt: skip

UNITS = {
    "units": Line("list", ANYBODY),
    "unit": Line("unit", UNIT),
    "unit-state": form(
        "unit", UNIT, "below:O here:SI", "units.describe", staff=3, activity="running", on=TODAY, premises="on"
    ),
    "unit-correction": form("unit", UNIT, OFFICE, "units.correct", name="改正的名称", kind="enterprise"),
    "unit-closing": form("unit", UNIT, OFFICE_OR_SECRETARY, "units.close", on=TODAY),
    "unit-handover": Line("unit", f"{UNIT} & {OFFICE}", FORM, OFFICE, "units.hand_over"),
    "organisation-units": Line("organisation", ORG),
    "unit-registration": Line(
        "organisation", OFFICE_OR_SECRETARY, FORM, OFFICE_OR_SECRETARY, "units.register",
        {"code": "UX", "name": "新企业", "kind": "enterprise", "staff": 3, "activity": "running", "on": TODAY},
        may_be_refused=True,
    ),
}  # fmt: skip

_ACT = f"{PERSON} & {OFFICE_OR_SECRETARY}"
APPLY = "here:SDC below:O"
PEOPLE = {
    "me": Line("list", ANYBODY),
    "people": Line("list", "holding:SDCOA"),
    "person": Line("person", PERSON),
    "person-looks": Line("person", f"{PERSON} & self below:A"),
    "person-sealed": Line(
        "sealed", f"{PERSON} & here:S below:O self", FORM, "here:S below:O self", "people.reveal",
        {"reason": "核对"}, may_be_refused=True,
    ),
    "person-act": Line("act-of-both", f"{PERSON} & {OFFICE_OR_SECRETARY}", FORM, OFFICE_OR_SECRETARY),
    "person-act/office": Line("act-of-office", f"{PERSON} & {OFFICE}", FORM, OFFICE),
    "organisation-people": Line("organisation", LIST),
    "received-people": Line("organisation", RECEIVED),
    "reception": Line("floating", f"there & {RECEIVED}", FORM, OFFICE_OR_SECRETARY, "people.receive", {"on": TODAY}),
    "people-purpose": Line(
        "organisation", LIST, FORM, "below:OA", "people.state_purpose", {"purpose": "核对年度统计"}
    ),
    "people-export": Line(
        "organisation", OFFICE_OR_SECRETARY, FORM, OFFICE_OR_SECRETARY, "people.look_at_many",
        {"purpose": "核对年度统计", "shape": "csv"},
    ),
    "admission": Line("organisation", OFFICE_OR_SECRETARY, FORM, OFFICE_OR_SECRETARY, "people.admit"),
    "application": Line("organisation", APPLY, FORM, APPLY, "people.note_applicant"),
    "people-by-number": Line(
        "organisation", OFFICE_OR_SECRETARY, FORM, OFFICE_OR_SECRETARY, "people.find_by_number",
        {"document": "passport", "number": "H1234567890", "reason": "拟转入"},
    ),
}  # fmt: skip

ACCOUNTS = {
    "sign-in": Line("list", "public", FORM),
    "sign-in-code": Line("list", "public"),
    "sign-out": Line("list", ANYBODY, POSTED, ANYBODY, "accounts.sign_out"),
    "password": Line("list", ANYBODY, FORM),
    "sessions": Line("list", ANYBODY),
    "session-ending": Line("session", "self", POSTED, "self", "accounts.end_sign_in"),
    "tokens": Line("list", ANYBODY, FORM, ANYBODY, "accounts.issue_token", {"name": "对接", "days": 30}),
    "token-ending": Line("token", "self", POSTED, "self", "accounts.end_token"),
    "accounts": Line("list", ANYBODY),
    "account": Line("account", ACCOUNT),
    "account-reset": Line("account", ACCOUNT, POSTED, ACCOUNT, "accounts.reset", may_be_refused=True),
    "account-disabling": Line(
        "account", ACCOUNT, POSTED, "below:Q", "accounts.disable", {"reason": "调离"}, may_be_refused=True
    ),
    "account-enabling": Line("account", ACCOUNT, POSTED, "below:Q", "accounts.enable", may_be_refused=True),
    "account-session-ending": Line("account-session", ACCOUNT, POSTED, "self below:Q", "accounts.end_sign_in"),
    "organisation-accounts": Line("organisation", ACCOUNT, FORM, ACCOUNT, "accounts.open_accounts"),
}  # fmt: skip

_VACATING = {"on": TODAY, "leaving": "moved", "step": "do"}
POSTS = {
    "organisation-posts": Line("organisation", ORG),
    "appointment": Line("organisation", OFFICE, FORM, OFFICE, "posts.appoint"),
    "administrator": Line("organisation", "below:Q", FORM, "below:Q", "posts.appoint_administrator"),
    "slips": Line(
        "organisation", ACCOUNT, FORM, ACCOUNT, "accounts.open_accounts", {"role": "secretary", "step": "do"},
        may_be_refused=True,
    ),
    "term": Line(
        "organisation", OFFICE, FORM, OFFICE, "posts.open_term", {"since": TODAY, "ends_on": "2031-06-01"},
        may_be_refused=True,
    ),
    "term-extension": Line(
        "organisation", f"term & {OFFICE}", FORM, OFFICE, "posts.extend_term",
        {"ends_on": "2030-06-01", "document": "批 1"}, may_be_refused=True,
    ),
    "term-correction": Line(
        "organisation", f"term & {OFFICE}", FORM, OFFICE, "posts.correct_term",
        {"since": "2025-02-01", "ends_on": "2028-02-01", "number": 2}, may_be_refused=True,
    ),
    "forming": Line(
        "organisation", OFFICE_OR_SECRETARY, FORM, OFFICE_OR_SECRETARY, "posts.form_body",
        {"name": "新联席会议", "kind": "meeting", "since": TODAY}, may_be_refused=True,
    ),
    "post": Line("post", POST),
    "handover": Line("post", f"{POST} & {OFFICE}", FORM, OFFICE, "posts.hand_over"),
    "vacating": Line(
        "ordinary-post", f"{POST} & {OFFICE}", FORM, OFFICE, "posts.vacate", _VACATING, may_be_refused=True
    ),
    "vacating/administrator": Line(
        "administrator-post", f"{POST} & below:Q", FORM, "below:Q", "posts.vacate_administrator", _VACATING
    ),
    "correction": Line(
        "post", f"{POST} & {OFFICE}", FORM, OFFICE, "posts.correct",
        {"since": "2001-01-01", "title": "改正", "source": "elected"}, may_be_refused=True,
    ),
    "terms": Line("list", ANYBODY),
    "joint-bodies": Line("list", ANYBODY),
    "joint-body": Line("body", BODY),
    "seat": Line("body", f"{BODY} & {OFFICE_OR_SECRETARY}", FORM, OFFICE_OR_SECRETARY, "posts.seat"),
    "seat-ending": form("seat", BODY, OFFICE_OR_SECRETARY, "posts.unseat", on=TODAY),
    "pair": form("body", BODY, OFFICE_OR_SECRETARY, "posts.pair_unit", code="U001", since=TODAY),
    "pair-ending": form("body-pair", BODY, OFFICE_OR_SECRETARY, "posts.unpair_unit", on=TODAY),
    "body-ending": form("body", BODY, OFFICE_OR_SECRETARY, "posts.dissolve_body", on=TODAY, reason="任务完成"),
}  # fmt: skip

FIGURES = {
    "figures": Line("list", ANYBODY),
    "organisation-figures": Line("organisation", FIGURE),
    "organisation-figure": Line("figure", FIGURE),
    "organisation-figure-records": Line("figure", "here:SDC below:SOA"),
    "organisation-figure-reportings": Line(
        "figure", FIGURE, POSTED, "here:SD below:O", "figures.report_upward", {"on": TODAY}, may_be_refused=True,
    ),
}  # fmt: skip

_COVERING = {"organisation": "C-COVER", "form": "joint", "on": TODAY}
COVERAGE = {
    "coverage": Line("list", ANYBODY),
    "pairings": Line("list", ANYBODY),
    "unit-coverage": Line("unit", UNIT),
    "covering": Line("unit", f"{UNIT} & {OFFICE}", FORM, OFFICE, "coverage.cover"),
    "covering-end": form("unit-with-organisation", UNIT, OFFICE, "coverage.uncover", on=TODAY),
    "pairing": Line("unit", f"{UNIT} & {OFFICE_OR_SECRETARY}", FORM, OFFICE_OR_SECRETARY, "coverage.pair"),
    "pairing-end": form("unit-with-organisation", UNIT, OFFICE_OR_SECRETARY, "coverage.unpair", on=TODAY),
    "organisation-coverage": Line("organisation", ORG),
}

BATCH = "below:OA here:S"
SHEETS = {
    "members": ("sheet-of-office", "list-of-both"),
    "organisations": ("sheet-of-office", "list-of-office"),
    "units": ("sheet-of-office", "list-of-office"),
    "posts": ("sheet-of-office", "list-of-office"),
    "terms": ("sheet-of-office", "list-of-office"),
    "awards": ("sheet-of-office",),
    "places": ("sheet-of-nobody", "list-of-anybody"),
    "reorganisation": ("sheet-of-office",),
}
"""Who may bring in each sheet, and who may take it out again."""

INTAKE = {
    "intake": Line("list", ANYBODY),
    "intake-upload": Line("list", ANYBODY, FORM),
    "intake-template": Line("sheet-of-office", "holding:O"),
    "intake-template/nobody": Line("sheet-of-nobody", "none"),
    "intake-export": Line("list-of-office", "holding:O", FORM),
    "intake-export/both": Line("list-of-both", "holding:OS", FORM),
    "intake-export/anybody": Line("list-of-anybody", "holding-any", FORM),
    "intake-batch": Line("batch", BATCH),
    "intake-progress": Line("batch", BATCH),
    "intake-problems": Line("batch", BATCH),
    "intake-problems-workbook": Line("batch", f"{BATCH} & self"),
    "intake-rows": Line("batch", BATCH),
    "intake-orders": Line(
        "batch", BATCH, POSTED, OFFICE_OR_SECRETARY, "intake.order", {"step": "check"}, may_be_refused=True
    ),
    "intake-discarding": Line(
        "batch", BATCH, POSTED, OFFICE_OR_SECRETARY, "intake.discard", may_be_refused=True,
        with_it=frozenset({"people.stage"}),
    ),
    "journal": Line("list", "holding:JA"),
}  # fmt: skip

NOTICE = "below:SDCOA own"
DRAFTER = "here:SDC below:O"
_NOTICE = {
    "kind": "finance", "title": "收支公开", "text": "收入 1,200.00 元。", "audience": "public", "since": "2026-06-01",
    "last": "2099-01-01",
}  # fmt: skip
NOTICES = {
    "notices": Line("list", ANYBODY),
    "notices-due": Line("list", ANYBODY),
    "objections": Line("list", ANYBODY),
    "objection": Line(
        "objection", "below:SDCOA", FORM, OFFICE_OR_SECRETARY, "notices.answer", {"summary": "问", "text": "答"},
        may_be_refused=True,
    ),
    "notice": Line("notice", NOTICE),
    "notice-revision": Line("notice", DRAFTER, FORM, DRAFTER, "notices.revise", _NOTICE, may_be_refused=True),
    "notice-publication": Line(
        "notice", OFFICE_OR_SECRETARY, POSTED, OFFICE_OR_SECRETARY, "notices.publish", may_be_refused=True
    ),
    "notice-correction": Line(
        "notice", OFFICE_OR_SECRETARY, FORM, OFFICE_OR_SECRETARY, "notices.correct", {**_NOTICE, "reason": "写错"},
        may_be_refused=True,
    ),
    "notice-withdrawal": Line(
        "notice", OFFICE_OR_SECRETARY, FORM, OFFICE_OR_SECRETARY, "notices.withdraw", {"reason": "写错"},
        may_be_refused=True,
    ),
    "notice-discarding": Line(
        "notice", DRAFTER, POSTED, DRAFTER, "notices.discard", may_be_refused=True, with_it=frozenset({"files.drop"})
    ),
    "notice-attachments": Line("notice", DRAFTER, POSTED, DRAFTER, "files.keep", may_be_refused=True),
    "notice-dropping": Line("notice-file", DRAFTER, POSTED, DRAFTER, "files.drop", may_be_refused=True),
    "file": Line("file", NOTICE),
    "organisation-notices": Line("organisation", ORG),
    "notice-composition": Line(
        "organisation", f"living & {DRAFTER}", FORM, DRAFTER, "notices.draft", _NOTICE
    ),
    "organisation-notices-due": Line("organisation", ORG),
}  # fmt: skip

_OBJECTION = {"text": "不清楚", "contact": "", "once": "0123456789"}
PUBLIC = {
    "public": Line("list", "public"),
    "public-places": Line("list", "public"),
    "public-search": Line("list", "public"),
    "public-receipts": Line("list", "public", FORM),
    "public-organisation": Line("board", "public"),
    "public-organisation/hidden": Line("hidden-board", "none"),
    "public-feed": Line("board", "public"),
    "public-feed/hidden": Line("hidden-board", "none"),
    "public-kind-feed": Line("kind-board", "public"),
    "public-notice": Line("public-notice", "public"),
    "public-notice/hidden": Line("hidden-notice", "none"),
    "public-file": Line("public-file", "public"),
    "public-file/hidden": Line("hidden-file", "none"),
    "public-paper": Line("public-notice", "public"),
    "public-paper/hidden": Line("hidden-notice", "none"),
    "public-objection": Line(
        "public-notice", "public", FORM, "public", "notices.raise_objection", _OBJECTION, may_be_refused=True
    ),
    "public-objection/hidden": Line("hidden-notice", "none", FORM),
}

OPEN = {
    "healthz": Line("list", "public", ("GET", "HEAD")),
    "readyz": Line("list", "public", ("GET", "HEAD")),
    "home": Line("list", ANYBODY),
    "search": Line("list", ANYBODY),
    "ui:gallery": Line("list", ANYBODY),
    "ui:room": Line("room", ANYBODY),
    "places": Line("list", ANYBODY),
    "places-table": Line("list", ANYBODY),
    "places-tree": Line("list", ANYBODY),
    "place": Line("place", ANYBODY),
    "place-history": Line("place", ANYBODY),
    "place-addition": form(
        "place", "living", "around:O", "places.add_below", **_WHY, document="批 1", level="building", name="1号楼"
    ),
    "place-renaming": form("place", "living", "over:O", "places.rename", **_WHY, document="批 1", name="新名称"),
    "place-recoding": Line("place", "living & over:O", FORM, "over:O", "places.recode"),
    "place-move": Line("place", "living & over:O", FORM, "over:O", "places.move"),
    "place-merger": Line("place", "living & over:O", FORM, "over:O", "places.merge"),
    "place-closing": Line(
        "place", "living & over:O", FORM, "over:O", "places.close", {**_WHY, "document": "批 1"}, may_be_refused=True
    ),
}

_BECAUSE = {"on": TODAY, "reason": "工作需要"}
API = {
    "api-1:openapi-json": Line("list", "public", EVERY, "public"),
    "api-1:api-root": Line("nothing", "none", GOT),
    "api-1:organisations": Line("list", ANYBODY, GOT),
    "api-1:organisation": Line("organisation", ORG, GOT),
    "api-1:standings": Line("organisation", ORG, GOT),
    "api-1:founding": Line(
        "organisation", ORG, POSTED, OFFICE_OR_SECRETARY, "orgs.found",
        {**_BECAUSE, "code": "NEW", "name": "新支部", "kind": "branch"}, may_be_refused=True,
    ),
    "api-1:renaming": Line(
        "organisation", ORG, POSTED, OFFICE, "orgs.rename", {**_BECAUSE, "name": "新名称"}, may_be_refused=True
    ),
    "api-1:reparenting": Line(
        "organisation", ORG, POSTED, OFFICE, "orgs.reparent", {**_BECAUSE, "parent": SELF}, may_be_refused=True
    ),
    "api-1:units": Line("list", ANYBODY, GOT),
    "api-1:unit": Line("unit", UNIT, GOT),
    "api-1:places": Line("list", ANYBODY, GOT),
    "api-1:place": Line("place", ANYBODY, GOT),
    "api-1:indicators": Line("list", ANYBODY, GOT),
    "api-1:figure": Line("figure-of-api", FIGURE, GOT),
}  # fmt: skip

TABLE: dict[str, Line] = {
    **ORGANISATIONS, **UNITS, **PEOPLE, **ACCOUNTS, **POSTS, **FIGURES, **COVERAGE, **INTAKE,
    **PROCEDURES, **MEETINGS, **ROLLS, **NOTICES, **PUBLIC, **OPEN, **API, **HONOURS, **ELECTIONS,
}  # fmt: skip
"""By url name. A name with a word after a slash is the same address for another kind of record."""
