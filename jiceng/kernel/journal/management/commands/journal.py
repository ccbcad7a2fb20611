import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jiceng.kernel.journal.clock import store_now
from jiceng.kernel.journal.queries import Anchor, faults, head


class Command(BaseCommand):
    help = "核对日志校验链（verify），或把链头写到库外的锚点文件（anchor）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["verify", "anchor"])
        parser.add_argument("file", nargs="?", type=Path, help="锚点文件，一行一个；请放到别的机器上")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path | None = options["file"]
        if options["act"] == "anchor":
            if file is None:
                raise CommandError("请写明锚点文件，例如：jiceng journal anchor /media/usb/anchors.jsonl")
            self._anchor(file)
            return
        anchors = [Anchor(**json.loads(line)) for line in file.read_text().splitlines()] if file else []
        found = list(faults(anchors))
        for fault in found:
            self.stderr.write(fault)
        if found:
            raise CommandError(f"日志有 {len(found)} 处不对。")
        self.stdout.write(f"日志完好：{head().number} 条封签，核对了 {len(anchors)} 个锚点。")

    def _anchor(self, file: Path) -> None:
        now = head()
        if now.number == 0:
            self.stdout.write("日志还没有封签，没有可写的锚点。")
            return
        anchor = Anchor(now.number, now.digest, store_now().isoformat())
        with file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(asdict(anchor)) + "\n")
        self.stdout.write(f"已写下第 {now.number} 号封签的锚点。")
