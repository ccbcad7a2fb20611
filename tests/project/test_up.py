"""The whole platform as an operator meets it: migrate, start, ask, kill, stop, back up, restore, upgrade."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def installed(tmp_path):
    """The environment of an installation of its own, on SQLite."""
    if connection.vendor != "sqlite":
        pytest.skip("once is enough: what differs on PostgreSQL is tested beside the backups")
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("JICENG_", "DJANGO_"))}
    return {
        **bare,
        "JICENG_ENV_FILE": "",
        "JICENG_SECRET_KEY": "k" * 64,
        "JICENG_SEALING_KEY": "0f" * 32,
        "JICENG_HTTPS": "false",
        "JICENG_DATABASE_URL": f"sqlite:///{tmp_path}/jiceng.sqlite3",
        "JICENG_DATA_DIR": str(tmp_path / "var"),
    }


def jiceng(env, *words):
    command = [sys.executable, "-m", "jiceng.project.manage", *words]
    return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def answer(port, deadline=60.0):
    """The first answer of /readyz; asks until somebody listens."""
    until = time.monotonic() + deadline
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as response:
                return response.status
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def test_up_refuses_a_database_that_was_not_migrated(installed):
    done = jiceng(installed, "up")
    assert done.returncode == 1
    assert "jiceng upgrade" in done.stderr


def test_an_installation_from_the_first_day_to_an_upgrade(installed, tmp_path):
    assert jiceng(installed, "migrate", "--verbosity=0").returncode == 0
    assert jiceng(installed, "collectstatic", "--no-input", "--verbosity=0").returncode == 0
    port = free_port()
    command = [sys.executable, "-m", "jiceng.project.manage", "up", "--port", str(port), "--workers", "1"]
    with subprocess.Popen(command, env=installed, cwd=ROOT, start_new_session=True) as running:
        try:
            assert answer(port) == 200
            backup = jiceng(installed, "backup", str(tmp_path / "all.tar"))
            assert backup.returncode == 0, backup.stderr
        finally:
            running.send_signal(signal.SIGTERM)
            assert running.wait(60) == 0
    restored = jiceng(installed, "restore", "--replace", str(tmp_path / "all.tar"))
    assert restored.returncode == 0, restored.stderr
    upgraded = jiceng(installed, "upgrade", "--no-input")
    assert upgraded.returncode == 0, upgraded.stderr
    assert len(list((tmp_path / "var/backups").glob("before-upgrade-*.tar"))) == 1
