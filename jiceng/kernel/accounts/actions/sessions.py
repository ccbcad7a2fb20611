"""Somebody comes in, goes out, or ends a session on a lost device."""

from datetime import datetime

from jiceng.kernel.access import Actor, action
from jiceng.lib.refusals import Refused

from .. import rules
from ..models import SignIn, User


@action(rules.sign_in)
def sign_in(
    subject: User, *, device: str, address: str | None, is_own: bool, by: Actor, at: datetime,
    instead_of: int | None = None,
) -> SignIn:  # fmt: skip
    """A person whose password was right comes in; the session that this one replaces ends."""
    if not subject.is_active:
        raise Refused("这个账号已停用，请找安全管理员。")
    SignIn.objects.filter(user=subject, pk=instead_of or 0, ended_at=None).update(ended_at=at)
    return SignIn.objects.create(user=subject, device=device[:200], address=address or None, is_own=is_own, at=at)


@action(rules.sign_out)
def sign_out(subject: SignIn, *, by: Actor, at: datetime) -> SignIn:
    """One leaves, or was away too long."""
    return _end(subject, at)


@action(rules.end_sign_in)
def end_sign_in(subject: SignIn, *, by: Actor, at: datetime) -> SignIn:
    """Ends a session from another device; its next request finds nobody signed in."""
    if subject.ended_at is not None:
        raise Refused("这次登录已经结束。")
    return _end(subject, at)


def _end(subject: SignIn, at: datetime) -> SignIn:
    subject.ended_at = at
    subject.save(update_fields=["ended_at"])
    return subject
