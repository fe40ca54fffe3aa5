"""Listing and earning need a plan: the verbs refuse, whoever calls them."""

from __future__ import annotations

from typing import Any

import pytest

from storefront.accounts.models import Person
from storefront.accounts.plans import PlanNeeded
from storefront.catalog.models import Listing
from storefront.catalog.services import make_listing, publish
from storefront.kit.db import db, step
from tests.cast import Cast
from tests.worlds import make_offer, make_pack

WINDOW = {"tagline": "Prompts.", "description": "What they do.", "tags": ["research"], "currency": "USD"}


def draft(by: Person, **more: Any) -> Listing:
    """A draft listing of a work of ``by``."""
    return make_listing(make_pack(by), slug="field-notes", title="Field Notes", **{**WINDOW, **more})


def test_pro_makes_works_and_a_free_draft_and_publishes_neither(cast: Cast) -> None:
    dana = cast.person("Dana", plan="pro")
    listing = draft(dana)

    with pytest.raises(PlanNeeded, match=r"Publishing listings is part of Studio\."):
        publish(listing, by=dana)


@pytest.mark.parametrize("earning", [{"pricing": "paid", "price": 900}, {"all_access": True}])
def test_pro_sets_no_price_and_joins_no_all_access(cast: Cast, earning: dict[str, Any]) -> None:
    with pytest.raises(PlanNeeded, match="Setting a price, joining All-Access"):
        draft(cast.person("Dana", plan="pro"), **earning)


def test_who_lost_studio_publishes_nothing_more(cast: Cast) -> None:
    listing = make_offer(cast.alice)
    with step():
        db.session.get_one(Person, cast.alice.id).plan = "pro"

    with pytest.raises(PlanNeeded):
        publish(listing, by=cast.alice)
