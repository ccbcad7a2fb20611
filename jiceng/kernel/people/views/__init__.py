"""Pages about people: the members of an organisation, one person, and what can be done."""

from .acts import act, admission, application, sealed
from .lists import by_number, export, members, people, purpose, received, reception
from .one import looks, me, person

__all__ = [
    "act",
    "admission",
    "application",
    "by_number",
    "export",
    "looks",
    "me",
    "members",
    "people",
    "person",
    "purpose",
    "received",
    "reception",
    "sealed",
]
