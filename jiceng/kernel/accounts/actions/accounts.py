"""An account is disabled and enabled; what it signed stays."""

from datetime import datetime

from jiceng.kernel.access import Actor, action
from jiceng.kernel.people.models import Person
from jiceng.lib.refusals import Refused

from .. import rules
from ..models import Disabling, SignIn, Token, User


@action(rules.disable)
def disable(subject: User, *, reason: str, by: Actor, at: datetime) -> Disabling:
    """The account may not be used from now on; its sessions and tokens end at once."""
    if not subject.is_active:
        raise Refused("这个账号已经停用。")
    if by.person is not None and by.person == subject.person_id:
        raise Refused("不能停用自己的账号。")
    if not reason.strip():
        raise Refused("请写明停用的事由。")
    SignIn.objects.filter(user=subject, ended_at=None).update(ended_at=at)
    Token.objects.filter(user=subject, ended_at=None).update(ended_at=at)
    return Disabling.objects.create(user=subject, reason=reason.strip(), by_name=by.name, at=at)


@action(rules.enable)
def enable(subject: User, *, by: Actor, at: datetime) -> User:
    """The account may be used again, with the password it had."""
    ended, _ = Disabling.objects.filter(user=subject).delete()
    if not ended:
        raise Refused("这个账号没有停用。")
    if hasattr(subject.person, "union"):
        raise Refused("本人的这份档案已并入另一份，请为保留的档案开通账号。")
    return User.objects.get(pk=subject.pk)


def stay_with_dropped(kept: Person, dropped: Person, by: Actor) -> None:
    """An account signs for one record and is never passed on; of a record that is dropped nobody may use it."""
    user = User.objects.select_for_update(of=("self",)).filter(person=dropped).first()
    if user is not None and user.is_active:
        raise Refused(f"要并掉的档案有账号“{user.username}”，请先由安全管理员停用，再并档；保留的档案另有或另开账号。")
