"""Keeps a few programs running: a dead one is started again, and all of them stop together.

Each program is a fork of this process, which has already read all the code: it starts at once and shares that memory.
"""

import gc
import logging
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from types import FrameType

from django.db import connections

TICK = 0.2
PATIENCE = 20.0
"""Seconds that programs have to finish what they are doing once told to stop."""
LONGEST_PAUSE = 30.0
STAGGER = 1.0
"""Seconds between first starts, so that on a small machine the pages, which come first, answer first."""

type Program = Callable[[], object]

FORK = multiprocessing.get_context("fork")

logger = logging.getLogger(__name__)


class Child:
    """One program, and how long to wait before it is started again: longer each time that it dies at once."""

    def __init__(self, name: str, program: Program, due: float = 0.0) -> None:
        self.name, self.program = name, program
        self.process: multiprocessing.process.BaseProcess | None = None
        self.pause = 0.0
        self.due = due
        self.started = 0.0

    def tend(self, now: float) -> None:
        """Starts the program if it does not run and its pause is over."""
        if self.process is not None and self.process.exitcode is not None:
            lived = now - self.started
            self.pause = 0.0 if lived > LONGEST_PAUSE else min(LONGEST_PAUSE, max(0.5, self.pause * 2))
            self.due = now + self.pause
            logger.warning("%s 停了（返回 %s），%.1f 秒后重启。", self.name, self.process.exitcode, self.pause)
            self.process = None
        if self.process is None and now >= self.due:
            connections.close_all()  # two processes must never speak on one connection
            gc.freeze()  # a collection in the child would touch, and so copy, all the memory that it shares
            self.process = FORK.Process(target=_alone, args=(self.program,), name=self.name)
            self.process.start()
            self.started = now

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()

    def wait(self, until: float) -> None:
        if self.process is None:
            return
        self.process.join(max(0.0, until - time.monotonic()))
        if self.process.exitcode is None:
            logger.warning("%s 没有按时停下，已强行结束。", self.name)
            self.process.kill()
            self.process.join()


def _alone(program: Program) -> None:
    """In a session of its own, so that Ctrl+C reaches only the supervisor, which then stops all in order."""
    os.setsid()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    program()


def run(programs: dict[str, Program]) -> None:
    """Runs the programs until SIGTERM or SIGINT, then stops them and returns."""
    asked: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        asked.append(number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    now = time.monotonic()
    children = [Child(name, program, now + place * STAGGER) for place, (name, program) in enumerate(programs.items())]
    try:
        while not asked:
            for child in children:
                child.tend(time.monotonic())
            time.sleep(TICK)
    finally:
        until = time.monotonic() + PATIENCE
        for child in children:
            child.stop()
        for child in children:
            child.wait(until)
        for number, handler in before.items():
            signal.signal(number, handler)
        gc.unfreeze()
