"""What the platform sells by subscription: products, and prices that are found by keys of its own."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from storefront.sandbox.server import RunningSandbox
from tests.sandbox.conftest import Client
from tests.sandbox.receiver import Receiver


def priced(client: Client, **more: Any) -> Any:
    wanted = {"currency": "usd", "unit_amount": 900, "product": "pro", "recurring": {"interval": "month"}, **more}
    return client.v1.prices.create(wanted)


@pytest.fixture
def product(client: Client) -> Any:
    return client.v1.products.create({"id": "pro", "name": "Pro"})


def test_a_product_has_the_id_that_it_is_given_once(client: Client, product: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.products.create({"id": "pro", "name": "Pro again"})

    assert (refusal.value.code, product.active) == ("resource_already_exists", True)
    assert [each.name for each in client.v1.products.list({"ids": ["pro"]}).data] == ["Pro"]
    assert client.v1.products.list({"active": False}).data == []


def test_a_product_changes(client: Client, product: Any, sandbox: RunningSandbox, receiver: Receiver) -> None:
    client.v1.products.update(product.id, {"name": "Pro, monthly", "metadata": {"plan": "pro"}})
    client.v1.products.update(product.id, {"name": "Pro, monthly"})  # nothing new

    found = client.v1.products.retrieve("pro")
    assert (found.name, found.metadata.to_dict()) == ("Pro, monthly", {"plan": "pro"})
    sandbox.drain()
    assert receiver.types == ["product.created", "product.updated"]


@pytest.mark.usefixtures("product")
def test_a_price_is_found_by_its_key(client: Client) -> None:
    made = priced(client, lookup_key="pro_month")
    priced(client, lookup_key="pro_year", recurring={"interval": "year"}, unit_amount=9000)

    (found,) = client.v1.prices.list({"lookup_keys": ["pro_month"], "active": True}).data

    assert (found.id, found.unit_amount, found.type) == (made.id, 900, "recurring")
    assert (found.recurring.interval, found.recurring.interval_count) == ("month", 1)
    assert len(client.v1.prices.list({"product": "pro"}).data) == 2
    assert client.v1.prices.retrieve(made.id, {"expand": ["product"]}).product.name == "Pro"


@pytest.mark.usefixtures("product")
def test_a_key_names_one_price_and_can_be_handed_on(client: Client) -> None:
    old = priced(client, lookup_key="pro_month")
    with pytest.raises(stripe.InvalidRequestError, match="already uses that lookup key"):
        priced(client, lookup_key="pro_month", unit_amount=1200)

    new = priced(client, lookup_key="pro_month", unit_amount=1200, transfer_lookup_key=True)
    client.v1.prices.update(old.id, {"active": False})

    assert [each.id for each in client.v1.prices.list({"lookup_keys": ["pro_month"]}).data] == [new.id]
    assert client.v1.prices.retrieve(old.id).lookup_key is None
    assert [each.id for each in client.v1.prices.list({"active": True}).data] == [new.id]
    told = [each.type for each in reversed(client.v1.events.list().data)]
    assert told == ["product.created", "price.created", "price.updated", "price.created", "price.updated"]


@pytest.mark.parametrize(
    "wrong",
    [{"product": "none"}, {"currency": "xyz"}, {"unit_amount": -1}, {"recurring": {"interval": "moon"}}, {"odd": "1"}],
)
@pytest.mark.usefixtures("product")
def test_a_price_that_can_not_be_is_refused(client: Client, wrong: dict[str, Any]) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        priced(client, **wrong)
    assert client.v1.prices.list().data == []


def test_an_endpoint_gets_other_events(client: Client) -> None:
    made = client.v1.webhook_endpoints.create(
        {"url": "https://shop.example/hook", "enabled_events": ["charge.refunded"]}
    )

    client.v1.webhook_endpoints.update(made.id, {"enabled_events": ["price.created"], "metadata": {"by": "hand"}})

    found = client.v1.webhook_endpoints.retrieve(made.id)
    assert (found.enabled_events, found.metadata.to_dict(), found.url) == (["price.created"], {"by": "hand"}, made.url)
