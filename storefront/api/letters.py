"""The letter about a new token."""

from __future__ import annotations

from storefront.accounts.models import Person
from storefront.api.models import ApiToken
from storefront.api.scopes import SCOPES
from storefront.kit.mail import send_mail
from storefront.kit.urls import absolute_url


def send_made(person: Person, token: ApiToken) -> None:
    """Tell somebody that a program may act for them now, in case it was not their doing."""
    allowed = [SCOPES[scope] for scope in token.scopes]
    link = absolute_url("tokens.index")
    send_mail(
        person.email, "A new access token", "api/email/token_made",
        person=person, token=token, allowed=allowed, link=link,
    )  # fmt: skip
