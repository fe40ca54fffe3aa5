"""What a holder and an operator do: clone again, read in the studio, replay an event."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from storefront.catalog.queries import listing_offered
from storefront.checkout import services
from storefront.kit.db import db, step
from storefront.licenses.queries import live_license
from storefront.payments import webhooks
from storefront.payments.models import StripeEvent
from tests.checkout.stripe_words import event_body, session_body
from tests.journeys.conftest import Walker

Walk = Callable[..., Walker]


def test_a_holder_clones_again(walk: Walk, script: bool) -> None:
    walker = walk(script=script)
    page = walker.page
    walker.sign_in(walker.street.person())
    walker.go("/listings/starter-prompts")
    page.get_by_role("button", name="Get for free").click()
    expect(page.get_by_role("heading", name="It is yours.")).to_be_visible()
    walker.go("/library")
    page.get_by_label(re.compile("^More for")).first.click()
    page.get_by_role("button", name=re.compile("Clone again")).first.click()

    if script:
        expect(page.get_by_text("Version 2 of Starter Prompts is copied.")).to_be_visible()
        assert any(path.endswith("/clones") for path in walker.by_htmx)
    else:
        expect(page).to_have_url(re.compile("/studio/wrk_"))


def test_a_prompt_is_filled_in_and_read(walk: Walk, script: bool) -> None:
    walker = walk(script=script)
    page = walker.page
    walker.sign_in(walker.street.person())
    walker.go("/listings/starter-prompts")
    page.get_by_role("button", name="Get for free").click()
    page.get_by_role("link", name="Open in Studio").click()
    page.wait_for_url("**/studio/wrk_*")
    studio = page.url.removeprefix(walker.street.url)
    walker.go(f"{studio}/items/plain-letter")
    page.get_by_label("What worries you").fill("a kettle that hums")
    if not script:
        page.get_by_role("button", name="Fill it in").click()

    expect(page.get_by_role("region", name="Preview")).to_contain_text("a kettle that hums")
    assert any("/items/plain-letter" in path for path in walker.by_htmx) is script


def test_an_operator_replays_a_parked_event(walk: Walk, script: bool) -> None:
    """What was parked for a reason that is gone is handled when it is tried again, and the buyer has the work."""
    walker = walk(script=script)
    page = walker.page
    buyer = walker.street.person()
    with walker.street.app.app_context():
        with step():
            order, _stale = services.open_order(listing_offered("quiet-novel-kit"), buyer)
        event_id = webhooks.keep(event_body("checkout.session.completed", session_body(order)))
        with step():
            db.session.get_one(StripeEvent, event_id).state = "parked"
    walker.sign_in("carol@example.com")
    walker.go(f"/admin/webhooks/{event_id}?state=parked")
    page.get_by_role("button", name="Replay").first.click()

    expect(page.get_by_text("It was handled.")).to_be_visible()
    with walker.street.app.app_context():
        assert live_license(buyer, order.listing_id) is not None


def test_mallory_finds_no_operators_page(walk: Walk) -> None:
    walker = walk()
    walker.sign_in("mallory@example.com")
    walker.go("/admin/webhooks")

    expect(walker.page.get_by_role("heading", name="An empty hook.")).to_be_visible()
