import json
import sys
import tempfile
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from pydantic import ValidationError

from jiceng.kernel.journal.models import Entry
from jiceng.project import environment
from jiceng.project.replay import check, scenario, story


class Command(BaseCommand):
    help = "演练一个地方：在一个新的数据库里照报道重做一遍，再核对每一个数。不符时退出码为 1。"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("story", help="地方包的名字，或一个演练文件")
        parser.add_argument("--database", help="数据库地址；不写就用一个临时的 SQLite 库")
        parser.add_argument("--json", type=Path, help="结果另存为 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        told = self._read(options["story"])
        with tempfile.TemporaryDirectory(prefix="jiceng-replay-") as room:
            self._use(options["database"] or f"sqlite:///{room}/replay.sqlite3")
            settings.DATA_DIR = Path(room)  # the figures of a replay never lie among those of the installation
            call_command("migrate", verbosity=0)
            if Entry.objects.exists():
                raise CommandError("演练要用新的数据库，这个库里已经有记录。")
            world = story.tell_story(told, simulated=True, tell=self._tell)
            found = list(check.lines(told, world.top.pk))
        for line in found:
            self.stdout.write(str(line))
        if options["json"]:
            said = [asdict(line) for line in found]
            options["json"].write_text(json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8")
        if not all(line.ok for line in found):
            sys.exit(1)

    def _read(self, said: str) -> scenario.Scenario:
        file = Path(said) if said.endswith(".toml") else story.file_of(said)
        try:
            return scenario.read(file)
        except FileNotFoundError:
            raise CommandError(f"没有演练文件 {file}。") from None
        except ValidationError as error:
            faults = (f"{'.'.join(map(str, fault['loc']))}：{fault['msg']}" for fault in error.errors())
            raise CommandError(f"{file} 写错了：\n" + "\n".join(faults)) from None

    def _use(self, url: str) -> None:
        connections.close_all()
        connections.settings["default"] = connections.configure_settings({"default": environment.database(url)})[
            "default"
        ]
        del connections["default"]

    def _tell(self, said: str) -> None:
        self.stderr.write(said)
