"""Who may: one rule, asked two ways."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from jiceng.lib.paths import ancestors, is_under
from jiceng.lib.refusals import NotAllowed

from .actors import Actor, Held
from .roles import Role

REGISTRY: dict[str, "Rule"] = {}
"""Every rule by name, for the drawn matrix and the house tests."""


class Reach(Enum):
    """How far a grant goes from the place where the post is held."""

    HERE = "本组织"
    BELOW = "本组织及下级"
    TOTALS = "只看数字"
    CONCERNED = "本人"
    TAKING_PART = "参与方"
    AROUND = "所在地方"
    COMMAND = "系统定时任务"
    ANYONE = "任何人"


@dataclass(frozen=True)
class Grant:
    """Holders of these roles, as far as this reach. `path` leads to a person (CONCERNED), a party (TAKING_PART) or an
    organisation that stands there (AROUND). `only` are conditions on the record's own fields, `said` in words."""

    reach: Reach
    roles: frozenset[str] = frozenset()
    path: str = ""
    person: tuple[tuple[str, Any], ...] = ()
    only: tuple[tuple[str, Any], ...] = ()
    said: str = ""

    def where(self, said: str, **fields: Any) -> "Grant":
        """The same for some records only: those whose own fields have these values."""
        return replace(self, only=tuple(fields.items()), said=said)

    def __str__(self) -> str:
        titles = "、".join(Role(role).label for role in sorted(self.roles))
        who = f"{self.reach.value}的{titles}" if titles else self.reach.value
        return f"{who}（{self.said}）" if self.said else who


def here(*roles: Role) -> Grant:
    """Holders of these posts, at the record's own organisation."""
    return Grant(Reach.HERE, frozenset(roles))


def below(*roles: Role) -> Grant:
    """Holders of these posts, at the record's organisation or anywhere above it."""
    return Grant(Reach.BELOW, frozenset(roles))


def in_totals(*roles: Role) -> Grant:
    """Holders of these posts at or above, figures only: names need another grant."""
    return Grant(Reach.TOTALS, frozenset(roles))


def concerned(path: str, **person: Any) -> Grant:
    """The person whom the record concerns, by the field path from the record to that person's id; with `person`, only
    one whose own fields have these values, along a path to many."""
    return Grant(Reach.CONCERNED, path=path, person=tuple(person.items()))


def taking_part(path: str, *roles: Role) -> Grant:
    """Those who take part today, by dated rows: `seats__represented` for holders of these posts at that organisation,
    or, without roles, `seats__person` for that person."""
    return Grant(Reach.TAKING_PART, frozenset(roles), path)


def around(path: str, *roles: Role) -> Grant:
    """Holders of these posts, for a place at or below the one for which their organisation answers (see `territory`).
    `organisation` leads from a place to those that stand there; `parent__organisation` leaves out the place itself."""
    return Grant(Reach.AROUND, frozenset(roles), path)


def command() -> Grant:
    """Timed and operators' commands."""
    return Grant(Reach.COMMAND)


def anyone() -> Grant:
    """Anyone, signed in or not."""
    return Grant(Reach.ANYONE)


@dataclass(frozen=True)
class Rule:
    """Who may do one thing. It knows roles, reach and persons concerned; *when* is the verb's question."""

    name: str
    grants: tuple[Grant, ...]

    def among[M: Model](self, records: QuerySet[M], actor: Actor) -> QuerySet[M]:
        """Those of the records for which the actor may. A record's `way_home` names the path to its organisation."""
        if self._open_to(actor):
            return records
        wanted = Q(pk__in=())
        for grant in self.grants:
            wanted |= self._condition(grant, records.model, actor) & Q(*grant.only)
        return records.filter(wanted)

    def allows(self, actor: Actor, subject: Model | None) -> bool:
        """Whether the actor may, for this one record. Without a record, only a grant that needs none counts."""
        if subject is None:
            return self._open_to(actor)
        return self.among(type(subject)._default_manager.filter(pk=subject.pk), actor).exists()

    def held_by(self, actor: Actor) -> list[Held]:
        """The posts through which the actor has a grant below or in totals: the tops of what may be asked about."""
        wide = {Reach.BELOW, Reach.TOTALS}
        roles = frozenset[str]().union(*(grant.roles for grant in self.grants if grant.reach in wide))
        return [post for post in actor.held() if post.role in roles]

    def require(self, actor: Actor, subject: Model | None) -> None:
        """Raises NotAllowed, naming who may, unless the actor may. Posts are looked up afresh."""
        actor.held(fresh=True)
        if not self.allows(actor, subject):
            raise NotAllowed(f"您没有这项权限。能办的是：{self}。")

    def __str__(self) -> str:
        return "，或".join(str(grant) for grant in self.grants)

    def _open_to(self, actor: Actor) -> bool:
        reaches = {grant.reach for grant in self.grants}
        return Reach.ANYONE in reaches or (actor.kind == "command" and Reach.COMMAND in reaches)

    def _condition(self, grant: Grant, model: type[Model], actor: Actor) -> Q:
        person = actor.for_person or actor.person
        if grant.reach is Reach.CONCERNED:
            return _concerning(model, grant, person)
        held = [post for post in actor.held() if post.role in grant.roles]
        if grant.reach is Reach.TAKING_PART:
            return _taking_part(grant, model, person, [post.organisation for post in held])
        if grant.reach is Reach.AROUND:
            return _around(model, grant.path, held)
        if not held or grant.reach not in (Reach.HERE, Reach.BELOW, Reach.TOTALS):
            return Q(pk__in=())
        return _reach(way_home(model), held, down=grant.reach is not Reach.HERE)


def _concerning(model: type[Model], grant: Grant, person: int | None) -> Q:
    """Records that the path joins to the person. A path to many is a sub-query: a join would repeat the record."""
    if person is None:
        return Q(pk__in=())
    path = grant.path
    found = Q((path, person), *((f"{path}__{key}", value) for key, value in grant.person))
    if path.endswith("_id") or path in {field.name for field in model._meta.concrete_fields}:
        return found
    return Q(pk__in=model._default_manager.filter(found).values("pk"))


def way_home(model: type[Model]) -> str:
    """The field path from a record to its answering organisation; empty for the organisation itself."""
    return str(getattr(model, "way_home", "organisation"))


def _reach(home: str, held: Iterable[Held], *, down: bool) -> Q:
    """Records at the held organisations (and below), and those of closed organisations in their custody."""
    prefix = f"{home}__" if home else ""
    wanted = Q(pk__in=())
    for post in held:
        if down:
            wanted |= Q((f"{prefix}path__under", post.path)) | Q((f"{prefix}custodian__path__under", post.path))
        else:
            own = f"{home}_id" if home and "__" not in home else f"{prefix}id"
            wanted |= Q((own, post.organisation)) | Q((f"{prefix}custodian_id", post.organisation))
    return wanted


def _taking_part(grant: Grant, model: type[Model], person: int | None, organisations: list[int]) -> Q:
    """Records that have a row of today which names the person or one of the organisations; asked apart, so that a
    record with many rows is found once."""
    link, _, party = grant.path.partition("__")
    relation: Any = model._meta.get_field(link)
    sought = organisations if grant.roles else [person] if person is not None else []
    if not sought:
        return Q(pk__in=())
    rows = relation.related_model._default_manager.on(timezone.localdate()).filter(**{f"{party}__in": sought})
    return Q(pk__in=rows.values(relation.field.attname))


def _around(model: type[Model], path: str, held: list[Held]) -> Q:
    """Records whose own path, or whose upper record's, is under the place of one of these posts' organisations."""
    upper, _, link = path.rpartition("__")
    places: Any = model._meta.get_field(upper).related_model if upper else model
    lines = [_line(post.path) for post in held]
    asked = places._default_manager.filter(**{f"{link}__path__in": {one for line in lines for one in line}})
    stands: dict[str, str] = dict(asked.values_list(f"{link}__path", "path"))
    wanted = Q(pk__in=())
    for top in filter(None, (territory([stands.get(one, "") for one in line]) for line in lines)):
        wanted |= Q((f"{upper}__path__under" if upper else "path__under", top))
    return wanted


def territory(places: list[str]) -> str:
    """The place that the last of a line of organisations answers for: the last of the line's `places`, from the top of
    the tree down, as paths. Empty unless each stands strictly inside the one above: an officer sets up organisations
    below his own and says where they stand, so nothing else may give power over a place."""
    for above, below in pairwise(places):
        if not above or below == above or not is_under(below, above):
            return ""
    return places[-1]


def _line(path: str) -> list[str]:
    return [*ancestors(path), path]


def rule(name: str, *grants: Grant) -> Rule:
    """Declares a rule once; its name is the area and the verb's own word ("meetings.archive")."""
    if name in REGISTRY:
        raise ValueError(f"the rule {name} is declared twice")
    REGISTRY[name] = Rule(name, grants)
    return REGISTRY[name]
