from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from jiceng.project import backups


class Command(BaseCommand):
    help = "从备份文件恢复数据库和文件。备份被改过就不恢复；已有内容时要加 --replace。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="备份文件")
        parser.add_argument("--replace", action="store_true", help="用备份替换现有的全部内容")

    def handle(self, *, file: Path, replace: bool, **options: Any) -> None:
        manifest = backups.restore(file, replace=replace)
        self.stdout.write(
            f"已恢复到 {manifest['written_at']} 的备份。请接着运行 jiceng upgrade，让数据库跟上现在的程序。"
        )
