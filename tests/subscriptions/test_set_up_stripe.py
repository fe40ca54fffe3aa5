"""Carol brings a Stripe account to what the shop needs, and again after a price has changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import requests
from click.testing import Result
from flask import Flask

from storefront.kit.slices import installed
from storefront.subscriptions.products import prices
from tests.stripe import HEADERS, Stripe

HOST = "http://shop.test"


@pytest.fixture
def engine() -> str:
    return "sqlite"  # nothing is written here


@pytest.fixture(autouse=True)
def no_endpoints(stripe: Stripe) -> None:
    """The sandbox keeps its endpoints when all else is forgotten."""
    for endpoint in ours(stripe).values():
        requests.delete(f"{stripe.url}/v1/webhook_endpoints/{endpoint['id']}", headers=HEADERS, timeout=10)


def setup(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["stripe", "setup", *arguments])


def listed(stripe: Stripe, what: str) -> list[dict[str, Any]]:
    answer = requests.get(f"{stripe.url}/v1/{what}", params={"limit": "100"}, headers=HEADERS, timeout=10)
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


def on_sale(stripe: Stripe) -> dict[str, tuple[int, str]]:
    return {
        each["lookup_key"]: (each["unit_amount"], each["recurring"]["interval"])
        for each in listed(stripe, "prices")
        if each["active"]
    }


def ours(stripe: Stripe) -> dict[str, dict[str, Any]]:
    return {each["url"]: each for each in listed(stripe, "webhook_endpoints") if each["url"].startswith(HOST)}


def test_everything_is_made_and_then_nothing(app: Flask, stripe: Stripe) -> None:
    first, second = setup(app), setup(app)

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert second.output.splitlines()[1:] == ["Everything is there."]
    assert {each["id"] for each in listed(stripe, "products")} == {
        "storefront_pro", "storefront_studio", "storefront_all_access",
    }  # fmt: skip
    assert on_sale(stripe) == {
        "storefront_pro_month": (900, "month"), "storefront_pro_year": (9000, "year"),
        "storefront_studio_month": (1900, "month"), "storefront_studio_year": (19000, "year"),
        "storefront_all_access_month": (1000, "month"),
    }  # fmt: skip
    assert on_sale(stripe).keys() == {each.lookup_key for each in prices(app.extensions["settings"])}


def test_both_endpoints_hear_what_the_shop_handles(app: Flask, stripe: Stripe) -> None:
    said = setup(app).output
    found = ours(stripe)

    assert found.keys() == {f"{HOST}/webhooks/stripe", f"{HOST}/webhooks/stripe/connect"}
    heard = {type for one in installed().slices for type in one.webhooks}
    assert set(found[f"{HOST}/webhooks/stripe"]["enabled_events"]) == heard >= {"checkout.session.completed"}
    connected = {type for one in installed().slices for type in one.connect_webhooks}
    assert set(found[f"{HOST}/webhooks/stripe/connect"]["enabled_events"]) == connected >= {"account.updated"}
    assert [each["application"] is not None for each in found.values()].count(True) == 1
    assert said.count("STRIPE_WEBHOOK_SECRET=whsec_") == said.count("STRIPE_CONNECT_WEBHOOK_SECRET=whsec_") == 1


def test_a_price_that_changed_is_a_new_one_under_the_same_key(app: Flask, stripe: Stripe) -> None:
    setup(app)
    before = app.extensions["settings"]
    app.extensions["settings"] = replace(before, all_access_price=1200)
    said = setup(app).output
    app.extensions["settings"] = before

    assert "storefront_all_access_month: $12.00 a month from now on" in said
    assert on_sale(stripe)["storefront_all_access_month"] == (1200, "month")
    retired = [each for each in listed(stripe, "prices") if not each["active"]]
    assert [(each["unit_amount"], each["lookup_key"]) for each in retired] == [(1000, None)]


def test_an_endpoint_that_hears_too_little_hears_more(app: Flask, stripe: Stripe) -> None:
    setup(app)
    endpoint = ours(stripe)[f"{HOST}/webhooks/stripe"]
    address = f"{stripe.url}/v1/webhook_endpoints/{endpoint['id']}"
    headers = {**HEADERS, "Idempotency-Key": "by-hand-fewer-events"}
    requests.post(
        address, data={"enabled_events[0]": "charge.refunded"}, headers=headers, timeout=10
    ).raise_for_status()

    assert f"Webhook endpoint {HOST}/webhooks/stripe: gets" in setup(app).output
    assert ours(stripe)[endpoint["url"]]["enabled_events"] == endpoint["enabled_events"]


def test_a_dry_run_makes_nothing(app: Flask, stripe: Stripe) -> None:
    said = setup(app, "--dry-run")

    assert (said.exit_code, "Price storefront_pro_month: made, $9.00 a month." in said.output) == (0, True)
    assert (listed(stripe, "products"), listed(stripe, "prices"), ours(stripe)) == ([], [], {})


def test_stripe_away_is_a_sentence_and_what_was_made_stays(app: Flask, stripe: Stripe) -> None:
    stripe.fail_next("down", times=30, method="any")
    said = setup(app)
    stripe.go_on()

    assert said.exit_code == 1
    assert "Stripe does not answer." in said.output
    assert setup(app).exit_code == 0
