"""The letter that asks somebody into a team, and how many of them may go out."""

from __future__ import annotations

from limits import RateLimitItemPerDay

from storefront.accounts.models import Person, Workspace
from storefront.accounts.tries import spend
from storefront.kit.mail import send_mail
from storefront.kit.urls import absolute_url
from storefront.teams.models import Invitation
from storefront.teams.queries import token_of

LETTERS_BY_PERSON = RateLimitItemPerDay(30)
LETTERS_BY_TEAM_AND_EMAIL = RateLimitItemPerDay(3)


def spend_invitation(team: Workspace, email: str, *, by: Person) -> None:
    """Count a letter that ``by`` wants sent. Raises Paused past what one person, or one mailbox, is allowed a day."""
    spend(LETTERS_BY_TEAM_AND_EMAIL, "invitation", str(team.id), email.lower())
    spend(LETTERS_BY_PERSON, "inviting", str(by.id))


def send_invitation(invitation: Invitation, team: Workspace, *, by: Person) -> None:
    send_mail(
        invitation.email,
        f"{by.name} invites you to {team.name}",
        "teams/email/invitation",
        team=team,
        by=by,
        role=invitation.role,
        expires_at=invitation.expires_at,
        link=absolute_url("teams.show_invitation", token=token_of(invitation)),
    )
