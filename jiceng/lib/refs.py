"""Random names for addresses: what stands in a URL says nothing about how many there are or who came first."""

import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no i, l, o, u, so that a name can be read out over the telephone."""

LENGTH = 10


def new_ref() -> str:
    """Fifty random bits in ten characters."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
