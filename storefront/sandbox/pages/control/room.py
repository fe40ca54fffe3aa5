"""The control room as a page: the clock, the payments, the webhooks, the faults."""

from __future__ import annotations

from flask import Blueprint, render_template

from storefront.sandbox import agenda, checkout, control, control_billing, control_connect, moves
from storefront.sandbox.accounts import DEMANDS
from storefront.sandbox.api.faults import KINDS
from storefront.sandbox.parts import Sandbox, sandbox
from storefront.sandbox.refunding import HABITS
from storefront.sandbox.store import Body, Store, Transaction

room = Blueprint("room", __name__)


@room.get("/")
def show() -> str:
    """The page."""
    return render(sandbox())


def render(parts: Sandbox, problem: str = "") -> str:
    """The page, with the sentence of a deed that was refused."""
    agenda.run_due(parts.store)
    return render_template(
        "sandbox/control.html",
        problem=problem,
        clock=control.clock(parts.store),
        dials=control.dials(parts.store),
        events=control.events(parts.store),
        payments=payments(parts.store),
        subscriptions=control_billing.listed(parts.store),
        dunning=control_billing.dunning(parts.store),
        disputes=control.disputes(parts.store),
        accounts=control_connect.listed(parts.store),
        demands=DEMANDS,
        refunds=control.refund_habit(parts.store),
        habits=HABITS,
        endpoints=_endpoints(parts.store),
        money=money(parts.store),
        faults=parts.faults.waiting(),
        kinds=KINDS,
    )


def payments(store: Store) -> list[Body]:
    """The latest sessions, newest first, each with what is bought, its charge and its refunds."""
    with store.reading() as transaction:
        latest = transaction.all("checkout.session", limit=control.SHOWN)
        return [_payment(transaction, session) for session in latest]


def money(store: Store) -> dict[str, dict[str, int]]:
    """Minor units by account and currency; they sum to zero."""
    with store.reading() as transaction:
        return moves.balances(transaction)


def _payment(transaction: Transaction, session: Body) -> Body:
    intent = transaction.find("payment_intent", checkout.intent_of(transaction, session))
    charge = transaction.find("charge", intent["latest_charge"] or "") if intent else None
    refunds = transaction.all("refund", charge=charge["id"]) if charge else []
    items = transaction.hidden(session["id"])["items"]
    return {
        "session": session,
        "title": ", ".join(item["description"] for item in items),
        "intent": intent,
        "charge": charge,
        "refunds": refunds,
        "state": _state(session, intent, charge),
    }


def _state(session: Body, intent: Body | None, charge: Body | None) -> str:
    """One word for how a payment stands."""
    if charge and charge["disputed"]:
        return "disputed"
    if charge and charge["refunded"]:
        return "refunded"
    if charge and charge["amount_refunded"]:
        return "partly refunded"
    if session["status"] == "complete":
        on_its_way = bool(intent and intent["status"] == "processing")
        return "on its way" if on_its_way else "failed" if session["payment_status"] == "unpaid" else "paid"
    if session["status"] == "open" and intent:
        return "confirming" if intent["status"] == "requires_action" else "declined"
    return str(session["status"])


def _endpoints(store: Store) -> list[Body]:
    with store.reading() as transaction:
        return transaction.all("webhook_endpoint")
