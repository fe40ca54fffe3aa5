"""The receipt that a charge's `receipt_url` leads to: https://docs.stripe.com/receipts"""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from storefront.sandbox.parts import sandbox
from storefront.sandbox.store import Body, Transaction

blueprint = Blueprint("receipts", __name__, url_prefix="/receipts")


@blueprint.get("/<id>")
def show(id: str) -> str:
    """What was paid, with what, and what went back."""
    store = sandbox().store
    with store.reading() as transaction:
        charge = transaction.find("charge", id)
        if charge is None or charge["status"] != "succeeded":
            abort(404)
        refunds = transaction.all("refund", charge=id)
        return render_template(
            "sandbox/receipt.html", charge=charge, refunds=refunds, items=_items(transaction, charge)
        )


def _items(transaction: Transaction, charge: Body) -> list[Body]:
    sessions = transaction.all("checkout.session", payment_intent=charge["payment_intent"])
    items: list[Body] = transaction.hidden(sessions[0]["id"])["items"] if sessions else []
    return items
