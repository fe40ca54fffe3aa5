"""Pages of a team: who is in it, what it is called, and inviting people into it."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, render_template, url_for
from flask_login import current_user
from flask_security import auth_required
from flask_wtf import FlaskForm
from wtforms import Field

from storefront.accounts.destinations import work_on_the_wall
from storefront.accounts.models import Membership, Workspace
from storefront.accounts.plans import PLATFORM_LIST, may, plan_of
from storefront.accounts.services import handle_from
from storefront.accounts.tries import Paused
from storefront.kit.errors import Refusal
from storefront.kit.htmx import redirect
from storefront.teams import queries, services
from storefront.teams.forms import InvitationForm, RoleForm, TeamForm
from storefront.teams.letters import spend_invitation
from storefront.teams.queries import team_for, team_membership

blueprint = Blueprint("teams", __name__)


@blueprint.get("/workspaces")
@auth_required()
def index() -> str:
    return render_template("teams/index.html", memberships=queries.memberships_of(current_user))


@blueprint.get("/workspaces/new")
@auth_required()
def new() -> Response:
    return _form_page(TeamForm())


@blueprint.post("/workspaces")
@auth_required()
def create() -> Response:
    form = TeamForm()
    if not form.handle.data and form.name.data:
        form.handle.data = handle_from(form.name.data)
    if not form.validate():
        return _form_page(form, 422)
    try:
        team = services.make_team(form.name.data, form.handle.data, form.about.data or "", by=current_user)
    except services.HandleTaken as refusal:
        return _form_page(_beside(form, form.handle, refusal), refusal.status)
    flash(f"{team.name} is there. Invite whoever belongs in it.")
    return redirect(_members_url(team.handle))


@blueprint.get("/w/<handle>/members")
@auth_required()
def members(handle: str) -> Response:
    return _members_page(team_membership(current_user, handle), InvitationForm())


@blueprint.get("/w/<handle>/settings")
@auth_required()
def settings(handle: str) -> Response:
    team = team_for(current_user, handle, to="own")
    return _settings_page(team, TeamForm(obj=team))


@blueprint.post("/w/<handle>/settings")
@auth_required()
def change(handle: str) -> Response:
    team = team_for(current_user, handle, to="own")
    form = TeamForm()
    if not form.validate():
        return _settings_page(team, form, 422)
    try:
        services.change_team(team, form.name.data, form.handle.data, form.about.data or "", by=current_user)
    except services.HandleTaken as refusal:
        return _settings_page(team, _beside(form, form.handle, refusal), refusal.status)
    flash("Saved.")
    return redirect(url_for("teams.settings", handle=form.handle.data))


@blueprint.post("/w/<handle>/deletion")
@auth_required()
def delete(handle: str) -> Response:
    """Raises TeamNeeded with the reason."""
    team = team_for(current_user, handle, to="own")
    name = team.name
    services.delete_team(team, by=current_user)
    flash(f"{name} is deleted.")
    return redirect(url_for("teams.index"))


@blueprint.post("/w/<handle>/invitations")
@auth_required()
def invite(handle: str) -> Response:
    membership = team_membership(current_user, handle, to="own")
    form = InvitationForm()
    if not form.validate():
        return _members_page(membership, form, 422)
    try:
        spend_invitation(membership.workspace, form.email.data, by=current_user)
        services.invite(membership.workspace, form.email.data, form.role.data, by=current_user)
    except (services.MemberAlready, Paused) as refusal:
        return _members_page(membership, _beside(form, form.email, refusal), refusal.status)
    flash(f"A letter is on its way to {form.email.data}.")
    return redirect(_members_url(handle))


@blueprint.post("/w/<handle>/invitations/<public_id>/letters")
@auth_required()
def send_again(handle: str, public_id: str) -> Response:
    team = team_for(current_user, handle, to="own")
    invitation = queries.invitation_to(team, public_id)
    spend_invitation(team, invitation.email, by=current_user)
    services.send_again(invitation, by=current_user)
    flash(f"Another letter is on its way to {invitation.email}. The link in the older one no longer works.")
    return redirect(_members_url(handle))


@blueprint.post("/w/<handle>/invitations/<public_id>/revocation")
@auth_required()
def revoke(handle: str, public_id: str) -> Response:
    team = team_for(current_user, handle, to="own")
    invitation = queries.invitation_to(team, public_id)
    services.revoke(invitation, by=current_user)
    flash(f"The invitation to {invitation.email} is taken back.")
    return redirect(_members_url(handle))


@blueprint.get("/w/<handle>/members/<member>")
@auth_required()
def show_member(handle: str, member: str) -> str:
    team = team_for(current_user, handle, to="own")
    shown = queries.member_of(team, member)
    return render_template(
        "teams/member.html",
        workspace=team,
        role="owner",
        member=shown,
        form=RoleForm(role=shown.role),
        plan=plan_of(shown.person),
        sells=may(shown.person, PLATFORM_LIST),
    )


@blueprint.post("/w/<handle>/members/<member>/role")
@auth_required()
def change_role(handle: str, member: str) -> Response:
    team = team_for(current_user, handle, to="own")
    changed = queries.member_of(team, member)
    form = RoleForm()
    if form.validate():
        services.change_role(team, changed, form.role.data, by=current_user)
        flash(f"{changed.person.name} is {form.role.data} now.")
    return redirect(_members_url(handle))


@blueprint.post("/w/<handle>/members/<member>/removal")
@auth_required()
def remove(handle: str, member: str) -> Response:
    team = team_for(current_user, handle, to="own")
    removed = queries.member_of(team, member)
    services.remove(team, removed, by=current_user)
    flash(f"{removed.person.name} is out of {team.name}.")
    return redirect(_members_url(handle))


@blueprint.post("/w/<handle>/members/<member>/ownership")
@auth_required()
def hand_over(handle: str, member: str) -> Response:
    team = team_for(current_user, handle, to="own")
    heir = queries.member_of(team, member)
    services.hand_over(team, heir, by=current_user)
    flash(f"{team.name} is {heir.person.name}'s now. You are an editor.")
    return redirect(_members_url(handle))


@blueprint.post("/w/<handle>/departure")
@auth_required()
def leave(handle: str) -> Response:
    team = team_for(current_user, handle)
    services.leave(team, by=current_user)
    flash(f"You are out of {team.name}.")
    return redirect(url_for("teams.index"))


@blueprint.get("/invitations/<token>")
def show_invitation(token: str) -> Response:
    """Where the letter leads: for strangers the two ways in, for the one who is meant a button that joins."""
    invitation = queries.invitation_by_token(token)
    signed_in = current_user.is_authenticated
    page = render_template(
        "teams/invitation.html",
        invitation=invitation,
        team=invitation.workspace,
        here=url_for("teams.show_invitation", token=token),
        is_mine=signed_in and invitation.is_for(current_user),
        hung=work_on_the_wall(),
    )
    return _unkept(make_response(page))


@blueprint.post("/invitations/<token>")
@auth_required()
def accept(token: str) -> Response:
    team = services.accept(token, by=current_user)
    flash(f"You are in {team.name}.")
    return redirect(_members_url(team.handle))


def _members_url(handle: str) -> str:
    return url_for("teams.members", handle=handle)


def _members_page(membership: Membership, form: InvitationForm, status: int = 200) -> Response:
    team = membership.workspace
    owns = membership.role == "owner"
    page = render_template(
        "teams/members.html",
        workspace=team,
        role=membership.role,
        owns=owns,
        members=queries.members_of(team),
        invitations=queries.invitations_to(team) if owns else [],
        seats=queries.seats_of(team),
        most=queries.MOST_SEATS,
        form=form,
    )
    return make_response(page, status)


def _settings_page(team: Workspace, form: TeamForm, status: int = 200) -> Response:
    needed = services.team_needed(team)
    page = render_template("teams/settings.html", workspace=team, role="owner", form=form, needed=needed)
    return make_response(page, status)


def _form_page(form: TeamForm, status: int = 200) -> Response:
    return make_response(render_template("teams/new.html", form=form), status)


def _beside(form: FlaskForm, field: Field, refusal: Refusal) -> FlaskForm:
    """The form with the refusal beside the field it is about."""
    field.errors = [*field.errors, refusal.message]
    return form


def _unkept(response: Response) -> Response:
    """The address lets somebody in, so it is neither kept nor told to others."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
