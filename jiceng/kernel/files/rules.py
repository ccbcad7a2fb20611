from jiceng.kernel.access import Role, below, command, here, rule

_TEAM = (Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.COMMITTEE_MEMBER)
_HANDS = (*_TEAM, Role.GROUP_LEADER, Role.FIRST_SECRETARY, Role.VILLAGE_DIRECTOR, Role.COOPERATIVE_HEAD)
_ABOVE = (Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.OFFICER)

keep = rule("files.keep", here(*_HANDS), below(*_ABOVE), command())
"""Everybody whom some record lets keep a file with it; the record's own rule is asked as well."""

drop = rule("files.drop", here(*_TEAM), below(Role.OFFICER), command())
