"""Attempts to pay a session: approved, declined, held up by 3-D Secure, or completed later by the bank.

Every function takes an open session and leaves its intent, charge, money and events as Stripe does.
Source: https://docs.stripe.com/payments/paymentintents/lifecycle, https://docs.stripe.com/declines
"""

from __future__ import annotations

from storefront.sandbox import charging, checkout, disputing, news
from storefront.sandbox.cards import CARDS, DECLINED, MESSAGES, Card, error_code
from storefront.sandbox.charging import Outcome
from storefront.sandbox.shapes.charges import declined_outcome
from storefront.sandbox.shapes.intents import intent_body
from storefront.sandbox.shapes.methods import bank_method, card_method
from storefront.sandbox.store import Body, Transaction

UNAUTHENTICATED = (
    "We are unable to authenticate your payment method. Please choose a different payment method and try again."
)


def pay_by_card(transaction: Transaction, session: Body, card: Card, billing: Body) -> Outcome:
    """Try to pay with a card; the session completes unless the bank declines or asks to authenticate."""
    intent = _intent_of(transaction, session)
    # Only a test card's number is kept: somebody may type a real one.
    number = card.number if card.number in CARDS else ""
    method = transaction.add(card_method(card, billing, now=transaction.now), number=number)
    if card.bank.authenticates:
        return _ask_to_authenticate(transaction, intent, method)
    return _charge_card(transaction, session, intent, method, authenticated=False)


def authenticate(transaction: Transaction, session: Body, *, passed: bool) -> Outcome:
    """Answer the bank's question: https://docs.stripe.com/payments/3d-secure. Raises `LookupError`."""
    intent = transaction.get("payment_intent", checkout.intent_of(transaction, session))
    if intent["status"] != "requires_action":
        raise LookupError("nothing to authenticate")
    method = transaction.get("payment_method", intent["payment_method"])
    intent["next_action"] = None
    if passed:
        return _charge_card(transaction, session, intent, method, authenticated=True)
    error = {
        "code": "payment_intent_authentication_failure",
        "doc_url": "https://docs.stripe.com/error-codes#payment-intent-authentication-failure",
        "message": UNAUTHENTICATED,
        "payment_method": method,
        "type": "invalid_request_error",
    }
    return charging.fail(transaction, intent, error)


def pay_by_bank(transaction: Transaction, session: Body, type: str, billing: Body) -> Outcome:
    """Start a payment that the bank completes later; the session completes now, unpaid."""
    intent = _intent_of(transaction, session)
    method = transaction.add(bank_method(type, billing, now=transaction.now))
    charge = charging.new_charge(transaction, intent, method, authenticated=False)
    intent |= {"status": "processing", "payment_method": method["id"], "latest_charge": charge["id"]}
    transaction.save(intent)
    news.record(transaction, "charge.pending", charge)
    news.record(transaction, "payment_intent.processing", intent)
    checkout.complete(transaction, session, payment_status="unpaid", billing=billing)
    return Outcome(state="pending")


def settle_bank_payment(transaction: Transaction, session: Body, *, succeeds: bool) -> None:
    """Let a payment that was on its way arrive, or not. Raises `LookupError` if none is on its way."""
    intent = transaction.get("payment_intent", session["payment_intent"] or "")
    if intent["status"] != "processing":
        raise LookupError("no payment on its way")
    charge = transaction.get("charge", intent["latest_charge"])
    if succeeds:
        charging.succeed(transaction, intent, charge)
    else:
        message = "The customer's bank account could not be debited."
        charge |= {
            "outcome": declined_outcome("generic_decline"),
            "failure_code": "payment_method_provider_decline",
        }
        error = {
            "code": "payment_method_provider_decline",
            "message": message,
            "type": "invalid_request_error",
        }
        charging.fail(transaction, intent, error, charge)
    checkout.settle_later(transaction, session, paid=succeeds)


def keep_for_later(transaction: Transaction, session: Body, card: Card, billing: Body) -> Outcome:
    """Begin a trial: nothing is charged, and the card is kept. Raises `ValueError` if it costs something now."""
    if session["amount_total"]:
        raise ValueError("That session costs something.")
    method = transaction.add(card_method(card, billing, now=transaction.now), number=card.number)
    if card.bank.decline:
        reason = card.bank.decline
        return Outcome(state="declined", message=MESSAGES.get(reason, DECLINED), code=error_code(reason))
    checkout.complete(transaction, session, payment_status="no_payment_required", billing=billing, method=method)
    return Outcome(state="paid")


def take_nothing(transaction: Transaction, session: Body, billing: Body) -> Outcome:
    """Complete a session that costs nothing: https://docs.stripe.com/payments/checkout/no-cost-orders

    Raises `ValueError` if it costs something.
    """
    if session["amount_total"]:
        raise ValueError("That session costs something.")
    checkout.complete(transaction, session, payment_status="no_payment_required", billing=billing)
    return Outcome(state="paid")


def _intent_of(transaction: Transaction, session: Body) -> Body:
    """The session's intent, made at the first attempt and used again by later ones."""
    if id := checkout.intent_of(transaction, session):
        return transaction.get("payment_intent", id)
    data = transaction.hidden(session["id"])["payment_intent_data"]
    intent = transaction.add(intent_body(session, data, now=transaction.now))
    if session["mode"] == "payment":
        transaction.save(session | {"payment_intent": intent["id"]})
        session["payment_intent"] = intent["id"]
    transaction.hide(session["id"], intent=intent["id"])
    news.record(transaction, "payment_intent.created", intent)
    return intent


def _ask_to_authenticate(transaction: Transaction, intent: Body, method: Body) -> Outcome:
    sdk = {"type": "three_d_secure_redirect", "stripe_js": "", "source": method["id"]}
    action = {"type": "use_stripe_sdk", "use_stripe_sdk": sdk}
    intent |= {"status": "requires_action", "payment_method": method["id"], "next_action": action}
    transaction.save(intent)
    news.record(transaction, "payment_intent.requires_action", intent)
    return Outcome(state="authenticate")


def _charge_card(
    transaction: Transaction, session: Body, intent: Body, method: Body, *, authenticated: bool
) -> Outcome:
    bank = CARDS.get(transaction.hidden(method["id"])["number"])
    decline = bank.decline if bank else "test_mode_live_card"
    charge = charging.new_charge(transaction, intent, method, authenticated=authenticated)
    if decline:
        return charging.decline(transaction, intent, charge, decline)
    intent["payment_method"] = method["id"]
    charging.succeed(transaction, intent, charge)
    billing = method["billing_details"]
    checkout.complete(transaction, session, payment_status="paid", billing=billing, method=method)
    if bank and bank.dispute:
        is_inquiry = bank.dispute == "inquiry"
        reason = "fraudulent" if is_inquiry else bank.dispute
        disputing.open_dispute(transaction, charge, reason=reason, is_inquiry=is_inquiry)
    return Outcome(state="paid")
