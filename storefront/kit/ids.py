"""Identifiers that may be shown: hard to guess, easy to read aloud."""

from __future__ import annotations

import secrets

# Crockford's alphabet leaves out I, L, O and U, so that no letter is taken for a digit
# (https://www.crockford.com/base32.html).
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def token(length: int) -> str:
    """``length`` random characters of Crockford's alphabet, five bits each."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def public_id(prefix: str) -> str:
    """An id such as ``ord_4k7q…``: the noun, then 100 random bits in lower case."""
    return f"{prefix}_{token(20).lower()}"


def license_number() -> str:
    """A number such as ``SF-7K2M-40Q9-X1BD``: sixty random bits, so no two licenses share one."""
    return "-".join(("SF", token(4), token(4), token(4)))
