from jiceng.kernel.access import Role, below, command, here, rule

_TEAM = (Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.COMMITTEE_MEMBER)

see = rule("units.see", here(*_TEAM, Role.INSTRUCTOR), below(*_TEAM, Role.OFFICER, Role.AUDITOR))
register = rule("units.register", below(Role.OFFICER), here(Role.SECRETARY))
register_many = rule("units.register_many", below(Role.OFFICER), command())
describe = rule("units.describe", below(Role.OFFICER), here(Role.SECRETARY, Role.INSTRUCTOR))
describe_many = rule("units.describe_many", below(Role.OFFICER), command())
undo_many = rule("units.undo_many", below(Role.OFFICER), command())
correct = rule("units.correct", below(Role.OFFICER))
close = rule("units.close", below(Role.OFFICER), here(Role.SECRETARY))
hand_over = rule("units.hand_over", below(Role.OFFICER))
hand_over_all = rule("units.hand_over_all", below(Role.OFFICER), command())
