"""Reading teams; each read names its reader, or is given a team that its reader was let into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import aliased, contains_eager, joinedload

from storefront.accounts.models import ROLES, Membership, Person, Workspace
from storefront.accounts.queries import To, membership_for
from storefront.kit.db import db
from storefront.kit.errors import NotFound, Refusal
from storefront.teams.models import OPEN_SQL, Invitation

MOST_SEATS = 50
SALT = "invitation"


class DeadInvitation(Refusal):
    status = 410
    title = "This invitation no longer works."
    message = "It was used, taken back or replaced by a newer letter, or it is too old. Ask for another."


@dataclass(frozen=True)
class Member:
    """Somebody in a team. ``handle`` is of their personal workspace, by which pages name them."""

    person: Person
    handle: str
    membership: Membership

    @property
    def role(self) -> str:
        return self.membership.role


@dataclass(frozen=True)
class Seats:
    """How many places of a team are taken, by members and by those who may still come."""

    members: int
    invited: int

    @property
    def taken(self) -> int:
        return self.members + self.invited

    @property
    def left(self) -> int:
        return max(MOST_SEATS - self.taken, 0)


def team_for(person: Person, handle: str, to: To = "see") -> Workspace:
    """``workspace_for`` for teams alone: a personal workspace has no members to see."""
    return team_membership(person, handle, to).workspace


def team_membership(person: Person, handle: str, to: To = "see") -> Membership:
    """A person's place in a team. Raises NotFound, OnlySeeing, OwnersOnly."""
    membership = membership_for(person, handle, to)
    if membership.workspace.kind != "team":
        raise NotFound
    return membership


def memberships_of(person: Person) -> Sequence[Membership]:
    """Every workspace of a person with their role in it, the personal one first, then teams by name."""
    query = (
        sa.select(Membership)
        .join(Workspace, Workspace.id == Membership.workspace_id)
        .where(Membership.person_id == person.id)
        .order_by(Workspace.kind, sa.func.lower(Workspace.name), Workspace.id)
        .options(contains_eager(Membership.workspace))
    )
    return db.session.scalars(query).all()


def members_of(team: Workspace) -> list[Member]:
    """Everybody in a team: the owner, editors, viewers, each by name."""
    by_role = sa.case({role: place for place, role in enumerate(ROLES)}, value=Membership.role)
    rows = db.session.execute(_members(team).order_by(by_role, sa.func.lower(Person.name), Person.id))
    return [Member(*row) for row in rows]


def member_of(team: Workspace, handle: str) -> Member:
    """The member whose personal handle this is. Raises NotFound."""
    personal = _PERSONAL.handle
    row = db.session.execute(_members(team).where(personal == handle)).one_or_none()
    if row is None:
        raise NotFound("Nobody in this team goes by that name. They may have left.")
    return Member(*row)


_PERSONAL = aliased(Workspace)


def _members(team: Workspace) -> sa.Select[*tuple[Any, ...]]:
    own = sa.and_(_PERSONAL.owner_id == Person.id, _PERSONAL.kind == "personal")
    return (
        sa.select(Person, _PERSONAL.handle, Membership)
        .join(Membership, Membership.person_id == Person.id)
        .join(_PERSONAL, own)
        .where(Membership.workspace_id == team.id)
    )


def invitations_to(team: Workspace) -> Sequence[Invitation]:
    """Those not accepted or taken back, the latest first; some may be too late."""
    query = sa.select(Invitation).where(Invitation.workspace_id == team.id, OPEN_SQL)
    return db.session.scalars(query.order_by(Invitation.sent_at.desc(), Invitation.id.desc())).all()


def invitation_to(team: Workspace, public_id: str) -> Invitation:
    """One of them, locked. Raises NotFound."""
    query = sa.select(Invitation).where(Invitation.public_id == public_id, Invitation.workspace_id == team.id, OPEN_SQL)
    invitation = db.session.scalar(query.with_for_update())
    if invitation is None:
        raise NotFound("This invitation was used or taken back meanwhile.")
    return invitation


def seats_of(team: Workspace) -> Seats:
    members = sa.select(sa.func.count()).select_from(Membership).where(Membership.workspace_id == team.id)
    invited = sa.select(sa.func.count()).select_from(Invitation).where(Invitation.workspace_id == team.id, OPEN_SQL)
    return Seats(*db.session.execute(sa.select(members.scalar_subquery(), invited.scalar_subquery())).one())


def count_teams_owned(person: Person) -> int:
    owned = sa.select(sa.func.count()).select_from(Workspace)
    return db.session.scalars(owned.where(Workspace.owner_id == person.id, Workspace.kind == "team")).one()


def token_of(invitation: Invitation) -> str:
    """What stands in the link of its latest letter; signed, and void once another letter goes out."""
    return str(_signer().dumps([invitation.public_id, invitation.letters]))


def invitation_by_token(token: str, *, lock: bool = False) -> Invitation:
    """The invitation that a link carries, with team and inviter. Raises DeadInvitation unless it lets somebody in."""
    try:
        public_id, letters = _signer().loads(token)
    except (BadSignature, ValueError):
        raise DeadInvitation from None
    query = sa.select(Invitation).where(Invitation.public_id == public_id)
    if lock:
        db.session.scalar(query.with_for_update(), execution_options={"populate_existing": True})
    invitation = db.session.scalar(query.options(joinedload(Invitation.workspace), joinedload(Invitation.invited_by)))
    if invitation is None or not invitation.is_open or invitation.letters != letters:
        raise DeadInvitation
    return invitation


def invitation_at(path: str) -> Invitation | None:
    """The invitation whose page is at ``path``, if it lets somebody in; for the forms on the way there."""
    _start, found, token = path.partition("/invitations/")
    if not found or _start:
        return None
    try:
        return invitation_by_token(token)
    except DeadInvitation:
        return None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=SALT)
