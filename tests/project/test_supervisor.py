"""Real processes: each child prints its name and number when it starts, and the test waits for that line."""

import os
import signal
import subprocess
import sys
from functools import partial

import pytest

CHILD = "import os, signal; print('{name}', os.getpid(), flush=True); signal.pause()"
SUPERVISE = """
import sys
from functools import partial
from jiceng.project import supervisor
supervisor.run({name: partial(exec, code, {}) for name, code in zip(sys.argv[1::2], sys.argv[2::2])})
print("stopped", 0, flush=True)
"""


@pytest.fixture
def supervised():
    started = []

    def start(**children):
        words = [word for pair in children.items() for word in pair]
        process = subprocess.Popen([sys.executable, "-c", SUPERVISE, *words], stdout=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield start
    for process in started:
        process.terminate()
        process.wait()
        process.stdout.close()


def announced(process, count):
    """The next lines, as name → process id."""
    found = {}
    for _ in range(count):
        name, number = process.stdout.readline().split()
        found[name] = int(number)
    return found


def is_running(number):
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_dead_program_is_started_again_and_the_other_is_left_alone(supervised):
    process = supervised(web=CHILD.format(name="web"), tasks=CHILD.format(name="tasks"))
    first = announced(process, 2)
    os.kill(first["web"], signal.SIGKILL)
    again = announced(process, 1)
    assert again["web"] != first["web"]
    assert is_running(first["tasks"])


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_all_stop_together(supervised, how):
    process = supervised(web=CHILD.format(name="web"), tasks=CHILD.format(name="tasks"))
    children = announced(process, 2)
    process.send_signal(how)
    assert announced(process, 1) == {"stopped": 0}
    assert process.wait() == 0
    assert not any(map(is_running, children.values()))


def test_a_program_that_dies_at_once_is_tried_again_more_and_more_slowly():
    from jiceng.project.supervisor import LONGEST_PAUSE, Child

    child = Child("broken", partial(os._exit, 3))
    now, pauses = 0.0, []
    for _ in range(9):
        child.tend(now)
        child.process.join()
        child.tend(now)
        pauses.append(child.pause)
        now = child.due
    assert pauses == sorted(pauses)
    assert pauses[0] == 0.5
    assert pauses[-1] == LONGEST_PAUSE
