"""The letters about an account.

Those with a link are asked for by e-mail and written by a job, so that neither the words nor the time of the
answer tell whether there is an account.
"""

from __future__ import annotations

from datetime import timedelta

from flask import current_app
from flask_security.confirmable import generate_confirmation_token
from flask_security.recoverable import generate_reset_password_token

from storefront.accounts.models import Person
from storefront.accounts.queries import find_person
from storefront.kit.jobs import announce
from storefront.kit.mail import send_mail
from storefront.kit.urls import absolute_url

CONFIRMATION = "accounts.write_confirmation"
RESET = "accounts.write_reset"


def ask_for_confirmation(email: str, next: str = "") -> None:
    """Ask for the letter that confirms ``email``; its link leads on to the path ``next``."""
    announce(CONFIRMATION, email=email, next=next)


def ask_for_reset(email: str, next: str = "") -> None:
    """Ask for the letter that lets the owner of ``email`` set a new password."""
    announce(RESET, email=email, next=next)


def write_confirmation(email: str, next: str) -> None:
    """Send the link that confirms ``email``, if it has an account that still needs it."""
    person = find_person(email)
    if person is None or person.is_verified:
        return
    token = generate_confirmation_token(person)
    link = absolute_url("accounts.confirm_email", token=token, next=next or None)
    _send(person, "Confirm your e-mail", "confirm", link=link, days=_within("CONFIRM_EMAIL").days)


def write_reset(email: str, next: str) -> None:
    """Send the link that sets a new password, if ``email`` has an account."""
    person = find_person(email)
    if person is None or not person.active:
        return
    token = generate_reset_password_token(person)
    link = absolute_url("accounts.reset_password", token=token, next=next or None)
    hours = _within("RESET_PASSWORD") // timedelta(hours=1)
    _send(person, "Set a new password", "reset", link=link, hours=hours)


def send_password_changed(person: Person) -> None:
    """Tell somebody that their password was changed, in case it was not them."""
    link = absolute_url("accounts.forgot_password")
    _send(person, "Your password was changed", "password_changed", link=link)


def _send(person: Person, subject: str, template: str, **context: object) -> None:
    send_mail(person.email, subject, f"accounts/email/{template}", person=person, **context)


def _within(what: str) -> timedelta:
    found: timedelta = current_app.config[f"SECURITY_{what}_WITHIN"]
    return found
