from jiceng.kernel.access import Role, below, command, concerned, here, rule

see = rule("intake.see", below(Role.OFFICER, Role.AUDITOR), here(Role.SECRETARY))
download = rule("intake.download", concerned("person"))
"""The list of faults holds the file's own cells, personal numbers too: it goes back to whoever sent the file."""

upload = rule("intake.upload", below(Role.OFFICER), here(Role.SECRETARY), command())
order = rule("intake.order", below(Role.OFFICER), here(Role.SECRETARY), command())
read = rule("intake.read", below(Role.OFFICER), here(Role.SECRETARY), command())
stage = rule("intake.stage", below(Role.OFFICER), here(Role.SECRETARY), command())
conclude = rule("intake.conclude", below(Role.OFFICER), here(Role.SECRETARY), command())
refuse = rule("intake.refuse", below(Role.OFFICER), here(Role.SECRETARY), command())
apply = rule("intake.apply", below(Role.OFFICER), here(Role.SECRETARY), command())
undo = rule("intake.undo", below(Role.OFFICER), here(Role.SECRETARY), command())
discard = rule("intake.discard", below(Role.OFFICER), here(Role.SECRETARY), command())
