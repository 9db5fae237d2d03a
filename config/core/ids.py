"""Public ids: a prefix and 8 random Crockford base-32 characters (40 bits), not guessable."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8


def new_id(prefix: str) -> str:
    """Return a new id such as ``EVT-7K3M9Q2X``. A collision is a duplicate key error of the insert."""
    bits = secrets.randbits(5 * LENGTH)
    return prefix + "-" + "".join(ALPHABET[bits >> shift & 31] for shift in range(0, 5 * LENGTH, 5))


def id_pattern(prefix: str) -> str:
    """Return the regular expression that ids with this prefix match."""
    return f"^{prefix}-[{ALPHABET}]{{{LENGTH}}}$"
