"""`expand[]`: objects in the place of their ids, to four levels: https://docs.stripe.com/api/expanding_objects"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from storefront.sandbox import checkout
from storefront.sandbox.api.lists import listing
from storefront.sandbox.billing import invoicing
from storefront.sandbox.errors import StripeError
from storefront.sandbox.store import Body, Transaction

#: Which fields of a kind hold ids, and of what kind; None is found by its id.
_REFERENCES: dict[str, dict[str, str | None]] = {
    "application_fee": {
        "account": "account",
        "balance_transaction": "balance_transaction",
        "charge": "charge",
        "originating_transaction": "charge",
    },
    "balance_transaction": {"source": None},
    "charge": {
        "application_fee": "application_fee",
        "balance_transaction": "balance_transaction",
        "customer": "customer",
        "on_behalf_of": "account",
        "payment_intent": "payment_intent",
        "source_transfer": "transfer",
        "transfer": "transfer",
    },
    "checkout.session": {
        "customer": "customer",
        "invoice": "invoice",
        "payment_intent": "payment_intent",
        "subscription": "subscription",
    },
    "customer_balance_transaction": {"customer": "customer", "invoice": "invoice"},
    "dispute": {"charge": "charge", "payment_intent": "payment_intent"},
    "invoice": {"customer": "customer", "default_payment_method": "payment_method"},
    "invoice_payment": {"invoice": "invoice"},
    "fee_refund": {"balance_transaction": "balance_transaction", "fee": "application_fee"},
    "payment_intent": {
        "customer": "customer",
        "latest_charge": "charge",
        "on_behalf_of": "account",
        "payment_method": "payment_method",
    },
    "payment_method": {"customer": "customer"},
    "payout": {
        "balance_transaction": "balance_transaction",
        "failure_balance_transaction": "balance_transaction",
    },
    "price": {"product": "product"},
    "refund": {
        "balance_transaction": "balance_transaction",
        "charge": "charge",
        "failure_balance_transaction": "balance_transaction",
        "payment_intent": "payment_intent",
        "transfer_reversal": "transfer_reversal",
    },
    "subscription": {
        "customer": "customer",
        "default_payment_method": "payment_method",
        "latest_invoice": "invoice",
        "schedule": "subscription_schedule",
    },
    "subscription_schedule": {"customer": "customer", "subscription": "subscription"},
    "transfer": {
        "balance_transaction": "balance_transaction",
        "destination": "account",
        "destination_payment": "charge",
        "source_transaction": "charge",
    },
    "transfer_reversal": {
        "balance_transaction": "balance_transaction",
        "destination_payment_refund": "refund",
        "source_refund": "refund",
        "transfer": "transfer",
    },
}
#: What a balance transaction's source is, by how its id begins.
_KINDS = {
    "ch": "charge", "du": "dispute", "fee": "application_fee", "fr": "fee_refund", "po": "payout", "py": "charge",
    "pyr": "refund", "re": "refund", "tr": "transfer", "trr": "transfer_reversal",
}  # fmt: skip
_DEEPEST = 4


def _line_items(transaction: Transaction, session: Body) -> Body:
    items = checkout.line_items(transaction, session)
    return listing(items, f"/v1/checkout/sessions/{session['id']}/line_items")


def _refunds(transaction: Transaction, charge: Body) -> Body:
    return listing(transaction.all("refund", charge=charge["id"]), f"/v1/charges/{charge['id']}/refunds")


def _payments(transaction: Transaction, invoice: Body) -> Body:
    return listing(invoicing.payments_of(transaction, invoice), f"/v1/invoice_payments?invoice={invoice['id']}")


#: Fields that are only there when they are asked for.
_INCLUDED: dict[tuple[str, str], Callable[[Transaction, Body], Body]] = {
    ("checkout.session", "line_items"): _line_items,
    ("charge", "refunds"): _refunds,
    ("invoice", "payments"): _payments,
}


def expand(transaction: Transaction, body: Body, paths: list[str]) -> Body:
    """`body` with every path expanded, in place. Raises `StripeError` for what can't be."""
    for path in paths:
        names = path.split(".")
        if len(names) - (names[0] == "data") > _DEEPEST:
            raise StripeError(f"You cannot expand more than {_DEEPEST} levels of a property. Property: {path}")
        _expand(transaction, body, names, path)
    return body


def _expand(transaction: Transaction, body: Body, names: list[str], path: str) -> None:
    name, *rest = names
    if body.get("object") == "list" and name == "data":
        for each in body["data"]:
            _expand(transaction, each, rest or [""], path)
        return
    child = _child(transaction, body, name, path)
    if child is not None and rest:
        _expand(transaction, child, rest, path)


def _child(transaction: Transaction, body: Body, name: str, path: str) -> Body | None:
    """The object at `name`, put there if it was an id."""
    value, kind = body.get(name), str(body.get("object", ""))
    if isinstance(value, dict) and "object" in value:
        return value
    if (kind, name) in _INCLUDED:
        body[name] = _INCLUDED[kind, name](transaction, body)
    elif name in _REFERENCES.get(kind, {}):
        body[name] = _referenced(transaction, _REFERENCES[kind][name], value)
    else:
        raise StripeError(
            f"This property cannot be expanded ({path}).",
            param="expand",
        )
    found: Body | None = body[name]
    return found


def _referenced(transaction: Transaction, kind: str | None, id: Any) -> Body | None:
    if id is None:
        return None
    return transaction.get(kind or _KINDS[id.split("_", 1)[0]], id)
