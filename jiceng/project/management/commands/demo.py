from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from jiceng.kernel.orgs.models import Organisation


class Command(BaseCommand):
    help = "给空的数据库装入一个地方的样例，并印出各种角色的登录名和一次性密码；已有数据时什么也不做。"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("place", help="地方包的名字，例如 pengjiang")

    def handle(self, *args: Any, **options: Any) -> None:
        kept = Path(settings.DATA_DIR) / "sign-ins.txt"
        if Organisation.objects.exists():
            self.stdout.write(
                "数据库里已有数据，样例不再装入。" + (f"样例的登录名见 {kept}。" if kept.exists() else "")
            )
            return
        from jiceng.project.replay import scenario, story  # noqa: PLC0415  # a start without a tale to tell is quicker

        told = scenario.read(story.file_of(options["place"]))
        world = story.tell_story(told, simulated=False, tell=lambda said: self.stdout.write(said))
        lines = ["登录名和一次性密码（首次登录要改）："]
        for role, slip in story.sample_accounts(told, world):
            lines.append(f"  {role}：{slip.username}  {slip.password}  （{slip.name}，{slip.organisation}）")
        self.stdout.write("\n".join(lines))
        kept.touch(mode=0o600)
        kept.write_text("\n".join(lines) + "\n", encoding="utf-8")
