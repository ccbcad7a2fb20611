"""Each weak setting is met on a real connection that really has it."""

import copy
import os
import pwd
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections
from django.db.utils import ConnectionHandler

from jiceng.project import checks, environment
from tests.conftest import IN_CI


@pytest.fixture(autouse=True)
def _databases_of_our_own(django_db_blocker):
    with django_db_blocker.unblock():
        yield


def opened(description):
    """A connection of its own to the database described."""
    return ConnectionHandler({"default": description})["default"]


def sqlite(tmp_path, **options):
    return opened({**environment.database(f"sqlite:///{tmp_path}/weak.sqlite3"), "OPTIONS": options})


def ids(connection):
    try:
        return [fault.id for fault in checks.faults(connection)]
    finally:
        connection.close()


STRONG = environment.SQLITE_OPTIONS


def test_our_own_sqlite_settings_are_safe(tmp_path):
    assert ids(sqlite(tmp_path, **STRONG)) == []


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"transaction_mode": "IMMEDIATE"}, ["jiceng.E011"]),
        ({**STRONG, "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL"}, ["jiceng.E012"]),
        ({**STRONG, "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=OFF"}, ["jiceng.E012"]),
        ({**STRONG, "init_command": STRONG["init_command"].replace("keys=ON", "keys=OFF")}, ["jiceng.E013"]),
        ({**STRONG, "transaction_mode": "DEFERRED"}, ["jiceng.E014"]),
        ({"init_command": STRONG["init_command"]}, ["jiceng.E014"]),
        ({"init_command": "PRAGMA synchronous=OFF"}, ["jiceng.E011", "jiceng.E012", "jiceng.E014"]),
    ],
)
def test_each_weak_sqlite_setting_is_refused(tmp_path, options, expected):
    assert ids(sqlite(tmp_path, **options)) == expected


def test_the_database_of_these_tests_is_safe(db):
    assert list(checks.faults(connection)) == []
    assert checks.storage_is_safe(databases=["default"]) == []
    checks.require_safe_storage()


def test_a_server_does_not_start_on_weak_storage(tmp_path, monkeypatch):
    weak = sqlite(
        tmp_path, init_command="PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL", transaction_mode="IMMEDIATE"
    )
    monkeypatch.setattr(checks, "connections", {"default": weak})
    with pytest.raises(ImproperlyConfigured, match="断电时可能丢失已经确认的记录"):
        checks.require_safe_storage()
    assert [message.id for message in checks.storage_is_safe(databases=["default"])] == ["jiceng.E012"]
    weak.close()


@pytest.fixture(scope="module")
def weak_postgresql(tmp_path_factory):
    """A PostgreSQL of our own on a socket, with fsync and full_page_writes off."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    programs = found[-1] if found else Path(shutil.which("initdb") or "/nowhere/initdb").parent
    if not (programs / "initdb").exists() or (os.geteuid() == 0 and not _there_is_a_user("postgres")):
        message = "PostgreSQL's server programs are not on this machine"
        pytest.fail(message) if IN_CI else pytest.skip(message)
    room = Path("/tmp") / f"jiceng-pg-{os.getpid()}"  # a socket's path may not be long
    room.mkdir(mode=0o700)
    who = {}
    if os.geteuid() == 0:
        entry = pwd.getpwnam("postgres")
        os.chown(room, entry.pw_uid, entry.pw_gid)
        who = {"user": "postgres", "group": entry.pw_gid, "extra_groups": []}
    quiet = {"check": True, "capture_output": True, "cwd": room, **who}
    subprocess.run([programs / "initdb", "-D", room / "data", "-A", "trust", "-U", "postgres", "--no-sync"], **quiet)
    options = f"-c fsync=off -c full_page_writes=off -c listen_addresses='' -k {room}"
    start = [programs / "pg_ctl", "-D", room / "data", "-w", "-l", room / "log", "-o", options, "start"]
    subprocess.run(start, **{**quiet, "capture_output": False}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    yield f"postgresql://postgres@{str(room).replace('/', '%2F')}/postgres"
    subprocess.run([programs / "pg_ctl", "-D", room / "data", "-m", "immediate", "stop"], **quiet)
    shutil.rmtree(room)


def _there_is_a_user(name):
    return any(entry.pw_name == name for entry in pwd.getpwall())


def test_a_weak_postgresql_is_refused(weak_postgresql):
    assert ids(opened(environment.database(weak_postgresql))) == ["jiceng.E021", "jiceng.E023"]


def test_a_session_that_does_not_wait_for_the_disk_is_refused(weak_postgresql):
    description = environment.database(weak_postgresql)
    description["OPTIONS"] = {"options": "-c synchronous_commit=off"}
    assert ids(opened(description)) == ["jiceng.E021", "jiceng.E022", "jiceng.E023"]


def test_an_old_postgresql_is_refused():
    safe = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
    assert [fault.id for fault in checks.postgresql_faults({**safe, "server_version_num": "140020"})] == ["jiceng.E024"]
    assert list(checks.postgresql_faults({**safe, "server_version_num": "150000"})) == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="asks the PostgreSQL of these tests")
def test_a_role_that_does_not_wait_for_the_disk_is_refused(db):
    description = copy.deepcopy(connections["default"].settings_dict)
    description["OPTIONS"] = {**description["OPTIONS"], "options": "-c synchronous_commit=off"}
    assert ids(opened(description)) == ["jiceng.E022"]
