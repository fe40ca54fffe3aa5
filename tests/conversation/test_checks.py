"""The checker itself refuses each kind of mistake: what is not seen here would not be seen in any test."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from storefront.payments.gateway import STRIPE_VERSION
from tests.conversation.checks import VERSION, Request, problems_of_headers, problems_of_parameters
from tests.sandbox.specification import specification

NOW = 1_900_000_000
SESSIONS, REFUNDS, INTENT = "/v1/checkout/sessions", "/v1/refunds", "/v1/payment_intents/pi_1"

SESSION = {
    "mode": "payment",
    "line_items[0][quantity]": "1",
    "line_items[0][price_data][currency]": "usd",
    "line_items[0][price_data][unit_amount]": "1200",
    "line_items[0][price_data][product_data][name]": "Field Notes",
    "line_items[0][price_data][product_data][images][0]": "https://shop.test/cover.webp",
    "customer_email": "bob@example.com",
    "metadata[order]": "ord_1",
    "payment_intent_data[metadata][order]": "ord_1",
    "expires_at": str(NOW + 3600),
    "success_url": "https://shop.test/done?session_id={CHECKOUT_SESSION_ID}",
    "cancel_url": "https://shop.test/left",
}
REFUND = {"payment_intent": "pi_1", "amount": "100", "reason": "requested_by_customer"}
HEADERS = {
    "Stripe-Version": VERSION,
    "Authorization": "Bearer sk_test_1",
    "Content-Type": "application/x-www-form-urlencoded",
    "Idempotency-Key": "checkout-ord_1-1",
}


def asked(method: str, path: str, form: dict[str, str], **changed: str | None) -> list[str]:
    """What the checker says of a form; None takes a field away."""
    said = {name: value for name, value in {**form, **changed}.items() if value is not None}
    return problems_of_parameters(Request(method, path, urlencode(said), HEADERS), now=NOW)


@pytest.mark.parametrize(
    ("method", "path", "form"),
    [
        ("POST", SESSIONS, SESSION),
        ("POST", REFUNDS, REFUND),
        ("GET", INTENT, {"expand[0]": "latest_charge.balance_transaction"}),
        ("GET", SESSIONS, {"limit": "100", "created[gt]": "1", "expand[]": "data.line_items"}),
        ("POST", "/v1/customers/cus_1", {"metadata[gone]": "", "address": "", "preferred_locales[0]": "en"}),
    ],
)
def test_what_is_right_is_let_pass(method: str, path: str, form: dict[str, str]) -> None:
    assert asked(method, path, form) == []


PRICE = "line_items[0][price_data]"
#: What is changed in a right request, and a part of what is said of it.
MISTAKES: dict[str, tuple[dict[str, str], dict[str, Any], str]] = {
    "an unknown parameter": (SESSION, {"color": "red"}, "'color' was unexpected"),
    "an unknown one inside": (SESSION, {f"{PRICE}[size]": "xl"}, "'size' was unexpected"),
    "a text for an integer": (SESSION, {f"{PRICE}[unit_amount]": "12.00"}, "is not of type 'integer'"),
    "a text for a flag": (SESSION, {"allow_promotion_codes": "yes"}, "is not of type 'boolean'"),
    "a value for a hash": (SESSION, {"metadata[order]": None, "metadata": "x"}, "is not of type 'object'"),
    "a hash for a value": (SESSION, {"mode": None, "mode[a]": "payment"}, "mode"),
    "a value and a hash": (SESSION, {"mode[a]": "payment"}, "a value and a hash at once"),
    "a list that starts at 1": (SESSION, {"expand[1]": "line_items"}, "counts its entries from 0"),
    "a hash for a list": (SESSION, {"expand[first]": "line_items"}, "counts its entries from 0"),
    "brackets left open": (SESSION, {"expand[0": "line_items"}, "not a name with brackets in pairs"),
    "a missing one inside": (SESSION, {f"{PRICE}[currency]": None}, "'currency' is a required property"),
    "a word of no list": (SESSION, {"mode": "gift"}, "'gift' is not one of"),
    "a reason of no list": (REFUND, {"reason": "regret"}, "'regret' is not one of"),
    "too long": (SESSION, {"client_reference_id": "x" * 201}, "too long"),
    "an upper-case currency": (SESSION, {f"{PRICE}[currency]": "USD"}, "'USD' is not a 'currency'"),
    "no currency": (SESSION, {f"{PRICE}[currency]": "zzz"}, "'zzz' is not a 'currency'"),
    "milliseconds": (SESSION, {"expires_at": f"{NOW}000"}, "is not a 'unix-time'"),
    "no decimal": (
        SESSION, {f"{PRICE}[unit_amount]": None, f"{PRICE}[unit_amount_decimal]": "1,5"}, "is not a 'decimal'"
    ),
    "an empty text": (SESSION, {"cancel_url": ""}, "cancel_url: empty would unset it"),
    "no mode": (SESSION, {"mode": None}, "mode is missing"),
    "nothing to buy": (SESSION, {name: None for name in SESSION if name.startswith("line_items")}, "line_items are"),
    "intent data in another mode": (SESSION, {"mode": "subscription"}, "payment_intent_data is for mode=payment only"),
    "no amount": (SESSION, {f"{PRICE}[unit_amount]": None}, "wants unit_amount or unit_amount_decimal"),
    "two amounts": (SESSION, {f"{PRICE}[unit_amount_decimal]": "1200"}, "wants unit_amount or unit_amount_decimal"),
    "a price twice": (SESSION, {"line_items[0][price]": "price_1"}, "wants price or price_data"),
    "a product twice": (SESSION, {f"{PRICE}[product]": "prod_1"}, "wants product or product_data"),
    "no quantity": (SESSION, {"line_items[0][quantity]": None}, "[quantity] is missing"),
    "nine pictures": (
        SESSION, {f"{PRICE}[product_data][images][{n}]": "https://shop.test/1" for n in range(9)}, "more than 8"
    ),
    "too little": (SESSION, {f"{PRICE}[unit_amount]": "49"}, "49 is less than the smallest charge"),
    "too much": (SESSION, {f"{PRICE}[unit_amount]": "100000000"}, "more than eight digits"),
    "below nothing": (SESSION, {f"{PRICE}[unit_amount]": "-1"}, "unit_amount is negative"),
    "over in 29 minutes": (SESSION, {"expires_at": str(NOW + 29 * 60)}, "not 30 minutes to 24 hours"),
    "over in 25 hours": (SESSION, {"expires_at": str(NOW + 25 * 3600)}, "not 30 minutes to 24 hours"),
    "two buyers": (SESSION, {"customer": "cus_1"}, "exclude each other"),
    "no e-mail address": (SESSION, {"customer_email": "bob"}, "customer_email is no e-mail address"),
    "no way back": (SESSION, {"success_url": None}, "success_url is wanted on a hosted page"),
    "a way back of an embedded page": (SESSION, {"ui_mode": "elements"}, "success_url is wanted on a hosted page"),
    "a way back to nowhere": (SESSION, {"success_url": "/done"}, "success_url is no address"),
    "another placeholder": (SESSION, {"success_url": "https://shop.test/{SESSION}"}, "a placeholder other than"),
    "many notes": (SESSION, {f"metadata[{n}]": "x" for n in range(51)}, "metadata has more than 50 keys"),
    "a long name of a note": (SESSION, {f"metadata[{'k' * 41}]": "x"}, "at most 40 characters"),
    "a long note": (SESSION, {"payment_intent_data[metadata][order]": "x" * 501}, "more than 500 characters"),
    "deep": (SESSION, {"expand[0]": "a.b.c.d.e"}, "deeper than four levels"),
    "expanding what isn't there": (SESSION, {"expand[0]": "payment_intent.color"}, "names nothing in the answer"),
    "a refund of nothing": (REFUND, {"payment_intent": None}, "a charge or a payment_intent, one of them"),
    "a refund of two": (REFUND, {"charge": "ch_1"}, "a charge or a payment_intent, one of them"),
    "a refund of no money": (REFUND, {"amount": "0"}, "amount is less than 1"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", sorted(MISTAKES))
def test_a_mistake_is_said(mistake: str) -> None:
    form, changed, words = MISTAKES[mistake]

    problems = asked("POST", SESSIONS if form is SESSION else REFUNDS, form, **changed)

    assert any(words in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("path", "form", "words"),
    [
        (SESSIONS, {"limit": "101"}, "limit is from 1 to 100"),
        (SESSIONS, {"limit": "ten"}, "is not of type 'integer'"),
        (SESSIONS, {"starting_after": "a", "ending_before": "b"}, "exclude each other"),
        (SESSIONS, {"page": "2"}, "'page' was unexpected"),
        (SESSIONS, {"status": "closed"}, "'closed' is not one of"),
        (INTENT, {"expand[0]": "latest_charge.color"}, "names nothing in the answer"),
        ("/v1/gifts", {}, "there is no such endpoint"),
        ("/v1/checkout/sessions/cs_1/expiry", {}, "there is no such endpoint"),
    ],
)
def test_a_mistake_in_a_question_is_said(path: str, form: dict[str, str], words: str) -> None:
    problems = asked("GET", path, form)
    assert any(words in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("header", "value", "words"),
    [
        ("Stripe-Version", "2026-06-24.dahlia", "Stripe-Version is 2026-06-24.dahlia"),
        ("Stripe-Version", "", "Stripe-Version is"),
        ("Idempotency-Key", "", "1 to 255 characters"),
        ("Idempotency-Key", "k" * 256, "1 to 255 characters"),
        ("Idempotency-Key", "0b8a7d3e-54f1-4f6f-9d15-0c8a3c6d1f11", "the library's"),
        ("Content-Type", "application/json", "Content-Type is application/json"),
        ("Authorization", "Bearer sk_live_1", "no test key"),
    ],
)
def test_a_wrong_header_is_said(header: str, value: str, words: str) -> None:
    problems = list(problems_of_headers(Request("POST", SESSIONS, "", {**HEADERS, header: value})))
    assert [words in problem for problem in problems] == [True]


def test_right_headers_are_let_pass() -> None:
    assert list(problems_of_headers(Request("POST", SESSIONS, "", HEADERS))) == []
    asking = {name: HEADERS[name] for name in ("Stripe-Version", "Authorization")}
    assert list(problems_of_headers(Request("GET", SESSIONS, "", asking))) == []


def test_one_version_is_spoken_everywhere() -> None:
    assert specification()["info"]["version"] == STRIPE_VERSION == VERSION
