"""Writes the public board as files that need no server: a folder to copy to any web space or to a stick."""

import re
import shutil
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from os.path import relpath
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from jiceng.engines.notices import queries
from jiceng.engines.notices.models import Publication
from jiceng.faces.public import pages
from jiceng.ui.shapes import Page

MARK = ".jiceng-public"
"""Says that the folder is a copy of ours and may be replaced by the next one."""

FIRST = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>公开栏</title>
<meta http-equiv="refresh" content="0; url=public/index.html"><p><a href="public/index.html">公开栏</a></p></html>
"""

_LINK = re.compile(r'(?<==")(/[^"]*)(?=")')
_IN_STYLE = re.compile(r'url\("?([^)":]+)"?\)')


class Command(BaseCommand):
    help = "把公开栏导出成一个文件夹的网页（export），不要服务器就能看；再导一次就整个换新。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        exporting = acts.add_parser("export", help="导出")
        exporting.add_argument("folder", type=Path, help="放到哪个文件夹；要么还没有，要么是上次导出的")
        exporting.add_argument("--address", default="", help="网站的网址；写了才有订阅文件和打印页上的二维码")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"].absolute()
        if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
            raise CommandError(f"{folder} 里有别的文件，没有动。请换一个空文件夹。")
        fresh = folder.with_name(f"{folder.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        count = _Copy(fresh, options["address"].rstrip("/")).write(timezone.localdate())
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
        self.stdout.write(f"导出了 {count} 件公示。")


class _Copy:
    """One copy in the making: pages, feeds, and the assets that they name."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder, self.address = folder, address
        self.assets: set[str] = set()

    def write(self, day: date) -> int:
        """Everything that stands on the board that day; returns how many notices."""
        self.folder.mkdir(parents=True)
        (self.folder / MARK).touch()
        self._file("index.html", FIRST)
        standing = queries.standing(day)
        self._list(standing)
        self._put(reverse("public-places"), "places", "public-places", pages.places(day))
        for ref in sorted(set(standing.values_list("notice__organisation__ref", flat=True))):
            self._organisation(ref, standing.filter(notice__organisation__ref=ref))
        count = 0
        for found in standing.order_by("pk").iterator(chunk_size=500):
            self._notice(found, day)
            count += 1
        for asset in sorted(self.assets):
            self._asset(asset)
        return count

    def _list(self, standing: QuerySet[Publication]) -> None:
        """One long page: there is nobody behind it who could turn pages."""
        rows = {"rows": standing.order_by("-pk"), "columns": pages.COLUMNS, "page": Page(), "title": "公示"}
        self._put(reverse("public"), "board", "public", rows)

    def _organisation(self, ref: str, rows: QuerySet[Publication]) -> None:
        shown = pages.organisation(rows, ref)
        listed = {"rows": rows.order_by("-pk"), "columns": pages.COLUMNS, "page": Page()}
        self._put(reverse("public-organisation", args=[ref]), "organisation", "", shown | listed)
        if self.address:
            own = reverse("public-feed", args=[ref])
            said = pages.feed(list(rows.order_by("-pk")[: pages.FEED]), shown["board"], self.address, own)
            self._file(f"{own}index.xml", said)

    def _notice(self, found: Publication, day: date) -> None:
        here = reverse("public-notice", args=[found.notice.ref])
        shown = pages.notice(found, day)
        shown |= {"page_url": f"{self.address}{here}" if self.address else "", "back_url": here, "issuer": found.name}
        self._put(here, "notice", "", shown)
        for one in found.files:
            path = self.folder / reverse("public-file", args=[found.notice.ref, one["ref"], one["name"]]).lstrip("/")
            path = path.with_name(one["name"])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(queries.attached(one))
        self._put(reverse("public-paper", args=[found.notice.ref]), "paper", "", shown)

    def _put(self, path: str, template: str, here: str, shown: dict[str, Any]) -> None:
        said = render_to_string(f"public/{template}.html", pages.frame(here, served=False) | shown)
        self._file(f"{path}index.html", _LINK.sub(lambda link: self._relative(link[1], path), said))

    def _relative(self, link: str, here: str) -> str:
        """A link of the site as a link from one file to another, and the assets remembered."""
        target, hash_mark, part = link.partition("#")
        if target.startswith(settings.STATIC_URL):
            self.assets.add(target.removeprefix(settings.STATIC_URL))
        elif target.endswith("/"):
            target += "index.html"
        return relpath(target.lstrip("/") or ".", here.strip("/")) + hash_mark + part

    def _asset(self, name: str) -> None:
        content = _asset_content(name)
        path = self.folder / settings.STATIC_URL.strip("/") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        for inner in _named_in(name, content) if name.endswith(".css") else ():
            if not (path.parent / inner).exists():
                self._asset(str(Path(name).parent / inner))

    def _file(self, path: str, said: str) -> None:
        file = self.folder / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(said, encoding="utf-8")


def _asset_content(name: str) -> bytes:
    """From where they are gathered, or, where nobody has gathered them, from their areas."""
    if staticfiles_storage.exists(name):
        with staticfiles_storage.open(name) as file:
            return bytes(file.read())
    found = finders.find(name)
    if not found:
        raise CommandError(f"没有 {name}：请先运行 jiceng collectstatic。")
    return Path(str(found)).read_bytes()


def _named_in(name: str, content: bytes) -> Iterator[str]:
    yield from (one for one in _IN_STYLE.findall(content.decode()) if not one.startswith(("data", "#", "/")))
