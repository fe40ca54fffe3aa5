"""The holder of an account on Stripe's pages: onboarding, half way and whole, and the Express dashboard."""

from __future__ import annotations

import pytest
import stripe

from storefront.sandbox.server import RunningSandbox
from tests.sandbox.conftest import Client
from tests.sandbox.connect import EXPRESS, connected, fund
from tests.sandbox.deeds import deed
from tests.sandbox.shopper import Page, Shopper

RETURN, REFRESH = "http://shop.test/payouts/return", "http://shop.test/payouts/refresh"
PERSON = {"step": "person", "first": "Alice", "last": "Hart", "year": "1901"}
BANK = {"step": "bank", "number": "000123456789"}


def link_for(client: Client, account: str) -> str:
    """The address of a fresh onboarding link."""
    wanted = {"account": account, "type": "account_onboarding", "return_url": RETURN, "refresh_url": REFRESH}
    return str(client.v1.account_links.create(wanted).url)


def visit(sandbox: RunningSandbox, shopper: Shopper, link: str) -> str:
    """The address of the pages that a link opens."""
    opened = shopper.open(link)
    assert opened.status == 303
    return f"{sandbox.url}{opened.location}"


def submitted(shopper: Shopper, pages: str, **person: str) -> Page:
    """Fill in all steps; what the last one answers."""
    shopper.send(pages, **(PERSON | person))
    shopper.send(pages, **BANK)
    return shopper.send(pages, step="agreed_at")


def test_alice_fills_in_everything(client: Client, sandbox: RunningSandbox, shopper: Shopper) -> None:
    account = client.v1.accounts.create(EXPRESS).id
    pages = visit(sandbox, shopper, link_for(client, account))
    assert "Tell Stripe about yourself" in shopper.open(pages)

    assert submitted(shopper, pages).location == RETURN

    assert client.v1.accounts.retrieve(account).payouts_enabled
    assert "All is set up" in shopper.open(pages)


def test_alice_leaves_half_way_and_goes_on_where_she_was(
    client: Client, sandbox: RunningSandbox, shopper: Shopper
) -> None:
    account = client.v1.accounts.create(EXPRESS).id
    pages = visit(sandbox, shopper, link_for(client, account))
    shopper.send(pages, **PERSON)
    assert f'href="{RETURN}"' in shopper.open(pages).html
    left = client.v1.accounts.retrieve(account)
    assert not left.details_submitted
    assert "individual.first_name" not in left.requirements.currently_due

    pages = visit(sandbox, shopper, link_for(client, account))

    assert "Where your payouts go" in shopper.open(pages)
    assert "Alice" in shopper.open(f"{pages}?step=person")


def test_a_link_is_good_once_and_for_minutes(client: Client, sandbox: RunningSandbox, shopper: Shopper) -> None:
    account = client.v1.accounts.create(EXPRESS).id
    link, other = link_for(client, account), link_for(client, account)

    assert shopper.open(link).location.startswith("/connect/onboarding/")
    assert shopper.open(link).location == REFRESH
    sandbox.move_clock(301)
    assert shopper.open(other).location == REFRESH
    assert shopper.open(f"{sandbox.url}/connect/links/link_no").status == 404


def test_who_is_not_found_is_asked_for_an_id(client: Client, sandbox: RunningSandbox, shopper: Shopper) -> None:
    account = client.v1.accounts.create(EXPRESS).id
    pages = visit(sandbox, shopper, link_for(client, account))
    submitted(shopper, pages, year="1902")
    assert not client.v1.accounts.retrieve(account).payouts_enabled
    assert "A photo of your ID" in shopper.open(pages)

    assert shopper.send(pages, step="answers", looks="on").location == RETURN
    looked_at = client.v1.accounts.retrieve(account)
    assert looked_at.requirements.pending_verification == ["individual.verification.document"]
    assert "Stripe is looking at it" in shopper.open(pages)

    deed(sandbox, f"accounts/{account}/satisfy")
    assert client.v1.accounts.retrieve(account).payouts_enabled


def test_what_is_typed_wrong_is_said(client: Client, sandbox: RunningSandbox, shopper: Shopper) -> None:
    account = client.v1.accounts.create(EXPRESS).id
    pages = visit(sandbox, shopper, link_for(client, account))

    assert (shopper.send(pages, **(PERSON | {"first": ""})).status) == 422
    assert "is a sandbox" in shopper.send(pages, **(BANK | {"number": "12345"}))
    assert "Something is missing" in shopper.send(pages, step="agreed_at")


def test_who_disconnected_has_no_pages(client: Client, sandbox: RunningSandbox, shopper: Shopper) -> None:
    account = client.v1.accounts.create(EXPRESS).id
    pages, link = visit(sandbox, shopper, link_for(client, account)), link_for(client, account)
    deed(sandbox, f"accounts/{account}/disconnect")
    assert shopper.open(pages).status == 404
    assert shopper.open(link).location == REFRESH


def test_the_dashboard_shows_what_came_and_what_went(client: Client, sandbox: RunningSandbox, shopper: Shopper) -> None:
    alice = connected(client, sandbox)
    fund(client, sandbox)
    client.v1.transfers.create({"amount": 2000, "currency": "usd", "destination": alice})
    deed(sandbox, "payouts", account=alice)
    link = client.v1.accounts.login_links.create(alice).url

    page = shopper.open(f"{sandbox.url}{shopper.open(link).location}")

    for text in ("Express", "alice@example.com", "$20.00", "In transit"):
        assert text in page
    again = shopper.open(link)
    assert (again.status, "This link was used." in again) == (410, True)


def test_no_dashboard_before_onboarding_is_done(client: Client, sandbox: RunningSandbox) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="has not completed onboarding"):
        client.v1.accounts.login_links.create(client.v1.accounts.create(EXPRESS).id)
    full = client.v1.accounts.create(EXPRESS | {"controller": {"stripe_dashboard": {"type": "full"}}}).id
    deed(sandbox, f"accounts/{full}/onboard")
    with pytest.raises(stripe.InvalidRequestError, match="without access to the Express Dashboard"):
        client.v1.accounts.login_links.create(full)
    with pytest.raises(stripe.InvalidRequestError, match="account_update"):
        wanted = {"account": full, "type": "account_update", "return_url": RETURN, "refresh_url": REFRESH}
        client.v1.account_links.create(wanted)


def test_the_control_room_shows_accounts_and_disputes(
    client: Client, sandbox: RunningSandbox, shopper: Shopper
) -> None:
    alice = connected(client, sandbox)
    fund(client, sandbox)
    client.v1.transfers.create({"amount": 2000, "currency": "usd", "destination": alice})
    deed(sandbox, "payouts", account=alice)
    charge = client.v1.charges.list().data[0].id
    deed(sandbox, f"charges/{charge}/dispute")

    page = shopper.open(sandbox.url)

    for text in ("alice@example.com", "Transfer of", "In transit", "Fraudulent", "Storefront wins", "Disputed"):
        assert text in page
    deed(sandbox, f"accounts/{alice}/disconnect")
    assert "Disconnected" in shopper.open(sandbox.url)
