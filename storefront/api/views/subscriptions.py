"""Plans and All-Access: what one subscribes to, and where."""

from __future__ import annotations

from typing import Any

from flask_login import current_user

from storefront.api.endpoint import ApiBlueprint
from storefront.api.schemas import Standing, Subscribe, SubscriptionPage
from storefront.config import current as settings
from storefront.copies.queries import meter_of
from storefront.kit import clock
from storefront.subscriptions import queries, subscribing
from storefront.subscriptions.models import Subscription

blueprint = ApiBlueprint("api_subscriptions", __name__, "Subscriptions", "Plans and All-Access.")


@blueprint.answers(
    "POST", "/v1/subscriptions/checkout", scope="subscriptions:write", takes=Subscribe(), gives=SubscriptionPage(),
    refuses=(404, 409, 502),
)  # fmt: skip
def subscribe(sent: dict[str, str]) -> dict[str, str]:
    """Begin to subscribe

    Gives the page of Stripe where a person pays; while it is open, asking again gives the same page. 409 if you have
    such a subscription: it is changed under Billing.
    """
    page = subscribing.subscribe(current_user, sent["product"], sent["interval"])
    return {"sessionId": page.session_id, "url": page.url}


@blueprint.answers("GET", "/v1/subscriptions/me", scope="subscriptions:read", gives=Standing())
def get_subscriptions() -> dict[str, Any]:
    """Read what you subscribe to

    Your plan, your subscriptions as Stripe last told, and how many copies of this month are left.
    """
    meter = meter_of(current_user, clock.now())
    return {
        "plan": current_user.plan, "subscriptions": [_subscribed(each) for each in queries.latest(current_user)],
        "copies_this_month": meter.used, "copies_remaining": meter.left,
    }  # fmt: skip


def _subscribed(each: Subscription) -> dict[str, Any]:
    return {
        "id": each.public_id, "product": each.product, "interval": each.interval, "status": each.status,
        "serves": each.serves(clock.now(), grace=settings().grace), "amount": each.amount,
        "currency": each.currency, "period_end": each.period_end, "cancel_at": each.cancel_at,
        "next_product": each.next_product,
    }  # fmt: skip
