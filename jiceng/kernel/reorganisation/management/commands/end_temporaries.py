"""Closes temporary organisations on the day after their mission ends; meant to run every night."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from jiceng.kernel.access import Actor
from jiceng.kernel.orgs.actions import Because
from jiceng.kernel.reorganisation import actions, queries
from jiceng.lib.refusals import Refused


class Command(BaseCommand):
    help = "撤销任务到期的临时组织，借用的党员回原组织"

    def handle(self, *args: Any, **options: Any) -> None:
        for one in queries.overdue(timezone.localdate()):
            because = Because(one.mission.ends_on + timedelta(days=1), f"任务到期：{one.mission.text}"[:200])
            try:
                actions.end_temporary(one, because=because, by=Actor.command("end_temporaries"), at=timezone.now())
            except Refused as refusal:
                self.stderr.write(f"{one.name}：{refusal}")
            else:
                self.stdout.write(f"{one.name}：已撤销")
