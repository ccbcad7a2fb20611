from jiceng.kernel.access import Role, below, command, rule

merge = rule("reorganisation.merge", below(Role.OFFICER))
split = rule("reorganisation.split", below(Role.OFFICER))
dissolve = rule("reorganisation.dissolve", below(Role.OFFICER))
end_temporary = rule("reorganisation.end_temporary", below(Role.OFFICER), command())
reorganise = rule("reorganisation.reorganise", below(Role.OFFICER), command())
