"""Accounts opened on paper: a name and a password that work once, then a password of one's own."""

import copy
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from typing import Any

from axes import utils as axes
from django.contrib.auth.hashers import Argon2PasswordHasher, get_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from jiceng.kernel.access import Actor, Held, action, bulk_root, posts_of
from jiceng.kernel.history.models import CHUNK
from jiceng.kernel.journal.bulk import insert
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people.models import Person
from jiceng.lib import text
from jiceng.lib.paths import is_under
from jiceng.lib.refs import ALPHABET
from jiceng.lib.refusals import NotAllowed, Refused, RowsRefused

from .. import rules
from ..models import SignIn, Token, User

MOST = 2000
"""Accounts opened at once: a stack of paper that can still be handed out."""

LENGTH = 12
"""Characters of a generated password: 60 random bits."""


@dataclass(frozen=True)
class Slip:
    """What is printed once and handed to one person; nothing keeps the password."""

    name: str
    organisation: str
    username: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Opened:
    """The accounts that were opened, with their slips."""

    rows: int
    root: str
    slips: tuple[Slip, ...] = field(repr=False)


@action(rules.open_accounts)
def open_accounts(subject: Organisation, *, people: Sequence[int], by: Actor, at: datetime) -> Opened:
    """Opens accounts for people who belong to, or serve at, `subject` or below; those who have one are left out."""
    if len(people) > MOST:
        raise Refused(f"一次最多开通 {MOST} 个账号，请分批办理。")
    found = _people(people)
    posts = posts_of([person.pk for person in found])
    faults = [
        (number, why)
        for number, person in enumerate(found, start=1)
        if (why := _why_not(subject, person, posts.get(person.pk, []), by))
    ]
    if faults:
        raise RowsRefused(faults)
    passwords = [new_password() for _ in found]
    users = insert(
        User(person=person, username=username, password=_hash_of(password), opened_at=at)
        for person, username, password in zip(found, _usernames(found), passwords, strict=True)
    )
    slips = tuple(
        Slip(user.person.name, _belongs(user.person), user.username, password)
        for user, password in zip(users, passwords, strict=True)
    )
    return Opened(len(users), bulk_root(user.person_id for user in users), slips)


@action(rules.reset)
def reset(subject: User, *, by: Actor, at: datetime) -> Slip:
    """A new password on paper; every session and token of the old one ends."""
    if not subject.is_active:
        raise Refused("这个账号已停用，请先由安全管理员恢复使用。")
    if by.person is not None and by.person == subject.person_id:
        raise Refused("自己的密码请用“修改密码”。")
    if not rules.outranks(rules.reset, by, posts_of([subject.person_id]).get(subject.person_id, [])):
        raise NotAllowed("这个人还担任您管不到的职务，请由那一级的组织员或安全管理员重置。")
    password = new_password()
    subject.password, subject.must_change = _hash_of(password), True
    subject.save(update_fields=["password", "must_change"])
    SignIn.objects.filter(user=subject, ended_at=None).update(ended_at=at)
    Token.objects.filter(user=subject, ended_at=None).update(ended_at=at)
    axes.reset(username=subject.username)
    return Slip(subject.person.name, _belongs(subject.person), subject.username, password)


@action(rules.change_password)
def change_password(subject: User, *, current: str, new: str, by: Actor, at: datetime, keep: int | None = None) -> User:
    """One's own new password; every session but the kept one ends."""
    if not subject.check_password(current):
        raise Refused("现在的密码不对，请再输一次；忘了就请上级组织重置。")
    if new == current:
        raise Refused("新密码不能和现在的一样。")
    try:
        validate_password(new, subject)
    except ValidationError as wrong:
        raise Refused("".join(wrong.messages)) from None
    subject.password, subject.must_change = make_password(new), False
    subject.save(update_fields=["password", "must_change"])
    SignIn.objects.filter(user=subject, ended_at=None).exclude(pk=keep or 0).update(ended_at=at)
    return subject


def new_password() -> str:
    """Sixty random bits in letters and digits that cannot be taken for one another."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def _hash_of(password: str) -> str:
    """A generated password cannot be guessed at any speed, so it is hashed with little memory: ten times faster."""
    hasher: Any = copy.copy(get_hasher())
    if isinstance(hasher, Argon2PasswordHasher):
        hasher.time_cost, hasher.memory_cost, hasher.parallelism = 1, 8192, 1
    return make_password(password, hasher=hasher)


def _people(wanted: Sequence[int]) -> list[Person]:
    """Those who have no account yet, in the order of the tree."""
    found: list[Person] = []
    for some in batched(dict.fromkeys(wanted), CHUNK):
        found += Person.objects.filter(pk__in=some, user=None).select_related("organisation")
    return sorted(found, key=lambda person: (person.organisation.path if person.organisation else "", person.pk))


def _why_not(subject: Organisation, person: Person, posts: Sequence[Held], by: Actor) -> str:
    paths = [post.path for post in posts] + ([person.organisation.path] if person.organisation else [])
    if not any(is_under(path, subject.path) for path in paths):
        return f"{person.name}不在“{subject.name}”及其下级，也没有在那里任职。"
    if not rules.outranks(rules.open_accounts, by, posts):
        return f"{person.name}还担任您管不到的职务，请由那一级的组织员或安全管理员开通。"
    return ""


def _usernames(people: Iterable[Person]) -> list[str]:
    """Pinyin initials and digits, short enough to type on a phone; none that is taken."""
    stems = [text.initials(person.name)[:6] or "u" for person in people]
    names: dict[str, None] = {}
    for stem in stems:
        _add(names, stem)
    while taken := _taken(names):
        for name in taken:
            del names[name]
        for name in taken:
            _add(names, name.rstrip("0123456789"), taken)
    return _in_order(stems, names)


def _add(names: dict[str, None], stem: str, taken: frozenset[str] = frozenset()) -> None:
    name = f"{stem}{secrets.randbelow(900_000) + 100_000}"
    while name in names or name in taken:
        name = f"{stem}{secrets.randbelow(900_000) + 100_000}"
    names[name] = None


def _taken(names: Iterable[str]) -> frozenset[str]:
    there: set[str] = set()
    for some in batched(names, CHUNK):
        there.update(User.objects.filter(username__in=some).values_list("username", flat=True))
    return frozenset(there)


def _in_order(stems: Sequence[str], names: Iterable[str]) -> list[str]:
    """Each stem's next name: names that were replaced stand at the end, so they are dealt out by stem."""
    dealt: dict[str, list[str]] = {}
    for name in names:
        dealt.setdefault(name.rstrip("0123456789"), []).append(name)
    return [dealt[stem].pop() for stem in stems]


def _belongs(person: Person) -> str:
    return person.organisation.name if person.organisation else ""
