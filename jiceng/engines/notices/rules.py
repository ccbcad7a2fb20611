from jiceng.kernel.access import Role, anyone, below, command, concerned, here, rule

_TEAM = (Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.COMMITTEE_MEMBER)

see = rule("notices.see", below(*_TEAM, Role.OFFICER, Role.AUDITOR))
"""Drafts, objections and what was withdrawn, too."""

read = rule("notices.read", concerned("organisation__members", is_member=True))
"""Of what is published: an organisation's own members. What is public needs no rule."""

draft = rule("notices.draft", here(*_TEAM), below(Role.OFFICER), command())
revise = rule("notices.revise", here(*_TEAM), below(Role.OFFICER), command())
discard = rule("notices.discard", here(*_TEAM), below(Role.OFFICER), command())
publish = rule("notices.publish", here(Role.SECRETARY), below(Role.OFFICER), command())
correct = rule("notices.correct", here(Role.SECRETARY), below(Role.OFFICER))
withdraw = rule("notices.withdraw", here(Role.SECRETARY), below(Role.OFFICER), command())
answer = rule("notices.answer", here(Role.SECRETARY), below(Role.OFFICER))

raise_objection = rule("notices.raise_objection", anyone())
"""A notice that takes objections takes them from whoever reads it: nobody signs in to disagree."""

see_due = rule("notices.see_due", below(*_TEAM, Role.OFFICER, Role.AUDITOR))
"""Asked of an organisation: whether what it owes was published."""
