"""What the sandbox declares is what Stripe describes: no parameter, word or address of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from storefront.sandbox.api.routing import Endpoint
from storefront.sandbox.app import API
from storefront.sandbox.cards import CARDS, brand_of, passes_luhn
from storefront.sandbox.currencies import MINIMUM, money_text
from storefront.sandbox.errors import StripeError
from storefront.sandbox.nesting import tree_of
from storefront.sandbox.params import Choice, Flag, Hash, Integer, ListOf, Param
from storefront.sandbox.shapes.balance import stripe_fee
from tests.sandbox.specification import Schema, operation, parameters

_ENDPOINTS = [endpoint for module in API for endpoint in module.routes.endpoints]


@pytest.mark.parametrize("endpoint", _ENDPOINTS, ids=lambda each: each.name)
def test_every_endpoint_is_one_of_stripes(endpoint: Endpoint) -> None:
    path = "/v1" + re.sub(r"<(\w+)>", "any", endpoint.address)
    assert operation(endpoint.method, path)
    if endpoint.method != "DELETE":
        assert list(_strange(endpoint.params, {"properties": parameters(endpoint.method, path)}, "")) == []


def _strange(param: Param, schema: Schema, name: str) -> Iterator[str]:
    """The names of what is declared here and not described there, or described as something else."""
    kinds = list(schema.get("anyOf", [schema]))
    if isinstance(param, Hash):
        described: dict[str, Schema] = next((each for each in kinds if "properties" in each), {"properties": {}})[
            "properties"
        ]
        for key, inner in param.fields.items():
            if key not in described:
                yield f"{name}[{key}]"
            else:
                yield from _strange(inner, described[key], f"{name}[{key}]")
    elif isinstance(param, ListOf):
        array = next((each for each in kinds if each.get("type") == "array"), None)
        if array is None:
            yield f"{name} is no list"
        else:
            yield from _strange(param.each, array["items"], f"{name}[]")
    elif isinstance(param, Choice):
        words = {word for each in kinds for word in each.get("enum", param.words)}
        yield from (f"{name}={word}" for word in param.words if word not in words)
    elif isinstance(param, Integer | Flag):
        wanted = "integer" if isinstance(param, Integer) else "boolean"
        if wanted not in {each.get("type") for each in kinds}:
            yield f"{name} is no {wanted}"


def test_bracketed_names_become_trees() -> None:
    pairs = [("a[b][0][c]", "1"), ("a[b][1][c]", "2"), ("list[]", "x"), ("list[]", "y"), ("plain", "")]
    assert tree_of(pairs) == {
        "a": {"b": {"0": {"c": "1"}, "1": {"c": "2"}}},
        "list": {"0": "x", "1": "y"},
        "plain": "",
    }


@pytest.mark.parametrize(
    "pairs",
    [
        [("a", "1"), ("a[b]", "2")],
        [("a[b]", "2"), ("a", "1")],
        [("a[", "1")],
        [("[a]", "1")],
        [("a" + "[b]" * 20, "1")],
    ],
)
def test_names_that_make_no_tree_are_refused(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(StripeError):
        tree_of(pairs)


def test_the_test_cards_are_well_formed() -> None:
    assert all(passes_luhn(number) for number in CARDS)
    brands = {brand_of(number) for number in CARDS}
    assert brands == {"visa", "mastercard", "amex", "discover"}
    assert not passes_luhn("4242424242424241")


@pytest.mark.parametrize(("amount", "fee"), [(50, 31), (900, 56), (1200, 65), (2400, 100), (2900, 114)])
def test_the_fee_is_2_9_percent_and_30(amount: int, fee: int) -> None:
    assert stripe_fee(amount) == fee


def test_amounts_are_said_with_their_currency() -> None:
    assert money_text(2400, "usd") == "$24.00"
    assert money_text(-100, "eur") == "-€1.00"
    assert money_text(1500, "jpy") == "¥1,500"
    assert all(money_text(least, currency) for currency, least in MINIMUM.items())
