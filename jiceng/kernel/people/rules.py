from jiceng.kernel.access import Role, below, command, concerned, here, rule, taking_part

TEAM = (Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.COMMITTEE_MEMBER)
"""The branch's own team: its members' names are its daily work, so no purpose is asked."""

see = rule(
    "people.see",
    here(*TEAM),
    below(Role.OFFICER, Role.AUDITOR),
    concerned("id"),
    # 双联双管: where a member floats to, or is lent to, they are seen too.
    taking_part("floatings__destination", *TEAM, Role.OFFICER),
    taking_part("loans__organisation", *TEAM, Role.OFFICER),
)
see_looks = rule("people.see_looks", concerned("person_id"), below(Role.AUDITOR))

# Asked of an organisation. `concerned` has no place here: an organisation's id is no person's.
list_members = rule("people.list_members", here(*TEAM), below(Role.OFFICER, Role.AUDITOR))
list_received = rule("people.list_received", here(*TEAM), below(Role.OFFICER))
find_by_number = rule("people.find_by_number", below(Role.OFFICER), here(Role.SECRETARY))
state_purpose = rule("people.state_purpose", below(Role.OFFICER, Role.AUDITOR))
export = rule("people.export", below(Role.OFFICER), here(Role.SECRETARY))

# The first officer of a new database cannot be registered by an officer.
admit = rule("people.admit", below(Role.OFFICER), here(Role.SECRETARY), command())
note_applicant = rule("people.note_applicant", here(*TEAM), below(Role.OFFICER), command())
move_applicant = rule("people.move_applicant", below(Role.OFFICER), command())
admit_applicant = rule("people.admit_applicant", below(Role.OFFICER), here(Role.SECRETARY), command())
admit_many = rule("people.admit_many", below(Role.OFFICER))
stage = rule("people.stage", below(Role.OFFICER), command())
admit_staged = rule("people.admit_staged", below(Role.OFFICER), command())
undo_staged = rule("people.undo_staged", below(Role.OFFICER), command())
confirm = rule("people.confirm", below(Role.OFFICER), here(Role.SECRETARY))
transfer = rule("people.transfer", below(Role.OFFICER))
transfer_many = rule("people.transfer_many", below(Role.OFFICER))
leave = rule("people.leave", below(Role.OFFICER), here(Role.SECRETARY))
restore = rule("people.restore", below(Role.OFFICER))

describe = rule("people.describe", below(Role.OFFICER), here(Role.SECRETARY))
call = rule("people.call", below(Role.OFFICER), here(Role.SECRETARY))
correct = rule("people.correct", below(Role.OFFICER), here(Role.SECRETARY))
renumber = rule("people.renumber", below(Role.OFFICER))
unite = rule("people.unite", below(Role.OFFICER))
purge = rule("people.purge", below(Role.OFFICER))

float_away = rule("people.float_away", below(Role.OFFICER), here(Role.SECRETARY))
float_many = rule("people.float_many", below(Role.OFFICER))
float_home = rule("people.float_home", below(Role.OFFICER), here(Role.SECRETARY))
receive = rule("people.receive", below(Role.OFFICER), here(Role.SECRETARY))
lend = rule("people.lend", below(Role.OFFICER), here(Role.SECRETARY))
lend_many = rule("people.lend_many", below(Role.OFFICER))
take_back = rule("people.take_back", below(Role.OFFICER), here(Role.SECRETARY), command())

look = rule(
    "people.look",
    here(*TEAM),
    below(Role.OFFICER, Role.AUDITOR),
    concerned("id"),
    taking_part("floatings__destination", *TEAM, Role.OFFICER),
    taking_part("loans__organisation", *TEAM, Role.OFFICER),
)
look_at_many = rule("people.look_at_many", here(*TEAM), below(Role.OFFICER, Role.AUDITOR))
reveal = rule("people.reveal", here(Role.SECRETARY), below(Role.OFFICER), concerned("id"))
