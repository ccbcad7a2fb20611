"""Sealed fields: what is stored of a number is readable only with the installation's key and the person's own salt.

An envelope is one byte for the algorithm, four for the master key, twelve of nonce, then the sealed text; all of it and
the name of the field are authenticated. The person's key is derived from the master key and the salt on the person's
row: destroying the salt destroys everything under it.
"""

import hashlib
import hmac
import os
from dataclasses import dataclass
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

AES_256_GCM = 1
SM4_GCM = 2
_NONCE = 12
_TAG = 16


class Unreadable(ValueError):
    """An envelope does not open: another key, another salt, another field, or altered bytes."""


@dataclass(frozen=True)
class MasterKey:
    """Thirty-two bytes of an installation, known in envelopes by the first four bytes of their digest."""

    material: bytes

    @cached_property
    def name(self) -> bytes:
        return hashlib.sha256(b"jiceng key name" + self.material).digest()[:4]

    def of(self, salt: bytes) -> bytes:
        """The key of one person."""
        return hmac.digest(self.material, b"person" + salt, "sha256")


@dataclass(frozen=True)
class Keyring:
    """The master keys, newest first; sealing uses the newest, opening finds the one that sealed."""

    keys: tuple[MasterKey, ...]
    algorithm: int = AES_256_GCM

    @classmethod
    def of(cls, *materials: bytes, algorithm: int = AES_256_GCM) -> "Keyring":
        return cls(tuple(MasterKey(material) for material in materials), algorithm)

    @cached_property
    def lookup_key(self) -> bytes:
        """Derived from the oldest key, so that numbers are found again after a rotation."""
        return hmac.digest(self.keys[-1].material, b"lookup", "sha256")


def seal(keyring: Keyring, salt: bytes, field: str, text: str) -> bytes:
    """Seals a text under a person's salt; `field` ("people.person.number") is bound to it."""
    return seal_bytes(keyring, salt, field, text.encode())


def seal_bytes(keyring: Keyring, salt: bytes, field: str, content: bytes) -> bytes:
    """The same for any content."""
    master = keyring.keys[0]
    nonce = os.urandom(_NONCE)
    head = bytes([keyring.algorithm]) + master.name + nonce
    key = master.of(salt)
    if keyring.algorithm == AES_256_GCM:
        return head + AESGCM(key).encrypt(nonce, content, head + field.encode())
    sealing = Cipher(algorithms.SM4(key[:16]), modes.GCM(nonce)).encryptor()
    sealing.authenticate_additional_data(head + field.encode())
    return head + sealing.update(content) + sealing.finalize() + sealing.tag


def unseal(keyring: Keyring, salt: bytes, field: str, envelope: bytes) -> str:
    """Opens an envelope of a text. Raises Unreadable."""
    return unseal_bytes(keyring, salt, field, envelope).decode()


def unseal_bytes(keyring: Keyring, salt: bytes, field: str, envelope: bytes) -> bytes:
    """Opens an envelope. Raises Unreadable."""
    envelope = bytes(envelope)
    if len(envelope) < 5 + _NONCE + _TAG:
        raise Unreadable("too short to be an envelope")
    algorithm, name, nonce, sealed = envelope[0], envelope[1:5], envelope[5 : 5 + _NONCE], envelope[5 + _NONCE :]
    master = next((key for key in keyring.keys if key.name == name), None)
    if master is None or algorithm not in (AES_256_GCM, SM4_GCM):
        raise Unreadable("no key or algorithm of that name")
    key, bound = master.of(bytes(salt)), envelope[: 5 + _NONCE] + field.encode()
    try:
        if algorithm == AES_256_GCM:
            return AESGCM(key).decrypt(nonce, sealed, bound)
        opening = Cipher(algorithms.SM4(key[:16]), modes.GCM(nonce, sealed[-_TAG:])).decryptor()
        opening.authenticate_additional_data(bound)
        return opening.update(sealed[:-_TAG]) + opening.finalize()
    except InvalidTag:
        raise Unreadable("the key, the salt, the field or the bytes are not those that sealed it") from None


def lookup_hash(keyring: Keyring, kind: str, text: str) -> bytes:
    """Thirty-two bytes by which an exact number is found; useless without the installation's key."""
    return hmac.digest(keyring.lookup_key, f"{kind}:{text}".encode(), "sha256")
