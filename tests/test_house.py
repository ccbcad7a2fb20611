"""A rule that is not a test is a wish. Every check is first shown to catch a planted fault."""

import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from tests import house

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ROOT / "jiceng"

STOREYS = ("kernel", "engines", "domains", "faces")

EXTRA_MODULES = {
    # What the anatomy itself stands on; then the machines' own parts.
    "kernel/journal": frozenset({"clock", "bulk"}),
    "kernel/access": frozenset({"actors", "roles", "verbs"}),
    "kernel/places": frozenset({"editions"}),
    "kernel/files": frozenset({"cleaning", "parents"}),
    "engines/intake": frozenset({"catalogue", "cells", "checking", "reading", "sealed", "writing"}),
    "engines/assembly": frozenset({"printing"}),
    "engines/notices": frozenset({"scanning", "sealed"}),
    "engines/packs": frozenset({"conditions", "declarations", "kinds", "reading"}),
    "engines/figures": frozenset({"balances", "catalogue", "columnar", "expression", "indicators", "sources", "trees"}),
    "faces/web": frozenset({"context", "journal"}),
    "faces/public": frozenset({"pages"}),
    "faces/api": frozenset({"problems", "token"}),
    # Puts the actor on every request; Django wants it importable by a dotted path.
    "kernel/accounts": frozenset({"middleware"}),
}

SKIPPED = {".git", ".venv", "node_modules", "build", "var", "__pycache__", "vendor"}
NO_WORDS = {".woff2", ".png", ".ico", ".gz", ".xls", ".xlsx", ".zip", ".pyc", ".sqlite3"}


def files(top: Path, *suffixes: str) -> Iterator[Path]:
    for path in sorted(top.rglob("*")):
        if path.is_file() and not SKIPPED & set(path.parts) and (not suffixes or path.suffix in suffixes):
            yield path


def committed() -> Iterator[Path]:
    """What a clone would hold: known to git or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    yield from (ROOT / line for line in filter(None, listed.stdout.split("\0")) if (ROOT / line).is_file())


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def said(path: Path, faults: Iterable[str]) -> list[str]:
    return [f"{name(path)}: {fault}" for fault in faults]


def areas() -> Iterator[Path]:
    for storey in STOREYS:
        yield from (path.parent for path in sorted((HOUSE / storey).glob("*/__init__.py")))


def python() -> Iterator[Path]:
    for top in (HOUSE, ROOT / "tests", ROOT / "scripts", ROOT / "bench"):
        yield from (path for path in files(top, ".py") if "migrations" not in path.parts)


def test_files_are_short():
    own = [*python(), *files(HOUSE, ".html", ".css", ".js")]
    assert [fault for path in own for fault in said(path, house.long_file(path.read_text()))] == []


def test_lines_are_short():
    assert [fault for path in python() for fault in said(path, house.long_lines(path.read_text()))] == []


def test_functions_are_short():
    assert [fault for path in python() for fault in said(path, house.long_functions(path.read_text()))] == []


def test_only_verbs_write():
    own = [path for path in files(HOUSE, ".py") if not house.may_write(name(path))]
    assert [fault for path in own for fault in said(path, house.writes(path.read_text()))] == []


def test_every_area_has_the_one_anatomy():
    faults = []
    for area in areas():
        extra = EXTRA_MODULES.get(area.relative_to(HOUSE).as_posix(), frozenset())
        for path in files(area):
            faults += said(path, house.foreign_names(path.relative_to(area).as_posix(), extra))
    assert faults == []


def test_every_area_says_what_it_is():
    assert [name(area) for area in areas() if not (area / "__init__.py").read_text().strip().startswith('"""')] == []


def test_names_say_something():
    assert [fault for path in files(HOUSE, ".py") for fault in said(path, house.forbidden_names(name(path)))] == []


def test_every_table_has_a_chinese_name():
    ours = [model for model in apps.get_models() if model.__module__.startswith("jiceng.")]
    told = [(model._meta.label, str(model._meta.verbose_name), model.__doc__) for model in ours]
    assert [fault for words in told for fault in house.words_of_model(*words)] == []


def test_every_area_that_is_there_is_installed():
    there = {".".join(path.parent.relative_to(ROOT).parts) for path in HOUSE.glob("*/*/models.py")}
    assert there <= set(settings.INSTALLED_APPS)


def test_templates_hold_no_code():
    assert [fault for path in files(HOUSE, ".html") for fault in said(path, house.inline_code(path.read_text()))] == []


def test_pages_load_nothing_from_elsewhere():
    own = files(HOUSE, ".html", ".css", ".js", ".svg")
    assert [fault for path in own for fault in said(path, house.external_addresses(path.read_text()))] == []


def test_nothing_names_a_download_host_or_one_machine():
    own = [path for path in committed() if path.suffix not in NO_WORDS]
    assert [fault for path in own for fault in said(path, house.outside_words(path.read_text()))] == []


def test_the_front_end_lock_holds_no_addresses():
    lock = (ROOT / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert "://" not in lock


def test_every_dependency_has_a_reason():
    assert list(house.reasonless_dependencies((ROOT / "pyproject.toml").read_text())) == []


PLANTED = [
    (house.long_file, "x = 1\n" * 401),
    (house.long_lines, "x" * 121),
    (house.long_functions, "def long():\n" + "    x = 1\n" * 60),
    (house.writes, "meeting.save()"),
    (house.writes, "Meeting.objects.create(name='x')"),
    (house.writes, "Meeting.objects.filter(pk=1).update(name='x')"),
    (house.writes, "Meeting.objects.all().delete()"),
    (house.writes, "Meeting.objects.bulk_create([Meeting()])"),
    (house.writes, "Meeting.objects.get_or_create(name='x')"),
    (house.foreign_names, "utils.py"),
    (house.foreign_names, "lib/tools.py"),
    (house.foreign_names, "notes.md"),
    (house.forbidden_names, "jiceng/domains/meetings/helpers.py"),
    (house.forbidden_names, "jiceng/services/mail.py"),
    (house.inline_code, '<p class="a" style="color: red">'),
    (house.inline_code, "<style>p { color: red }</style>"),
    (house.inline_code, "<script>alert(1)</script>"),
    (house.inline_code, '<button onclick="go()">'),
    (house.inline_code, '<button hx-on:click="go()">'),
    (house.inline_code, '<a href="javascript:go()">'),
    (house.external_addresses, '<script src="https://cdn.example.org/x.js"></script>'),
    (house.external_addresses, '<img src="//cdn.example.org/x.png">'),
    (house.external_addresses, "@font-face { src: url(//cdn.example.org/x.woff2) }"),
    (house.external_addresses, "fetch('http://example.org/x')"),
    (house.outside_words, "get it from files." + "python" + "hosted.org"),
    (house.outside_words, "see /" + "work/notes.md"),
    (house.reasonless_dependencies, 'dependencies = [\n  "django>=6",\n]\n'),
]

ALLOWED = [
    (house.long_file, "x = 1\n" * 400),
    (house.long_lines, "字" * 120),
    (house.long_functions, "def long():\n" + "    x = 1\n" * 59),
    (house.writes, "digest.update(b'x'); seen.update(other); sheet.save(path)"),
    (house.foreign_names, "actions.py"),
    (house.foreign_names, "management/commands/seal.py"),
    (house.forbidden_names, "jiceng/domains/meetings/actions.py"),
    (house.inline_code, '<script src="{% static "ui/app.js" %}" defer></script><p data-style="x">'),
    (house.external_addresses, '<svg xmlns="http://www.w3.org/2000/svg"><a href="/orgs/">'),
    (house.outside_words, "see docs/adr and network/notes.md"),
    (house.reasonless_dependencies, 'dependencies = [\n  "django>=6", # the framework\n]\n'),
]


@pytest.mark.parametrize(("check", "text"), PLANTED)
def test_a_planted_fault_is_caught(check, text):
    assert list(check(text))


@pytest.mark.parametrize(("check", "text"), ALLOWED)
def test_what_is_right_is_let_through(check, text):
    assert list(check(text)) == []


def test_a_table_without_a_chinese_name_is_caught():
    assert list(house.words_of_model("meetings.Meeting", "meeting", "会议：开过的会。"))
    assert list(house.words_of_model("meetings.Meeting", "会议", "A meeting.\n会议"))
    assert list(house.words_of_model("meetings.Meeting", "会议", None))
    assert list(house.words_of_model("meetings.Meeting", "会议", "会议：开过的会。")) == []
