"""权限：谁、凭什么岗位、在组织树的哪一段，可以做什么。

`@action` makes a function a verb: allowed by its rule, all-or-nothing, and written down. One rule is asked two ways:
`among` filters a list, `allows` asks about one. What a person may not see does not exist for them.
"""

from .actors import Actor, Held, Request, posts_come_from, posts_of
from .roles import ADMINISTRATORS, Role
from .rules import Grant, Rule, anyone, around, below, command, concerned, here, in_totals, rule, taking_part
from .verbs import action, bulk_root, inside_verb

__all__ = [
    "ADMINISTRATORS",
    "Actor",
    "Grant",
    "Held",
    "Request",
    "Role",
    "Rule",
    "action",
    "anyone",
    "around",
    "below",
    "bulk_root",
    "command",
    "concerned",
    "here",
    "in_totals",
    "inside_verb",
    "posts_come_from",
    "posts_of",
    "rule",
    "taking_part",
]
