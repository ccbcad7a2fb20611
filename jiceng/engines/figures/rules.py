from jiceng.kernel.access import Role, below, command, here, in_totals, rule

see = rule(
    "figures.see",
    here(Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.COMMITTEE_MEMBER, Role.GROUP_LEADER, Role.FIRST_SECRETARY),
    in_totals(Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.COMMITTEE_MEMBER, Role.OFFICER, Role.AUDITOR),
    command(),
)
list_records = rule(
    "figures.list_records",
    here(Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.COMMITTEE_MEMBER),
    below(Role.SECRETARY, Role.OFFICER, Role.AUDITOR),
    command(),
)
report_upward = rule(
    "figures.report_upward", here(Role.SECRETARY, Role.DEPUTY_SECRETARY), below(Role.OFFICER), command()
)
