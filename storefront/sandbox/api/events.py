"""https://docs.stripe.com/api/events"""

from __future__ import annotations

from fnmatch import fnmatchcase

from storefront.sandbox.api.lists import page
from storefront.sandbox.api.routing import CREATED, PAGING, Routes, Values
from storefront.sandbox.errors import StripeError, no_such
from storefront.sandbox.params import Flag, ListOf, Param, Text
from storefront.sandbox.store import Body, Transaction

routes = Routes()

_FILTERS: dict[str, Param] = {"delivery_success": Flag(), "type": Text(), "types": ListOf(Text(), 20)}


@routes.get("/events/<id>")
def retrieve_event(transaction: Transaction, values: Values, id: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/events/retrieve"""
    event = transaction.find("event", id)
    if event is None:
        raise no_such("event", id)
    return event


@routes.get("/events", {**PAGING, **CREATED, **_FILTERS})
def list_events(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/events/list; a type may be `charge.*`."""
    if "type" in values and "types" in values:
        raise StripeError("You may only specify one of these parameters: type, types.")
    types = [values["type"]] if "type" in values else values.get("types", ["*"])

    def wanted(event: Body) -> bool:
        delivered = values.get("delivery_success", event["pending_webhooks"] == 0)
        return (event["pending_webhooks"] == 0) == delivered and any(fnmatchcase(event["type"], t) for t in types)

    return page(transaction, "event", "/v1/events", values, wanted)
