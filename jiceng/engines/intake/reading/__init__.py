"""Opens a file in a child process with limits on memory and time, and takes its rows as text."""

import json
import struct
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple

from jiceng.lib.refusals import Refused

from .child import CELL, COLUMN, NUMBER, plain

__all__ = ["CHUNK", "NUMBER", "Head", "Rows", "opened", "plain"]

CHUNK = 5000
"""Rows read, checked and staged at a time."""

_CHILD = Path(__file__).with_name("child.py")
_HEADER = struct.Struct(">cI")
_LONGEST = 256 << 20

TOO_MUCH = "这个文件太大或太复杂，没有读完。请只留要导入的那张表，另存为新的 .xlsx，或分成几份上传。"


@dataclass(frozen=True)
class Head:
    """The head of a table: which sheet and row it stands in, what it says, and how many rows follow at most."""

    sheet: str
    row: int
    labels: list[str]
    rows: int


class Rows(NamedTuple):
    """Some rows: their numbers in the file, and their texts column by column."""

    numbers: list[int]
    columns: list[list[str]]


@contextmanager
def opened(
    content: bytes, *, labels: Mapping[str, str], sheet: str = "", chunk: int = CHUNK
) -> Iterator[tuple[Head, Iterator[Rows]]]:
    """The head and the rows of the table whose head has most of the labels. Raises Refused where there is none."""
    # The child shares nothing with us but two pipes; -I keeps the environment out of its imports.
    command = [sys.executable, "-I", str(_CHILD)]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603
    assert child.stdin and child.stdout
    try:
        asked = {"labels": {plain(label): key for label, key in labels.items()}, "sheet": sheet, "chunk": chunk}
        _give(child.stdin, json.dumps(asked).encode() + b"\n", content)
        frames = _frames(child.stdout)
        _, told = next(frames)
        yield Head(**json.loads(told)), (_rows(frame) for kind, frame in frames if kind == b"R")
    finally:
        child.kill()
        child.stdout.close()
        child.wait()


def _give(pipe: IO[bytes], *parts: bytes) -> None:
    try:
        for part in parts:
            pipe.write(part)
        pipe.close()
    except BrokenPipeError:
        raise Refused(TOO_MUCH) from None


def _frames(pipe: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Frames up to the end. A child that stops before it was stopped by a limit."""
    while True:
        header = pipe.read(_HEADER.size)
        if len(header) < _HEADER.size:
            raise Refused(TOO_MUCH)
        kind, length = _HEADER.unpack(header)
        content = pipe.read(length) if length <= _LONGEST else b""
        if len(content) < length:
            raise Refused(TOO_MUCH)
        if kind == b"X":
            raise Refused(json.loads(content))
        if kind == b"E":
            return
        yield kind, content


def _rows(frame: bytes) -> Rows:
    numbers, *columns = frame.decode().split(COLUMN)
    return Rows([int(number) for number in numbers.split(CELL)], [column.split(CELL) for column in columns])
