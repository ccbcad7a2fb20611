from jiceng.kernel.access import Role, below, command, here, rule

_TEAM = (Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.COMMITTEE_MEMBER)

keep = rule("files.keep", here(*_TEAM), below(Role.OFFICER), command())
"""The record's own rule is asked as well."""

drop = rule("files.drop", here(*_TEAM), below(Role.OFFICER), command())
