"""The door of the operator desk."""

from __future__ import annotations

from typing import Any

from flask_login import current_user
from flask_security import auth_required

from storefront.kit.errors import NotFound


@auth_required()
def operators_only() -> None:
    """Runs before every request of an operators' blueprint. For everybody else its pages do not exist."""
    if not current_user.is_operator:
        raise NotFound


def is_operator(person: Any) -> bool:
    """Whether ``person``, who may be a stranger, sees the operator desk."""
    return bool(person.is_authenticated and person.is_operator)
