from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from jiceng.project import backups


class Command(BaseCommand):
    help = "升级：先备份，再迁移数据库，再整理静态文件，最后自检。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-input", action="store_false", dest="interactive", help="不提问")

    def handle(self, *, interactive: bool, verbosity: int, **options: Any) -> None:
        file = settings.DATA_DIR / "backups" / f"before-upgrade-{datetime.now(UTC):%Y%m%dT%H%M%S}.tar"
        backups.write(file)
        self.stdout.write(f"已先备份到 {file}。升级不成时可以退回：jiceng restore --replace {file}")
        call_command("migrate", interactive=interactive, verbosity=verbosity)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("check", databases=["default"])
        self.stdout.write("升级完成。")
