"""Takes pictures of the main pages of the sample place, on a phone and at a desk, into build/shots.

`shots.py --for-readme` also renews the six pictures of docs/pictures.
"""

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import sync_playwright  # noqa: E402

from tests.browser import browser_path  # noqa: E402

JICENG = [sys.executable, "-m", "jiceng.project.manage"]
TO, PICTURES = ROOT / "build/shots", ROOT / "docs/pictures"
PASSWORD = secrets.token_urlsafe(16)
HOME = re.compile(r"//[^/]+/$")
SIZES = {"phone": (360, 740), "desk": (1280, 860)}

PAGES = {
    "县（区）级组织员": {
        "home": "/",
        "tree": "/orgs/tree/",
        "organisation": "/orgs/{town}/",
        "members": "/orgs/{branch}/people/",
        "member": "/people/{member}/",
        "admission": "/orgs/{branch}/people/admission/",
        "founding": "/orgs/{town}/founding/",
        "posts": "/orgs/{branch}/posts/",
        "figures": "/figures/",
        "figure": "/orgs/{top}/figures/members/",
        "records": "/orgs/{top}/figures/branches/records/",
        "terms": "/terms/",
        "units": "/units/",
        "coverage": "/coverage/",
        "joint-bodies": "/joint-bodies/",
        "places": "/places/tree/",
        "intake": "/intake/",
        "intake-upload": "/intake/upload/",
        "intake-batch": "/intake/{batch}/",
        "intake-preview": "/intake/{batch}/rows/",
        "procedure": "/procedures/weak-organisations/",
        "cases": "/cases/",
        "case": "/cases/{case}/",
        "case-opening": "/orgs/{branch}/cases/opening/weak-organisations/",
    },
    "支部书记": {"secretary-home": "/", "secretary-members": "/people/"},
    "党员": {"member-home": "/", "own-record": "/me/"},
    "审计人员": {"journal": "/journal/"},
    "安全管理员": {"accounts": "/accounts/"},
}
"""Who looks at what. Names in braces are found in the sample place."""

README = ("home", "tree", "organisation", "figure", "intake-preview", "member")
"""Pages whose desk pictures the README shows."""

FIND = """
from jiceng.kernel.orgs.models import Organisation as O
from jiceng.kernel.people.models import Person
top = O.objects.get(parent=None); town = O.objects.filter(parent=top).order_by("path").first()
branch = O.objects.filter(path__startswith=town.path, kind="branch", closed_on=None).order_by("path").first()
member = Person.objects.filter(organisation=branch).order_by("pk").first()
for name, one in dict(top=top, town=town, branch=branch, member=member).items(): print(name, one.ref)
print("sheet", top.code, branch.code)

from datetime import date
from django.utils import timezone
from jiceng.engines.procedures import actions
from jiceng.kernel.access import Actor
by, at = Actor.command("shots"), timezone.now()
told = actions.Told(date(2026, 3, 2), {"kind_of_weakness": "idle", "found": "一年没有开过党员大会，书记长期在外。"})
case = actions.open(branch, procedure="weak-organisations", title=f"整顿{branch.name}", told=told, by=by, at=at)
actions.end_step(case, outcome="proposed", told=actions.Told(date(2026, 3, 9)), by=by, at=at)
actions.end_step(case, outcome="approved", told=actions.Told(date(2026, 3, 20)), by=by, at=at)
actions.keep_paper(case, paper="file", told=actions.Told(date(2026, 4, 7), reason="街道党建办"), by=by, at=at)
told = actions.Told(date(2026, 3, 2), {"dispute": "neighbours", "started": "asked"})
actions.open(branch, procedure="mediation", title="两家争晒场", told=told, by=by, at=at)
print("case", case.ref)
"""


def main() -> None:
    TO.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="jiceng-shots-") as made:
        room = Path(made)
        env = _environment(room)
        for command in (["migrate", "-v0"], ["collectstatic", "--no-input", "-v0"]):
            subprocess.run([*JICENG, *command], env=env, check=True)
        told = subprocess.run(
            [*JICENG, "demo", "pengjiang"], env=env, check=True, capture_output=True, text=True
        ).stdout
        slips = dict(re.findall(r"^  (\S+)：(\S+  \S+)", told, re.MULTILINE))
        found = _found(env)
        with _served(env) as address, sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
            for who, pages in PAGES.items():
                _take(browser, address, slips[who].split(), pages, found, room)
            browser.close()
    if "--for-readme" in sys.argv:
        PICTURES.mkdir(parents=True, exist_ok=True)
        for name in README:
            shutil.copyfile(TO / f"{name}-desk.png", PICTURES / f"{name}.png")


def _environment(room: Path) -> dict[str, str]:
    file = room / "jiceng.env"
    subprocess.run([sys.executable, ROOT / "scripts/secrets_file.py", file], check=True, stdout=subprocess.DEVNULL)
    return {
        **os.environ, "JICENG_ENV_FILE": str(file), "JICENG_DATA_DIR": str(room),
        "JICENG_DATABASE_URL": f"sqlite:///{room}/shots.sqlite3",
    }  # fmt: skip


def _found(env: dict[str, str]) -> dict[str, str]:
    said = subprocess.run([*JICENG, "shell", "-v0", "-c", FIND], env=env, check=True, capture_output=True, text=True)
    return dict(line.split(" ", 1) for line in said.stdout.splitlines())


@contextmanager
def _served(env: dict[str, str]) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([*JICENG, "up", "--port", str(port), "--workers", "1"], env=env)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                asked = HTTPConnection("127.0.0.1", port, timeout=2)
                asked.request("GET", "/readyz")
                if asked.getresponse().status == HTTPStatus.OK:
                    break
            except OSError:
                pass  # not there yet
            time.sleep(0.5)
        yield address
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def _take(
    browser: Any, address: str, slip: list[str], pages: dict[str, str], found: dict[str, str], room: Path
) -> None:
    context = browser.new_context(
        base_url=address, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce"
    )
    page = context.new_page()
    _sign_in(page, *slip)
    if "{member}" in "".join(pages.values()):
        _state_purpose(page, found["top"])
    if "intake-preview" in pages:
        found["batch"] = _brought(page, found["sheet"].split(), room)
    for name, line in pages.items():
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            page.goto(line.format_map(found), wait_until="networkidle")
            page.screenshot(path=TO / f"{name}-{size}.png")
    context.close()


def _sign_in(page: Any, username: str, password: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("登录名").fill(username)
    page.get_by_label("密码", exact=True).fill(password)
    page.locator("main button[type=submit]").first.click()
    page.get_by_label("现在的密码").fill(password)
    page.get_by_label("新密码", exact=True).fill(PASSWORD)
    page.get_by_label("再输一次新密码").fill(PASSWORD)
    page.get_by_role("button", name="换成新密码").click()
    page.wait_for_url(HOME)


def _state_purpose(page: Any, top: str) -> None:
    page.goto(f"/orgs/{top}/people/purpose/")
    page.get_by_label("用途").fill("核对党员名册")
    page.get_by_role("button", name="写明用途").click()
    page.wait_for_load_state()


SHEET = """组织代码,组织名称,组织类别,上级组织代码,成立日期
{branch}-A,河边新村党支部,党支部,{top},2026-03-01
{branch}-B,南门集贸市场党支部,党支部,{top},2026-03-01
{branch}-C,外来工之家党支部,党支部,{top},2026-04-15
"""


def _brought(page: Any, codes: list[str], room: Path) -> str:
    """A small list of branches, checked and waiting to be applied."""
    file = room / "新设支部.csv"
    file.write_text(SHEET.format(top=codes[0], branch=codes[1]), encoding="utf-8-sig")
    page.goto("/intake/upload/?sheet=organisations")
    page.locator("input[type=file]").set_input_files(file)
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/intake/[a-z0-9]{8,}/"))
    for _ in range(40):
        page.wait_for_timeout(500)
        page.reload()
        if page.get_by_role("button", name=re.compile("入库")).count() or page.get_by_text("处要改").count():
            break
    return str(page.url.rstrip("/").rsplit("/", 1)[1])


main()
