"""Reading tokens; a person sees their own."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from storefront.accounts.models import Person
from storefront.api.models import PREFIX, ApiToken, digest_of
from storefront.kit.db import db
from storefront.kit.errors import NotFound


def token_of_secret(secret: str) -> ApiToken | None:
    """The token that a secret opens, with its person; None if it opens nothing any more, or never did."""
    if not secret.startswith(PREFIX):
        return None
    query = sa.select(ApiToken).where(ApiToken.digest == digest_of(secret)).options(joinedload(ApiToken.person))
    token = db.session.scalar(query)
    return token if token is not None and token.is_good else None


def tokens_of(person: Person) -> Sequence[ApiToken]:
    """The tokens that a person has not revoked, the latest first, expired ones too."""
    mine = sa.select(ApiToken).where(ApiToken.person_id == person.id, ApiToken.revoked_at.is_(None))
    return db.session.scalars(mine.order_by(ApiToken.id.desc())).all()


def token_for(person: Person, public_id: str) -> ApiToken:
    """A token of theirs. Raises NotFound for anybody else's."""
    mine = sa.select(ApiToken).where(ApiToken.public_id == public_id, ApiToken.person_id == person.id)
    token = db.session.scalar(mine)
    if token is None:
        raise NotFound
    return token
