"""`expand[]`: objects in the place of their ids, to four levels: https://docs.stripe.com/api/expanding_objects"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from storefront.sandbox import checkout
from storefront.sandbox.api.lists import listing
from storefront.sandbox.errors import StripeError
from storefront.sandbox.store import Body, Transaction

#: Which fields of a kind hold ids, and of what kind; None is found by its id.
_REFERENCES: dict[str, dict[str, str | None]] = {
    "checkout.session": {"customer": "customer", "payment_intent": "payment_intent"},
    "payment_intent": {"customer": "customer", "latest_charge": "charge", "payment_method": "payment_method"},
    "charge": {
        "balance_transaction": "balance_transaction",
        "customer": "customer",
        "payment_intent": "payment_intent",
    },
    "refund": {
        "balance_transaction": "balance_transaction",
        "charge": "charge",
        "failure_balance_transaction": "balance_transaction",
        "payment_intent": "payment_intent",
    },
    "balance_transaction": {"source": None},
    "price": {"product": "product"},
    "payment_method": {"customer": "customer"},
}
_DEEPEST = 4


def _line_items(transaction: Transaction, session: Body) -> Body:
    items = checkout.line_items(transaction, session)
    return listing(items, f"/v1/checkout/sessions/{session['id']}/line_items")


def _refunds(transaction: Transaction, charge: Body) -> Body:
    return listing(transaction.all("refund", charge=charge["id"]), f"/v1/charges/{charge['id']}/refunds")


#: Fields that are only there when they are asked for.
_INCLUDED: dict[tuple[str, str], Callable[[Transaction, Body], Body]] = {
    ("checkout.session", "line_items"): _line_items,
    ("charge", "refunds"): _refunds,
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
    if kind is None:
        kind = "refund" if id.startswith("re_") else "charge"
    return transaction.get(kind, id)
