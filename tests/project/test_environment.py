import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from jiceng.project import environment

GOOD = {"JICENG_ENV_FILE": "", "JICENG_SECRET_KEY": "k" * 64, "JICENG_SEALING_KEY": "0f" * 32}


@pytest.fixture
def chosen(monkeypatch):
    for name in list(os.environ):
        if name.startswith("JICENG_"):
            monkeypatch.delenv(name)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


@pytest.mark.parametrize("name", ["JICENG_SECRET_KEY", "JICENG_SEALING_KEY"])
def test_a_missing_secret_is_named(chosen, name):
    chosen.delenv(name)
    with pytest.raises(ImproperlyConfigured, match=f"缺少环境变量 {name}"):
        environment.read()


def test_a_short_secret_is_refused(chosen):
    chosen.setenv("JICENG_SECRET_KEY", "short")
    with pytest.raises(ImproperlyConfigured, match="JICENG_SECRET_KEY 的值不对"):
        environment.read()


def test_a_sealing_key_that_is_not_32_bytes_is_refused(chosen):
    chosen.setenv("JICENG_SEALING_KEY", "0f" * 31)
    with pytest.raises(ImproperlyConfigured, match="64 个十六进制数字"):
        environment.read()


def test_what_is_not_said_is_safe(chosen):
    found = environment.read()
    assert found.debug is False
    assert found.https is True
    assert found.proxies == 0
    assert found.database_url.startswith("sqlite:///")


def test_the_command_answers_a_missing_secret_with_a_sentence():
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("JICENG_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-m", "jiceng.project.manage", "check"],
        env={**bare, "JICENG_ENV_FILE": ""}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "缺少环境变量 JICENG_SECRET_KEY" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_relative_sqlite_path_is_taken_from_here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert environment.database("sqlite:///var/x.sqlite3")["NAME"] == str(tmp_path / "var/x.sqlite3")


def test_an_absolute_sqlite_path_stays():
    assert environment.database("sqlite:////srv/x.sqlite3")["NAME"] == "/srv/x.sqlite3"


def test_a_postgresql_address_is_taken_apart():
    found = environment.database("postgresql://an%40na:p%2Fw@db.example:6432/jiceng?sslmode=require")
    assert (found["USER"], found["PASSWORD"], found["HOST"]) == ("an@na", "p/w", "db.example")
    assert (found["PORT"], found["NAME"]) == ("6432", "jiceng")
    assert found["OPTIONS"] == {"sslmode": "require"}


def test_another_kind_of_database_is_refused():
    with pytest.raises(ImproperlyConfigured, match="sqlite:/// 或 postgresql://"):
        environment.database("mysql://root@localhost/x")
