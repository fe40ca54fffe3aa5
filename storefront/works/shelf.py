"""What stands in a workspace: its works, made there and cloned into it."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, Response, request
from flask_login import current_user
from flask_security import auth_required

from storefront.accounts.models import Workspace
from storefront.accounts.queries import membership_for
from storefront.kit.db import db
from storefront.kit.htmx import page_or_fragment
from storefront.kit.paging import Page, decode, encode
from storefront.works.models import Work

PAGE = 24

blueprint = Blueprint("shelf", __name__)


@blueprint.get("/w/<handle>")
@auth_required()
def index(handle: str) -> Response:
    membership = membership_for(current_user, handle)
    works = works_in(membership.workspace, request.args.get("after"))
    return page_or_fragment(
        "works/shelf.html", "works/_shelf.html", workspace=membership.workspace, role=membership.role, works=works
    )


def works_in(workspace: Workspace, after: str | None = None) -> Page[Work]:
    """A page of the works of a workspace that its reader was let into, the newest first.

    Raises BadRequest for a cursor that isn't ours.
    """
    here = sa.select(Work).where(Work.workspace_id == workspace.id, Work.deleted_at.is_(None))
    query = here.order_by(Work.id.desc()).limit(PAGE + 1)
    if after:
        query = query.where(Work.id < decode(after, int)[0])
    rows = db.session.scalars(query).all()
    return Page(rows[:PAGE], encode(rows[PAGE - 1].id) if len(rows) > PAGE else None)
