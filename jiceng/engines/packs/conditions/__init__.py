"""The one grammar of every filter in packs: `kind = "full" and not (sex = "2" or age(birth_on) >= 60)`.

    either  := both ("or" both)*
    both    := one ("and" one)*
    one     := "not" one | "(" either ")" | test
    test    := left ("=" | "!=" | "<" | "<=" | ">" | ">=") literal
             | left "in" "(" literal ("," literal)* ")" | left "between" literal "and" literal
             | left "is" ["not"] "empty"
    left    := field | ("age" | "months" | "days") "(" field ")"
    literal := "text" | whole number | fraction 2/3 | date 2026-01-31 | "day" (the figure's own day)

An empty field fulfils no test but `is empty`. Ages are never data: `age(birth_on) >= 60` asks for a date.
"""

from .meaning import holds
from .parts import All, Any, Condition, Literal, Not, Test, TheDay, faults, tests
from .reader import NotACondition, parse
from .sql import Fragment, sql
from .words import said

__all__ = [
    "All", "Any", "Condition", "Fragment", "Literal", "Not", "NotACondition", "Test", "TheDay", "faults", "holds",
    "parse", "said", "sql", "tests",
]  # fmt: skip
