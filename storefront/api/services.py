"""Making tokens, taking them back, and noting that one was used."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.api import letters
from storefront.api.models import HINT, PREFIX, ApiToken, digest_of
from storefront.api.queries import tokens_of
from storefront.api.scopes import SCOPES
from storefront.events.services import Happening, record
from storefront.kit import clock
from storefront.kit.db import db, step
from storefront.kit.errors import Conflict
from storefront.kit.ids import public_id
from storefront.kit.ids import token as random_text

SECRET = 40  # characters, 200 random bits
MOST_TOKENS = 25
NOTED_EVERY = timedelta(minutes=5)


class EnoughTokens(Conflict):
    title = "That is enough tokens."
    message = f"You have {MOST_TOKENS}. Revoke one that you no longer use."


def make_token(person: Person, name: str, scopes: Collection[str], *, days: int | None) -> tuple[ApiToken, str]:
    """A token and its secret, which can't be read again. ``days`` until it expires, None for never.

    Raises EnoughTokens. The person is told by mail, in case it was not them.
    """
    if len(tokens_of(person)) >= MOST_TOKENS:
        raise EnoughTokens
    secret = PREFIX + random_text(SECRET).lower()
    now = clock.now()
    made = ApiToken(
        public_id=public_id("pat"), person_id=person.id, name=name, digest=digest_of(secret), hint=secret[-HINT:],
        scopes=[scope for scope in SCOPES if scope in scopes], made_at=now,
        expires_at=now + timedelta(days=days) if days else None,
    )  # fmt: skip
    db.session.add(made)
    record("token.made", made, by=person)
    letters.send_made(person, made)
    return made, secret


def revoke(token: ApiToken, *, by: Person) -> None:
    """From now on it opens nothing. Doing so twice changes nothing."""
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        record("token.revoked", token, by=by)


def revoke_all(happening: Happening) -> None:
    """A new password ends what was let in under the old one, programs too."""
    person: Person = happening.subject
    for token in tokens_of(person):
        revoke(token, by=person)


def note_use(token: ApiToken) -> None:
    """Keep when a token was used last, to a few minutes: a program that asks often need not write each time."""
    now = clock.now()
    if token.used_at is not None and token.used_at > now - NOTED_EVERY:
        return
    with step():
        db.session.execute(sa.update(ApiToken).where(ApiToken.id == token.id).values(used_at=now))
