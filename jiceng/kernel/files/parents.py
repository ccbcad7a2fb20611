"""Which records may have files: who sees them, who may add to them, and until when. Areas say so at project start."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import Model, QuerySet

from jiceng.kernel.access import Actor, Rule


class Parent(NamedTuple):
    """One kind of record with files. `still_open` raises Refused once its files may no longer change."""

    visible: Callable[[Actor], QuerySet[Any]]
    keep: Rule
    still_open: Callable[[Any], None]


_parents: dict[str, Parent] = {}


def may_have_files(model: type[Model], parent: Parent) -> None:
    """Declares a kind of record once."""
    _parents[model._meta.label_lower] = parent


def parent_of(label: str) -> Parent:
    """What was declared for a kind of record. Raises KeyError for one that has no files."""
    return _parents[label]


def record(label: str, pk: int) -> Model | None:
    """The record itself."""
    found: Model | None = apps.get_model(label)._default_manager.filter(pk=pk).first()
    return found
