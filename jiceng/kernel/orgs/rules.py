from jiceng.kernel.access import Role, below, command, concerned, here, in_totals, rule

_TEAM = (Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.COMMITTEE_MEMBER)

see = rule(
    "orgs.see",
    here(
        *_TEAM, Role.GROUP_LEADER, Role.FIRST_SECRETARY, Role.INSTRUCTOR, Role.VILLAGE_DIRECTOR, Role.COOPERATIVE_HEAD
    ),
    below(*_TEAM, Role.OFFICER, Role.AUDITOR),
    in_totals(Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR),
    concerned("members"),
    command(),
)
begin = rule("orgs.begin", command())
found = rule("orgs.found", below(Role.OFFICER), here(Role.SECRETARY), command())
found_many = rule("orgs.found_many", below(Role.OFFICER), command())
rename = rule("orgs.rename", below(Role.OFFICER), command())
rename_many = rule("orgs.rename_many", below(Role.OFFICER), command())
undo_many = rule("orgs.undo_many", below(Role.OFFICER), command())
upgrade = rule("orgs.upgrade", below(Role.OFFICER), command())
reparent = rule("orgs.reparent", below(Role.OFFICER), command())
merge = rule("orgs.merge", below(Role.OFFICER), command())
split = rule("orgs.split", below(Role.OFFICER), command())
dissolve = rule("orgs.dissolve", below(Role.OFFICER), command())
correct = rule("orgs.correct", below(Role.OFFICER), command())
describe = rule("orgs.describe", below(Role.OFFICER), here(*_TEAM))
describe_many = rule("orgs.describe_many", below(Role.OFFICER), command())
