import tomllib
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from jiceng.kernel.access import Actor, Role
from jiceng.kernel.accounts import actions as accounts
from jiceng.kernel.orgs import actions as orgs
from jiceng.kernel.orgs.models import Kind, Organisation
from jiceng.kernel.people import actions as people
from jiceng.kernel.posts import actions as posts
from jiceng.kernel.posts.actions.appointments import ASSIGNED
from jiceng.lib.refusals import Refused

BY = Actor.command("begin")


class Holder(BaseModel):
    """One of the first people: who, and which post."""

    model_config = ConfigDict(extra="forbid")

    post: Role
    name: str
    sex: str
    birth_on: date
    joined_on: date
    education: str
    occupation: str
    number: str = ""


class Beginning(BaseModel):
    """The top of the tree, and who sets up everything below it."""

    model_config = ConfigDict(extra="forbid")

    code: str
    name: str
    founded_on: date
    kind: Kind = Kind.COMMITTEE
    people: list[Holder] = Field(min_length=1)


class Command(BaseCommand):
    help = "正式启用：照一个 TOML 文件设立最上一级组织和第一批管理岗位，印出他们的登录名和一次性密码。只能办一次。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="写法见 docs/deploy.md")

    def handle(self, *, file: Path, **options: Any) -> None:
        if Organisation.objects.exists():
            raise CommandError("库里已经有组织，不能再启用一次。")
        try:
            told = Beginning.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
            with transaction.atomic():
                slips = [(holder, self._appointed(top, holder)) for top in [_top(told)] for holder in told.people]
        except (OSError, tomllib.TOMLDecodeError, ValidationError, Refused) as fault:
            raise CommandError(f"{file}：{fault}") from None
        self.stdout.write("登录名和一次性密码（首次登录要改，只印这一次）：")
        for holder, slip in slips:
            self.stdout.write(f"  {holder.post.label}：{slip.username}  {slip.password}  （{slip.name}）")

    def _appointed(self, top: Organisation, holder: Holder) -> Any:
        at, today = timezone.now(), timezone.localdate()
        new = people.NewMember(
            name=holder.name, sex=holder.sex, since=today, birth_on=holder.birth_on, joined_on=holder.joined_on,
            number=holder.number, told=people.Told(education=holder.education, occupation=holder.occupation),
        )  # fmt: skip
        person = people.admit(top, new=new, by=BY, at=at)
        appoint = posts.appoint_administrator if holder.post in ASSIGNED else posts.appoint
        appoint(top, person=person, role=holder.post, since=today, by=BY, at=at)
        (slip,) = accounts.open_accounts(top, people=[person.pk], by=BY, at=at).slips
        return slip


def _top(told: Beginning) -> Organisation:
    new = orgs.New(code=told.code, name=told.name, kind=told.kind)
    because = orgs.Because(on=told.founded_on, reason="启用平台")
    return orgs.begin(None, new=new, because=because, by=BY, at=timezone.now())
