"""The guard itself, so that a quiet test run means something."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from jiceng.kernel.access import Actor, action
from jiceng.kernel.access.rules import Rule, anyone
from tests import guard

NOON = datetime(2026, 5, 18, 12, tzinfo=UTC)


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM accounts_user",
        'delete from "accounts_user" where id = 1',
        "UPDATE accounts_user SET is_active = is_active",
        "INSERT INTO orgs_organisation SELECT * FROM orgs_organisation",
        "WITH gone AS (SELECT 1) DELETE FROM accounts_user",
    ],
)
def test_a_write_outside_a_verb_fails_however_it_is_spelt(db, statement):
    with pytest.raises(guard.WrittenOutsideAVerb, match="written outside a verb"):
        run(statement)


def test_reading_is_free(db):
    run("SELECT * FROM accounts_user")


def test_a_verb_may_write(db):
    @action(Rule("guard.clear", (anyone(),)))
    def clear(subject, *, by, at):
        run("DELETE FROM accounts_user")

    clear(None, by=Actor.command("test"), at=NOON)


def test_a_builder_may_step_outside(db, outside):
    with outside():
        run("DELETE FROM accounts_user")
    with pytest.raises(guard.WrittenOutsideAVerb):
        run("DELETE FROM accounts_user")


def test_tables_that_are_not_ours_are_not_watched(db):
    run("DELETE FROM django_session")


@pytest.mark.parametrize(
    ("statement", "tables"),
    [
        ("SELECT 1 FROM a FOR UPDATE OF a", {"of"}),
        ("INSERT INTO a (x) VALUES (1) ON CONFLICT (x) DO UPDATE SET x = 2", {"a", "set"}),
        ('INSERT OR IGNORE INTO "a" VALUES (1)', {"a"}),
        ("UPDATE ONLY a SET x = 1", {"a"}),
        ("TRUNCATE a", {"a"}),
        ("SELECT updated FROM a", set()),
    ],
)
def test_written_tables_are_read_from_the_statement(statement, tables):
    assert guard.written_tables(statement) == tables
