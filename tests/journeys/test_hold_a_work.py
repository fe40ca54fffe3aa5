"""What a holder and an operator do: clone again, read in the studio, replay an event."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from storefront.payments import webhooks
from tests.checkout.stripe_words import event_body
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

    expect(page).to_have_url(re.compile("/studio/wrk_"))
    expect(page.get_by_label("Find an item")).to_be_visible()


def test_an_operator_replays_a_parked_event(walk: Walk, script: bool) -> None:
    walker = walk(script=script)
    page = walker.page
    with walker.street.app.app_context():
        event_id = webhooks.keep(event_body("checkout.session.completed", {"id": "cs_foreign"}))
        assert webhooks.handle(event_id) == "parked"
    walker.sign_in("carol@example.com")
    walker.go("/admin/webhooks?state=parked")
    page.get_by_role("link", name="checkout.session.completed").first.click()
    page.get_by_role("button", name="Replay").first.click()

    expect(page.get_by_text("Parked").first).to_be_visible()


def test_mallory_finds_no_operators_page(walk: Walk) -> None:
    walker = walk()
    walker.sign_in("mallory@example.com")
    walker.go("/admin/webhooks")

    expect(walker.page.get_by_role("heading", name="An empty hook.")).to_be_visible()
