from jiceng.kernel.access import Role, below, command, here, rule

_TEAM = (Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.COMMITTEE_MEMBER)

see = rule("coverage.see", here(*_TEAM, Role.INSTRUCTOR), below(*_TEAM, Role.OFFICER, Role.AUDITOR))
cover = rule("coverage.cover", below(Role.OFFICER))
cover_many = rule("coverage.cover_many", below(Role.OFFICER), command())
uncover = rule("coverage.uncover", below(Role.OFFICER))
follow = rule("coverage.follow", command())
pair = rule("coverage.pair", below(Role.OFFICER), here(Role.SECRETARY))
pair_many = rule("coverage.pair_many", below(Role.OFFICER), command())
unpair = rule("coverage.unpair", below(Role.OFFICER), here(Role.SECRETARY))
