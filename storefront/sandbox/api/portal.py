"""https://docs.stripe.com/api/customer_portal/sessions"""

from __future__ import annotations

from storefront.sandbox.api.lists import existing
from storefront.sandbox.api.routing import Routes, Values
from storefront.sandbox.billing import customers
from storefront.sandbox.errors import missing
from storefront.sandbox.params import Choice, Hash, Param, Text, Url
from storefront.sandbox.shapes.portal import portal_body
from storefront.sandbox.store import Body, Transaction

routes = Routes()

_AFTER: dict[str, Param] = {
    "redirect": Hash({"return_url": Url(required=True)}),
    "type": Choice(("portal_homepage", "redirect"), required=True),
}
_FLOW: dict[str, Param] = {
    "after_completion": Hash(_AFTER),
    "subscription_cancel": Hash({"subscription": Text(required=True)}),
    "type": Choice(("payment_method_update", "subscription_cancel"), required=True),
}


@routes.post(
    "/billing_portal/sessions",
    {"customer": Text(required=True), "flow_data": Hash(_FLOW), "return_url": Url()},
)
def create_portal_session(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/customer_portal/sessions/create"""
    customers.existing(transaction, values["customer"])
    flow = values.get("flow_data", {})
    if flow.get("type") == "subscription_cancel":
        if "subscription_cancel" not in flow:
            raise missing("flow_data[subscription_cancel]")
        existing(transaction, "subscription", flow["subscription_cancel"]["subscription"], param="subscription")
    return transaction.add(portal_body(values, now=transaction.now, base_url=transaction.origin.base_url))
