"""The page of one's access tokens."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, render_template, url_for
from flask_login import current_user
from flask_security import auth_required

from storefront.api import services
from storefront.api.forms import TokenForm
from storefront.api.queries import token_for, tokens_of
from storefront.api.scopes import SCOPES
from storefront.kit.htmx import redirect

blueprint = Blueprint("tokens", __name__)


@blueprint.get("/settings/tokens")
@auth_required()
def index() -> Response:
    return _page(TokenForm())


@blueprint.post("/settings/tokens")
@auth_required()
def create() -> Response:
    """The secret stands in this one answer and nowhere else, so there is no redirect to a page that shows it."""
    form = TokenForm()
    if not form.validate():
        return _page(form, status=422)
    days = int(form.days.data) or None
    _token, secret = services.make_token(current_user, form.name.data, form.scopes.data, days=days)
    return _page(TokenForm(formdata=None), secret=secret, status=201)


@blueprint.post("/settings/tokens/<public_id>/revocation")
@auth_required()
def revoke(public_id: str) -> Response:
    token = token_for(current_user, public_id)
    services.revoke(token, by=current_user)
    flash(f"“{token.name}” is revoked. Programs that have it are out.")
    return redirect(url_for("tokens.index"))


def link_in_settings() -> str:
    return render_template("api/_settings.html")


def _page(form: TokenForm, *, secret: str = "", status: int = 200) -> Response:
    page = render_template("api/tokens.html", form=form, tokens=tokens_of(current_user), secret=secret, scopes=SCOPES)
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response
