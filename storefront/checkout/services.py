"""Orders: opened when somebody sets out to buy, paid when Stripe says so, once."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.accounts.queries import role_in
from storefront.catalog.models import Listing
from storefront.catalog.services import count_get
from storefront.checkout.models import Order
from storefront.checkout.queries import is_withdrawn
from storefront.config import current as settings
from storefront.events.services import record
from storefront.kit import clock
from storefront.kit.db import db
from storefront.kit.errors import Conflict
from storefront.kit.ids import public_id
from storefront.kit.inserts import insert_if_new
from storefront.kit.jobs import announce
from storefront.kit.money import Money
from storefront.ledger import services as ledger
from storefront.licenses.models import License
from storefront.licenses.queries import live_license
from storefront.licenses.services import grant
from storefront.payments.gateway import CheckoutSession
from storefront.payments.webhooks import Parked
from storefront.payouts.queries import settlement_of

SHORTEST_SESSION = timedelta(minutes=30, seconds=30)  # Stripe's thirty minutes, and the way there
PAYABLE = ("open", "expired")  # an order that gave way to a newer one may still be paid: its page was open


class AlreadyYours(Conflict):
    title = "It is yours already."
    message = "One license is enough. It is in your library."


class OwnListing(Conflict):
    title = "This is your own work."
    message = "You or your team made it, so you don't need a license for it."


class NotForSale(Conflict):
    """Its creator's plan has no selling any more."""

    title = "This can't be bought now."
    message = "Its creator is not selling at the moment. Nothing was charged."


class PriceChanged(Conflict):
    """What was posted is not what the listing asks now."""

    title = "The price has changed."
    message = "Nothing was charged. Look at the new price before you go on."


def refuse_unless_offered(listing: Listing, buyer: Person, *, price: int, currency: str) -> None:
    """Raises OwnListing, AlreadyYours, NotForSale or PriceChanged. ``listing`` must be read by ``listing_offered``."""
    if is_own(listing, buyer):
        raise OwnListing
    if live_license(buyer, listing.id):
        raise AlreadyYours
    if not listing.is_for_sale:
        raise NotForSale
    if (price, currency) != (listing.price, listing.currency):
        raise PriceChanged


def is_own(listing: Listing, person: Person) -> bool:
    """Whether the listing is of a workspace that ``person`` is in, which is no reason to pay for it."""
    workspace = listing.workspace
    if workspace.owner_id == person.id:
        return True
    return workspace.kind == "team" and role_in(person, workspace.id) is not None


def get_free(listing: Listing, buyer: Person) -> License:
    """A license at once. Raises AlreadyYours, also when two clicks race."""
    if not listing.is_free or listing.version_id is None:
        raise PriceChanged
    license = grant(
        buyer, listing, version_id=listing.version_id, terms=listing.terms, clone_mode=listing.clone_mode,
        currency=listing.currency,
    )  # fmt: skip
    if license is None:
        raise AlreadyYours
    count_get(listing.id, paid=False)
    return license


def open_order(listing: Listing, buyer: Person) -> tuple[Order, Order | None]:
    """The buyer's one open order for a paid listing, and the one that gave way to it, if any.

    The same order again while nothing that it froze has changed and its session has not run out.
    """
    settlement = settlement_of(listing.workspace_id)
    current = _lock_open_order(listing, buyer)
    stale = None
    if current is not None:
        if current.still_offers(listing, settlement=settlement) and not _has_run_out(current):
            if current.session_id is None and _runs_short(current):
                _renew(current)
            return current, None
        stale = current
        expire(stale)
        if stale.session_id is not None:
            # Get closes it at once, if it can: Stripe may be away, and whoever has the page open could still pay.
            announce("checkout.close_session", session_id=stale.session_id)
        db.session.flush()
    opened = insert_if_new(
        Order,
        public_id=public_id("ord"),
        buyer_id=buyer.id,
        listing_id=listing.id,
        version_id=listing.version_id,
        workspace_id=listing.workspace_id,
        status="open",
        price=listing.price,
        currency=listing.currency,
        terms=listing.terms,
        clone_mode=listing.clone_mode,
        settlement=settlement.kind,
        destination=settlement.destination,
        fee_bps=settings().platform_fee_bps,
        attempt=1,
        flag="",
        opened_at=clock.now(),
        session_expires_at=session_end(),
    )
    order = _lock_open_order(listing, buyer)
    if order is None:
        raise Conflict
    if opened:
        record("order.opened", order, by=buyer, workspace_id=order.workspace_id, price=order.price)
    return order, stale


def session_end() -> datetime:
    """When a session made now runs out. Frozen on the order, so that a repeated call to Stripe is the same call."""
    return clock.now() + timedelta(minutes=settings().checkout_minutes)


def _lock_open_order(listing: Listing, buyer: Person) -> Order | None:
    query = sa.select(Order).where(Order.buyer_id == buyer.id, Order.listing_id == listing.id, Order.status == "open")
    return db.session.scalar(query.with_for_update())


def _runs_short(order: Order) -> bool:
    """Whether Stripe would refuse a session that ends when this order says: it must live for half an hour."""
    return order.session_expires_at is not None and order.session_expires_at < clock.now() + SHORTEST_SESSION


def _renew(order: Order) -> None:
    order.attempt += 1
    order.session_expires_at = session_end()


def _has_run_out(order: Order) -> bool:
    return order.session_expires_at is not None and order.session_expires_at <= clock.now()


def attach_session(order_id: int, session: CheckoutSession) -> Order:
    """Remember the session that Stripe made for an order.

    If the order was given up or its listing withdrawn meanwhile, or another click's session came first, this one is to
    be closed: nobody is led to it, and nobody would ask after it.
    """
    order = lock_order(order_id)
    if is_withdrawn(order.listing_id):
        expire(order)
    if order.status != "open" or (order.has_open_session and order.session_id != session.id):
        announce("checkout.close_session", session_id=session.id)
        return order
    order.session_id = session.id
    order.session_url = session.url
    order.session_expires_at = session.expires_at
    return order


def next_attempt(order_id: int) -> None:
    """Let the next click ask Stripe anew: it would replay the failure it answered to the used key."""
    _renew(lock_order(order_id))


def lock_order(order_id: int) -> Order:
    query = sa.select(Order).where(Order.id == order_id).with_for_update()
    return db.session.scalars(query, execution_options={"populate_existing": True}).one()


def expire(order: Order) -> None:
    """Give up an open order; **Get** then opens another."""
    if order.status == "open":
        order.status = "expired"
        record("order.expired", order, workspace_id=order.workspace_id)


def fulfil(session: CheckoutSession) -> Order | None:
    """Pay the order of a paid session and grant its license, once, however often this is called.

    None while the session is not paid. Raises Parked if no order fits it. If a license became live meanwhile
    the order is ``unwanted`` and its refund is announced. The amounts booked are Stripe's; a difference is flagged.
    """
    if not session.is_paid:
        return None
    order = order_of(session)
    if order.status not in PAYABLE:
        if session.payment_intent not in (None, order.payment_intent):
            raise Parked("Its order was paid before, through another session. This second payment is to go back.")
        return order
    _book(order, session)
    buyer = db.session.get_one(Person, order.buyer_id)
    listing = db.session.get_one(Listing, order.listing_id)
    license = grant(
        buyer, listing, version_id=order.version_id, terms=order.terms, clone_mode=order.clone_mode,
        currency=session.currency, amount=(order.fee or 0) + (order.share or 0), fee=order.fee or 0,
        share=order.share or 0, payment_intent=session.payment_intent,
    )  # fmt: skip
    if license is None:
        order.status = "unwanted"
        ledger.book_unwanted(order.public_id, order.paid, reference=order.payment_intent)
        announce("checkout.payment_details", order_id=order.id)
        announce("checkout.refund_unwanted", order_id=order.id)
        record("order.unwanted", order, by=buyer, workspace_id=order.workspace_id)
        return order
    order.status = "paid"
    order.license_id = license.id
    ledger.book_sale(
        order.public_id, workspace_id=order.workspace_id, fee=order.part("fee"), share=order.part("share"),
        tax=order.part("tax"), matures_at=license.refundable_until or clock.now(), settlement=order.settlement,
        reference=order.payment_intent,
    )  # fmt: skip
    count_get(listing.id, paid=True)
    told = {"listing": order.listing_id, "amount": order.amount}
    record("order.paid", order, by=buyer, workspace_id=order.workspace_id, **told)
    announce("checkout.payment_details", order_id=order.id)
    return order


def order_of(session: CheckoutSession) -> Order:
    """The locked order that a session pays for. Raises Parked with the reason if none fits."""
    if session.metadata.get("type") != "listing_purchase":
        raise Parked("Its metadata does not say what was bought.")
    query = sa.select(Order).where(Order.public_id == session.metadata.get("order", "")).with_for_update()
    order = db.session.scalar(query, execution_options={"populate_existing": True})
    if order is None:
        raise Parked("It names an order that this shop does not have.")
    wrong = [name for name, value in identity(order).items() if session.metadata.get(name) != value]
    if wrong:
        raise Parked(f"Its metadata does not fit the order: {', '.join(wrong)}.")
    return order


def identity(order: Order) -> dict[str, str]:
    """What an order writes into the metadata of its session, and must find there again."""
    return {
        "type": "listing_purchase",
        "order": order.public_id,
        "listing": str(order.listing_id),
        "buyer": str(order.buyer_id),
        "workspace": str(order.workspace_id),
        "price": str(order.price),
    }


def _book(order: Order, session: CheckoutSession) -> None:
    net = Money(session.amount_total - session.amount_tax, session.currency)
    fee, share = net.split_fee(basis_points=order.fee_bps)
    flags = []
    if order.session_id not in (None, session.id):
        flags.append(f"paid through session {session.id}, not through {order.session_id}")
    if (session.amount_subtotal, session.currency) != (order.price, order.currency):
        flags.append(f"asked {order.price} {order.currency}, paid {session.amount_subtotal} {session.currency}")
    order.flag = "; ".join(flags)
    order.session_id = session.id
    order.subtotal, order.tax, order.amount = (
        session.amount_subtotal,
        session.amount_tax,
        session.amount_total,
    )
    order.fee, order.share = fee.amount, share.amount
    order.currency = session.currency
    order.payment_intent = session.payment_intent
    order.paid_at = clock.now()
