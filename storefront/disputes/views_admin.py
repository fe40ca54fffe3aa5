"""The operators' page of disputes: what must be answered by when, and answering."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_login import current_user

from storefront.accounts.operators import operators_only
from storefront.disputes import asking, evidence, queries
from storefront.disputes.forms import EvidenceForm
from storefront.disputes.models import Dispute
from storefront.kit.db import step
from storefront.kit.htmx import page_or_fragment, redirect

blueprint = Blueprint("disputes", __name__, url_prefix="/admin/disputes")
blueprint.before_request(operators_only)


@blueprint.get("")
def index() -> Response:
    asked = request.args.get("state")
    state = asked if asked in queries.SHOWN else "open"
    listed = queries.disputes_page(state, request.args.get("after"))
    return page_or_fragment("disputes/index.html", "disputes/_disputes.html", listed=listed, state=state)


@blueprint.get("/<public_id>")
def show(public_id: str) -> str:
    dispute = queries.any_dispute(public_id)
    return _page(dispute, EvidenceForm(formdata=None, data=evidence.drafted(dispute)))


@blueprint.post("/<public_id>/answer")
def create_answer(public_id: str) -> Response:
    """Keep what was written, hand it in, or give in: the button says which."""
    dispute = queries.any_dispute(public_id)
    form = EvidenceForm()
    deed = request.form.get("deed")
    if deed != "give-in" and not form.validate():
        return make_response(_page(dispute, form), 422)
    if deed == "send":
        asking.answer(public_id, {**form.evidence, **evidence.identity(dispute)}, by=current_user)
        flash("Handed in. The bank decides within weeks.")
    elif deed == "give-in":
        asking.give_in(public_id, by=current_user)
        flash("You gave in. The buyer keeps the money and the license has ended.")
    else:
        with step():
            asking.write(public_id, form.evidence)
        flash("Kept. Nothing was sent.")
    return redirect(url_for("disputes.show", public_id=public_id))


def _page(dispute: Dispute, form: EvidenceForm) -> str:
    license = dispute.order.license
    accesses = queries.accesses_of(license) if license else []
    return render_template("disputes/show.html", dispute=dispute, form=form, accesses=accesses)
