from jiceng.kernel.access import Role, below, command, concerned, here, rule

NAMED = (Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.COMMITTEE_MEMBER)
"""Those of an organisation who see its people's names, and so the cases about them (as `people.see`)."""

_NOBODY = "不关于个人的"

TEAM = (
    Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.COMMITTEE_MEMBER, Role.GROUP_LEADER, Role.OFFICER,
    Role.FIRST_SECRETARY, Role.VILLAGE_DIRECTOR, Role.COOPERATIVE_HEAD,
)  # fmt: skip
"""Those who act at their own organisation, each in the steps that a file gives to the post."""

ABOVE = (Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.OFFICER)
"""Those whom a file may name at a level above."""

_acting = (here(*TEAM), below(*ABOVE), command())

see = rule(
    "procedures.see",
    here(*NAMED), below(Role.OFFICER, Role.AUDITOR), concerned("person"),
    here(*(role for role in TEAM if role not in NAMED)).where(_NOBODY, person=None),
    below(*(role for role in ABOVE if role != Role.OFFICER)).where(_NOBODY, person=None),
)  # fmt: skip
open = rule("procedures.open", *_acting)  # noqa: A001  # the verb's own word
enter = rule("procedures.enter", *_acting)
enter_many = rule("procedures.enter_many", below(Role.OFFICER), command())
end_step = rule("procedures.end_step", *_acting)
note_round = rule("procedures.note_round", *_acting)
give_reply = rule("procedures.give_reply", *_acting)
keep_paper = rule("procedures.keep_paper", *_acting)
hold_meeting = rule("procedures.hold_meeting", *_acting)
bring_meeting = rule("procedures.bring_meeting", *_acting)
post_notice = rule("procedures.post_notice", *_acting)
correct = rule("procedures.correct", here(Role.SECRETARY), below(Role.OFFICER), command())
withdraw = rule("procedures.withdraw", here(Role.SECRETARY), below(Role.OFFICER), command())
suspend = rule("procedures.suspend", here(Role.SECRETARY), below(Role.OFFICER), command())
hand_over = rule("procedures.hand_over", here(Role.SECRETARY), below(Role.OFFICER), command())
resume = rule("procedures.resume", here(Role.SECRETARY), below(Role.OFFICER), command())
