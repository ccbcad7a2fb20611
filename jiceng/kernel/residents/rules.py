from jiceng.kernel.access import Role, command, here, rule

TEAM = (Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.COMMITTEE_MEMBER, Role.VILLAGE_DIRECTOR)

# Who lives in a village is the village's own knowledge: offices above see what was decided, not by whom.
see = rule("residents.see", here(*TEAM), command())
list_many = rule("residents.list_many", here(*TEAM), command())
leave = rule("residents.leave", here(*TEAM), command())
correct = rule("residents.correct", here(*TEAM), command())
