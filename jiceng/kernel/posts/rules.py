from jiceng.kernel.access import Role, below, command, concerned, here, rule, taking_part

_TEAM = (Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.COMMITTEE_MEMBER)

see = rule("posts.see", here(*_TEAM), below(*_TEAM, Role.OFFICER, Role.AUDITOR), concerned("person_id"))
see_administrators = rule("posts.see_administrators", below(Role.SECURITY_ADMINISTRATOR))
see_terms = rule("posts.see_terms", below(*_TEAM, Role.OFFICER, Role.AUDITOR))
appoint = rule("posts.appoint", below(Role.OFFICER), command())
appoint_many = rule("posts.appoint_many", below(Role.OFFICER), command())
withdraw_batch = rule("posts.withdraw_batch", below(Role.OFFICER), command())
hand_over = rule("posts.hand_over", below(Role.OFFICER))
vacate = rule("posts.vacate", below(Role.OFFICER))
correct = rule("posts.correct", below(Role.OFFICER))
appoint_administrator = rule("posts.appoint_administrator", below(Role.SECURITY_ADMINISTRATOR), command())
vacate_administrator = rule("posts.vacate_administrator", below(Role.SECURITY_ADMINISTRATOR), command())
open_term = rule("posts.open_term", below(Role.OFFICER))
open_terms = rule("posts.open_terms", below(Role.OFFICER), command())
extend_term = rule("posts.extend_term", below(Role.OFFICER))
correct_term = rule("posts.correct_term", below(Role.OFFICER))
withdraw_terms = rule("posts.withdraw_terms", below(Role.OFFICER), command())
see_body = rule(
    "posts.see_body",
    here(*_TEAM),
    below(*_TEAM, Role.OFFICER, Role.AUDITOR),
    taking_part("seats__represented", *_TEAM),
    taking_part("seats__person"),
)
form_body = rule("posts.form_body", below(Role.OFFICER), here(Role.SECRETARY))
form_bodies = rule("posts.form_bodies", below(Role.OFFICER))
dissolve_body = rule("posts.dissolve_body", below(Role.OFFICER), here(Role.SECRETARY))
seat = rule("posts.seat", below(Role.OFFICER), here(Role.SECRETARY))
unseat = rule("posts.unseat", below(Role.OFFICER), here(Role.SECRETARY))
pair_unit = rule("posts.pair_unit", below(Role.OFFICER), here(Role.SECRETARY))
unpair_unit = rule("posts.unpair_unit", below(Role.OFFICER), here(Role.SECRETARY))
