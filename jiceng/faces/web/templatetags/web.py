"""What a page shows of areas above its own: only a face knows them all."""

from typing import Any

from django import template
from django.template import Context

from jiceng.kernel.people.models import Person
from jiceng.kernel.posts import queries

register = template.Library()


@register.inclusion_tag("posts/held.html", takes_context=True)
def posts_of(context: Context, person: Person) -> dict[str, Any]:
    """The posts of a person that the reader may see, latest first."""
    return {"posts": queries.seen(queries.of_person(person), context["request"].actor)}
