from jiceng.kernel.access import Role, below, command, concerned, here, rule

_TEAM = (Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.COMMITTEE_MEMBER)

# Whoever is commended is announced by the decision, so reading the register asks for no purpose.
see = rule("honours.see", here(*_TEAM), below(Role.OFFICER, Role.AUDITOR), concerned("person_id"))
award_many = rule("honours.award_many", below(Role.OFFICER), command())
revoke = rule("honours.revoke", below(Role.OFFICER))
withdraw_batch = rule("honours.withdraw_batch", below(Role.OFFICER), command())
