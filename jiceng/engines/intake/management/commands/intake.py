from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from jiceng.engines.intake import actions, catalogue, queries, tasks, writing
from jiceng.engines.intake.models import Batch, Order, Problem, Step
from jiceng.kernel.access import Actor
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.refusals import Refused

BY = Actor.command("intake")
KEPT = timedelta(days=30)


class Command(BaseCommand):
    help = "导入一张表（bring），出模板（template），接着办停下来的（resume），删掉 30 天以前的底稿（sweep）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        steps = parser.add_subparsers(dest="what", required=True)
        bring = steps.add_parser("bring", help="上传并检查；加 --apply 就在没有错时入库")
        bring.add_argument("sheet", help="哪一张表")
        bring.add_argument("file", type=Path)
        bring.add_argument("--organisation", required=True, help="办理组织的代码")
        bring.add_argument("--apply", action="store_true")
        template = steps.add_parser("template", help="写出空模板")
        template.add_argument("sheet")
        template.add_argument("file", type=Path)
        steps.add_parser("resume", help="接着办停下来的指令")
        steps.add_parser("sweep", help="删掉 30 天以前的底稿")

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        try:
            getattr(self, what)(**options)
        except Refused as refusal:
            raise CommandError(str(refusal)) from None

    def bring(self, *, sheet: str, file: Path, organisation: str, apply: bool, **options: Any) -> None:
        """Uploads, checks and, if asked, applies."""
        if sheet not in {one.key for one in catalogue.sheets()}:
            raise CommandError(f"没有“{sheet}”这张表；有：{'、'.join(one.key for one in catalogue.sheets())}。")
        home = Organisation.objects.filter(code=organisation).first()
        if home is None:
            raise CommandError(f"没有代码为 {organisation} 的组织。")
        with file.open("rb") as content:
            parts = iter(lambda: content.read(actions.PIECE), b"")
            batch = actions.upload(home, sheet=sheet, name=file.name, content=parts, by=BY, at=timezone.now())
        batch = self._done(batch, batch.orders.get())
        if batch.checking.faults:
            for problem in Problem.objects.filter(batch=batch).order_by("number", "pk")[:50]:
                self.stderr.write(f"第 {problem.number} 行 {problem.column}：{problem.wrong}{problem.remedy}")
            raise CommandError(f"有 {batch.checking.faults:,} 处错误，没有入库。")
        told = batch.checking
        self.stdout.write(f"新增 {told.added:,}，变更 {told.changed:,}，不变 {told.unchanged:,}。")
        if apply and told.added + told.changed:
            order = actions.order(batch, step=Step.APPLY, by=BY, at=timezone.now())
            self.stdout.write(f"已入库 {self._done(batch, order).application.rows:,} 条，批次 {batch.ref}。")

    def _done(self, batch: Batch, order: Order) -> Batch:
        tasks.do(order, by=BY)
        batch = queries.with_states(Batch.objects.all()).get(pk=batch.pk)
        if refusal := queries.refusal_of(batch):
            raise CommandError(refusal.sentence)
        return batch

    def template(self, *, sheet: str, file: Path, **options: Any) -> None:
        """Writes an empty template."""
        file.write_bytes(writing.template(catalogue.sheet(sheet)))

    def resume(self, **options: Any) -> None:
        """Carries out what has stopped."""
        now = timezone.now()
        for batch in queries.with_states(Batch.objects.filter(discarding=None, undoing=None)):
            order = queries.last_order(batch)
            if order and queries.is_stalled(batch, now):
                tasks.carry_out.func(order.pk)
                self.stdout.write(f"{batch.ref}：{order.get_step_display()}接着办了。")

    def sweep(self, **options: Any) -> None:
        """Discards batches that are a month old: nothing is kept longer than it is of use."""
        now = timezone.now()
        for batch in queries.with_states(Batch.objects.filter(discarding=None, at__lt=now - KEPT)):
            actions.discard(batch, by=BY, at=now)
            self.stdout.write(f"{batch.ref}：底稿删了。")
