"""A script subscribes bob to All-Access, and reads how he stands."""

from __future__ import annotations

import pytest
from flask import Flask

from storefront.subscriptions import asking
from tests.api.programs import Program
from tests.cast import Cast
from tests.stripe import Stripe
from tests.subscriptions.acts import sell, subscribe

pytestmark = pytest.mark.parametrize("engine", ["sqlite"])


def test_bob_subscribes_by_script_and_on_stripes_page(app: Flask, cast: Cast, stripe: Stripe) -> None:
    sell(stripe)
    script = Program(app, cast.bob, "subscriptions:read", "subscriptions:write")

    first, again = (script.ask("POST", "/v1/subscriptions/checkout", json={}).get_json() for _ in range(2))
    assert first == again
    assert first["url"] == stripe.session(first["sessionId"])["url"]
    before = script.ask("GET", "/v1/subscriptions/me").get_json()
    stripe.pay(first["sessionId"])
    asking.confirm(first["sessionId"], cast.bob)

    told = script.ask("GET", "/v1/subscriptions/me").get_json()
    assert before["subscriptions"] == []
    [one] = told["subscriptions"]
    assert (one["product"], one["status"], one["serves"], one["amount"]) == ("all_access", "active", True, 1000)
    assert (told["plan"], told["copies_this_month"], told["copies_remaining"]) == ("free", 0, 100)
    refused = script.ask("POST", "/v1/subscriptions/checkout", json={})
    assert (refused.status_code, refused.get_json()["action"]["url"]) == (409, "/billing")


def test_what_is_not_sold_and_what_is_not_set_up(app: Flask, cast: Cast, stripe: Stripe) -> None:
    script = Program(app, cast.bob, "subscriptions:write")
    here = "/v1/subscriptions/checkout"

    assert script.ask("POST", here, json={"product": "all_access", "interval": "year"}).status_code == 404
    assert script.ask("POST", here, json={"product": "gold"}).status_code == 422
    assert script.ask("POST", here, json={"product": "pro"}).status_code == 503
    sell(stripe)
    assert script.ask("POST", here, json={"product": "pro"}).status_code == 200
    assert script.ask("GET", "/v1/subscriptions/me").status_code == 403


def test_mallory_reads_her_own(app: Flask, cast: Cast, stripe: Stripe) -> None:
    sell(stripe)
    subscribe(cast.bob, stripe)

    told = Program(app, cast.mallory, "subscriptions:read").ask("GET", "/v1/subscriptions/me").get_json()
    assert told["subscriptions"] == []
