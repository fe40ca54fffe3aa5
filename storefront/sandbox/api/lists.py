"""Lists with cursors, newest first: https://docs.stripe.com/api/pagination"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import Any

from storefront.sandbox.errors import StripeError, no_such
from storefront.sandbox.store import Body, Transaction

_BOUNDS = {"eq": operator.eq, "gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}


def page(
    transaction: Transaction,
    kind: str,
    url: str,
    values: dict[str, Any],
    wanted: Callable[[Body], bool] = lambda body: True,  # noqa: ARG005
    filters: Iterable[str] = (),
) -> Body:
    """A page of a kind's wanted objects; `filters` names the values that their fields must have."""
    where = {name: values[name] for name in filters if name in values}
    bounds = values.get("created", {})
    found = [body for body in transaction.all(kind, **where) if _created_within(body, bounds) and wanted(body)]
    return cut(found, url, values, kind)


def existing(transaction: Transaction, kind: str, id: str, param: str = "id") -> Body:
    """The object that an address names. Raises `StripeError`, 404."""
    body = transaction.find(kind, id)
    if body is None:
        raise no_such(kind, id, param=param)
    return body


def cut(found: list[Body], url: str, values: dict[str, Any], kind: str) -> Body:
    """The page of `found` that the cursors ask for, in Stripe's list shape."""
    if "starting_after" in values and "ending_before" in values:
        raise StripeError("You may only specify one of these parameters: starting_after, ending_before.")
    limit = values.get("limit", 10)
    if "ending_before" in values:
        before = found[: _position(found, values["ending_before"], "ending_before", kind)]
        return listing(before[-limit:], url, has_more=len(before) > limit)
    start = _position(found, values["starting_after"], "starting_after", kind) + 1 if "starting_after" in values else 0
    return listing(found[start : start + limit], url, has_more=len(found) > start + limit)


def listing(data: list[Body], url: str, *, has_more: bool = False) -> Body:
    """The envelope of every list."""
    return {"object": "list", "data": data, "has_more": has_more, "url": url}


def _position(found: list[Body], id: str, param: str, kind: str) -> int:
    for position, body in enumerate(found):
        if body["id"] == id:
            return position
    raise no_such(kind, id, param=param, status=400)


def _created_within(body: Body, bounds: dict[str, int]) -> bool:
    return all(_BOUNDS[name](body["created"], bound) for name, bound in bounds.items())
