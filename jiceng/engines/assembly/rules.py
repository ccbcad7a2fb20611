from jiceng.kernel.access import Role, below, command, concerned, here, rule

TEAM = (
    Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.COMMITTEE_MEMBER, Role.GROUP_LEADER, Role.VILLAGE_DIRECTOR,
)  # fmt: skip
"""Those who hold meetings at their own organisation."""

_own = (here(*TEAM), command())

# An office above sees that there was a meeting and what it decided; a member, the meetings at which they were called.
see = rule("assembly.see", here(*TEAM), below(Role.OFFICER, Role.AUDITOR), concerned("roll__person"))

# Who was there, and how each voted by hand.
see_names = rule("assembly.see_names", here(*TEAM), command())

call = rule("assembly.call", *_own)
record = rule("assembly.record", *_own)
change = rule("assembly.change", *_own)
cancel = rule("assembly.cancel", *_own)
open = rule("assembly.open", *_own)  # noqa: A001  # the verb's own word
exclude = rule("assembly.exclude", *_own)
readmit = rule("assembly.readmit", *_own)
attend = rule("assembly.attend", *_own)
record_vote = rule("assembly.record_vote", *_own)
write_minutes = rule("assembly.write_minutes", *_own)
reconvene = rule("assembly.reconvene", *_own)
close = rule("assembly.close", *_own)
correct = rule("assembly.correct", here(Role.SECRETARY), command())
correct_vote = rule("assembly.correct_vote", here(Role.SECRETARY), command())
