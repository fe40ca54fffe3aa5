"""https://docs.stripe.com/api/prices"""

from __future__ import annotations

from storefront.sandbox import accounts, news
from storefront.sandbox.api.lists import existing, page
from storefront.sandbox.api.routing import CREATED, PAGING, Routes, Values
from storefront.sandbox.errors import StripeError
from storefront.sandbox.params import Choice, Currency, Flag, Hash, Integer, ListOf, Metadata, Param, Text
from storefront.sandbox.shapes.products import price_body
from storefront.sandbox.store import Body, Transaction

routes = Routes()

_TAX = Choice(("exclusive", "inclusive", "unspecified"))
_OWN: dict[str, Param] = {
    "active": Flag(),
    "lookup_key": Text(longest=200),
    "nickname": Text(),
    "tax_behavior": _TAX,
    "transfer_lookup_key": Flag(),
}
RECURRING = Hash({"interval": Choice(("day", "week", "month", "year")), "interval_count": Integer(least=1)})
_CREATE: dict[str, Param] = {
    **_OWN,
    "currency": Currency(required=True),
    "metadata": Metadata(),
    "product": Text(required=True),
    "recurring": RECURRING,
    "unit_amount": Integer(required=True, least=0, most=99_999_999),
}


@routes.post("/prices", _CREATE)
def create_price(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/prices/create"""
    product = existing(transaction, "product", values["product"], param="product")
    _free_lookup_key(transaction, values)
    made = price_body(values, product=product["id"], now=transaction.now, active=values.get("active", True))
    transaction.add(made)
    news.record(transaction, "price.created", made)
    return made


@routes.get("/prices/<id>")
def retrieve_price(transaction: Transaction, values: Values, id: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/prices/retrieve"""
    return existing(transaction, "price", id)


@routes.post("/prices/<id>", {**_OWN, "metadata": Metadata(changes=True)})
def update_price(transaction: Transaction, values: Values, id: str) -> Body:
    """https://docs.stripe.com/api/prices/update; what a price costs never changes."""
    price = existing(transaction, "price", id)
    _free_lookup_key(transaction, values, but=id)
    values.pop("transfer_lookup_key", None)
    if "metadata" in values:
        values["metadata"] = accounts.merged(price["metadata"], values["metadata"])
    return _change(transaction, price, values)


@routes.get(
    "/prices",
    {
        **PAGING, **CREATED, "active": Flag(), "currency": Currency(), "lookup_keys": ListOf(Text(), 10),
        "product": Text(), "type": Choice(("one_time", "recurring")),
    },
)  # fmt: skip
def list_prices(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/prices/list"""
    keys = values.get("lookup_keys")
    filters = ["active", "currency", "product", "type"]
    return page(
        transaction, "price", "/v1/prices", values, lambda body: keys is None or body["lookup_key"] in keys, filters
    )


def _free_lookup_key(transaction: Transaction, values: Values, *, but: str = "") -> None:
    """A key names one price: https://docs.stripe.com/products-prices/manage-prices#lookup-keys

    One that is to be transferred is taken from who has it. Raises `StripeError` otherwise.
    """
    key = values.get("lookup_key")
    holders = [each for each in transaction.all("price", lookup_key=key) if each["id"] != but] if key else []
    for holder in holders:
        if not values.get("transfer_lookup_key"):
            raise StripeError(f"A price (`{holder['id']}`) already uses that lookup key.", param="lookup_key")
        _change(transaction, holder, {"lookup_key": None})


def _change(transaction: Transaction, price: Body, values: Values) -> Body:
    previous = {name: price[name] for name in values if price[name] != values[name]}
    if not previous:
        return price
    changed = transaction.save(price | values)
    news.record(transaction, "price.updated", changed, previous=previous)
    return changed
