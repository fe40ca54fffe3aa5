"""People joining, confirming and changing passwords, and what operators may do to accounts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from flask_security.changeable import change_user_password
from flask_security.confirmable import confirm_user
from flask_security.recoverable import update_password

from storefront.accounts import letters
from storefront.accounts.models import LONGEST_HANDLE, PLANS, Membership, Person, Workspace
from storefront.accounts.passwords import hashed
from storefront.accounts.queries import find_person, personal_workspace
from storefront.events.services import record
from storefront.kit import clock
from storefront.kit.db import db
from storefront.kit.errors import Refusal
from storefront.kit.ids import token
from storefront.kit.inserts import insert_if_new
from storefront.kit.slices import ask

NOT_IN_HANDLES = re.compile(r"[^a-z0-9]+")
SUFFIX = 4  # characters told apart by two people of one name


class EmailTaken(Refusal):
    status = 422
    message = "There is an account with this e-mail already. Sign in instead."


def join(email: str, password: str, *, name: str, handle: str | None = None, **more: Any) -> Person:
    """A new person with their personal workspace. ``handle`` is drawn from the name unless given.

    The e-mail is not verified unless ``confirmed_at`` is among ``more``. Raises EmailTaken.
    """
    email = email.strip().lower()
    new = insert_if_new(
        Person, email=email, name=name, password=hashed(password),
        fs_uniquifier=token(32).lower(), joined_at=clock.now(), **more,
    )  # fmt: skip
    person = find_person(email)
    if not new or person is None:
        raise EmailTaken
    workspace = _make_personal_workspace(person, handle or handle_from(name))
    record("person.joined", person, by=person, workspace_id=workspace.id)
    return person


def _make_personal_workspace(person: Person, handle: str) -> Workspace:
    """The workspace of somebody who has none yet, under ``handle`` or the first free one like it."""
    now = clock.now()
    fields = {"kind": "personal", "name": person.name, "owner_id": person.id, "created_at": now}
    next(each for each in _handles_like(handle) if insert_if_new(Workspace, handle=each, **fields))
    workspace = personal_workspace(person)
    db.session.add(Membership(workspace_id=workspace.id, person_id=person.id, role="owner", since=now))
    return workspace


def handle_from(name: str) -> str:
    """A handle like the name: ``Ana María López`` gives ``ana-maria-lopez``."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    handle = NOT_IN_HANDLES.sub("-", plain).strip("-")[:LONGEST_HANDLE].rstrip("-")
    return handle or f"person-{token(5).lower()}"


def _handles_like(handle: str) -> Iterator[str]:
    yield handle
    while True:
        yield f"{handle[: LONGEST_HANDLE - SUFFIX - 1].rstrip('-')}-{token(SUFFIX).lower()}"


def confirm(person: Person) -> None:
    """Note that the person reads the mail sent to their e-mail. Doing so twice changes nothing."""
    if confirm_user(person):
        record("person.confirmed", person, by=person)


def reset_password(person: Person, password: str) -> None:
    """Set a new password for somebody who followed the link in their mailbox, which confirms the e-mail too.

    Ends every session the person has.
    """
    confirm(person)
    update_password(person, password)
    _password_changed(person)


def change_password(person: Person, password: str) -> None:
    """Set a new password for the person who is signed in here; every other session of theirs ends."""
    change_user_password(person, password, notify=False)
    _password_changed(person)


def _password_changed(person: Person) -> None:
    record("person.password_changed", person, by=person)
    letters.send_password_changed(person)


def grant_plan(person: Person, plan: str) -> None:
    """Give a person a plan by its name, for as long as nobody takes it back. What they pay for may be better."""
    person.granted_plan = plan
    settle_plan(person)


def settle_plan(person: Person) -> None:
    """Put a person on the best plan that they were given or pay for. What a poorer plan does not have stays, and can't
    be used. The slices that sell plans answer ``accounts.paid_plan`` with the name of what is paid for, or None."""
    paid = [name for name in ask("accounts.paid_plan", person) if name]
    plan = max((person.granted_plan, *paid), key=PLANS.index)
    if plan != person.plan:
        before, person.plan = person.plan, plan
        record("person.plan_changed", person, before=before, plan=plan)


def allow_naming(person: Person, allowed: bool) -> None:
    """Let a person's name stand beside what they cloned, or no more. Saying the same twice changes nothing."""
    if allowed != (person.named_since is not None):
        person.named_since = clock.now() if allowed else None
        record("person.naming_changed", person, by=person, allowed=allowed)


def make_operator(person: Person) -> None:
    """Let a person run the platform."""
    person.is_operator = True
    record("person.made_operator", person)
