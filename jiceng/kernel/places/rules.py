from jiceng.kernel.access import Role, anyone, around, command, rule

# Places belong to no organisation: an officer reaches what is below the place where his organisation stands, and
# never that place itself, of which those above decide (村民委员会组织法第三条; 行政区划管理条例). Editions of the whole
# country are the operator's.
_ABOVE = around("parent__organisation", Role.OFFICER)

see = rule("places.see", anyone())
load = rule("places.load", command())
undo_load = rule("places.undo_load", command())
add_below = rule("places.add_below", around("organisation", Role.OFFICER), command())
rename = rule("places.rename", _ABOVE, command())
recode = rule("places.recode", _ABOVE, command())
merge = rule("places.merge", _ABOVE, command())
move = rule("places.move", _ABOVE, command())
close = rule("places.close", _ABOVE, command())
