"""What the platform does by the clock, without anybody asking.

Each command does only what is due, so once more is harmless.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connections

HOUR, DAY = 3600.0, 24 * 3600.0
FIRST = 60.0
"""Seconds after the start before anything is done: the pages come first."""
TICK = 5.0

logger = logging.getLogger(__name__)


@dataclass
class Timer:
    """One command, every so many seconds."""

    name: str
    run: Callable[[], object]
    every: float
    due: float = 0.0

    def tend(self, now: float) -> None:
        """Runs the command if it is time. What goes wrong is told and tried again, and stops nothing else."""
        if now < self.due:
            return
        self.due = now + self.every
        try:
            self.run()
        except Exception:
            logger.exception("定时任务 %s 没有办成，下次再试。", self.name)
        finally:
            connections.close_all()


def _command(*words: str) -> Callable[[], object]:
    """What a command says to whoever asks for it is said to nobody here; what it does is in the journal."""
    return lambda: call_command(*words, stdout=StringIO())


def timers(now: float) -> list[Timer]:
    """All that is done by the clock: interrupted imports, old drafts, unused files, temporary bodies, mergers,
    journal anchors."""
    anchors = Path(settings.DATA_DIR) / "anchors.jsonl"
    every = (
        ("intake resume", _command("intake", "resume"), 60.0),
        ("intake sweep", _command("intake", "sweep"), DAY),
        ("files sweep", _command("files", "sweep"), DAY),
        ("end_temporaries", _command("end_temporaries"), HOUR),
        ("follow_mergers", _command("follow_mergers"), HOUR),
        ("journal anchor", _command("journal", "anchor", str(anchors)), DAY),
    )
    return [Timer(name, run, often, now + FIRST) for name, run, often in every]


def watch() -> None:
    """Tends the timers until the process is told to stop."""
    running = timers(time.monotonic())
    while True:
        for timer in running:
            timer.tend(time.monotonic())
        time.sleep(TICK)
