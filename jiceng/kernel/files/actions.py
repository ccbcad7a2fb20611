"""The verbs of files: keep one with a record, drop it again."""

import os
import tempfile
from datetime import datetime
from typing import Any

from django.db.models import Model

from jiceng.kernel.access import Actor, action
from jiceng.kernel.access.rules import way_home
from jiceng.lib.refusals import Refused

from . import queries, rules
from .cleaning.outside import Clean
from .models import File
from .parents import parent_of, record

MOST = 10


@action(rules.keep)
def keep(subject: Model, *, clean: Clean, by: Actor, at: datetime) -> File:
    """Keeps a cleaned file with a record that may have files. The same file twice is one."""
    label = subject._meta.label_lower
    parent = parent_of(label)
    locked: Any = type(subject)._default_manager.select_for_update().get(pk=subject.pk)
    parent.keep.require(by, locked)
    parent.still_open(locked)
    own = queries.of(locked)
    before = own.filter(digest=clean.digest).first()
    if before:
        return before
    if own.count() >= MOST:
        raise Refused(f"一条记录最多 {MOST} 个附件。请合并成一个文件，或去掉不用的。")
    home: Any = locked
    for step in way_home(type(subject)).split("__"):
        home = getattr(home, step)
    _store(clean)
    return File.objects.create(
        organisation=home, form=label, record=subject.pk, name=clean.name, kind=clean.kind, size=len(clean.content),
        digest=clean.digest, by_name=by.name, at=at,
    )  # fmt: skip


@action(rules.drop)
def drop(subject: File, *, by: Actor, at: datetime) -> None:
    """Takes a file off its record; `files sweep` removes contents that no record has."""
    parent, holder = parent_of(subject.form), record(subject.form, subject.record)
    if holder is None:
        raise Refused("这条记录已经没有了。")
    parent.keep.require(by, holder)
    parent.still_open(holder)
    subject.delete()


def _store(clean: Clean) -> None:
    """Writes the content where its digest says, whole and on the disk before the row that names it."""
    place = queries.path_of(clean.digest)
    if place.exists():
        os.utime(place)  # a sweep must not take it for forgotten while the row is on its way
        return
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as file:
        file.write(clean.content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(file.name, place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
