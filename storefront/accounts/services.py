"""People joining, and what operators may do to accounts."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from flask_security import hash_password

from storefront.accounts.models import LONGEST_HANDLE, Membership, Person, Workspace
from storefront.events.services import record
from storefront.kit import clock
from storefront.kit.db import db
from storefront.kit.ids import token
from storefront.kit.inserts import insert_if_new

NOT_IN_HANDLES = re.compile(r"[^a-z0-9]+")


def join(email: str, password: str, *, name: str, handle: str | None = None, **more: Any) -> Person:
    """A new person with their personal workspace. ``handle`` is drawn from the name unless given.

    The e-mail is not verified unless ``confirmed_at`` is among ``more``.
    """
    person = Person(
        email=email.strip().lower(), name=name, password=hash_password(password),
        fs_uniquifier=token(32).lower(), joined_at=clock.now(), **more,
    )  # fmt: skip
    db.session.add(person)
    db.session.flush()
    make_personal_workspace(person, handle)
    return person


def make_personal_workspace(person: Person, handle: str | None = None) -> Workspace:
    """The workspace every person has, under ``handle`` or the first free one like their name."""
    wanted = handle or handle_from(person.name)
    now = clock.now()
    taken = wanted
    while not insert_if_new(
        Workspace, kind="personal", handle=taken, name=person.name, role_line="", about="",
        owner_id=person.id, created_at=now,
    ):  # fmt: skip
        taken = f"{wanted[: LONGEST_HANDLE - 5]}-{token(4).lower()}"
    from storefront.accounts.queries import personal_workspace

    workspace = personal_workspace(person)
    db.session.add(Membership(workspace_id=workspace.id, person_id=person.id, role="owner", since=now))
    record("person.joined", person, by=person, workspace_id=workspace.id)
    return workspace


def handle_from(name: str) -> str:
    """A handle like the name: ``Ana María López`` gives ``ana-maria-lopez``."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return NOT_IN_HANDLES.sub("-", plain).strip("-")[:LONGEST_HANDLE] or f"person-{token(5).lower()}"


def make_operator(person: Person) -> None:
    """Let a person run the platform."""
    person.is_operator = True
    record("person.made_operator", person)
