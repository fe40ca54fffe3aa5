"""Making teams, inviting people into them, and what changes afterwards.

Whoever decides about places in a team locks the team's row first, so that two who decide at once take turns.
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from storefront.accounts.models import Membership, Person, Workspace
from storefront.accounts.services import confirm
from storefront.events.services import record
from storefront.kit import clock
from storefront.kit.db import db
from storefront.kit.errors import Conflict, Forbidden, Refusal
from storefront.kit.ids import public_id
from storefront.kit.inserts import insert_if_new
from storefront.kit.slices import ask
from storefront.teams.letters import send_invitation
from storefront.teams.models import OPEN_SQL, Invitation
from storefront.teams.queries import Member, count_teams_owned, invitation_by_token, members_of, seats_of

INVITED_FOR = timedelta(days=7)
MOST_TEAMS = 10  # of one owner


class HandleTaken(Refusal):
    status = 422
    message = "This address is taken. Choose another."


class NotConfirmed(Forbidden):
    title = "Confirm your e-mail first."
    message = "Teams send letters in your name, so we must know that yours reach you."


class TeamsUsedUp(Conflict):
    title = "You own enough teams."
    message = f"One person can own {MOST_TEAMS}. Hand one over first."


class NoSeatLeft(Conflict):
    title = "No seat is left."
    message = "Take an invitation back or remove a member first."


class MemberAlready(Refusal):
    status = 422
    message = "They are in the team already."


class OwnerStays(Conflict):
    title = "A team needs its owner."
    message = "Hand the team over to another member first."


class TeamNeeded(Conflict):
    title = "This team is needed."
    message = "Licenses or money refer to it, so it stays."


class SomebodyElses(Forbidden):
    title = "This invitation is for another e-mail."
    message = "Sign in with the account of the e-mail it was sent to, or ask to be invited at yours."


def make_team(name: str, handle: str, about: str, *, by: Person) -> Workspace:
    """A new team that ``by`` owns. Raises NotConfirmed, TeamsUsedUp, HandleTaken."""
    _refuse_unconfirmed(by)
    db.session.execute(sa.select(Person.id).where(Person.id == by.id).with_for_update())
    if count_teams_owned(by) >= MOST_TEAMS:
        raise TeamsUsedUp
    now = clock.now()
    if not insert_if_new(
        Workspace, kind="team", handle=handle, name=name, role_line="", about=about, owner_id=by.id, created_at=now
    ):
        raise HandleTaken
    team = db.session.scalars(sa.select(Workspace).where(Workspace.handle == handle)).one()
    db.session.add(Membership(workspace_id=team.id, person_id=by.id, role="owner", since=now))
    record("team.made", team, by=by, workspace_id=team.id)
    return team


def change_team(team: Workspace, name: str, handle: str, about: str, *, by: Person) -> None:
    """Another name, address or description. Raises HandleTaken."""
    taken = sa.select(Workspace.id).where(Workspace.handle == handle, Workspace.id != team.id)
    if db.session.scalar(taken) is not None:
        raise HandleTaken
    team.name, team.handle, team.about = name, handle, about
    record("team.changed", team, by=by, workspace_id=team.id)


def invite(team: Workspace, email: str, role: str, *, by: Person) -> Invitation:
    """Ask the owner of ``email`` into the team; one who was asked before gets a new letter, in the new role.

    Says nothing about whether the e-mail has an account. Raises NotConfirmed, MemberAlready, NoSeatLeft.
    """
    _refuse_unconfirmed(by)
    _lock(team)
    if any(member.person.email == email for member in members_of(team)):
        raise MemberAlready
    invitation = _find_open(team, email)
    if invitation is None:
        if not seats_of(team).left:
            raise NoSeatLeft
        invitation = Invitation(public_id=public_id("inv"), workspace_id=team.id, email=email, letters=0)
        db.session.add(invitation)
    invitation.role = role
    send_again(invitation, by=by)
    return invitation


def send_again(invitation: Invitation, *, by: Person) -> None:
    """Another letter with a link that works for a week from now; the older one's stops."""
    invitation.invited_by_id = by.id
    invitation.letters += 1
    invitation.sent_at = clock.now()
    invitation.expires_at = invitation.sent_at + INVITED_FOR
    record("member.invited", invitation, by=by, workspace_id=invitation.workspace_id, role=invitation.role)
    send_invitation(invitation, db.session.get_one(Workspace, invitation.workspace_id), by=by)


def revoke(invitation: Invitation, *, by: Person) -> None:
    """Take an invitation back: its link stops working."""
    invitation.revoked_at = clock.now()
    record("invitation.revoked", invitation, by=by, workspace_id=invitation.workspace_id)


def accept(token: str, *, by: Person) -> Workspace:
    """Join the team that a letter's link leads to, once. Raises DeadInvitation, SomebodyElses.

    Only the account of the invited e-mail may: a link that was passed on or read by somebody else opens nothing.
    Who followed it reads that mailbox, which confirms the e-mail.
    """
    invitation = invitation_by_token(token, lock=True)
    if not invitation.is_for(by):
        raise SomebodyElses
    now = clock.now()
    invitation.accepted_at = now
    confirm(by)
    team = invitation.workspace
    if insert_if_new(Membership, workspace_id=team.id, person_id=by.id, role=invitation.role, since=now):
        record("member.joined", team, by=by, workspace_id=team.id, member=by.id, role=invitation.role)
    return team


def change_role(team: Workspace, member: Member, role: str, *, by: Person) -> None:
    """Make a member an editor or a viewer. Raises OwnerStays for the owner."""
    place = _place(team, member.person)
    if place.role != role:
        place.role = role
        record("member.changed", team, by=by, workspace_id=team.id, member=member.person.id, role=role)


def remove(team: Workspace, member: Member, *, by: Person) -> None:
    """Take a member out; what they made in the team stays. Raises OwnerStays for the owner."""
    db.session.delete(_place(team, member.person))
    record("member.removed", team, by=by, workspace_id=team.id, member=member.person.id)


def leave(team: Workspace, *, by: Person) -> None:
    """Go out of a team. Raises OwnerStays for its owner."""
    db.session.delete(_place(team, by))
    record("member.left", team, by=by, workspace_id=team.id, member=by.id)


def hand_over(team: Workspace, member: Member, *, by: Person) -> None:
    """Make another member the owner; the team has their plan from now on, and ``by`` is an editor."""
    _lock(team)
    mine, theirs = _place_of(team, by), _place_of(team, member.person)
    if mine.role != "owner":
        raise Conflict
    mine.role = "editor"
    db.session.flush()  # before the other, because a team has one owner at any moment
    theirs.role = "owner"
    team.owner_id = member.person.id
    record("team.handed_over", team, by=by, workspace_id=team.id, member=member.person.id)


def team_needed(team: Workspace) -> str | None:
    """The sentence that says what keeps a team, as the slices below know it; None if nothing is known to."""
    reasons: list[str | None] = ask("teams.needed", team)
    return next((reason for reason in reasons if reason), None)


def delete_team(team: Workspace, *, by: Person) -> None:
    """Delete a team that nobody needs, with its invitations; its members are out. Raises TeamNeeded with the reason."""
    _lock(team)
    if reason := team_needed(team):
        raise TeamNeeded(reason)
    record("team.deleted", team, by=by, workspace_id=team.id)
    try:
        with db.session.begin_nested():
            for table in (Invitation, Membership):
                db.session.execute(sa.delete(table).where(table.workspace_id == team.id))
            db.session.execute(sa.delete(Workspace).where(Workspace.id == team.id))
    except IntegrityError:
        raise TeamNeeded from None  # the keys say so: listings, orders, money, and whatever slices may add


def _place(team: Workspace, person: Person) -> Membership:
    """The membership of somebody who is not the owner, under the team's lock."""
    _lock(team)
    place = _place_of(team, person)
    if place.role == "owner":
        raise OwnerStays
    return place


def _place_of(team: Workspace, person: Person) -> Membership:
    place = db.session.get(Membership, (team.id, person.id), populate_existing=True)
    if place is None:
        raise Conflict("They are not in the team any more.")
    return place


def _lock(team: Workspace) -> None:
    db.session.execute(sa.select(Workspace.id).where(Workspace.id == team.id).with_for_update())


def _find_open(team: Workspace, email: str) -> Invitation | None:
    query = sa.select(Invitation).where(Invitation.workspace_id == team.id, Invitation.email == email, OPEN_SQL)
    return db.session.scalar(query.with_for_update())


def _refuse_unconfirmed(person: Person) -> None:
    if not person.is_verified:
        raise NotConfirmed
