"""Numbers of rows that come in by the thousand."""

import pytest

from jiceng.kernel.orgs.models import Mission, NameKey
from jiceng.lib import bulk
from tests.builders import org
from tests.guard import outside

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _outside():
    with outside():
        yield


def made(home, keys):
    bulk.insert(NameKey, ("id", "organisation", "key"), [(key, home.pk, "东村") for key in keys])
    return keys


def test_a_number_is_never_given_out_twice_though_its_row_is_gone():
    home = org()
    first = made(home, bulk.new_keys(NameKey, 3))
    NameKey.objects.filter(pk__in=first).delete()
    assert min(bulk.new_keys(NameKey, 2)) > max(first)


def test_numbers_that_are_taken_and_not_used_are_not_given_out_again():
    first, second = bulk.new_keys(NameKey, 3), bulk.new_keys(NameKey, 2)
    assert len({*first, *second}) == 5


def test_rows_by_the_thousand_and_rows_one_by_one_are_numbered_by_one_sequence():
    home = org()
    one = NameKey.objects.create(organisation=home, key="东村")
    many = made(home, bulk.new_keys(NameKey, 3))
    next_one = NameKey.objects.create(organisation=home, key="东村")
    assert [one.pk, *many, next_one.pk] == sorted({one.pk, *many, next_one.pk})


def test_a_table_that_never_had_a_row_begins_its_numbers_too():
    first, second = bulk.new_keys(Mission, 2), bulk.new_keys(Mission, 1)
    assert 0 < first[0] < first[1] < second[0]


def test_no_rows_take_no_number(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert bulk.new_keys(NameKey, 0) == []
