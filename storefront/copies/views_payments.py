"""A member's payments for All-Access, and where the money of each went."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request
from flask_login import current_user
from flask_security import auth_required

from storefront.copies.files import payment_csv
from storefront.copies.payments import parts_of, payment_for, payments_of

blueprint = Blueprint("copy_payments", __name__, url_prefix="/copies/payments")


@blueprint.get("")
@auth_required()
def index() -> str:
    return render_template("copies/payments.html", payments=payments_of(current_user, request.args.get("after")))


@blueprint.get("/<stripe_id>")
@auth_required()
def show(stripe_id: str) -> str:
    """The statement of one payment: what each creator has of it, the shop, and the tax."""
    payment = payment_for(current_user, stripe_id)
    return render_template("copies/payment.html", payment=payment, parts=parts_of(payment))


@blueprint.get("/<stripe_id>.csv")
@auth_required()
def file(stripe_id: str) -> Response:
    payment = payment_for(current_user, stripe_id)
    response = make_response("".join(payment_csv(payment, parts_of(payment))))
    response.content_type = "text/csv; charset=utf-8"
    name = f"all-access-{payment.invoice.period_start:%Y-%m-%d}.csv"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "no-store"
    return response
