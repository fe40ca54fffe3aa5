"""Who paid gets one letter that says what for."""

from __future__ import annotations

import sqlalchemy as sa

from storefront.checkout import getting, jobs
from storefront.checkout.models import Order
from storefront.kit.db import db
from storefront.kit.jobs import run_due_jobs
from tests.browser import Browser
from tests.cast import Cast
from tests.letterbox import letters_to
from tests.stripe import Stripe
from tests.worlds import make_offer


def test_bob_gets_one_receipt(cast: Cast, client: Browser, stripe: Stripe) -> None:
    listing = make_offer(cast.alice)
    getting.get(listing.slug, cast.bob, price=1200, currency="USD")
    order = db.session.scalars(sa.select(Order)).one()
    stripe.pay(order.session_id or "")
    stripe.deliver(client)
    run_due_jobs()
    jobs.payment_details(order.id)
    run_due_jobs()

    (letter,) = letters_to("bob@example.com")

    assert letter.subject == "Field Notes is yours"
    assert "Paid $12.00" in letter.text
    assert "card ending 4242" in letter.text
