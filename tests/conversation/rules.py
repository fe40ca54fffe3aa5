"""What Stripe refuses although its description would let it pass. One rule a row, each with the page that says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

Asked = dict[str, Any]

HALF_AN_HOUR, A_DAY = 30 * 60, 24 * 60 * 60
#: The smallest charge, in minor units.
SMALLEST = {"usd": 50, "eur": 50, "gbp": 30, "jpy": 50, "chf": 50, "sek": 300, "nok": 300, "dkk": 250, "pln": 200}
DEEPEST_EXPANSION = 4


@dataclass(frozen=True)
class Rule:
    """``broken`` yields a sentence for each way in which what is ``asked`` breaks it. ``now`` is Stripe's clock."""

    method: str
    path: str
    source: str
    broken: Callable[[Asked, int], Iterator[str]]

    def holds_for(self, method: str, path: str) -> bool:
        return method == self.method and (path == self.path or self.path == "*")


def mode(asked: Asked, _now: int) -> Iterator[str]:
    if "mode" not in asked:
        yield "mode is missing"
    if asked.get("mode") in ("payment", "subscription") and not asked.get("line_items"):
        yield f"line_items are missing, which mode={asked['mode']} wants"
    if asked.get("mode") == "payment" and len(asked.get("line_items", [])) > 100:
        yield "line_items are more than 100"
    for name, wanted in (("payment_intent_data", "payment"), ("subscription_data", "subscription")):
        if name in asked and asked.get("mode") != wanted:
            yield f"{name} is for mode={wanted} only"


def line_items(asked: Asked, _now: int) -> Iterator[str]:
    for place, line in enumerate(asked.get("line_items", [])):
        name, price = f"line_items[{place}]", line.get("price_data", {})
        if ("price" in line) == ("price_data" in line):
            yield f"{name} wants price or price_data, one of them"
        if price and ("unit_amount" in price) == ("unit_amount_decimal" in price):
            yield f"{name}[price_data] wants unit_amount or unit_amount_decimal, one of them"
        if price and ("product" in price) == ("product_data" in price):
            yield f"{name}[price_data] wants product or product_data, one of them"
        if len(price.get("product_data", {}).get("images", [])) > 8:
            yield f"{name}[price_data][product_data][images] are more than 8"
        if line.get("quantity", 0) < 1:
            yield f"{name}[quantity] is missing or less than 1"


def amounts(asked: Asked, _now: int) -> Iterator[str]:
    prices = [(line.get("price_data", {}), line.get("quantity", 0)) for line in asked.get("line_items", [])]
    currencies = {price["currency"] for price, _quantity in prices if "currency" in price}
    if len(currencies) > 1:
        yield f"line_items are in several currencies: {', '.join(sorted(currencies))}"
    if any(price.get("unit_amount", 0) < 0 for price, _quantity in prices):
        yield "unit_amount is negative"
    if len(currencies) == 1 and all("unit_amount" in price for price, _quantity in prices):
        (currency,) = currencies
        total = sum(price["unit_amount"] * quantity for price, quantity in prices)
        if currency not in SMALLEST:
            yield f"the smallest charge in {currency} is not known here: add it to SMALLEST"
        elif 0 < total < SMALLEST[currency]:
            yield f"{total} is less than the smallest charge, {SMALLEST[currency]} {currency}"
        elif total > 99_999_999:
            yield f"{total} has more than eight digits"


def lifetime(asked: Asked, now: int) -> Iterator[str]:
    lives = asked.get("expires_at", now + A_DAY) - now
    if not HALF_AN_HOUR <= lives <= A_DAY:
        yield f"expires_at is {lives} seconds from now, not 30 minutes to 24 hours"


def buyer(asked: Asked, _now: int) -> Iterator[str]:
    if len({"customer", "customer_account", "customer_email"} & set(asked)) > 1:
        yield "customer and customer_email exclude each other"
    if "customer_email" in asked and "@" not in asked["customer_email"]:
        yield "customer_email is no e-mail address"


def ways_back(asked: Asked, _now: int) -> Iterator[str]:
    inside = asked.get("ui_mode", "hosted_page") != "hosted_page"
    if inside == ("success_url" in asked):
        yield "success_url is wanted on a hosted page, and only there"
    for name in ("success_url", "cancel_url"):
        parts = urlsplit(asked.get(name, "https://example.com"))
        if parts.scheme not in ("http", "https") or not parts.netloc:
            yield f"{name} is no address of a page"
    if "{" in asked.get("success_url", "").replace("{CHECKOUT_SESSION_ID}", ""):
        yield "success_url has a placeholder other than {CHECKOUT_SESSION_ID}"


def what_to_refund(asked: Asked, _now: int) -> Iterator[str]:
    if len({"charge", "payment_intent"} & set(asked)) != 1:
        yield "a refund names a charge or a payment_intent, one of them"
    if asked.get("amount", 1) < 1:
        yield "amount is less than 1"


def metadata(asked: Asked, _now: int) -> Iterator[str]:
    for name, found in _hashes_called("metadata", asked):
        if len(found) > 50:
            yield f"{name} has more than 50 keys"
        for key, value in found.items():
            if len(key) > 40 or set(key) & set("[]"):
                yield f"{name}[{key}]: a key has at most 40 characters and no brackets"
            if len(str(value)) > 500:
                yield f"{name}[{key}] has more than 500 characters"


def expansion(asked: Asked, _now: int) -> Iterator[str]:
    for path in asked.get("expand", []):
        if path.removeprefix("data.").count(".") >= DEEPEST_EXPANSION:
            yield f"expand: {path} is deeper than four levels"


def paging(asked: Asked, _now: int) -> Iterator[str]:
    if not 1 <= asked.get("limit", 10) <= 100:
        yield "limit is from 1 to 100"
    if {"starting_after", "ending_before"} <= set(asked):
        yield "starting_after and ending_before exclude each other"


def _hashes_called(name: str, asked: Any, place: str = "") -> Iterator[tuple[str, Asked]]:
    entries = asked.items() if isinstance(asked, dict) else enumerate(asked) if isinstance(asked, list) else ()
    for key, value in entries:
        here = f"{place}[{key}]" if place else str(key)
        if key == name and isinstance(value, dict):
            yield here, value
        else:
            yield from _hashes_called(name, value, here)


SESSIONS, DOCS = "/v1/checkout/sessions", "https://docs.stripe.com"
RULES = (
    Rule("POST", SESSIONS, f"{DOCS}/api/checkout/sessions/create#create_checkout_session-mode", mode),
    Rule("POST", SESSIONS, f"{DOCS}/api/checkout/sessions/create#create_checkout_session-line_items", line_items),
    Rule("POST", SESSIONS, f"{DOCS}/currencies#minimum-and-maximum-charge-amounts", amounts),
    Rule("POST", SESSIONS, f"{DOCS}/api/checkout/sessions/create#create_checkout_session-expires_at", lifetime),
    Rule("POST", SESSIONS, f"{DOCS}/api/checkout/sessions/create#create_checkout_session-customer_email", buyer),
    Rule("POST", SESSIONS, f"{DOCS}/payments/checkout/custom-success-page", ways_back),
    Rule("POST", "/v1/refunds", f"{DOCS}/api/refunds/create", what_to_refund),
    Rule("POST", "*", f"{DOCS}/api/metadata", metadata),
    Rule("POST", "*", f"{DOCS}/expand", expansion),
    Rule("GET", "*", f"{DOCS}/expand", expansion),
    Rule("GET", "*", f"{DOCS}/api/pagination", paging),
)  # fmt: skip


def broken_rules(method: str, path: str, asked: Asked, *, now: int) -> list[str]:
    """What of a request breaks a rule, each with its source."""
    return [
        f"{problem} ({rule.source})"
        for rule in RULES
        if rule.holds_for(method, path)
        for problem in rule.broken(asked, now)
    ]
