"""Rules, verbs and classes: nothing is without a rule, no rule without a use, and no field without a class."""

import ast
import itertools
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.test.utils import isolate_apps
from django.utils import timezone

import jiceng
from jiceng.kernel.access import ADMINISTRATORS, Role
from jiceng.kernel.access.rules import REGISTRY, Grant, Reach, Rule
from jiceng.kernel.posts import actions as posts
from jiceng.lib.refusals import Refused
from tests import builders
from tests.walls import pairs, world

HOUSE = Path(jiceng.__file__).parent


# Every verb has its rule, and every rule its use


def _modules() -> Iterator[tuple[str, str, ast.Module]]:
    """Every module of an area: its area, its path, its tree."""
    for storey in ("kernel", "engines", "domains", "faces"):
        for path in sorted((HOUSE / storey).rglob("*.py")):
            inside = path.relative_to(HOUSE / storey)
            if "migrations" not in inside.parts and len(inside.parts) > 1:
                yield inside.parts[0], path.relative_to(HOUSE).as_posix(), ast.parse(path.read_text())


def verbs(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Every verb of a module, with the rule that it asks, as `rules.x`."""
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef):
            continue
        for mark in node.decorator_list:
            if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Name) and mark.func.id == "action":
                yield node.name, ast.unparse(mark.args[0])


SHARED = {
    "transfer_all": "整建制划转 is a list of transfers in other words",
    "discard_staged": "who may stage may drop what is staged",
    "load_divisions": "the country's divisions are loaded like any edition",
}
"""Verbs that ask another verb's rule, and why."""


def misnamed(area: str, path: str, tree: ast.Module) -> Iterator[str]:
    """Verbs whose rule is not called as they are."""
    for verb, asked in verbs(tree):
        if asked != f"rules.{verb}" and verb not in SHARED:
            yield f"{path}: {verb} asks {asked}; its own rule would be {area}.{verb}"


def test_every_verb_asks_the_rule_of_its_name():
    assert [fault for told in _modules() for fault in misnamed(*told)] == []


def test_a_verb_that_asks_another_rule_is_caught():
    wrong = ast.parse("@action(rules.rename)\ndef dissolve(subject, *, by, at): ...")
    assert list(misnamed("orgs", "orgs/actions.py", wrong))


def test_every_rule_is_named_by_its_area():
    declared = {}
    for area, path, tree in _modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "rule" and node.args:
                name = ast.literal_eval(node.args[0]) if isinstance(node.args[0], ast.Constant) else ""
                declared[str(name)] = (area, path)
    assert {name for name in REGISTRY if "." not in name} == set()
    strange = {name: told for name, told in declared.items() if name and name.partition(".")[0] != told[0]}
    assert strange == {"journal.see": ("web", "faces/web/rules.py")}  # it reads organisations, which stand above it


def unused(names: Iterator[str], text: str) -> list[str]:
    """Rules that no other module asks."""
    return [name for name in names if f".{name.partition('.')[2]}" not in text]


def test_every_rule_is_asked_somewhere():
    asked = {}
    for _, path, tree in _modules():
        found = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        if not path.endswith("/rules.py"):
            asked[path] = found
    used = set().union(*asked.values())
    inside = {name.partition(".")[2] for name in REGISTRY if name != "journal.see" and not name.startswith("tests.")}
    assert sorted(inside - used) == []
    assert unused(iter(["orgs.never_asked"]), "rules.see")


def test_nothing_is_open_to_anyone_but_the_map_and_the_right_to_disagree():
    wide = [rule.name for rule in REGISTRY.values() if any(grant.reach is Reach.ANYONE for grant in rule.grants)]
    assert sorted(wide) == ["notices.raise_objection", "places.see"]


def administrators_in(rules: Iterator[Rule]) -> list[str]:
    """Rules over people, their records and their organisations that let an administrator act."""
    own = {Role.SECURITY_ADMINISTRATOR: {"accounts", "posts"}}
    return [
        f"{rule.name} is open to {Role(role).label}"
        for rule in rules
        for grant in rule.grants
        for role in grant.roles & ADMINISTRATORS
        if rule.name not in ("orgs.see", "journal.see") and rule.name.partition(".")[0] not in own.get(Role(role), ())
    ]


def test_administrators_have_no_power_over_people():
    assert administrators_in(iter(REGISTRY.values())) == []
    planted = Rule("people.see", (Grant(Reach.BELOW, frozenset({Role.SYSTEM_ADMINISTRATOR})),))
    assert administrators_in(iter([planted])) == ["people.see is open to 系统管理员"]


# The three administrators exclude each other


@pytest.mark.django_db
@pytest.mark.parametrize(("first", "second"), list(itertools.permutations(sorted(ADMINISTRATORS), 2)))
def test_no_two_administrators_are_one_person(first, second):
    city = builders.root()
    security = builders.holder(city, Role.SECURITY_ADMINISTRATOR)
    who = builders.member(city)
    told = {"person": who, "since": date(2026, 1, 1), "by": security, "at": builders.NOON}
    posts.appoint_administrator(city, role=first, **told)
    with pytest.raises(Refused):
        posts.appoint_administrator(city, role=second, **told)


# Rights end with the post


@pytest.mark.django_db
def test_rights_end_with_the_post_and_begin_with_the_next():
    city = world.build()
    walls = pairs.Matrix(city)
    place = city.places["甲村0"]
    caller = next(one for one in city.callers if one.word == "甲村0书记")
    successor = next(one for one in city.callers if one.word == "甲镇的普通党员")
    page = f"/orgs/{place.ref}/people/"

    def status(word: str) -> int:
        client = Client()
        client.cookies["sessionid"] = walls.keys[word]
        return client.get(page).status_code

    assert (status(caller.word), status(successor.word)) == (200, 404)
    post = next(one for one in city.posts if (one.person_id, one.organisation_id) == (caller.person, place.pk))
    person = city.people["甲镇的党员"]
    officer = next(one for one in city.callers if one.word == "甲镇组织员")
    by = builders.Actor("user", "甲", user=officer.user, person=officer.person)
    posts.hand_over(post, to=person, on=timezone.localdate(), by=by, at=timezone.now())
    assert (status(caller.word), status(successor.word)) == (404, 200)
    held = next(one for one in city.posts if (one.person_id, one.role) == (officer.person, Role.OFFICER))
    above = next(one for one in city.callers if one.word == "甲县组织员")
    by = builders.Actor("user", "乙", user=above.user, person=above.person)
    assert status(officer.word) == 200
    posts.vacate(held, on=timezone.localdate(), by=by, at=timezone.now())
    assert status(officer.word) == 404


# Every field has a class

EXEMPT = {
    "journal.Entry": "holds opaque ids only, of every organisation",
    "journal.Seal": "a link of the chain",
    "journal.Simulation": "the clock of a database that is marked as a simulation",
    "places.Place": "a place belongs to no organisation",
    "places.Change": "a place belongs to no organisation",
    "places.Naming": "a place belongs to no organisation",
    "procedures.Edition": "the text of a file, by which cases of every organisation run",
    "people.StagedMember": "rows of a batch, reached by the batch's own rule; dropped when it is done",
}
"""Models without a way home, and why."""

NEUTRAL_KINDS = (
    models.AutoField, models.ForeignKey, models.OneToOneField, models.IntegerField, models.BooleanField,
    models.DateTimeField, models.GeneratedField,
)  # fmt: skip
"""Keys, counts, flags and moments of the store say nothing about a person by themselves."""

NEUTRAL = {
    "ref", "code", "path", "kind", "form", "name", "grade", "activity", "since", "until", "on", "reason", "document",
    "told", "text", "title", "number", "founded_on", "closed_on", "registered_on", "ends_on", "credit_code", "phone",
    "level", "key", "purpose", "decision", "fields", "from_name", "indicator", "edition", "structure", "sheet",
    "digest", "root", "page", "columns", "unknown", "outcome", "column", "wrong", "remedy", "step", "received_on",
    "start", "source", "declared", "act", "state", "end", "opened_on", "stood_since", "due_on", "done", "role",
    "token", "reply", "kind_name", "electorate", "quorum", "passes", "basis", "spare", "what", "called_on", "held_on",
    "body", "replied_on", "timing", "planned_on", "set_for", "hour", "audience", "files", "place_name", "duty",
    "period", "summary",
}  # fmt: skip
"""Names of text and dates that tell of organisations, acts and files. A table about people may use only ABOUT_ACTS."""

ABOUT_ACTS = {
    "ref", "since", "until", "document", "reason", "decision", "fields", "text", "kind", "purpose", "from_name",
    "received_on", "name",
}  # fmt: skip
PEOPLE_TABLES = {
    "people.Person", "people.NameKey", "people.Membership", "people.Particulars", "people.Floating", "people.Loan",
    "people.StagedMember", "people.Correction", "people.Renumbering", "people.Union", "people.Purge", "people.Look",
    "people.Purpose", "accounts.User", "accounts.SignIn", "accounts.Token", "accounts.Disabling", "posts.Post",
    "posts.Seat",
}  # fmt: skip
ABOUT_PEOPLE_FLAGS = {
    "is_member": "who is one stands in the membership",
    "must_change": "of the account",
    "is_own": "of the device",
}


def unclassified(model: type[models.Model]) -> Iterator[str]:
    """Fields that nobody has thought about."""
    label = model._meta.label
    told = {*(getattr(model, "personal", None) or ()), *(getattr(model, "sealed", None) or ())}
    there = {field.name for field in model._meta.concrete_fields}
    yield from (f"{label}.{name} is classified and does not exist" for name in sorted(told - there))
    about = label in PEOPLE_TABLES
    for field in model._meta.concrete_fields:
        if field.name in told:
            continue
        neutral = isinstance(field, NEUTRAL_KINDS) and not (about and isinstance(field, models.BooleanField))
        known = field.name in (ABOUT_ACTS if about else NEUTRAL) or field.name in ABOUT_PEOPLE_FLAGS
        if isinstance(field, models.BinaryField) or not (neutral or known):
            yield f"{label}.{field.name} is neither personal nor sealed, and nobody says why it need not be"


def astray(model: type[models.Model]) -> Iterator[str]:
    """A model whose records have no way home."""
    label = model._meta.label
    if label in EXEMPT:
        return
    home, here = str(getattr(model, "way_home", "organisation")), model
    for step in filter(None, home.split("__")):
        names = {field.name: field for field in here._meta.get_fields()}
        if step not in names or not names[step].is_relation:
            yield f"{label}: {home} leads nowhere"
            return
        here = names[step].related_model
    if here._meta.label != "orgs.Organisation":
        yield f"{label}: {home or 'nothing'} does not lead to an organisation"


def ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("jiceng.")]


def test_every_field_has_a_class():
    assert [fault for model in ours() for fault in unclassified(model) if model._meta.label not in EXEMPT] == []


def test_every_record_has_a_way_home():
    assert [fault for model in ours() for fault in astray(model)] == []
    assert set(EXEMPT) <= {model._meta.label for model in ours()}


PLANTED_FIELDS = {
    "politics": models.CharField("政治面貌", max_length=10),
    "health": models.TextField("健康状况"),
    "married_on": models.DateField("结婚日期"),
    "print": models.BinaryField("指纹"),
    "score": models.DecimalField("得分", max_digits=5, decimal_places=2),
    "answers": models.JSONField("回答"),
    "mail": models.EmailField("邮箱"),
}


@pytest.mark.parametrize("field", PLANTED_FIELDS)
def test_a_field_without_a_class_is_caught(field):
    with isolate_apps("tests"):
        meta = type("Meta", (), {"app_label": "tests"})
        planted = type("Record", (models.Model,), {
            field: PLANTED_FIELDS[field].clone(), "Meta": meta, "__module__": __name__,
        })  # fmt: skip
        assert len(list(unclassified(planted))) == 1


@pytest.mark.parametrize("home", ["organisation", "", "member__organisation"])
def test_a_record_without_a_way_home_is_caught(home):
    with isolate_apps("tests"):
        meta = type("Meta", (), {"app_label": "tests"})
        planted = type("Lost", (models.Model,), {"way_home": home, "Meta": meta, "__module__": __name__})
        assert len(list(astray(planted))) == 1
