"""The deeds that set the stage: the clock, the webhooks, bad luck, and a fresh start."""

from __future__ import annotations

from dataclasses import asdict

from flask import jsonify, request
from werkzeug.wrappers import Response

from storefront.sandbox import control
from storefront.sandbox.api.faults import Fault
from storefront.sandbox.pages.control import room
from storefront.sandbox.pages.control.door import deeds, done, given, number, truth
from storefront.sandbox.parts import sandbox


@deeds.get("/clock")
def clock() -> Response:
    """`{"now": seconds, "offset": seconds ahead of real time}`"""
    return jsonify(control.clock(sandbox().store))


@deeds.post("/clock")
def move_clock() -> Response:
    """Move forward by `advance` seconds, or to `now`."""
    store, values = sandbox().store, given()
    seconds = number(values, "advance")
    if seconds is None:
        seconds = (number(values, "now") or 0) - control.clock(store)["now"]
    return done(control.move_clock(store, seconds), "clock")


@deeds.get("/webhooks")
def dials() -> Response:
    """`{"hold": bool, "drop": n, "copies": n, "late": seconds}`"""
    return jsonify(control.dials(sandbox().store))


@deeds.post("/webhooks")
def turn_dials() -> Response:
    """Set `hold`, `drop`, `copies`, `late` for the events to come; what isn't given stays."""
    values = given()
    turned = control.turn_dials(
        sandbox().store,
        hold=truth(values, "hold"),
        drop=number(values, "drop"),
        copies=number(values, "copies"),
        late=number(values, "late"),
    )
    return done(turned, "webhooks")


@deeds.post("/webhooks/release")
def release() -> Response:
    """Let held deliveries go: `order` is "recorded" or "reversed"."""
    return done({"released": control.release(sandbox().store, reverse=given().get("order") == "reversed")}, "events")


@deeds.post("/webhooks/drain")
def drain() -> Response:
    """Send what is due and wait for the answers: `{"sent": n}`"""
    return done({"sent": sandbox().deliverer.drain()}, "events")


@deeds.get("/events")
def events() -> Response:
    """The latest events with their deliveries, newest first: twenty, or as many as `limit` says."""
    return jsonify(control.events(sandbox().store, limit=request.args.get("limit", control.SHOWN, type=int)))


@deeds.post("/events/<id>/deliver")
def deliver_again(id: str) -> Response:
    """Send an event again, `copies` times."""
    copies = number(given(), "copies")
    return done({"queued": control.deliver_again(sandbox().store, id, copies=copies or 1)}, "events")


@deeds.get("/faults")
def faults() -> Response:
    """What is still to go wrong."""
    return jsonify([asdict(fault) for fault in sandbox().faults.waiting()])


@deeds.post("/faults")
def order_fault() -> Response:
    """Have the next `times` requests with `method` go wrong as `kind` says, `seconds` late if slow."""
    values = given()
    fault = Fault(
        kind=str(values.get("kind", "")),
        times=number(values, "times") or 1,
        seconds=float(values.get("seconds") or 0),
        method=str(values.get("method", "POST")),
    )
    sandbox().faults.order(fault)
    return done(asdict(fault), "faults")


@deeds.post("/faults/clear")
def clear_faults() -> Response:
    """Nothing more goes wrong."""
    sandbox().faults.clear()
    return done({}, "faults")


@deeds.get("/money")
def money() -> Response:
    """Minor units by account and currency; they sum to zero."""
    return jsonify(room.money(sandbox().store))


@deeds.post("/reset")
def reset() -> Response:
    """Forget everything but the webhook endpoints."""
    sandbox().faults.clear()
    sandbox().store.clear()
    return done({}, "clock")
