"""Every sheet, in the order in which a city brings them in."""

from .awards import AWARDS
from .members import MEMBERS
from .organisations import ORGANISATIONS
from .places import PLACES
from .posts import POSTS
from .reorganisation import REORGANISATION
from .terms import TERMS
from .units import UNITS

SHEETS = (PLACES, ORGANISATIONS, UNITS, MEMBERS, POSTS, TERMS, AWARDS, REORGANISATION)
