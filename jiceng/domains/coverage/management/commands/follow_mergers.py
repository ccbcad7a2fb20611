"""Lets coverage follow organisations that merged or closed; meant to run every night."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from jiceng.domains.coverage import actions
from jiceng.kernel.access import Actor


class Command(BaseCommand):
    help = "组织合并以后，由接收的组织继续覆盖；组织撤销的，覆盖到那天为止"

    def handle(self, *args: Any, **options: Any) -> None:
        done = actions.follow(None, by=Actor.command("follow_mergers"), at=timezone.now())
        self.stdout.write(f"{done.rows} 条覆盖随组织变动")
