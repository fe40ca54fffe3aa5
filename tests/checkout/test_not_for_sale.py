"""A creator who lost the plan that sells: the listing stays to be seen, and can't be bought."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.catalog.models import Listing
from storefront.checkout.models import Order
from storefront.kit.db import db, step
from storefront.licenses.models import License
from tests.browser import Browser
from tests.cast import Cast
from tests.checkout.test_get_page import seen
from tests.worlds import make_offer, make_team


def lose_studio(person: Person) -> None:
    with step():
        db.session.get_one(Person, person.id).plan = "pro"


@pytest.fixture
def offer(cast: Cast) -> Listing:
    """A paid listing of alice, who is not on Studio any more."""
    listing = make_offer(cast.alice)
    lose_studio(cast.alice)
    return listing


@pytest.mark.parametrize("visitor", ["a stranger", "bob"])
def test_the_page_stays_and_says_that_it_cannot_be_bought(
    client: Browser, cast: Cast, offer: Listing, visitor: str
) -> None:
    page = client.as_person(cast.bob if visitor == "bob" else None).get("/listings/field-notes").text

    assert "Its creator is not selling at the moment" in page
    assert "Get for" not in page
    assert "https://schema.org/OutOfStock" in page
    assert "Field Notes" in client.get("/catalog").text


def test_the_post_is_refused_with_a_sentence_and_nothing_is_opened(client: Browser, cast: Cast, offer: Listing) -> None:
    answer = client.as_person(cast.bob).post("/listings/field-notes/orders", data=seen(offer))

    assert answer.status_code == 409
    assert "Its creator is not selling at the moment." in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Order)) == 0


def test_a_free_work_is_still_given(client: Browser, cast: Cast) -> None:
    offer = make_offer(cast.alice, price=0)
    lose_studio(cast.alice)

    answer = client.as_person(cast.bob).post("/listings/field-notes/orders", data=seen(offer))

    assert answer.status_code == 303
    assert db.session.scalars(sa.select(License.person_id)).all() == [cast.bob.id]


def test_it_is_sold_again_once_the_plan_is_back(client: Browser, cast: Cast, offer: Listing) -> None:
    with step():
        db.session.get_one(Person, cast.alice.id).plan = "studio"

    page = client.as_person(cast.bob).get("/listings/field-notes").text

    assert "Get for $12.00" in page
    assert "https://schema.org/InStock" in page


def test_nobody_in_a_team_buys_its_own_work(client: Browser, cast: Cast) -> None:
    offer = make_offer(cast.alice, into=make_team(cast.alice, viewer=cast.bob))

    page = client.as_person(cast.bob).get("/listings/field-notes").text

    assert "This is your own work" in page
    assert client.post("/listings/field-notes/orders", data=seen(offer)).status_code == 409
