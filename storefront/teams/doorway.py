"""What an invitation says on the forms of the door, which one passes on the way to it."""

from __future__ import annotations

from storefront.teams.queries import invitation_at


def team_at(path: str) -> str | None:
    """The name of the team that one is invited to at ``path``."""
    invitation = invitation_at(path)
    return invitation.workspace.name if invitation else None


def email_at(path: str) -> str | None:
    """The e-mail that was invited there, so that nobody joins with another one by mistake."""
    invitation = invitation_at(path)
    return invitation.email if invitation else None
