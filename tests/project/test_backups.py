"""A round trip through a database of its own, of the kind that these tests run on."""

import hashlib
import hmac
import io
import json
import os
import stat
import tarfile
from contextlib import contextmanager

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection as test_connection
from django.db.utils import ConnectionHandler

from jiceng.project import backups, environment, stores


@contextmanager
def a_database(number, tmp_path):
    """An empty database, with a connection to it."""
    if test_connection.vendor == "sqlite":
        description = environment.database(f"sqlite:///{tmp_path}/{number}.sqlite3")
        yield ConnectionHandler({"default": description})["default"]
        return
    chosen = test_connection.settings_dict
    name = f"test_jiceng_backup_{os.getpid()}_{number}"
    parts = {"host": chosen["HOST"], "port": chosen["PORT"], "user": chosen["USER"], "password": chosen["PASSWORD"]}
    with psycopg.connect(dbname="postgres", autocommit=True, **parts) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name}")
        server.execute(f"CREATE DATABASE {name}")
        found = ConnectionHandler({"default": {**chosen, "NAME": name, "TEST": {}}})["default"]
        yield found
        found.close()
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def place(tmp_path, settings, monkeypatch, django_db_blocker):
    """An installation of its own: a folder, files, and a database with one table."""
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path / "var", tmp_path / "var/files"
    settings.MEDIA_ROOT.mkdir(parents=True)
    with django_db_blocker.unblock(), a_database("one", tmp_path) as found:
        monkeypatch.setattr(backups, "connection", found)
        run(found, "CREATE TABLE notes (id integer PRIMARY KEY, text varchar(80) NOT NULL)")
        yield found
        found.close()


def run(connection, statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def notes(connection):
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM notes ORDER BY id")
        return [text for (text,) in cursor.fetchall()]


def test_what_was_backed_up_comes_back(place, tmp_path, settings):
    run(place, "INSERT INTO notes VALUES (1, '会议记录'), (2, '二')")
    (settings.MEDIA_ROOT / "ab").mkdir()
    (settings.MEDIA_ROOT / "ab/abcd").write_bytes(b"scan")
    backups.write(tmp_path / "all.tar")

    run(place, "DELETE FROM notes")
    run(place, "CREATE TABLE later (id integer)")
    (settings.MEDIA_ROOT / "ab/abcd").write_bytes(b"something else")
    (settings.MEDIA_ROOT / "later").write_bytes(b"later")
    backups.restore(tmp_path / "all.tar", replace=True)

    assert notes(place) == ["会议记录", "二"]
    assert "later" not in place.introspection.table_names()
    kept = {
        path.relative_to(settings.MEDIA_ROOT).as_posix() for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()
    }
    assert kept == {"ab/abcd"}
    assert (settings.MEDIA_ROOT / "ab/abcd").read_bytes() == b"scan"
    assert [path.name for path in settings.DATA_DIR.iterdir()] == ["files"]


def test_a_backup_moves_to_an_empty_installation(place, tmp_path, settings, monkeypatch):
    run(place, "INSERT INTO notes VALUES (1, '一')")
    backups.write(tmp_path / "all.tar")
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path / "new", tmp_path / "new/files"
    with a_database("two", tmp_path) as fresh:
        monkeypatch.setattr(backups, "connection", fresh)
        backups.restore(tmp_path / "all.tar", replace=False)
        assert notes(fresh) == ["一"]


def test_no_figures_of_the_replaced_database_stay(place, tmp_path, settings):
    backups.write(tmp_path / "all.tar")
    stale = settings.DATA_DIR / "figures-7.duckdb"
    stale.write_bytes(b"of the database before")
    backups.restore(tmp_path / "all.tar", replace=True)
    assert not stale.exists()


def test_the_planner_knows_what_a_restored_database_holds(place, tmp_path):
    if place.vendor != "postgresql":
        pytest.skip("SQLite plans without counting")
    run(place, "INSERT INTO notes SELECT n, '一' FROM generate_series(1, 700) n")
    backups.write(tmp_path / "1.tar")
    backups.restore(tmp_path / "1.tar", replace=True)
    with place.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'notes'")
        assert cursor.fetchone() == (700,)


def test_a_restored_database_can_be_backed_up_again(place, tmp_path):
    run(place, "INSERT INTO notes VALUES (1, '一')")
    backups.write(tmp_path / "1.tar")
    backups.restore(tmp_path / "1.tar", replace=True)
    backups.write(tmp_path / "2.tar")
    backups.restore(tmp_path / "2.tar", replace=True)
    assert notes(place) == ["一"]


def test_a_database_with_work_in_it_is_not_overwritten_by_accident(place, tmp_path):
    backups.write(tmp_path / "empty.tar")
    run(place, "INSERT INTO notes VALUES (1, '一')")
    with pytest.raises(CommandError, match="--replace"):
        backups.restore(tmp_path / "empty.tar", replace=False)
    assert notes(place) == ["一"]


def test_files_alone_are_work_too(place, tmp_path, settings):
    backups.write(tmp_path / "empty.tar")
    (settings.MEDIA_ROOT / "scan").write_bytes(b"scan")
    with pytest.raises(CommandError, match="--replace"):
        backups.restore(tmp_path / "empty.tar", replace=False)


def test_a_backup_can_be_taken_while_somebody_is_writing(place, tmp_path):
    run(place, "INSERT INTO notes VALUES (1, '一')")
    second = place.copy()
    second.set_autocommit(False)
    run(second, "INSERT INTO notes VALUES (2, '还没办完')")
    backups.write(tmp_path / "all.tar")
    second.rollback()
    second.close()
    backups.restore(tmp_path / "all.tar", replace=True)
    assert notes(place) == ["一"]


def test_only_its_owner_can_read_a_backup(place, tmp_path):
    backups.write(tmp_path / "all.tar")
    assert stat.S_IMODE((tmp_path / "all.tar").stat().st_mode) == 0o600


def test_a_backup_is_never_overwritten(place, tmp_path):
    (tmp_path / "all.tar").write_text("older")
    with pytest.raises(CommandError, match="已经存在"):
        backups.write(tmp_path / "all.tar")
    assert (tmp_path / "all.tar").read_text() == "older"


def test_the_manifest_names_every_member_with_its_digest(place, tmp_path, settings):
    (settings.MEDIA_ROOT / "scan").write_bytes(b"scan")
    manifest = backups.write(tmp_path / "all.tar")
    assert manifest["members"]["files/scan"] == hashlib.sha256(b"scan").hexdigest()
    assert stores.of(place).member in manifest["members"]


def members(path):
    with tarfile.open(path) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar.getmembers()}


def packed(path, content):
    with tarfile.open(path, "w") as tar:
        for name, data in content.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))


def flip(content, name):
    content[name] = content[name][:-1] + bytes([content[name][-1] ^ 1])


def rewrite(content):
    manifest = json.loads(content["manifest.json"])
    content["files/scan"] = b"forged"
    manifest["members"]["files/scan"] = hashlib.sha256(b"forged").hexdigest()
    content["manifest.json"] = json.dumps(manifest).encode()


def rewrite_and_sign(content):
    rewrite(content)
    content["manifest.hmac"] = hmac.new(b"a guess", content["manifest.json"], "sha256").hexdigest().encode()


TAMPERED = {
    "a file changed": lambda content: flip(content, "files/scan"),
    "the database changed": lambda content: flip(
        content, next(name for name in content if name.startswith("database"))
    ),
    "the list changed": lambda content: flip(content, "manifest.json"),
    "the signature changed": lambda content: flip(content, "manifest.hmac"),
    "a file removed": lambda content: content.pop("files/scan"),
    "a file added": lambda content: content.update({"files/more": b"more"}),
    "a file put beside the folder": lambda content: content.update({"../more": b"more"}),
    "the signature removed": lambda content: content.pop("manifest.hmac"),
    "the list removed": lambda content: content.pop("manifest.json"),
    "file and list changed together": rewrite,
    "file, list and signature changed without the key": rewrite_and_sign,
}


@pytest.mark.parametrize("how", TAMPERED)
def test_a_tampered_backup_changes_nothing(place, tmp_path, settings, how):
    run(place, "INSERT INTO notes VALUES (1, '原来')")
    (settings.MEDIA_ROOT / "scan").write_bytes(b"scan")
    backups.write(tmp_path / "all.tar")
    content = members(tmp_path / "all.tar")
    TAMPERED[how](content)
    packed(tmp_path / "forged.tar", content)
    run(place, "UPDATE notes SET text = '后来'")
    with pytest.raises(CommandError, match="什么也没有恢复"):
        backups.restore(tmp_path / "forged.tar", replace=True)
    assert notes(place) == ["后来"]
    assert (settings.MEDIA_ROOT / "scan").read_bytes() == b"scan"


def test_a_backup_cut_short_changes_nothing(place, tmp_path):
    backups.write(tmp_path / "all.tar")
    whole = (tmp_path / "all.tar").read_bytes()
    (tmp_path / "short.tar").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CommandError, match="什么也没有恢复"):
        backups.restore(tmp_path / "short.tar", replace=True)


def test_another_installations_key_does_not_open_the_backup(place, tmp_path, settings):
    backups.write(tmp_path / "all.tar")
    settings.SEALING_KEY = b"\x01" * 32
    with pytest.raises(CommandError, match="JICENG_SEALING_KEY"):
        backups.restore(tmp_path / "all.tar", replace=True)


def test_the_commands_say_what_they_did(place, tmp_path, capsys):
    run(place, "INSERT INTO notes VALUES (1, '一')")
    call_command("backup", str(tmp_path / "all.tar"))
    call_command("restore", str(tmp_path / "all.tar"), "--replace")
    said = capsys.readouterr().out
    assert "已备份到" in said
    assert "已恢复到" in said
