"""A web worker that has served every kind of page to an officer of the whole prefecture: the memory it holds."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter, deque
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from secrets import token_urlsafe

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import timezone

from jiceng.kernel.access import Actor, Role
from jiceng.kernel.accounts import actions as accounts
from jiceng.kernel.accounts.models import User
from jiceng.kernel.posts.models import Post

from .rows import Row

EACH = 12
"""Pages of one address that are asked for, each with another record or another question."""
LINK = re.compile(r'href="(/[^"#]*)')


def worker_memory(engine: str) -> Iterator[Row]:
    """Follows every link from the home page; the worker's resident memory is read when no new page is left."""
    call_command("collectstatic", interactive=False, verbosity=0)
    cookie, port = _cookie(), _free_port()
    command = [sys.executable, "-m", "jiceng.project.manage", "up", "--port", str(port), "--workers", "1"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=os.environ | {"JICENG_HOSTS": "127.0.0.1"}) as server:
        try:
            _wait(port)
            asked = _crawl(port, cookie)
            held = max(_resident(worker) for web in _children(server.pid) for worker in _children(web)) / 1024
        finally:
            server.send_signal(signal.SIGTERM)
    yield Row(
        f"{engine}: memory of a web worker after {sum(asked.values())} pages of {len(asked)} addresses, MiB",
        f"{held:.0f}", "≤ 250", held <= 250,
    )  # fmt: skip


def _cookie() -> str:
    """A session of the officer of the whole prefecture."""
    post = Post.objects.on(timezone.localdate()).filter(role=Role.OFFICER, organisation__parent=None).first()
    assert post is not None
    by, now, password = Actor.command("bench"), timezone.now(), token_urlsafe(16)
    user = User.objects.filter(person=post.person).first()
    if user is None:
        slip = accounts.open_accounts(post.organisation, people=[post.person_id], by=by, at=now).slips[0]
        user = User.objects.get(person=post.person)
    else:
        slip = accounts.reset(user, by=by, at=now)
    accounts.change_password(user, current=slip.password, new=password, by=user.actor(), at=now)
    client = Client(headers={"Host": "127.0.0.1"})
    client.post(settings.LOGIN_URL, {"username": user.username, "password": password})
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _crawl(port: int, cookie: str) -> Counter[str]:
    asked: Counter[str] = Counter()
    known, waiting = {"/"}, deque(["/"])
    while waiting:
        path = waiting.popleft()
        try:
            name = resolve(path.partition("?")[0]).view_name
        except Resolver404:
            continue
        if asked[name] >= EACH:
            continue
        asked[name] += 1
        fresh = [link.replace("&amp;", "&") for link in LINK.findall(_page(port, path, cookie))]
        fresh = [link for link in fresh if link not in known and "/sign-out" not in link]
        known.update(fresh)
        waiting.extend(fresh)
    return asked


def _page(port: int, path: str, cookie: str) -> str:
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", path, headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    if answer.status >= 500:
        raise RuntimeError(f"{path} answered {answer.status}")
    return content.decode() if "html" in answer.headers.get("Content-Type", "") else ""


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            return _page(port, "/healthz", "") and None
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the platform did not answer within a minute")


def _children(parent: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def _resident(process: int) -> int:
    """KiB that a process holds in memory, what it shares with its parent included."""
    told = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    assert told is not None
    return int(told[1])


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
