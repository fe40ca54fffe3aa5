"""Stripe's pages for holders of connected accounts: onboarding and the Express dashboard.

Source: https://docs.stripe.com/connect/hosted-onboarding, https://docs.stripe.com/connect/express-dashboard.
What was told is in the account: who leaves half way and comes back by another link goes on where they were.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from storefront.sandbox import agenda, booking, onboarding
from storefront.sandbox.parts import sandbox
from storefront.sandbox.store import Body, Origin, Transaction

blueprint = Blueprint("connect", __name__)

_LATEST = 20
_TITLES = {"person": "You", "bank": "Your bank", "agreed_at": "Review"}
YEARS = {"1901": "Somebody whom Stripe finds", "1902": "Somebody whom Stripe doesn't find: it asks for an ID"}


@blueprint.get("/connect/links/<token>")
def follow(token: str) -> Response:
    """A link is good once: on to the pages, or to the address where the platform makes another."""
    with _open() as transaction:
        link, visit = onboarding.follow(transaction, token)
        return redirect(f"/connect/onboarding/{visit}" if visit else link["refresh_url"], 303)


@blueprint.get("/connect/onboarding/<visit>")
def show(visit: str) -> str:
    """The step that is next, or the one that was asked for."""
    with _open() as transaction:
        return _page(transaction, _visit(transaction, visit))


@blueprint.post("/connect/onboarding/<visit>")
def tell(visit: str) -> Response | tuple[str, int]:
    """Keep what was told and go on; back to the platform after the last step."""
    with _open() as transaction:
        found = _visit(transaction, visit)
        account, step = found["account"], request.form.get("step", "")
        if sentence := _tell(transaction, account, step):
            return _page(transaction, found, sentence), 422
        if step in ("agreed_at", "answers"):
            return redirect(found["return_url"], 303)
        return redirect(f"/connect/onboarding/{visit}", 303)


@blueprint.get("/express/links/<token>")
def log_in(token: str) -> Response | tuple[str, int]:
    """A login link is good once."""
    with _open() as transaction:
        login = transaction.get("sandbox.login", token)
        if login.get("used"):
            return render_template("sandbox/used.html"), 410
        transaction.save(login | {"used": True})
        visit = transaction.add(login | {"id": f"express_{token}", "object": "sandbox.express"})
        return redirect(f"/express/{visit['id']}", 303)


@blueprint.get("/express/<visit>")
def dashboard(visit: str) -> str:
    """What the holder has, what came in, and what went to their bank."""
    with _open() as transaction:
        account = transaction.get("account", transaction.get("sandbox.express", visit)["account"])
        with transaction.on(account["id"]):
            balance = booking.balance(transaction, account["default_currency"])
            payouts = transaction.all("payout", limit=_LATEST)
            payments = transaction.all("charge", limit=_LATEST)
        return render_template(
            "sandbox/express.html", account=account, balance=balance, payouts=payouts, payments=payments
        )


@contextmanager
def _open() -> Iterator[Transaction]:
    """A transaction in which an id that names nothing is 404."""
    store = sandbox().store
    agenda.run_due(store)
    try:
        with store.writing(Origin(base_url=request.url_root.rstrip("/"))) as transaction:
            yield transaction
    except LookupError:
        abort(404)


def _visit(transaction: Transaction, visit: str) -> Body:
    found = transaction.get("sandbox.visit", visit)
    if transaction.hidden(found["account"]).get("gone"):
        raise LookupError("the account is disconnected")
    return found


def _tell(transaction: Transaction, account: str, step: str) -> str:
    """Keep the answers of a step; a sentence if they can't be."""
    typed = {name: text.strip()[:100] for name, text in request.form.items()}
    if step == "person":
        if not (typed.get("first") and typed.get("last") and typed.get("year") in YEARS):
            return "Type your first and your last name."
        onboarding.tell_person(transaction, account, first=typed["first"], last=typed["last"], year=int(typed["year"]))
    elif step == "bank":
        try:
            onboarding.tell_bank(transaction, account, typed.get("number", ""))
        except ValueError as sentence:
            return str(sentence)
    elif step == "agreed_at":
        if onboarding.next_step(transaction, account) in ("person", "bank"):
            return "Something is missing. Go back and fill it in."
        onboarding.submit(transaction, account)
    elif step == "answers":
        onboarding.answer(transaction, account, looks="looks" in typed)
    return ""


def _page(transaction: Transaction, visit: Body, problem: str = "") -> str:
    account = transaction.get("account", visit["account"])
    next_step = onboarding.next_step(transaction, account["id"])
    asked = request.values.get("step", "")
    facts = transaction.hidden(account["id"])["facts"]
    is_told = asked in onboarding.STEPS and facts.get(asked)
    step = asked if is_told and next_step in onboarding.STEPS else next_step
    return render_template(
        "sandbox/onboarding.html",
        visit=visit,
        account=account,
        facts=facts,
        step=step,
        steps=[(name, _TITLES[name]) for name in onboarding.STEPS],
        problem=problem,
        years=YEARS,
        banks=onboarding.BANKS,
    )
