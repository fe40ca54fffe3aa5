"""The deeds of the control room: JSON to who asks for JSON, else back to the page.

Values come as JSON or as a form. A wrong one is 422, an unknown id 404, both with a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, abort, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from storefront.sandbox import control
from storefront.sandbox.api.faults import Fault
from storefront.sandbox.pages.control import room
from storefront.sandbox.parts import sandbox
from storefront.sandbox.store import Origin

deeds = Blueprint("deeds", __name__, url_prefix="/_sandbox")


@deeds.before_request
def refuse_other_sites() -> None:
    """Only this page and programs without a browser may do things here."""
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "none") not in (
        "none",
        "same-origin",
    ):
        abort(403)


@deeds.errorhandler(ValueError)
@deeds.errorhandler(LookupError)
def refuse(problem: ValueError | LookupError) -> tuple[Response | str, int]:
    """The sentence of a deed that can't be done."""
    status = 404 if isinstance(problem, LookupError) else 422
    sentence = str(problem.args[0]) if problem.args else "That can't be done."
    if _wants_json():
        return jsonify(error=sentence), status
    return room.render(sandbox(), sentence), status


@deeds.get("/clock")
def clock() -> Response:
    """`{"now": seconds, "offset": seconds ahead of real time}`"""
    return jsonify(control.clock(sandbox().store))


@deeds.post("/clock")
def move_clock() -> AnyResponse:
    """Move forward by `advance` seconds, or to `now`."""
    store, given = sandbox().store, _given()
    seconds = _number(given, "advance")
    if seconds is None:
        seconds = (_number(given, "now") or 0) - control.clock(store)["now"]
    return _done(control.move_clock(store, seconds), "clock")


@deeds.get("/webhooks")
def dials() -> Response:
    """`{"hold": bool, "drop": n, "copies": n, "late": seconds}`"""
    return jsonify(control.dials(sandbox().store))


@deeds.post("/webhooks")
def turn_dials() -> AnyResponse:
    """Set `hold`, `drop`, `copies`, `late` for the events to come; what isn't given stays."""
    given = _given()
    turned = control.turn_dials(
        sandbox().store,
        hold=_truth(given, "hold"),
        drop=_number(given, "drop"),
        copies=_number(given, "copies"),
        late=_number(given, "late"),
    )
    return _done(turned, "webhooks")


@deeds.post("/webhooks/release")
def release() -> AnyResponse:
    """Let held deliveries go: `order` is "recorded" or "reversed"."""
    return _done({"released": control.release(sandbox().store, reverse=_given().get("order") == "reversed")}, "events")


@deeds.post("/webhooks/drain")
def drain() -> AnyResponse:
    """Send what is due and wait for the answers: `{"sent": n}`"""
    return _done({"sent": sandbox().deliverer.drain()}, "events")


@deeds.get("/events")
def events() -> Response:
    """The latest events with their deliveries, newest first."""
    return jsonify(control.events(sandbox().store))


@deeds.post("/events/<id>/deliver")
def deliver_again(id: str) -> AnyResponse:
    """Send an event again, `copies` times."""
    copies = _number(_given(), "copies")
    return _done({"queued": control.deliver_again(sandbox().store, id, copies=copies or 1)}, "events")


@deeds.get("/faults")
def faults() -> Response:
    """What is still to go wrong."""
    return jsonify([asdict(fault) for fault in sandbox().faults.waiting()])


@deeds.post("/faults")
def order_fault() -> AnyResponse:
    """Have the next `times` requests with `method` go wrong as `kind` says, `seconds` late if slow."""
    given = _given()
    fault = Fault(
        kind=str(given.get("kind", "")),
        times=_number(given, "times") or 1,
        seconds=float(given.get("seconds") or 0),
        method=str(given.get("method", "POST")),
    )
    sandbox().faults.order(fault)
    return _done(asdict(fault), "faults")


@deeds.post("/faults/clear")
def clear_faults() -> AnyResponse:
    """Nothing more goes wrong."""
    sandbox().faults.clear()
    return _done({}, "faults")


@deeds.get("/payments")
def payments() -> Response:
    """The latest sessions, each with intent, charge and refunds."""
    return jsonify(room.payments(sandbox().store))


@deeds.post("/sessions/<id>/pay")
def pay(id: str) -> AnyResponse:
    """Pay with the test card `card`; 3-D Secure is told `answer`: "complete" or "fail"."""
    given = _given()
    number = str(given.get("card", "4242424242424242"))
    passed = given.get("answer", "complete") == "complete"
    outcome = control.pay(sandbox().store, id, number=number, answer=passed, origin=_origin())
    return _done(asdict(outcome), "payments")


@deeds.post("/sessions/<id>/bank")
def settle_bank_payment(id: str) -> AnyResponse:
    """Let a bank transfer end: `outcome` is "succeeds" or "fails"."""
    succeeds = _given().get("outcome") == "succeeds"
    control.settle_bank_payment(sandbox().store, id, succeeds=succeeds, origin=_origin())
    return _done({}, "payments")


@deeds.post("/sessions/<id>/expire")
def expire(id: str) -> AnyResponse:
    """Close an open session."""
    control.expire(sandbox().store, id)
    return _done({}, "payments")


@deeds.post("/charges/<id>/refund")
def refund(id: str) -> AnyResponse:
    """Refund a charge, wholly or by `amount` minor units."""
    return _done(control.refund(sandbox().store, id, amount=_number(_given(), "amount")), "payments")


@deeds.post("/refunds/<id>/settle")
def settle_refund(id: str) -> AnyResponse:
    """Let a slow refund end now."""
    control.settle_refund(sandbox().store, id)
    return _done({}, "payments")


@deeds.get("/money")
def money() -> Response:
    """Minor units by account and currency; they sum to zero."""
    return jsonify(room.money(sandbox().store))


@deeds.post("/reset")
def reset() -> AnyResponse:
    """Forget everything but the webhook endpoints."""
    sandbox().faults.clear()
    sandbox().store.clear()
    return _done({}, "clock")


def _given() -> Mapping[str, Any]:
    given: Any = request.get_json() if request.is_json else request.form
    if not isinstance(given, Mapping):
        raise ValueError("Send an object.")
    return given


def _number(given: Mapping[str, Any], name: str) -> int | None:
    """A whole number, or None if it wasn't given. Raises `ValueError`."""
    value = given.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not str(value).removeprefix("-").isdecimal():
        raise ValueError(f"Type a whole number for {name}.")
    return int(value)


def _truth(given: Mapping[str, Any], name: str) -> bool | None:
    value = given.get(name)
    return None if value is None else value in (True, "true", "on")


def _origin() -> Origin:
    return Origin(base_url=request.url_root.rstrip("/"))


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(["application/json", "text/html"]) == "application/json"


def _done(result: Mapping[str, Any], section: str) -> AnyResponse:
    return jsonify(result) if _wants_json() else redirect(f"/#{section}", 303)
