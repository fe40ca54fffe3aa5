"""Identifiers that look like Stripe's: a prefix that says the kind, then random letters and digits."""

from __future__ import annotations

import secrets
import string

_ALPHABET = string.ascii_letters + string.digits


def new_id(prefix: str, length: int = 24) -> str:
    """A fresh identifier such as `pi_4fK2...`; `length` counts what follows the prefix."""
    return f"{prefix}_{''.join(secrets.choice(_ALPHABET) for _ in range(length))}"
