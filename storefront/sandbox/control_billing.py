"""What the control room can do with subscriptions: have their cards fail, and say how dunning ends.

Every function is one transaction. Wrong input raises `ValueError`, an unknown id `LookupError`.
"""

from __future__ import annotations

from storefront.sandbox.billing import customers, invoicing, standing, subscribing
from storefront.sandbox.cards import read_card
from storefront.sandbox.control import SHOWN
from storefront.sandbox.shapes.methods import billing_details, card_method
from storefront.sandbox.store import Body, Origin, Store

#: What becomes of a subscription when its last payment attempt failed.
DUNNING = ("cancel", "unpaid", "past_due")


def listed(store: Store) -> list[Body]:
    """The latest subscriptions, newest first, each with its product's name, its invoices and whether its card fails."""
    with store.reading() as transaction:
        found = []
        for each in transaction.all("subscription", limit=SHOWN):
            price = each["items"]["data"][0]["price"]
            invoices = transaction.all("invoice", customer=each["customer"])
            found.append(
                {
                    "subscription": each,
                    "title": transaction.get("product", price["product"])["name"],
                    "price": price,
                    "invoices": [one for one in invoices if _is_of(one, each)],
                    "fails": bool(transaction.hidden(each["default_payment_method"]).get("declines")),
                }
            )
        return found


def let_card_fail(store: Store, subscription_id: str, *, fails: bool) -> Body:
    """Have the subscription's card be declined from now on, or pay again."""
    with store.writing() as transaction:
        subscription = transaction.get("subscription", subscription_id)
        transaction.hide(subscription["default_payment_method"], declines="generic_decline" if fails else None)
        return subscription


def renew_now(store: Store, subscription_id: str) -> Body:
    """End the subscription's period now, and charge its card for the next, without waiting for either.

    Source: https://docs.stripe.com/billing/subscriptions/billing-cycle#changing (`billing_cycle_anchor=now`)
    """
    with store.writing() as transaction:
        subscription = _going(transaction.get("subscription", subscription_id))
        if subscription["cancel_at"] is not None:
            raise ValueError("That subscription ends with its period.")
        subscription["billing_cycle_anchor"] = transaction.now
        for item in subscription["items"]["data"]:
            item["current_period_end"] = transaction.now
        transaction.save(subscription)
        subscribing.renew(transaction, subscription_id)
        renewed = transaction.get("subscription", subscription_id)
        invoicing.finalize_and_pay(transaction, renewed["latest_invoice"])
        return transaction.get("subscription", subscription_id)


def cancel(store: Store, subscription_id: str) -> Body:
    """End it at once, as an operator does in Stripe's dashboard."""
    with store.writing() as transaction:
        return subscribing.cancel(transaction, _going(transaction.get("subscription", subscription_id)), {})


def cancel_later(store: Store, subscription_id: str, *, ends: bool) -> Body:
    """End it with its period, or not after all, as its holder does in the portal."""
    with store.writing() as transaction:
        subscription = _going(transaction.get("subscription", subscription_id))
        return subscribing.update(transaction, subscription, {"cancel_at_period_end": ends})


def use_card(store: Store, subscription_id: str, number: str) -> Body:
    """Charge another test card from now on, as its holder says in the portal."""

    with store.writing() as transaction:
        subscription = _going(transaction.get("subscription", subscription_id))
        customer = transaction.get("customer", subscription["customer"])
        card, wrong = read_card(number, "12 / 34", "123", now=transaction.now)
        if card is None:
            raise ValueError(wrong["number"])
        billing = billing_details(customer["email"], None)
        method = transaction.add(card_method(card, billing, now=transaction.now), number=card.number)
        customers.replace_method(transaction, customer, method)
        return transaction.get("subscription", subscription_id)


def forget_customer(store: Store, customer_id: str) -> Body:
    """Delete a customer, as an operator does in Stripe's dashboard."""
    with store.writing() as transaction:
        return customers.delete(transaction, transaction.get("customer", customer_id))


def turn_dunning(store: Store, habit: str) -> str:
    """How subscriptions end whose last payment attempt failed."""
    if habit not in DUNNING:
        raise ValueError(f"Choose one of {', '.join(DUNNING)}.")
    with store.writing(Origin()) as transaction:
        transaction.turn("dunning", habit)
    return habit


def dunning(store: Store) -> str:
    """How they end now."""
    with store.reading() as transaction:
        habit: str = transaction.dial("dunning", DUNNING[0])
        return habit


def _is_of(invoice: Body, subscription: Body) -> bool:
    return bool(invoice["parent"]["subscription_details"]["subscription"] == subscription["id"])


def _going(subscription: Body) -> Body:
    if subscription["status"] in standing.OVER:
        raise ValueError("That subscription ended.")
    return subscription
