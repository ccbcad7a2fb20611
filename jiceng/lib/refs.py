"""Random names for addresses: what stands in a URL says nothing about how many there are or who came first."""

import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no i, l, o, u, so that a name can be read out over the telephone."""

LENGTH = 10


def new_ref() -> str:
    """Fifty random bits in ten characters."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


_MEANT = str.maketrans("OIL", "011")


def spoken(ref: str) -> str:
    """A name as it is printed and read out: two groups of five."""
    return f"{ref[:5]}-{ref[5:]}".upper()


def heard(text: str) -> str:
    """The name that somebody typed from paper, whatever the case and the strokes between; empty where it is none."""
    said = "".join(sign for sign in text.upper() if sign.isalnum()).translate(_MEANT).lower()
    return said if len(said) == LENGTH and set(said) <= set(ALPHABET) else ""
