"""Hosted Checkout: https://docs.stripe.com/payments/checkout/how-checkout-works

The state is in the database: a form that is sent twice finds the session complete and pays once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from storefront.sandbox import agenda, checkout, paying
from storefront.sandbox.cards import CARDS
from storefront.sandbox.charging import Outcome
from storefront.sandbox.currencies import money_text
from storefront.sandbox.pages.form import OFFERED, PaymentForm, read_form
from storefront.sandbox.parts import sandbox
from storefront.sandbox.shapes.methods import billing_details
from storefront.sandbox.shapes.sessions import DELAYED_METHODS
from storefront.sandbox.store import Body, Origin, Transaction

blueprint = Blueprint("checkout", __name__, url_prefix="/c/pay")

#: How late "late" is, in seconds.
_LATE = 5
_VERBS = {"book": "Book", "donate": "Donate"}


@blueprint.get("/<id>")
def show(id: str) -> str:
    """The form, or why there is none any more."""
    with _session(id, to_change=False) as (transaction, session):
        return _page(transaction, session, PaymentForm(email=_known_email(transaction, session)))


@blueprint.post("/<id>")
def pay(id: str) -> Response | tuple[str, int]:
    """Try to pay: on to the shop, on to the bank's question, or back to the form with a sentence."""
    with _session(id) as (transaction, session):
        if session["status"] != "open":
            return _away(session)
        form = read_form(
            request.form,
            costs=_takes_card(session),
            takes_bank=bool(_bank_method(session)),
            now=transaction.now,
        )
        if form.errors:
            return _page(transaction, session, form), 422
        outcome = _attempt(transaction, session, form)
        if outcome.state == "declined":
            form.errors["card"] = outcome.message
            return _page(transaction, session, form), 422
        if outcome.state == "authenticate":
            return redirect(f"/c/pay/{id}/authenticate", 303)
        return _away(session)


@blueprint.get("/<id>/authenticate")
def ask(id: str) -> str | Response:
    """The bank's question: https://docs.stripe.com/payments/3d-secure"""
    with _session(id, to_change=False) as (transaction, session):
        if not _is_asked(transaction, session):
            return redirect(f"/c/pay/{id}", 303)
        return render_template("sandbox/authenticate.html", session=session)


@blueprint.post("/<id>/authenticate")
def authenticate(id: str) -> Response | tuple[str, int]:
    """The answer to the bank's question."""
    with _session(id) as (transaction, session):
        if not _is_asked(transaction, session):
            return _away(session)
        asked = transaction.get("payment_intent", checkout.intent_of(transaction, session))
        billing = transaction.get("payment_method", asked["payment_method"])["billing_details"]
        outcome = paying.authenticate(transaction, session, passed=request.form.get("answer") == "complete")
        if outcome.state == "declined":
            form = PaymentForm(email=billing["email"] or "", name=billing["name"] or "")
            form.errors["card"] = outcome.message
            return _page(transaction, session, form), 422
        return _away(session)


@contextmanager
def _session(id: str, *, to_change: bool = True) -> Iterator[tuple[Transaction, Body]]:
    """A transaction on the session of that id; 404 if there is none."""
    store = sandbox().store
    agenda.run_due(store)
    origin = Origin(base_url=request.url_root.rstrip("/"))
    with store.writing(origin) if to_change else store.reading() as transaction:
        session = transaction.find("checkout.session", id)
        if session is None:
            abort(404)
        yield transaction, session


def _attempt(transaction: Transaction, session: Body, form: PaymentForm) -> Outcome:
    if form.twice_and_late:
        transaction.copies, transaction.late = 2, _LATE
    billing = billing_details(form.email, form.name or None)
    bank = _bank_method(session)
    if form.by_bank and bank:
        return paying.pay_by_bank(transaction, session, bank, billing)
    if form.card and not session["amount_total"]:
        return paying.keep_for_later(transaction, session, form.card, billing)
    if form.card:
        return paying.pay_by_card(transaction, session, form.card, billing)
    return paying.take_nothing(transaction, session, billing)


def _page(transaction: Transaction, session: Body, form: PaymentForm) -> str:
    if session["status"] != "open":
        return render_template("sandbox/closed.html", session=session, back=_return_address(session))
    items = [_line(transaction, item) for item in checkout.line_items(transaction, session)]
    return render_template(
        "sandbox/checkout.html",
        session=session,
        items=items,
        form=form,
        offered=[(number, CARDS[number].title) for number in OFFERED],
        bank=_bank_method(session),
        takes_card=_takes_card(session),
        button=_button(session),
    )


def _line(transaction: Transaction, item: Body) -> Body:
    """A line item with its product, for the page."""
    return item | {"product": transaction.get("product", item["price"]["product"])}


def _button(session: Body) -> str:
    """What the button says: the verb and the amount on it."""
    if session["mode"] == "subscription":
        return "Subscribe" if session["amount_total"] else "Start trial"
    if not session["amount_total"]:
        return "Complete order"
    verb = _VERBS.get(session["submit_type"], "Pay")
    return f"{verb} {money_text(session['amount_total'], session['currency'])}"


def _takes_card(session: Body) -> bool:
    """A trial costs nothing today, and its card is kept for what comes."""
    return bool(session["amount_total"]) or session["mode"] == "subscription"


def _bank_method(session: Body) -> str | None:
    """The method that completes later, if the session takes one."""
    delayed = DELAYED_METHODS.get(session["currency"])
    return delayed if session["amount_total"] and delayed in session["payment_method_types"] else None


def _known_email(transaction: Transaction, session: Body) -> str:
    if session["customer"]:
        return transaction.get("customer", session["customer"])["email"] or ""
    return session["customer_email"] or ""


def _is_asked(transaction: Transaction, session: Body) -> bool:
    intent = transaction.find("payment_intent", checkout.intent_of(transaction, session))
    return bool(session["status"] == "open" and intent and intent["status"] == "requires_action")


def _return_address(session: Body) -> str | None:
    """Where the shop wants people back: https://docs.stripe.com/payments/checkout/custom-success-page"""
    if session["status"] == "complete":
        return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])
    cancel: str | None = session["cancel_url"]
    return cancel


def _away(session: Body) -> Response:
    """On to the shop after success; otherwise to the session's own page, which says how it stands."""
    if session["status"] == "complete":
        return redirect(_return_address(session) or "/", 303)
    return redirect(f"/c/pay/{session['id']}", 303)
