"""**Get**, step by step: what is committed, and what is asked of Stripe between the commits.

This is the one place where a request makes more than one transaction: an order must outlive a Stripe that
does not answer, and no transaction may wait for one that is slow.
"""

from __future__ import annotations

import logging

from storefront.accounts.models import Person
from storefront.catalog.models import Listing
from storefront.catalog.product_data import cover_address
from storefront.catalog.queries import listing_offered
from storefront.checkout import services, words
from storefront.checkout.models import Order
from storefront.checkout.queries import order_of_session
from storefront.config import current as settings
from storefront.kit.db import outside, step
from storefront.kit.errors import Conflict
from storefront.kit.jobs import announce
from storefront.kit.urls import absolute_url
from storefront.licenses.models import License
from storefront.payments import gateway
from storefront.payments.gateway import CheckoutSession, PaymentRefused
from storefront.payments.webhooks import Parked

log = logging.getLogger(__name__)


def get(slug: str, buyer: Person, *, price: int, currency: str) -> License | str:
    """Get a listing at the price that was seen: the license of a free one, or the address to pay at.

    Raises NotFound, OwnListing, AlreadyYours, NotForSale, PriceChanged, PaymentsDown; Conflict if the order was given
    up meanwhile.
    """
    with step():
        listing = listing_offered(slug)
        services.refuse_unless_offered(listing, buyer, price=price, currency=currency)
        if listing.is_free:
            return services.get_free(listing, buyer)
        order, stale = services.open_order(listing, buyer)
    if stale is not None and stale.session_id is not None:
        close_session(stale.session_id)
        with step():
            services.refuse_unless_offered(listing, buyer, price=price, currency=currency)
    if order.has_open_session and order.session_url:
        return order.session_url
    try:
        session = ask_stripe(order, listing, buyer)
    except (gateway.PaymentsBroken, PaymentRefused):
        with step():
            services.next_attempt(order.id)
            if order.destination:
                # Perhaps that account can take nothing any more: then the next click's sale is held.
                announce("payouts.look", stripe_account=order.destination)
        raise
    with step():
        order = services.attach_session(order.id, session)
    if order.session_id != session.id and not order.has_open_session:
        raise Conflict
    return order.session_url or absolute_url("checkout.success", session_id=order.session_id)


def ask_stripe(order: Order, listing: Listing, buyer: Person) -> CheckoutSession:
    """Have Stripe make the session of an order. Asking twice for one attempt gives one session."""
    purchase = gateway.Purchase(
        amount=order.price,
        currency=order.currency,
        title=listing.title,
        description=listing.tagline,
        image=cover_address(listing, 640) if listing.cover else None,
        note=words.promise(listing, refund_days=settings().refund_days),
        email=buyer.email,
        reference=order.public_id,
        metadata={**services.identity(order), "work": str(listing.work_id)},
        expires_at=order.session_expires_at or services.session_end(),
        destination=order.destination,
        application_fee=order.asked.split_fee(basis_points=order.fee_bps)[0].amount,
        success_url=absolute_url("checkout.success") + "?session_id={CHECKOUT_SESSION_ID}",
        cancel_url=absolute_url("checkout.cancel", listing=listing.slug),
    )
    with outside():
        return gateway.create_checkout_session(purchase, key=f"checkout-{order.public_id}-{order.attempt}")


def close_session(session_id: str) -> None:
    """Expire a session that gave way to another. If it was paid at the last moment, it is fulfilled."""
    with outside():
        session = gateway.expire_checkout_session(session_id)
    settle(session)


def settle(session: CheckoutSession) -> None:
    """Fulfil a session if it is paid. One that fits no order is left to its event, which operators see parked."""
    try:
        with step():
            services.fulfil(session)
    except Parked as why:
        log.warning("session %s was not fulfilled: %s", session.id, why)


def confirm(session_id: str, buyer: Person) -> Order:
    """The buyer's order of a session, after asking Stripe how it stands unless that is known.

    The success page calls it, so nothing waits for a webhook. Raises NotFound for somebody else's session.
    """
    order = order_of_session(buyer, session_id)
    if order.status not in services.PAYABLE:
        return order
    try:
        with outside():
            session = gateway.retrieve_checkout_session(session_id)
    except (gateway.PaymentsDown, PaymentRefused):
        return order  # still open; the page says "confirming" and asks again
    settle(session)
    return order_of_session(buyer, session_id)
