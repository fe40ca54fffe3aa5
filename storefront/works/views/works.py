"""Works as a whole: the list of them, making one, renaming and deleting it."""

from __future__ import annotations

from flask import Response, flash, make_response, render_template, request, url_for
from flask_login import current_user
from flask_security import auth_required

from storefront.accounts.queries import workspace_for, workspaces_of
from storefront.kit.htmx import redirect
from storefront.kit.paging import decode, encode
from storefront.works import services
from storefront.works.forms import NewWork, WorkTitle
from storefront.works.queries import WORKS_SHOWN, work_for, work_to_edit, works_of
from storefront.works.views.room import blueprint, room_for


@blueprint.get("/studio")
@auth_required()
def index() -> str:
    """Every work they may open, the latest first."""
    cursor = request.args.get("after")
    works = works_of(current_user, decode(cursor, int)[0] if cursor else None)
    shown = works[:WORKS_SHOWN]
    onward = url_for("works.index", after=encode(shown[-1].id)) if len(works) > WORKS_SHOWN else ""
    return render_template("works/index.html", works=shown, next_url=onward)


@blueprint.route("/studio/new", methods=["GET", "POST"])
@auth_required()
def create() -> Response:
    """A work of a kind, in a workspace where they may edit."""
    workspaces = workspaces_of(current_user, "edit")
    form = NewWork()
    form.workspace.choices = [(each.handle, each.name) for each in workspaces]
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return make_response(render_template("works/new.html", form=form, workspaces=workspaces), status)
    workspace = workspace_for(current_user, form.workspace.data, "edit")
    work = services.make_work(workspace, form.kind.data, form.title.data, by=current_user)
    return redirect(url_for("works.show", public_id=work.public_id))


@blueprint.get("/studio/<public_id>/settings")
@auth_required()
def settings(public_id: str) -> str:
    """The work's name, and the way to delete it or why that is refused."""
    return _settings(public_id, WorkTitle(title=work_for(current_user, public_id, "edit").title))


@blueprint.post("/studio/<public_id>/settings")
@auth_required()
def rename(public_id: str) -> Response:
    work = work_to_edit(current_user, public_id)
    form = WorkTitle()
    if not form.validate_on_submit():
        return make_response(_settings(public_id, form), 422)
    services.rename_work(work, form.title.data, by=current_user)
    flash("Renamed.")
    return redirect(url_for("works.settings", public_id=public_id))


@blueprint.post("/studio/<public_id>/deletion")
@auth_required()
def delete(public_id: str) -> Response:
    """For its owner alone. Raises WorkNeeded where a listing or a license needs the work."""
    work_for(current_user, public_id, "own")
    work = work_to_edit(current_user, public_id)
    services.delete_work(work, by=current_user)
    flash(f"“{work.title}” is deleted.")
    return redirect(url_for("works.index"))


def _settings(public_id: str, form: WorkTitle) -> str:
    room = room_for(public_id)
    needed = services.needed_for(room.work)
    return render_template("works/settings.html", form=form, needed=needed, **room.context())
