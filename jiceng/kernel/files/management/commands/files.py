import hashlib
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from jiceng.kernel.files import queries
from jiceng.kernel.files.models import File

DAY = 24 * 3600


class Command(BaseCommand):
    help = "查附件的内容在不在、对不对（verify），或删去没有记录要的内容（sweep）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["verify", "sweep"])

    def handle(self, *args: Any, **options: Any) -> None:
        if options["act"] == "verify":
            self._verify()
        else:
            self._sweep()

    def _verify(self) -> None:
        digests = File.objects.values_list("digest", flat=True).distinct()
        wrong = []
        for digest in digests.iterator():
            path = queries.path_of(digest)
            if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
                wrong.append(digest)
        for digest in wrong:
            self.stderr.write(f"不在或变了：{digest}")
        if wrong:
            raise CommandError(f"有 {len(wrong)} 个附件的内容不在或变了，请从备份恢复。")
        self.stdout.write(f"{len(digests)} 个附件的内容都对。")

    def _sweep(self) -> None:
        """Contents are older than a day, so that no verb is on its way to name them."""
        wanted, gone = set(File.objects.values_list("digest", flat=True)), 0
        for path in Path(settings.MEDIA_ROOT).glob("??/*"):
            if path.name not in wanted and time.time() - path.stat().st_mtime > DAY:
                path.unlink()
                gone += 1
        self.stdout.write(f"删了 {gone} 个没有记录要的内容。")
