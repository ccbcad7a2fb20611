"""Reads of files: those of a record, those that somebody may have, and the bytes."""

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db.models import Model, QuerySet

from jiceng.kernel.access import Actor

from .models import File
from .parents import parent_of


def path_of(digest: str) -> Path:
    """Where the content of that digest lies."""
    return Path(settings.MEDIA_ROOT) / digest[:2] / digest


def content_of(digest: str) -> bytes:
    """The content of that digest."""
    return path_of(digest).read_bytes()


def of(record: Model) -> QuerySet[File]:
    """The files of a record, in the order in which they came."""
    return File.objects.filter(form=record._meta.label_lower, record=record.pk).order_by("pk")


def of_all(records: Sequence[Model]) -> QuerySet[File]:
    """The files of several records of one kind."""
    if not records:
        return File.objects.none()
    return File.objects.filter(form=records[0]._meta.label_lower, record__in=[one.pk for one in records]).order_by("pk")


def visible(ref: str, actor: Actor) -> File | None:
    """The file of that name, if its record exists for this person."""
    found = File.objects.filter(ref=ref).first()
    if found is None:
        return None
    return found if parent_of(found.form).visible(actor).filter(pk=found.record).exists() else None
