from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from jiceng.project import backups


class Command(BaseCommand):
    help = "把数据库和文件备份到一个文件里。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="备份文件，例如 var/backups/2026-05-18.tar")

    def handle(self, *, file: Path, **options: Any) -> None:
        manifest = backups.write(file)
        self.stdout.write(f"已备份到 {file}（{len(manifest['members'])} 个文件，{file.stat().st_size:,} 字节）。")
        self.stdout.write("恢复时需要同一把 JICENG_SEALING_KEY，请另行妥善保管。")
