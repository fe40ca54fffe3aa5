"""``/library/<id>``: one license, its terms, its receipt, its copies."""

from __future__ import annotations

import sqlalchemy as sa

from storefront.catalog.models import Listing
from storefront.checkout.models import Order
from storefront.kit.db import db, step
from tests.browser import Browser
from tests.cast import Cast
from tests.library.holding import finish, hold
from tests.refunds.acts import order_of
from tests.worlds import make_offer


def test_bob_finds_number_terms_price_and_copies(client: Browser, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice))

    page = client.as_person(cast.bob).get(f"/library/{license.public_id}").text

    assert license.number in page
    assert "$12.00" in page
    assert "Use it in work you are paid for: yes." in page
    assert "Clone again, version 1" in page
    assert page.count("Open in Studio</a>") == 1


def test_the_receipt_leads_to_stripes_own_once_it_is_known(client: Browser, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice))
    receipt = f"/library/receipts/{order_of(license).public_id}"
    assert receipt in client.as_person(cast.bob).get(f"/library/{license.public_id}").text
    assert "own receipt" not in client.get(receipt).text

    with step():
        known = {"receipt_url": "https://pay.stripe.com/receipts/x", "card": "card ending 4242"}
        db.session.execute(sa.update(Order).values(**known))
    assert 'href="https://pay.stripe.com/receipts/x"' in client.get(receipt).text
    assert "card ending 4242" in client.get(f"/library/{license.public_id}").text


def test_the_terms_stay_as_they_were_bought(client: Browser, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice))
    with step():
        db.session.execute(sa.update(Listing).values(terms="personal", title="Renamed"))

    page = client.as_person(cast.bob).get(f"/library/{license.public_id}").text
    assert "Commercial license for “Field Notes” by Alice." in page


def test_an_ended_license_says_so_and_offers_no_copy(client: Browser, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice))
    finish(license, "refunded")

    page = client.as_person(cast.bob).get(f"/library/{license.public_id}").text
    assert "Refunded, copies frozen" in page
    assert "These copies are frozen" in page
    assert "Clone again" not in page
    assert "Get again for $12.00" in page


def test_mallory_sees_no_license_of_bob(client: Browser, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice))
    assert client.as_person(cast.mallory).get(f"/library/{license.public_id}").status_code == 404
    assert client.as_person(cast.alice).get(f"/library/{license.public_id}").status_code == 404
