"""Organisations for other systems: the same reads and verbs as the pages."""

from datetime import date
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field

from jiceng.kernel.access import Request
from jiceng.lib.answers import PAGE, PROBLEMS, READ_PROBLEMS, Reason, Text

from . import actions, queries
from .models import Form, Kind, Organisation

router = Router()


class OrganisationOut(Schema):
    """An organisation as it is today."""

    ref: str
    code: str
    name: str
    kind: Kind
    form: Form
    parent: str | None = Field(description="上级组织的 ref")
    founded_on: date
    closed_on: date | None

    @staticmethod
    def resolve_parent(found: Organisation) -> str | None:
        return found.parent.ref if found.parent else None


class OrganisationPage(Schema):
    """A page in the order of the tree; `after` of the next page is `next`."""

    items: list[OrganisationOut]
    next: str | None


class StandingOut(Schema):
    """How an organisation stood from one day to another (exclusive)."""

    since: date
    until: date | None
    name: str
    kind: Kind
    form: Form


class Because(Schema):
    """Why, and from which day."""

    on: date
    reason: Reason
    document: Annotated[str, Field(max_length=80, pattern=r"^[^\x00-\x1f]*$")] = ""


class Founding(Because):
    code: Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9-]+$")]
    name: Text
    kind: Kind
    form: Form = Form.STANDARD
    mission: Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f]*$")] = ""
    ends_on: date | None = None


class Renaming(Because):
    name: Text


class Reparenting(Because):
    parent: str


class Filters(Schema):
    after: Annotated[str, Field(max_length=12)] = ""
    kind: Kind | None = None
    closed: bool = False


@router.get("", response={200: OrganisationPage, **READ_PROBLEMS}, summary="组织名单")
def organisations(request: Request, asked: Query[Filters]) -> Any:
    """Organisations in the order of the tree, a hundred at a time."""
    found = queries.visible(request.actor).filter(closed_on__isnull=not asked.closed).select_related("parent")
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.after:
        found = found.filter(path__gt=get_object_or_404(queries.visible(request.actor), ref=asked.after).path)
    rows = list(found.order_by("path")[: PAGE + 1])
    return {"items": rows[:PAGE], "next": rows[PAGE - 1].ref if len(rows) > PAGE else None}


@router.get("/{ref}", response={200: OrganisationOut, **READ_PROBLEMS}, summary="一个组织")
def organisation(request: Request, ref: str) -> Any:
    """One organisation."""
    return _found(request, ref)


@router.get("/{ref}/standings", response={200: list[StandingOut], **READ_PROBLEMS}, summary="沿革")
def standings(request: Request, ref: str) -> Any:
    """What it was called and what it was, from when until when."""
    return list(queries.timeline(_found(request, ref)))


@router.post("/{ref}/children", response={201: OrganisationOut, **PROBLEMS}, summary="设立下级组织")
def founding(request: Request, ref: str, said: Founding) -> Any:
    """Sets up an organisation under this one."""
    new = actions.New(
        code=said.code, name=said.name, kind=said.kind, form=said.form, mission=said.mission, ends_on=said.ends_on
    )
    parent = _found(request, ref)
    made = actions.found(parent, new=new, because=_because(said), by=request.actor, at=timezone.now())
    return Status(201, made)


@router.post("/{ref}/renaming", response={200: OrganisationOut, **PROBLEMS}, summary="更名")
def renaming(request: Request, ref: str, said: Renaming) -> Any:
    """Called something else from that day on."""
    one = _found(request, ref)
    actions.rename(one, name=said.name, because=_because(said), by=request.actor, at=timezone.now())
    return one


@router.post("/{ref}/reparenting", response={200: OrganisationOut, **PROBLEMS}, summary="改隶")
def reparenting(request: Request, ref: str, said: Reparenting) -> Any:
    """Moved, with everything below, under another parent."""
    one, parent = _found(request, ref), _found(request, said.parent)
    actions.reparent(one, parent=parent, because=_because(said), by=request.actor, at=timezone.now())
    return one


def _found(request: Request, ref: str) -> Organisation:
    return get_object_or_404(queries.visible(request.actor).select_related("parent"), ref=ref)


def _because(said: Because) -> actions.Because:
    return actions.Because(on=said.on, reason=said.reason, document=said.document)
