import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from jiceng.kernel.journal import actions


class Command(BaseCommand):
    help = "把新的日志条目封入校验链；--watch 每两秒做一次。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--watch", action="store_true", help="一直做下去")

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            sealed = actions.seal(at=timezone.now())
            if not options["watch"]:
                self.stdout.write(f"封签 {sealed} 条。")
                return
            if not sealed:
                time.sleep(2)
