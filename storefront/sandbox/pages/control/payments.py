"""The deeds of shoppers and their banks: pay, refund, dispute."""

from __future__ import annotations

from dataclasses import asdict

from flask import jsonify
from werkzeug.wrappers import Response

from storefront.sandbox import control
from storefront.sandbox.pages.control import room
from storefront.sandbox.pages.control.door import deeds, done, given, number, origin, truth
from storefront.sandbox.parts import sandbox


@deeds.get("/payments")
def payments() -> Response:
    """The latest sessions, each with intent, charge and refunds."""
    return jsonify(room.payments(sandbox().store))


@deeds.post("/sessions/<id>/pay")
def pay(id: str) -> Response:
    """Pay with the test card `card`; 3-D Secure is told `answer`: "complete" or "fail"."""
    values = given()
    card = str(values.get("card", "4242424242424242"))
    passed = values.get("answer", "complete") == "complete"
    outcome = control.pay(sandbox().store, id, number=card, answer=passed, origin=origin())
    return done(asdict(outcome), "payments")


@deeds.post("/sessions/<id>/bank")
def settle_bank_payment(id: str) -> Response:
    """Let a bank transfer end: `outcome` is "succeeds" or "fails"."""
    succeeds = given().get("outcome") == "succeeds"
    control.settle_bank_payment(sandbox().store, id, succeeds=succeeds, origin=origin())
    return done({}, "payments")


@deeds.post("/sessions/<id>/expire")
def expire(id: str) -> Response:
    """Close an open session."""
    control.expire(sandbox().store, id)
    return done({}, "payments")


@deeds.post("/charges/<id>/refund")
def refund(id: str) -> Response:
    """Refund a charge, wholly or by `amount` minor units."""
    return done(control.refund(sandbox().store, id, amount=number(given(), "amount")), "payments")


@deeds.post("/refunds")
def turn_refunds() -> Response:
    """How refunds go from now on: `habit` is "at once", "pending", "fail" or "fail after"; empty asks the card."""
    return done({"habit": control.turn_refunds(sandbox().store, str(given().get("habit", "")))}, "disputes")


@deeds.post("/refunds/<id>/settle")
def settle_refund(id: str) -> Response:
    """End a refund now; `outcome` is "succeeds" or "fails", else as it was going to end."""
    outcome = given().get("outcome")
    control.settle_refund(sandbox().store, id, fails=None if outcome is None else outcome == "fails")
    return done({}, "payments")


@deeds.get("/disputes")
def disputes() -> Response:
    """The latest disputes, newest first."""
    return jsonify(control.disputes(sandbox().store))


@deeds.post("/charges/<id>/dispute")
def dispute(id: str) -> Response:
    """Dispute what is left of a charge for a `reason`; an `inquiry` only asks."""
    values = given()
    found = control.dispute(
        sandbox().store,
        id,
        reason=str(values.get("reason", "fraudulent")),
        is_inquiry=bool(truth(values, "inquiry")),
    )
    return done(found, "disputes")


@deeds.post("/disputes/<id>/close")
def close_dispute(id: str) -> Response:
    """The bank decides: `outcome` is "won" or "lost", as the platform sees it. An inquiry just closes."""
    return done(control.close_dispute(sandbox().store, id, won=given().get("outcome") == "won"), "disputes")


@deeds.post("/disputes/<id>/escalate")
def escalate_dispute(id: str) -> Response:
    """An inquiry becomes a dispute."""
    return done(control.escalate_dispute(sandbox().store, id), "disputes")
