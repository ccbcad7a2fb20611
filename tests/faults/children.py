"""Processes that may be killed: forked from one that has Django ready and no connection open."""

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any

from django.db import connections

type Say = Callable[[Any], None]
"""How a child tells its parent something: one line of JSON a call, never half of one."""

STRUCK = 86
"""The exit code of a child that a trap stopped where it stood."""


class Child:
    """A forked process that runs `work(say)`. Its connections are its own."""

    def __init__(self, work: Callable[[Say], None]) -> None:
        reader, writer = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(reader)
            _live(work, writer)
        os.close(writer)
        self._reader = os.fdopen(reader, encoding="utf-8")
        self.code: int | None = None

    def next(self) -> Any:
        """What it says next; None when it says no more."""
        line = self._reader.readline()
        return json.loads(line) if line.endswith("\n") else None

    def kill(self) -> list[Any]:
        """Kills it as `kill -9` does; returns what it had said and nobody had read."""
        os.kill(self.pid, signal.SIGKILL)
        return self.end()

    def end(self) -> list[Any]:
        """Waits until it is gone; returns what it had said and nobody had read."""
        said = [json.loads(line) for line in self._reader if line.endswith("\n")]
        self._reader.close()
        _, status = os.waitpid(self.pid, 0)
        self.code = os.waitstatus_to_exitcode(status)
        return said


def _live(work: Callable[[Say], None], writer: int) -> None:
    code = 1
    try:
        work(lambda said: os.write(writer, json.dumps(said).encode() + b"\n") and None)
        connections.close_all()
        code = 0
    except BaseException:
        traceback.print_exc(file=sys.stderr)
    finally:
        sys.stderr.flush()
        os._exit(code)


def alone(ask: Callable[[], Any]) -> Any:
    """The answer of a fresh process. Raises RuntimeError if it fails."""
    child = Child(lambda say: say([ask()]))
    said = child.end()
    if child.code != 0 or not said:
        raise RuntimeError(f"a process that should have answered ended with {child.code}")
    return said[0][0]
