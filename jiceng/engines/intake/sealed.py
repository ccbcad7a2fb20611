"""What a batch keeps sealed: the file, and the personal numbers of staged rows. Both go when it is discarded."""

import json
from functools import lru_cache
from typing import Any

from django.conf import settings

from jiceng.lib import sealing
from jiceng.lib.refusals import Refused

from .models import Batch


@lru_cache(maxsize=1)
def _keyring(material: bytes) -> sealing.Keyring:
    return sealing.Keyring.of(material)


def seal(batch: Batch, field: str, content: bytes) -> bytes:
    """The bytes to store."""
    return sealing.seal_bytes(_keyring(settings.SEALING_KEY), bytes(batch.salt), f"intake.{field}", content)


def unseal(batch: Batch, field: str, stored: bytes | memoryview) -> bytes:
    """The content again. Raises Refused once the batch is discarded."""
    try:
        return sealing.unseal_bytes(_keyring(settings.SEALING_KEY), bytes(batch.salt), f"intake.{field}", bytes(stored))
    except sealing.Unreadable as lost:
        raise Refused("这一批已经作废，文件不能再打开；请重新上传。") from lost


def seal_row(batch: Batch, said: dict[str, str]) -> bytes | None:
    """The sealed cells of a row; None where there are none."""
    return seal(batch, "row", json.dumps(said).encode()) if said else None


def unseal_row(batch: Batch, stored: bytes | memoryview | None) -> dict[str, Any]:
    """The sealed cells of a row."""
    return dict(json.loads(unseal(batch, "row", stored))) if stored else {}
