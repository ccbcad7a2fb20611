"""What every test stands on: the guard on the database, the outside, and a real browser."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from django.db import connections
from django.db.backends.signals import connection_created

from tests import guard
from tests.browser import browser_path
from tests.settings import ROOM

IN_CI = os.environ.get("CI") == "true"

# A busy machine is no fault of the code under test; the same examples in CI each time, new ones at home.
hypothesis.settings.register_profile("house", deadline=None, derandomize=IN_CI)
hypothesis.settings.load_profile("house")


@pytest.fixture(scope="session", autouse=True)
def _every_connection_is_watched() -> Iterator[None]:
    connection_created.connect(guard.watch)
    for connection in connections.all(initialized_only=True):
        guard.watch(connection)
    yield
    connection_created.disconnect(guard.watch)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Tests that need real transactions empty every table afterwards, which SQLite does with DELETE.

    The triggers that keep the journal append-only would refuse that; they have a test in a database of its own.
    """
    with django_db_blocker.unblock():
        connection = connections["default"]
        if connection.vendor != "sqlite":
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_is_append_only_%'")
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')


def pytest_unconfigure() -> None:
    """A worker of a parallel run leaves without a goodbye, so its folder is removed here."""
    shutil.rmtree(ROOM, ignore_errors=True)


@pytest.fixture(autouse=True)
def _no_figures_of_an_earlier_test() -> Iterator[None]:
    """A columnar file tells of the database it was made from, and every test has a database of its own."""
    yield
    for file in ROOM.glob("figures-*.duckdb"):
        file.unlink()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    with guard.armed():
        return (yield)


@pytest.fixture
def outside() -> Any:
    """The way around the guard, as a context manager, for builders."""
    return guard.outside


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A running Chromium. Without one the test is skipped; in CI it fails."""
    found = browser_path()
    if found is None:
        message = "no Chromium on the PATH, and JICENG_BROWSER is not set"
        pytest.fail(message) if IN_CI else pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Any, live_server: Any) -> Iterator[Any]:
    """A fresh page of a fresh visitor at the running platform, in Chinese. A fault in a script fails the test."""
    context = chromium.new_context(base_url=live_server.url, locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert faults == []
