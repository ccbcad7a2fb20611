"""Checks the chain without trusting it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .clock import store_now
from .models import GENESIS, Entry, Seal

WINDOW = timedelta(minutes=10)
"""An entry left unsealed longer than this means the sealer is not running, or somebody removed seals."""


@dataclass(frozen=True)
class Anchor:
    """The head of the chain at a moment, kept outside the database."""

    number: int
    digest: str
    exported_at: str


@dataclass(frozen=True)
class Head:
    number: int
    digest: str


def head() -> Head:
    """The last seal, or number 0 with the genesis digest."""
    last = Seal.objects.order_by("-number").values_list("number", "digest").first()
    return Head(*last) if last else Head(0, GENESIS)


def unsealed() -> Any:
    """Entries that wait for the sealer, oldest first."""
    return Entry.objects.filter(seal=None).order_by("pk")


def faults(anchors: list[Anchor], *, now: datetime | None = None) -> Iterator[str]:
    """Every sign that an entry was altered, removed, inserted or re-ordered; with anchors, also truncation."""
    expected, previous = 1, GENESIS
    wanted = {anchor.number: anchor.digest for anchor in anchors}
    seals = Seal.objects.select_related("entry").order_by("number")
    for seal in seals.iterator(chunk_size=5000):
        if seal.number != expected:
            yield f"第 {expected} 号封签不见了（下一个是第 {seal.number} 号）。"
        if seal.previous != previous:
            yield f"第 {seal.number} 号封签没有接在前一号之后。"
        if seal.entry.digest_after(seal.previous) != seal.digest:
            yield f"第 {seal.number} 号封签与日志条目 {seal.entry.pk} 不符：条目被改过。"
        if wanted.pop(seal.number, seal.digest) != seal.digest:
            yield f"第 {seal.number} 号封签与库外锚点不符：校验链被整段重写过。"
        expected, previous = seal.number + 1, seal.digest
    for number in sorted(wanted):
        yield f"库外锚点记有第 {number} 号封签，库里没有：日志尾部被截断。"
    moment = now or store_now()
    for entry in unsealed().filter(recorded_at__lt=moment - WINDOW).iterator():
        yield f"日志条目 {entry.pk} 超过 {WINDOW.seconds // 60} 分钟没有封签：封签程序停了，或者条目是后来插进去的。"
