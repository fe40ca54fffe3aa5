"""Bringing a Stripe account to what this shop needs, and saying what was missing. Run again it changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

from storefront.config import current as settings
from storefront.kit.db import outside
from storefront.kit.ids import token
from storefront.kit.slices import installed
from storefront.kit.urls import absolute_url
from storefront.payments.gateway import setup as stripe
from storefront.subscriptions.products import Price, prices

#: Endpoint of the shop, setting that holds its secret, whether it is for connected accounts.
ENDPOINTS = (
    ("payments.receive", "STRIPE_WEBHOOK_SECRET", False),
    ("payments.receive_connect", "STRIPE_CONNECT_WEBHOOK_SECRET", True),
)


def set_up(*, dry_run: bool = False, endpoints: bool = True) -> Iterator[str]:
    """Make what is missing, one sentence for each thing; with ``dry_run`` only say it. ``endpoints``: webhooks', too.

    Raises PaymentsDown, or PaymentRefused for a key that may not do this.
    """
    run = token(12)  # a key of an earlier run would be answered with what was true then

    def do(deed: Callable[..., object], *arguments: object, key: str, **more: object) -> object:
        if dry_run:
            return None
        with outside():
            return deed(*arguments, key=f"setup-{run}-{key}", **more)

    yield from _products(do)
    if endpoints:
        yield from _endpoints(do)


def _products(do: Callable[..., object]) -> Iterator[str]:
    wanted = prices(settings())
    with outside():
        there = stripe.prices_by_key([each.lookup_key for each in wanted])
        known = stripe.known_products({_product_id(each.product) for each in wanted})
    for product, of_it in groupby(wanted, key=lambda each: each.product):
        id, listed = _product_id(product), list(of_it)
        if id not in known:
            do(stripe.make_product, id, listed[0].title, key=id)
            yield f"Product {listed[0].title}: made."
        for price in listed:
            yield from _price(do, id, price, there.get(price.lookup_key))


def _product_id(product: str) -> str:
    return f"storefront_{product}"


def _price(do: Callable[..., object], product: str, price: Price, there: stripe.StripePrice | None) -> Iterator[str]:
    costs = (price.amount, price.currency, price.interval, product)
    if there is not None and costs == (there.amount, there.currency, there.interval, there.product):
        return
    do(
        stripe.make_price, product, price.lookup_key, amount=price.amount, currency=price.currency,
        interval=price.interval, key=price.lookup_key,
    )  # fmt: skip
    if there is None:
        yield f"Price {price.lookup_key}: made, {price.money} a {price.interval}."
        return
    do(stripe.retire_price, there.id, key=f"{price.lookup_key}-retire")
    yield f"Price {price.lookup_key}: {price.money} a {price.interval} from now on; who pays another goes on with it."


def _endpoints(do: Callable[..., object]) -> Iterator[str]:
    with outside():
        there = {(each.url, each.is_connect): each for each in stripe.endpoints()}
    for endpoint, secret, is_connect in ENDPOINTS:
        url, events = absolute_url(endpoint), events_heard(connected=is_connect)
        found = there.get((url, is_connect))
        if found is None:
            made = do(
                stripe.make_endpoint, url, events, is_connect=is_connect, description=settings().site_name, key=endpoint
            )
            yield f"Webhook endpoint {url}: made, for {len(events)} kinds of events."
            if isinstance(made, stripe.Endpoint):
                yield f"Set {secret}={made.secret} now; Stripe tells it only once."
        elif found.events != events and found.events != {"*"}:
            do(stripe.change_endpoint, found.id, events, key=endpoint)
            yield f"Webhook endpoint {url}: gets {len(events)} kinds of events from now on."


def events_heard(*, connected: bool) -> frozenset[str]:
    """The types of events that some slice of this shop handles."""
    return frozenset(
        type for one in installed().slices for type in (one.connect_webhooks if connected else one.webhooks)
    )
