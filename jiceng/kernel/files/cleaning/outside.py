"""Our side of the child: gives it a file, and takes what it says within a bounded time."""

import hashlib
import json
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jiceng.lib.refusals import Refused

from .refusing import KINDS, LARGEST

WAIT = 60
TOO_MUCH = "文件太大或太复杂，没有收。请分成几份，或另存为新文件再传。"


@dataclass(frozen=True)
class Clean:
    """A file fit to be kept: only `cleaned` makes one."""

    name: str
    kind: str
    content: bytes

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def cleaned(content: bytes, name: str) -> Clean:
    """The file by its true kind, without what does not show. Raises Refused with a sentence."""
    if not content:
        raise Refused("文件是空的。请检查后重新选择。")
    if len(content) > LARGEST:
        raise Refused(f"文件超过 {LARGEST >> 20} MB。请缩小或分成几份再传。")
    told, made = _asked("clean", content)
    kind = told["kind"]
    assert kind in KINDS
    stem = "".join(sign for sign in name if sign.isprintable() and sign not in '/\\:*?"<>|').strip(" .")
    stem = stem.rpartition(".")[0] or stem
    return Clean(f"{stem[:80] or '附件'}.{kind}", kind, made)


def texts(content: bytes) -> list[tuple[str, str]]:
    """Every text in the file with its place, hidden ones too. Raises Refused where the file cannot be read."""
    told, _ = _asked("texts", content)
    return [(where, said) for where, said in told["texts"]]


def _asked(act: str, content: bytes) -> tuple[dict[str, Any], bytes]:
    # -I keeps the environment out of its imports.
    command = [sys.executable, "-I", "-m", "jiceng.kernel.files.cleaning.child"]
    asked = json.dumps({"act": act}).encode() + b"\n" + content
    try:
        answer = subprocess.run(command, input=asked, capture_output=True, timeout=WAIT, check=True)  # noqa: S603
        head, _, made = answer.stdout.partition(b"\n")
        told = json.loads(head)
    except (subprocess.SubprocessError, ValueError):
        raise Refused(TOO_MUCH) from None
    if "unfit" in told:
        raise Refused(told["unfit"])
    return told, made
