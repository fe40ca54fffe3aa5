"""Asking for one's money back."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, render_template, url_for
from flask_login import current_user
from flask_security import auth_required

from storefront.kit.db import step
from storefront.kit.htmx import redirect
from storefront.kit.money import money_text
from storefront.licenses.queries import license_for
from storefront.refunds import queries, sending, services
from storefront.refunds.forms import AskForm
from storefront.refunds.models import Refund

blueprint = Blueprint("refunds", __name__)


@blueprint.get("/library/<public_id>/refund")
@auth_required()
def new(public_id: str) -> str:
    """What a refund means, said before it is asked for."""
    license = license_for(current_user, public_id)
    services.refuse_unless_refundable(license)
    running = queries.refunds_of_license(license)
    return render_template("refunds/ask.html", license=license, form=AskForm(), refunds=running)


@blueprint.post("/licenses/<public_id>/refunds")
@auth_required()
def create(public_id: str) -> Response:
    license = license_for(current_user, public_id)
    form = AskForm()
    if not form.validate():
        shown = {"license": license, "form": form, "refunds": queries.refunds_of_license(license)}
        return make_response(render_template("refunds/ask.html", **shown), 422)
    with step():
        license = license_for(current_user, public_id)
        refund = services.ask(license, form.reason.data or "", by=current_user)
    sending.try_to_send(refund)
    flash(_said(queries.refund_named(refund.public_id)))
    return redirect(url_for("library.show", public_id=public_id))


def _said(refund: Refund) -> str:
    amount = money_text(refund.amount, refund.currency)
    return {
        "waiting": f"You asked for {amount}. Whoever made the work decides and you get an e-mail.",
        "sending": f"{amount} is going back. Stripe takes a moment; you get an e-mail.",
        "pending": f"{amount} is on its way to you.",
        "succeeded": f"{amount} went back to how you paid.",
        "failed": "The bank did not take the money. An operator looks at it.",
    }.get(refund.state, "It was decided before.")
