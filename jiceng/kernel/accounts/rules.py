from collections.abc import Iterable

from jiceng.kernel.access import ADMINISTRATORS, Actor, Held, Role, Rule, below, command, concerned, here, rule
from jiceng.lib.paths import is_under

see = rule("accounts.see", below(Role.SECURITY_ADMINISTRATOR, Role.OFFICER), here(Role.SECRETARY))
see_own = rule("accounts.see_own", concerned("user__person_id"))
open_accounts = rule(
    "accounts.open_accounts", below(Role.SECURITY_ADMINISTRATOR, Role.OFFICER), here(Role.SECRETARY), command()
)
reset = rule("accounts.reset", below(Role.SECURITY_ADMINISTRATOR, Role.OFFICER), here(Role.SECRETARY), command())
disable = rule("accounts.disable", below(Role.SECURITY_ADMINISTRATOR), command())
enable = rule("accounts.enable", below(Role.SECURITY_ADMINISTRATOR), command())
sign_in = rule("accounts.sign_in", concerned("person_id"))
change_password = rule("accounts.change_password", concerned("person_id"))
sign_out = rule("accounts.sign_out", concerned("user__person_id"))
end_sign_in = rule("accounts.end_sign_in", concerned("user__person_id"), below(Role.SECURITY_ADMINISTRATOR))
issue_token = rule("accounts.issue_token", concerned("person_id"))
end_token = rule("accounts.end_token", concerned("user__person_id"), below(Role.SECURITY_ADMINISTRATOR))


def outranks(asked: Rule, by: Actor, posts: Iterable[Held]) -> bool:
    """Whether none of a person's posts reaches beyond the actor's own.

    Who hands out a password could use it. So a town's officer gets none for a member of his town who is an officer of
    the county, and only the security administrator gets one for an administrator.
    """
    if by.kind == "command":
        return True
    tops = asked.held_by(by)
    near = {post.organisation for post in by.held() if post.role == Role.SECRETARY}
    grantors = [top for top in tops if top.role == Role.SECURITY_ADMINISTRATOR]

    def is_within(post: Held) -> bool:
        if post.role in ADMINISTRATORS or post.role == Role.AUDITOR:
            return any(is_under(post.path, top.path) for top in grantors)
        if post.role == Role.OFFICER:
            return any(is_under(post.path, top.path) for top in tops)
        return post.organisation in near or any(is_under(post.path, top.path) for top in tops)

    return all(is_within(post) for post in posts)
