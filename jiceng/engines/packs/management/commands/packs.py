import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jiceng.engines.packs import queries
from jiceng.engines.packs.declarations import KINDS, TRIALS, Declaration, schema
from jiceng.engines.packs.reading import read_file


class Command(BaseCommand):
    help = "检查地方包（check），试走一个办事程序（try），或写出一种文件的 JSON Schema（schema）。"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        checking = acts.add_parser("check", help="列出每个文件的每处错误")
        checking.add_argument("folder", nargs="?", type=Path, help="一个地方的文件夹；不写就检查全部")
        trying = acts.add_parser("try", help="用虚构的人和数把一个办事程序走到每一种结局")
        trying.add_argument("file", type=Path, help="一个 TOML 文件")
        trying.add_argument("--on", type=date.fromisoformat, help="哪天立项，例如 2026-01-05；不写就是起用那天")
        drawing = acts.add_parser("schema", help="写出 JSON Schema")
        drawing.add_argument("kind", choices=sorted(KINDS), help="文件种类")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["act"] == "schema":
            self.stdout.write(json.dumps(schema(options["kind"]), ensure_ascii=False, indent=2))
            return
        if options["act"] == "try":
            self._try(options["file"], options["on"])
            return
        folder: Path = options["folder"] or queries.packs_dir()
        if not folder.is_dir():
            raise CommandError(f"没有这个文件夹：{folder}")
        faults = queries.check(folder)
        for fault in faults:
            self.stderr.write(str(fault))
        if faults:
            raise CommandError(f"有 {len(faults)} 处错误。")
        self.stdout.write("没有错误。")

    def _try(self, file: Path, on: date | None) -> None:
        made = read_file(file)
        if not isinstance(made, Declaration):
            for fault in made:
                self.stderr.write(str(fault))
            raise CommandError(f"有 {len(made)} 处错误，改好再试。")
        if made.kind not in TRIALS:
            raise CommandError(
                f"“{made.kind_name}”不用试走；能试的有：{'、'.join(KINDS[one].kind_name for one in TRIALS)}。"
            )
        found = TRIALS[made.kind](made, max(on or made.since, made.since), queries.calendar())
        for line in found.lines:
            self.stdout.write(line)
        for sentence in found.missed:
            self.stderr.write(sentence)
        if found.missed:
            raise CommandError(f"有 {len(found.missed)} 处走不到。")
        self.stdout.write("每一种结局、每一种结果都走到了。")
