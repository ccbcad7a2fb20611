import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jiceng.engines.packs import queries
from jiceng.engines.packs.declarations import KINDS, schema


class Command(BaseCommand):
    help = "检查地方包（check），或写出一种文件的 JSON Schema（schema）。"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        checking = acts.add_parser("check", help="列出每个文件的每处错误")
        checking.add_argument("folder", nargs="?", type=Path, help="一个地方的文件夹；不写就检查全部")
        drawing = acts.add_parser("schema", help="写出 JSON Schema")
        drawing.add_argument("kind", choices=sorted(KINDS), help="文件种类")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["act"] == "schema":
            self.stdout.write(json.dumps(schema(options["kind"]), ensure_ascii=False, indent=2))
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
