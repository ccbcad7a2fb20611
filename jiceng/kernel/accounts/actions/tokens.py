"""Keys for a team's own systems: shown once, kept as a digest, ended at will."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from jiceng.kernel.access import Actor, action
from jiceng.lib.refusals import Refused

from .. import rules
from ..models import Token, User
from ..queries import digest_of

LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Issued:
    """A new token, and the one time that its text is seen."""

    token: Token
    raw: str = field(repr=False)


@action(rules.issue_token)
def issue_token(subject: User, *, name: str, until: datetime, by: Actor, at: datetime) -> Issued:
    """A key that reads and writes with this user's own rights, no more, until a day."""
    if not name.strip():
        raise Refused("请写明令牌的用途，例如“镇便民系统对接”。")
    if not at < until <= at + LONGEST:
        raise Refused("令牌的有效期最长一年，到期再签发。")
    raw = f"jc_{secrets.token_urlsafe(32)}"
    token = Token.objects.create(user=subject, name=name.strip(), hash=digest_of(raw), at=at, until=until)
    return Issued(token, raw)


@action(rules.end_token)
def end_token(subject: Token, *, by: Actor, at: datetime) -> Token:
    """The key no longer opens anything."""
    if subject.ended_at is not None:
        raise Refused("这个令牌已经收回。")
    subject.ended_at = at
    subject.save(update_fields=["ended_at"])
    return subject
