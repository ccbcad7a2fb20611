from jiceng.kernel.access import Role, in_totals, rule

see_journal = rule("journal.see", in_totals(Role.AUDIT_ADMINISTRATOR, Role.AUDITOR))
