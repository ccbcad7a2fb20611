from jiceng.kernel.access import Role, below, here, rule

_TEAM = (Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.COMMITTEE_MEMBER)

see = rule("elections.see", below(*_TEAM, Role.OFFICER, Role.AUDITOR))
record_poll = rule("elections.record_poll", here(Role.SECRETARY), below(Role.OFFICER))
withdraw_poll = rule("elections.withdraw_poll", below(Role.OFFICER))

# An election is valid without the level above; who was elected takes office by its reply.
take_office = rule("elections.take_office", below(Role.OFFICER))
