"""Orders: what somebody set out to buy, with everything frozen that the price depended on."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.accounts.models import Person
from storefront.catalog.models import CLONE_MODES, TERMS, Listing
from storefront.kit import clock
from storefront.kit.db import Model, one_of
from storefront.kit.money import Money
from storefront.licenses.models import License
from storefront.payouts.models import Settlement

STATUSES = ("open", "paid", "expired", "unwanted", "refunded")
OPEN_SQL = sa.text("status = 'open'")


class Order(Model):
    """One intent to buy a listing.

    ``price`` is what was asked; ``subtotal``, ``tax`` and ``amount`` are what Stripe says was paid, with
    ``fee`` and ``share`` of what remains before tax. All in minor units of ``currency``. ``attempt`` counts the
    Checkout sessions made for it, because Stripe replays the answer to a used idempotency key.
    ``destination`` is the account at Stripe that is paid at once, where that is the ``settlement``.
    ``unwanted`` was paid while a license was live already: its money goes back. ``returned`` is how much of
    ``amount`` went back or is on its way.
    """

    __tablename__ = "orders"
    __table_args__ = (
        one_of("status", STATUSES),
        one_of("terms", TERMS),
        one_of("clone_mode", CLONE_MODES),
        one_of("settlement", ("held", "destination")),
        sa.CheckConstraint("price > 0", name="price_positive"),
        sa.CheckConstraint("status NOT IN ('paid', 'unwanted') OR amount IS NOT NULL", name="paid_has_amount"),
        sa.CheckConstraint("status <> 'paid' OR license_id IS NOT NULL", name="paid_has_license"),
        # An unknown part makes the sum unknown, which a plain comparison would let pass.
        sa.CheckConstraint("coalesce(amount = fee + share + tax, amount IS NULL)", name="shares_add_up"),
        sa.CheckConstraint("returned >= 0 AND returned <= coalesce(amount, 0)", name="returned_within_amount"),
        sa.Index(
            "uq_orders_open", "buyer_id", "listing_id", unique=True,
            postgresql_where=OPEN_SQL, sqlite_where=OPEN_SQL,
        ),
        sa.Index("ix_orders_status", "status", "opened_at"),
        sa.Index("ix_orders_buyer", "buyer_id", "id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True)
    buyer_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id"))
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("versions.id"))
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    status: Mapped[str] = mapped_column(sa.String(10), default="open")
    price: Mapped[int]
    currency: Mapped[str] = mapped_column(sa.String(3))
    terms: Mapped[str] = mapped_column(sa.String(10))
    clone_mode: Mapped[str] = mapped_column(sa.String(20))
    settlement: Mapped[str] = mapped_column(sa.String(12))
    destination: Mapped[str | None] = mapped_column(sa.String(80))
    fee_bps: Mapped[int]
    attempt: Mapped[int] = mapped_column(default=1)
    session_id: Mapped[str | None] = mapped_column(sa.String(120), unique=True)
    session_url: Mapped[str | None] = mapped_column(sa.Text)
    session_expires_at: Mapped[datetime | None]
    subtotal: Mapped[int | None]
    tax: Mapped[int | None]
    amount: Mapped[int | None]
    fee: Mapped[int | None]
    share: Mapped[int | None]
    payment_intent: Mapped[str | None] = mapped_column(sa.String(80))
    charge: Mapped[str | None] = mapped_column(sa.String(80))
    stripe_fee: Mapped[int | None]
    card: Mapped[str | None] = mapped_column(sa.String(60))
    receipt_url: Mapped[str | None] = mapped_column(sa.Text)
    refund: Mapped[str | None] = mapped_column(sa.String(80))
    returned: Mapped[int] = mapped_column(default=0, server_default="0")
    license_id: Mapped[int | None] = mapped_column(sa.ForeignKey("licenses.id"), unique=True)
    flag: Mapped[str] = mapped_column(sa.Text, default="")
    opened_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]

    buyer: Mapped[Person] = relationship(lazy="raise")
    listing: Mapped[Listing] = relationship(lazy="raise")
    license: Mapped[License | None] = relationship(lazy="raise")

    @property
    def paid(self) -> Money:
        """All that was paid, tax among it."""
        return Money(self.amount or 0, self.currency)

    def part(self, name: Literal["fee", "share", "tax"]) -> Money:
        """A part of what was paid; nothing before that."""
        return Money(getattr(self, name) or 0, self.currency)

    @property
    def has_open_session(self) -> bool:
        """Whether the buyer can be sent to the session that was made before."""
        return (
            self.status == "open"
            and self.session_url is not None
            and self.session_expires_at is not None
            and clock.now() < self.session_expires_at
        )

    @property
    def asked(self) -> Money:
        """What the buyer was asked for."""
        return Money(self.price, self.currency)

    @property
    def takes_back(self) -> tuple[str, ...]:
        """What a refund takes back with it at Stripe, where the money was passed on at once: the transfer, and the fee
        if there was one. Source: https://docs.stripe.com/connect/destination-charges#issue-refunds"""
        if self.destination is None:
            return ()
        return ("reverse_transfer", "refund_application_fee") if self.fee else ("reverse_transfer",)

    def still_offers(self, listing: Listing, *, settlement: Settlement) -> bool:
        """Whether everything frozen here is still what the listing asks and gives."""
        offer = (self.price, self.currency, self.terms, self.clone_mode, self.version_id)
        now = (listing.price, listing.currency, listing.terms, listing.clone_mode, listing.version_id)
        return offer == now and Settlement(self.settlement, self.destination) == settlement
