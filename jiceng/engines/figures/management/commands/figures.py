import time
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from jiceng.engines.figures import columnar


class Command(BaseCommand):
    help = "汇总数据：把各类记录汇成一个列式文件，供数字页面使用（refresh）；--watch 过几分钟做一次。"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["refresh"])
        parser.add_argument("--older-than", type=int, default=0, metavar="分钟", help="只在上次汇总早于几分钟时才做")
        parser.add_argument(
            "--watch", action="store_true", help="一直做下去，上次汇总早于 --older-than（默认 10）分钟就再做"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        minutes = options["older_than"] or (10 if options["watch"] else 0)
        while True:
            made = columnar.refresh_if_older(timedelta(minutes=minutes)) if minutes else columnar.refresh()
            if not options["watch"]:
                self.stdout.write(f"已汇总：{made}" if made else "不用汇总：上次的还新，或另一个进程正在做。")
                return
            time.sleep(20)
