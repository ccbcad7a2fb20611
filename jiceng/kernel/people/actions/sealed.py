"""The sealed fields of a person: encrypted with a key that the person's own salt completes."""

from functools import lru_cache

from django.conf import settings

from jiceng.lib import numbers, sealing
from jiceng.lib.refusals import Refused

from ..models import Person


@lru_cache(maxsize=1)
def _keyring(material: bytes) -> sealing.Keyring:
    return sealing.Keyring.of(material)


def seal(person: Person, field: str, said: str) -> bytes | None:
    """The bytes to store for a text; None for no text."""
    return seal_with(bytes(person.salt), field, said)


def seal_with(salt: bytes, field: str, said: str) -> bytes | None:
    """The same, for a person who is not stored yet."""
    if not said.strip():
        return None
    text = numbers.normalise(said) if field == "number" else said.strip()
    return sealing.seal(_keyring(settings.SEALING_KEY), salt, f"people.person.{field}", text)


def unseal(person: Person, field: str, stored: bytes | memoryview) -> str:
    """The text again. Raises Refused once the person's salt is destroyed or the installation has another key."""
    return unseal_with(bytes(person.salt), field, bytes(stored))


def unseal_with(salt: bytes, field: str, stored: bytes) -> str:
    """The same, by the salt alone."""
    try:
        return sealing.unseal(_keyring(settings.SEALING_KEY), salt, f"people.person.{field}", stored)
    except sealing.Unreadable as lost:
        raise Refused("这一项已经不能解密：档案已清除，或平台换过密钥。") from lost


def digest_of(document: str, number: str) -> bytes | None:
    """The keyed digest by which a number is found; None for no number. Documents of different kinds never meet."""
    said = numbers.normalise(number)
    return sealing.lookup_hash(_keyring(settings.SEALING_KEY), str(document), said) if said else None
