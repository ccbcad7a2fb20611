"""What is kept sealed of an objection: how to reach whoever raised it, and where it came from on that day."""

import hmac
from datetime import date
from functools import lru_cache

from django.conf import settings

from jiceng.lib import sealing

from .models import Objection

_CONTACT = "notices.contact"


@lru_cache(maxsize=1)
def _keyring(material: bytes) -> sealing.Keyring:
    return sealing.Keyring.of(material)


def seal_contact(salt: bytes, contact: str) -> bytes | None:
    """The bytes to store; None where nobody left a contact."""
    return sealing.seal(_keyring(settings.SEALING_KEY), salt, _CONTACT, contact) if contact else None


def contact_of(objection: Objection) -> str:
    """How to reach whoever raised it; empty where nothing was left."""
    if objection.contact is None:
        return ""
    return sealing.unseal(_keyring(settings.SEALING_KEY), bytes(objection.salt), _CONTACT, bytes(objection.contact))


def caller_of(address: str, day: date) -> bytes:
    """The address of a visitor as it is counted on one day. The next day nobody can tell that it is the same."""
    key = _keyring(settings.SEALING_KEY).lookup_key
    return hmac.digest(key, f"notices.caller:{day.isoformat()}:{address}".encode(), "sha256")[:16]
