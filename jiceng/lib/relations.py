"""What points to a record, asked of the tables themselves: an area need not know who stands above it."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Model, Q, QuerySet

MOST = 1000
"""Records of one kind that are named; a longer list is read by nobody."""


def pointing_to(records: QuerySet[Any], *, own: Mapping[type[Model], Q]) -> Iterator[tuple[int, str]]:
    """The key of each record that a row points to, and what such a row is called. Rows that match `own` do not count.

    One query a kind of row, however many records.
    """
    for relation in records.model._meta.get_fields(include_hidden=True):
        other: Any = relation.related_model
        if not relation.auto_created or relation.concrete or not other._meta.managed:
            continue
        field: Any = relation.field
        rows = other._base_manager.filter(**{f"{field.name}__in": records.values("pk")})
        if other in own:
            rows = rows.exclude(own[other]) if own[other] else rows.none()
        keys = rows.order_by().values_list(field.attname, flat=True).distinct()[:MOST]
        yield from ((key, str(other._meta.verbose_name)) for key in keys)
