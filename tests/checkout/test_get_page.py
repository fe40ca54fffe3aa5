"""Get as a person meets it: the page that asks, the posts that are refused, and the pages afterwards."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.catalog.models import Listing
from storefront.checkout.models import Order
from storefront.kit.db import db, step
from storefront.kit.jobs import run_due_jobs
from storefront.licenses.models import License
from tests.browser import Browser
from tests.cast import Cast
from tests.stripe import Stripe
from tests.worlds import make_offer


def seen(listing: Listing, **changed: object) -> dict[str, object]:
    """What the page posts."""
    return {"price": listing.price, "currency": listing.currency, **changed}


def order_of(person: Person) -> Order:
    query = sa.select(Order).where(Order.buyer_id == person.id).execution_options(populate_existing=True)
    return db.session.scalars(query).one()


@pytest.mark.parametrize("clone_mode", ["indefinite", "version_only"])
def test_the_page_names_the_price_on_its_button(cast: Cast, client: Browser, clone_mode: str) -> None:
    make_offer(cast.alice, clone_mode=clone_mode)

    page = client.as_person(cast.bob).get("/listings/field-notes/get")

    assert page.status_code == 200
    assert "Get for $12.00" in page.text


def test_a_stranger_is_asked_to_sign_in_and_comes_back(cast: Cast, client: Browser) -> None:
    make_offer(cast.alice)

    answer = client.get("/listings/field-notes/get")

    assert answer.status_code == 303
    assert answer.location.endswith("/login?next=/listings/field-notes/get")


def test_getting_leads_to_stripe(cast: Cast, client: Browser, stripe: Stripe) -> None:
    listing = make_offer(cast.alice)

    answer = client.as_person(cast.bob).post("/listings/field-notes/orders", data=seen(listing))

    assert answer.status_code == 303
    assert answer.location == order_of(cast.bob).session_url
    assert answer.location.startswith(stripe.url)


def test_with_htmx_the_browser_is_told_to_leave(cast: Cast, client: Browser, stripe: Stripe) -> None:
    listing = make_offer(cast.alice)

    answer = client.as_person(cast.bob).htmx("/listings/field-notes/orders", method="POST", data=seen(listing))

    assert answer.headers["HX-Redirect"] == order_of(cast.bob).session_url


def test_a_changed_price_is_shown_before_anything_happens(cast: Cast, client: Browser) -> None:
    listing = make_offer(cast.alice)

    answer = client.as_person(cast.bob).post("/listings/field-notes/orders", data=seen(listing, price=900))

    assert answer.status_code == 409
    assert "The price has changed" in answer.text
    assert "Get for $12.00" in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Order)) == 0


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"price": "much", "currency": "USD"},
        {"price": -1, "currency": "USD"},
        {"price": 10**30, "currency": "USD"},
    ],
)
def test_nonsense_is_shown_the_page_again(cast: Cast, client: Browser, posted: dict[str, object]) -> None:
    make_offer(cast.alice)

    answer = client.as_person(cast.bob).post("/listings/field-notes/orders", data=posted)

    assert answer.status_code == 422
    assert "Get for $12.00" in answer.text


def test_stripe_down_says_that_nothing_was_charged(cast: Cast, client: Browser, stripe: Stripe) -> None:
    listing = make_offer(cast.alice)
    stripe.fail_next("down", times=3)

    answer = client.as_person(cast.bob).post("/listings/field-notes/orders", data=seen(listing))

    assert answer.status_code == 503
    assert "Nothing was charged" in answer.text
    assert order_of(cast.bob).status == "open"


def test_the_success_page_needs_no_webhook(cast: Cast, client: Browser, stripe: Stripe) -> None:
    listing = make_offer(cast.alice)
    client.as_person(cast.bob).post("/listings/field-notes/orders", data=seen(listing))
    session_id = order_of(cast.bob).session_id or ""
    stripe.pay(session_id)

    page = client.get(f"/checkout/success?session_id={session_id}")

    assert page.status_code == 200
    assert "It is yours." in page.text
    assert "$12.00" in page.text


def test_the_success_page_waits_for_a_payment_on_its_way(cast: Cast, client: Browser, stripe: Stripe) -> None:
    listing = make_offer(cast.alice)
    client.as_person(cast.bob).post("/listings/field-notes/orders", data=seen(listing))
    session_id = order_of(cast.bob).session_id or ""

    page = client.get(f"/checkout/success?session_id={session_id}")
    assert "Confirming your payment" in page.text
    assert page.headers["Refresh"] == "10"

    stripe.pay(session_id)
    answer = client.htmx(f"/checkout/success?session_id={session_id}")
    assert answer.headers["HX-Redirect"].endswith(f"session_id={session_id}")


def test_a_paid_session_that_fits_no_order_is_left_to_operators(cast: Cast, client: Browser, stripe: Stripe) -> None:
    listing = make_offer(cast.alice)
    client.as_person(cast.bob).post("/listings/field-notes/orders", data=seen(listing))
    order = order_of(cast.bob)
    stripe.pay(order.session_id or "")
    with step():  # as if somebody had put the database back to another day
        order.price = 999

    page = client.get(f"/checkout/success?session_id={order.session_id}")

    assert page.status_code == 200
    assert "Confirming your payment" in page.text
    assert "parked" in stripe.deliver(client, "checkout.session.completed")


def test_the_card_and_receipt_are_shown_once_known(cast: Cast, client: Browser, stripe: Stripe) -> None:
    listing = make_offer(cast.alice)
    client.as_person(cast.bob).post("/listings/field-notes/orders", data=seen(listing))
    session_id = order_of(cast.bob).session_id or ""
    stripe.pay(session_id)
    client.get(f"/checkout/success?session_id={session_id}")
    run_due_jobs()

    page = client.get(f"/checkout/success?session_id={session_id}")

    assert "card ending 4242" in page.text
    assert "See the receipt" in page.text


def test_mallory_sees_nothing_of_bobs_payment(cast: Cast, client: Browser, stripe: Stripe) -> None:
    listing = make_offer(cast.alice)
    client.as_person(cast.bob).post("/listings/field-notes/orders", data=seen(listing))
    session_id = order_of(cast.bob).session_id or ""
    stripe.pay(session_id)
    client.get(f"/checkout/success?session_id={session_id}")
    license = db.session.scalars(sa.select(License)).one()

    client.as_person(cast.mallory)

    assert client.get(f"/checkout/success?session_id={session_id}").status_code == 404
    assert client.get(f"/library/{license.public_id}/got").status_code == 404


@pytest.mark.parametrize("session_id", ["", "cs_test_unknown", "x" * 5000, "%00", "'; DROP TABLE orders; --"])
def test_an_unknown_session_is_not_found(cast: Cast, client: Browser, session_id: str) -> None:
    answer = client.as_person(cast.bob).get("/checkout/success", query_string={"session_id": session_id})

    assert answer.status_code == 404


def test_a_free_work_is_his_at_once(cast: Cast, client: Browser) -> None:
    listing = make_offer(cast.alice, price=0)

    answer = client.as_person(cast.bob).post("/listings/field-notes/orders", data=seen(listing))
    page = client.get(answer.location)

    assert "It is yours." in page.text
    assert db.session.scalars(sa.select(License.status)).all() == ["free"]


def test_what_is_his_leads_to_the_library(cast: Cast, client: Browser) -> None:
    listing = make_offer(cast.alice, price=0)
    client.as_person(cast.bob).post("/listings/field-notes/orders", data=seen(listing))

    answer = client.post("/listings/field-notes/orders", data=seen(listing))

    assert answer.location == "/library"
    assert "It is yours" in client.get("/listings/field-notes/get").text


def test_leaving_the_payment_page_charges_nothing(cast: Cast, client: Browser) -> None:
    make_offer(cast.alice)

    page = client.get("/checkout/cancel?listing=field-notes")

    assert "Nothing was charged." in page.text
    assert 'href="/listings/field-notes"' in page.text


def test_a_suspended_listing_can_not_be_got(cast: Cast, client: Browser) -> None:
    listing = make_offer(cast.alice)
    with step():
        found = db.session.get_one(Listing, listing.id)
        found.state, found.suspended_reason = "suspended", "Copied."
    client.as_person(cast.bob)

    assert client.get("/listings/field-notes/get").status_code == 404
    assert client.post("/listings/field-notes/orders", data=seen(listing)).status_code == 404
