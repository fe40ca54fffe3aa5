"""Stripe's pages for subscribers: the customer portal and an invoice's own page.

Source: https://docs.stripe.com/customer-management, https://docs.stripe.com/invoicing/hosted-invoice-page
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from storefront.sandbox import agenda
from storefront.sandbox.billing import customers, invoicing, scheduling, standing, subscribing
from storefront.sandbox.cards import CARDS, DECLINED, MESSAGES
from storefront.sandbox.errors import StripeError
from storefront.sandbox.pages.form import OFFERED, PaymentForm, read_form
from storefront.sandbox.parts import sandbox
from storefront.sandbox.shapes.methods import billing_details, card_method
from storefront.sandbox.store import Body, Origin, Transaction

blueprint = Blueprint("billing", __name__)

#: https://docs.stripe.com/api/customer_portal: how long a visit lasts, in seconds.
_VISIT = 60 * 60
_SHOWN = 24
#: Cards that are worth keeping for a renewal: one that pays then, and one that doesn't.
_CARDS = (OFFERED[0], "4000000000000341", OFFERED[1])
FEEDBACK = {
    "too_expensive": "It's too expensive",
    "missing_features": "I need more features",
    "switched_service": "I found an alternative",
    "unused": "I no longer need it",
    "customer_service": "Customer service was less than expected",
    "too_complex": "Ease of use was less than expected",
    "low_quality": "Quality was less than expected",
    "other": "Other reason",
}


@blueprint.get("/p/session/<id>")
def show(id: str) -> str:
    """What they subscribe to, the card that pays, and the invoices."""
    with _visit(id) as (transaction, visit):
        return _page(transaction, visit)


@blueprint.post("/p/session/<id>/card")
def replace_card(id: str) -> Response | tuple[str, int]:
    """Charge another card from now on."""
    with _visit(id) as (transaction, visit):
        customer = transaction.get("customer", visit["customer"])
        typed = {**request.form, "email": customer["email"] or "payer@example.com"}
        form = read_form(typed, costs=True, takes_bank=False, now=transaction.now)
        if form.card and form.card.bank.decline:
            form.errors["card"] = MESSAGES.get(form.card.bank.decline, DECLINED)
        if form.errors or form.card is None:
            return _page(transaction, visit, form), 422
        billing = billing_details(form.email, form.name or None)
        method = transaction.add(card_method(form.card, billing, now=transaction.now), number=form.card.number)
        customers.replace_method(transaction, customer, method)
        return _on(visit)


@blueprint.post("/p/session/<id>/subscriptions/<subscription_id>/cancel")
def cancel(id: str, subscription_id: str) -> Response:
    """End it with its period, and say why."""
    with _visit(id) as (transaction, visit):
        subscription = _theirs(transaction, visit, "subscription", subscription_id)
        details = {"comment": request.form.get("comment", "").strip()[:500]}
        if request.form.get("feedback") in FEEDBACK:
            details["feedback"] = request.form["feedback"]
        told = {name: text for name, text in details.items() if text}
        if subscription["schedule"]:
            scheduling.release(transaction, transaction.get("subscription_schedule", subscription["schedule"]))
            subscription = transaction.get("subscription", subscription_id)
        subscribing.update(transaction, subscription, {"cancel_at_period_end": True, "cancellation_details": told})
        return _on(visit)


@blueprint.post("/p/session/<id>/subscriptions/<subscription_id>/renew")
def renew(id: str, subscription_id: str) -> Response:
    """Let it go on after all."""
    with _visit(id) as (transaction, visit):
        subscription = _theirs(transaction, visit, "subscription", subscription_id)
        subscribing.update(transaction, subscription, {"cancel_at_period_end": False})
        return redirect(f"/p/session/{id}", 303)


@blueprint.get("/i/<id>")
def invoice(id: str) -> str:
    """An invoice, and the button that pays it while it is open."""
    with _open() as transaction:
        return _invoice_page(transaction, transaction.get("invoice", id))


@blueprint.post("/i/<id>/pay")
def pay(id: str) -> Response | tuple[str, int]:
    """Charge the card that is kept."""
    with _open() as transaction:
        found = transaction.get("invoice", id)
        if found["status"] != "open":
            return redirect(f"/i/{id}", 303)
        outcome = invoicing.attempt(transaction, found)
        if outcome.state != "paid":
            return _invoice_page(transaction, transaction.get("invoice", id), outcome.message), 422
        return redirect(f"/i/{id}", 303)


@contextmanager
def _open() -> Iterator[Transaction]:
    """A transaction in which an id that names nothing is 404, and a refusal a sentence."""
    store = sandbox().store
    agenda.run_due(store)
    try:
        with store.writing(Origin(base_url=request.url_root.rstrip("/"))) as transaction:
            yield transaction
    except LookupError:
        abort(404)
    except StripeError as refusal:
        abort(409, refusal.message)


@contextmanager
def _visit(id: str) -> Iterator[tuple[Transaction, Body]]:
    with _open() as transaction:
        visit = transaction.get("billing_portal.session", id)
        if visit["created"] + _VISIT < transaction.now:
            raise LookupError("the visit is over")
        yield transaction, visit


def _theirs(transaction: Transaction, visit: Body, kind: str, id: str) -> Body:
    found = transaction.get(kind, id)
    if found["customer"] != visit["customer"]:
        raise LookupError(f"no {kind} {id} of theirs")
    return found


def _on(visit: Body) -> Response:
    """Where the flow leads when it is done: https://docs.stripe.com/customer-management/portal-deep-links"""
    flow = visit["flow"]
    if flow and flow["after_completion"]["type"] == "redirect":
        return redirect(flow["after_completion"]["redirect"]["return_url"], 303)
    return redirect(f"/p/session/{visit['id']}", 303)


def _page(transaction: Transaction, visit: Body, form: PaymentForm | None = None) -> str:
    customer = transaction.get("customer", visit["customer"])
    subscriptions = transaction.all("subscription", customer=customer["id"])
    flow = visit["flow"] or {"type": ""}
    return render_template(
        "sandbox/portal.html",
        visit=visit,
        flow=flow,
        customer=customer,
        subscriptions=[_with_title(transaction, each) for each in subscriptions if each["status"] not in standing.OVER],
        methods=_methods(transaction, subscriptions, customer),
        invoices=transaction.all("invoice", customer=customer["id"], limit=_SHOWN),
        feedback=FEEDBACK,
        form=form or PaymentForm(email=customer["email"] or ""),
        offered=[(number, CARDS[number].title) for number in _CARDS],
    )


def _with_title(transaction: Transaction, subscription: Body) -> Body:
    price = subscription["items"]["data"][0]["price"]
    return subscription | {"title": transaction.get("product", price["product"])["name"], "price": price}


def _methods(transaction: Transaction, subscriptions: list[Body], customer: Body) -> list[Body]:
    """The cards that pay now, each once."""
    ids = {each["default_payment_method"] for each in subscriptions if each["status"] not in standing.OVER}
    ids.add(customer["invoice_settings"]["default_payment_method"])
    return [transaction.get("payment_method", id) for id in sorted(filter(None, ids))]


def _invoice_page(transaction: Transaction, found: Body, problem: str = "") -> str:
    lines = [
        line | {"title": transaction.get("product", line["pricing"]["price_details"]["product"])["name"]}
        for line in found["lines"]["data"]
    ]
    return render_template("sandbox/invoice.html", invoice=found, lines=lines, problem=problem)
