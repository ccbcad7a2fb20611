"""Stores many records at once, written down like any other: with their keys and the moment they were recorded at."""

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any

from django.db import connection, models

from jiceng.lib import bulk

from .clock import moment


def insert[M: models.Model](records: Iterable[M]) -> list[M]:
    """Stores unsaved records of one model and gives them their keys. Raises RuntimeError outside a verb."""
    moment()
    made = list(records)
    if not made:
        return made
    model = type(made[0])
    for record, key in zip(made, bulk.new_keys(model, len(made)), strict=True):
        record.pk = key
        record._state.adding, record._state.db = False, connection.alias
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    readers = [_reader(field) for field in fields]
    bulk.insert(model, [field.name for field in fields], ([read(record) for read in readers] for record in made))
    return made


def _reader(field: models.Field[Any, Any]) -> Callable[[models.Model], Any]:
    """How the value of one field is read off a record; a choice is stored as its value."""
    name, filled_in = field.attname, type(field).pre_save is not models.Field.pre_save

    def read(record: models.Model) -> Any:
        value = field.pre_save(record, True) if filled_in else getattr(record, name)
        return value.value if isinstance(value, Enum) else value

    return read
