"""What refs in declared fields stand for, as far as somebody may see it."""

from collections.abc import Iterable, Mapping

from jiceng.kernel.access import Actor
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.orgs.rules import see

from .declarations import Field, Said


def refs_of(fields: Iterable[Field], said: Said) -> set[str]:
    """The refs of organisations among kept values."""
    return {str(said[one.key]) for one in fields if one.type == "organisation" and one.key in said}


def names_of(refs: Iterable[str]) -> Mapping[str, str]:
    """What the organisations of these refs are called. Whoever reads a record that names them may read the name."""
    wanted = set(refs)
    return dict(Organisation.objects.filter(ref__in=wanted).values_list("ref", "name")) if wanted else {}


def strange_to(actor: Actor, refs: Iterable[str]) -> set[str]:
    """Those of the refs that are no living organisation which the actor may see, and so cannot be filled in."""
    wanted = set(refs)
    if not wanted:
        return wanted
    known = see.among(Organisation.objects.filter(ref__in=wanted, closed_on=None), actor)
    return wanted - set(known.values_list("ref", flat=True))
