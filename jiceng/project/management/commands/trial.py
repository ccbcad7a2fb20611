from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from jiceng.project import views
from jiceng.project.management.commands import up


class Command(BaseCommand):
    help = "试用一个地方的样例：需要时迁移，库是空的就装入样例并印出登录名，然后启动。"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("place", help="地方包的名字，例如 pengjiang")
        up.add_port(parser)

    def handle(self, *, place: str, port: int, **options: Any) -> None:
        """One process for all three steps: starting Python again for each would double the wait."""
        if views.unapplied_migrations():
            call_command("migrate", verbosity=0)
        call_command("demo", place)
        self.stdout.write(f"平台地址：http://127.0.0.1:{port}/ （按 Ctrl+C 停止）")
        self.stdout.flush()
        call_command("up", port=port)
