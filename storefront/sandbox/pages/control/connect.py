"""The deeds of connected accounts and their banks: onboard, restrict, disconnect, pay out, reverse."""

from __future__ import annotations

from flask import jsonify
from werkzeug.wrappers import Response

from storefront.sandbox import control_connect as control
from storefront.sandbox.pages.control.door import deeds, done, given, number, truth
from storefront.sandbox.parts import sandbox


@deeds.get("/accounts")
def accounts() -> Response:
    """The accounts, newest first, each with what it has, its latest transfers and payouts."""
    return jsonify(control.listed(sandbox().store))


@deeds.post("/accounts/<id>/onboard")
def onboard(id: str) -> Response:
    """Fill in the onboarding: born in `year` (1902 matches nobody), paid out to the test number `bank`."""
    values = given()
    bank = str(values.get("bank") or "000123456789")
    return done(control.onboard(sandbox().store, id, year=number(values, "year") or 1901, bank=bank), "accounts")


@deeds.post("/accounts/<id>/demand")
def demand(id: str) -> Response:
    """Have Stripe want a `requirement`, at once or, if `soon`, by a deadline."""
    values = given()
    wanted, soon = str(values.get("requirement", "")), bool(truth(values, "soon"))
    return done(control.demand(sandbox().store, id, wanted, soon=soon), "accounts")


@deeds.post("/accounts/<id>/review")
def review(id: str) -> Response:
    """Have Stripe look at the account before anything goes on."""
    return done(control.review(sandbox().store, id), "accounts")


@deeds.post("/accounts/<id>/satisfy")
def satisfy(id: str) -> Response:
    """All that was wanted is there."""
    return done(control.satisfy(sandbox().store, id), "accounts")


@deeds.post("/accounts/<id>/reject")
def reject(id: str) -> Response:
    """Stripe ends the account for a `reason`: "fraud", "terms_of_service" or "other"."""
    return done(control.reject(sandbox().store, id, str(given().get("reason", "other"))), "accounts")


@deeds.post("/accounts/<id>/disconnect")
def disconnect(id: str) -> Response:
    """The holder takes the platform's access away."""
    control.disconnect(sandbox().store, id)
    return done({}, "accounts")


@deeds.post("/payouts")
def pay_out() -> Response:
    """Send what is available on `account`, or the platform's without one, to its bank now."""
    payouts = control.pay_out(sandbox().store, str(given().get("account") or ""))
    return done({"payouts": payouts}, "accounts")


@deeds.post("/payouts/<id>/end")
def end_payout(id: str) -> Response:
    """A payout arrives, or comes back: `outcome` is "succeeds" or "fails"."""
    return done(control.end_payout(sandbox().store, id, fails=given().get("outcome") == "fails"), "accounts")


@deeds.post("/transfers/<id>/reverse")
def reverse(id: str) -> Response:
    """Bring a transfer back, wholly or by `amount` minor units."""
    return done(control.reverse(sandbox().store, id, amount=number(given(), "amount")), "accounts")


@deeds.post("/balance/settle")
def settle_balances() -> Response:
    """Make everything that is pending available now: `{"settled": n}`"""
    return done({"settled": control.settle_balances(sandbox().store)}, "money")
