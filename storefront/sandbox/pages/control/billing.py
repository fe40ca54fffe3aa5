"""The deeds of subscribers, their banks, and the dashboard's operator."""

from __future__ import annotations

from flask import jsonify
from werkzeug.wrappers import Response

from storefront.sandbox import control_billing
from storefront.sandbox.pages.control.door import deeds, done, given, truth
from storefront.sandbox.parts import sandbox


@deeds.get("/subscriptions")
def subscriptions() -> Response:
    """The latest subscriptions, each with its invoices, newest first."""
    return jsonify(control_billing.listed(sandbox().store))


@deeds.post("/subscriptions/<id>/card")
def let_card_fail(id: str) -> Response:
    """`fails`: decline its card from now on, or not any more; `number`: charge another test card instead."""
    values, store = given(), sandbox().store
    if "number" in values:
        return done(control_billing.use_card(store, id, str(values["number"])), "subscriptions")
    return done(control_billing.let_card_fail(store, id, fails=bool(truth(values, "fails"))), "subscriptions")


@deeds.post("/subscriptions/<id>/renew")
def renew_now(id: str) -> Response:
    """End its period now, and charge the card for the next."""
    return done(control_billing.renew_now(sandbox().store, id), "subscriptions")


@deeds.post("/subscriptions/<id>/cancel")
def cancel(id: str) -> Response:
    """End it: `when` is "now", "later" (with its period) or "never" (go on after all)."""
    store, when = sandbox().store, given().get("when", "now")
    if when == "now":
        return done(control_billing.cancel(store, id), "subscriptions")
    return done(control_billing.cancel_later(store, id, ends=when == "later"), "subscriptions")


@deeds.post("/customers/<id>/delete")
def forget_customer(id: str) -> Response:
    """Delete a customer; their subscriptions end."""
    return done(control_billing.forget_customer(sandbox().store, id), "subscriptions")


@deeds.post("/dunning")
def turn_dunning() -> Response:
    """What the last failed attempt does: `habit` is "cancel", "unpaid" or "past_due"."""
    return done(
        {"habit": control_billing.turn_dunning(sandbox().store, str(given().get("habit", "")))}, "subscriptions"
    )
