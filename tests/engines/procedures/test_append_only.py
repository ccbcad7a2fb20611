"""What was written on a case stays as it was written, whoever asks the database."""

from contextlib import contextmanager
from datetime import UTC, date, datetime
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from jiceng.engines.procedures.declarations.machine import Act, State
from jiceng.engines.procedures.models import Case, Edition, Entry
from jiceng.kernel.journal.clock import one_moment
from tests import builders

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


@contextmanager
def editor():
    with connection.cursor() as cursor:
        yield SimpleNamespace(connection=connection, execute=cursor.execute)


@pytest.fixture
def case(outside):
    village = builders.org("东山村党支部")
    with outside(), one_moment():
        edition = Edition.objects.create(key="mending-roads", name="修路", digest="0" * 64, declared={}, since=DAY)
        case = Case.objects.create(
            organisation=village, edition=edition, title="村口到晒谷场", opened_on=DAY, stood_since=DAY,
            state=State.RUNNING.value, step="propose", number=1,
        )  # fmt: skip
        Entry.objects.create(
            case=case,
            number=1,
            act=Act.OPENED.value,
            on=DAY,
            token="t",
            by_name="甲",
            at=datetime(2026, 3, 2, tzinfo=UTC),
        )
    if connection.vendor == "sqlite":  # the tests' own setup dropped the triggers that the migration had made
        with editor() as making:
            import_module("jiceng.engines.procedures.migrations.0002_append_only").guard(None, making)
    return case


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE procedures_entry SET reason = 'x'",
        "DELETE FROM procedures_entry",
        "UPDATE procedures_edition SET name = 'x'",
        "DELETE FROM procedures_edition",
    ],
)
def test_the_database_itself_refuses_to_change_what_was_written_on_a_case(case, outside, statement):
    refused = pytest.raises(DatabaseError, match="事项记录只增不改")
    with outside(), refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_where_a_case_stands_is_derived_and_may_be_written_again(case, outside):
    with outside():
        assert Case.objects.filter(pk=case.pk).update(step="consult") == 1
