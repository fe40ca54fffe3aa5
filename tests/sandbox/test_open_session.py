"""The shop opens, reads, lists and expires Checkout sessions."""

from __future__ import annotations

import time
from typing import Any

import pytest
import stripe

from storefront.sandbox.server import RunningSandbox
from tests.sandbox.conftest import Client, Transport, stripe_client
from tests.sandbox.orders import CANCEL, SUCCESS, line, order
from tests.sandbox.receiver import Receiver


def test_a_session_carries_what_the_shop_asked_for(client: Client) -> None:
    session = client.v1.checkout.sessions.create(
        order(
            client_reference_id="ord_1",
            payment_intent_data={"metadata": {"order": "ord_1"}, "transfer_group": "ord_1"},
            payment_method_types=["card"],
            locale="en",
            submit_type="pay",
            automatic_tax={"enabled": True},
            custom_text={"submit": {"message": "Seven days to ask for a refund."}},
        )
    )
    assert session.id.startswith("cs_test_")
    assert (session.status, session.payment_status, session.mode) == ("open", "unpaid", "payment")
    assert (session.amount_subtotal, session.amount_total, session.currency) == (2400, 2400, "usd")
    assert (session.success_url, session.cancel_url) == (SUCCESS, CANCEL)
    assert session.metadata.to_dict() == {"type": "listing_purchase", "order": "ord_1"}
    assert session.payment_method_types == ["card"]
    assert session.automatic_tax.status == "complete"
    assert session.custom_text.submit.message == "Seven days to ask for a refund."
    assert session.payment_intent is None
    assert session.expires_at - session.created == 24 * 60 * 60
    assert session.url.endswith(f"/c/pay/{session.id}")


def test_line_items_add_up_and_can_be_included(client: Client) -> None:
    lines = [line(1200), line(500, quantity=3, name="Postcards")]
    session = client.v1.checkout.sessions.create(order(line_items=lines, expand=["line_items.data.price.product"]))
    assert session.amount_total == 1200 + 3 * 500
    assert [item.price.product.name for item in session.line_items.data] == ["Interview Room", "Postcards"]
    alone = client.v1.checkout.sessions.line_items.list(session.id, {"limit": 1})
    assert (alone.data[0].amount_total, alone.has_more) == (1200, True)


def test_lists_go_both_ways_without_gaps(client: Client) -> None:
    ids = [client.v1.checkout.sessions.create(order()).id for _ in range(5)][::-1]
    first = client.v1.checkout.sessions.list({"limit": 2})
    second = client.v1.checkout.sessions.list({"limit": 2, "starting_after": first.data[-1].id})
    back = client.v1.checkout.sessions.list({"limit": 2, "ending_before": second.data[0].id})
    assert [each.id for each in first.data] == ids[:2]
    assert [each.id for each in second.data] == ids[2:4]
    assert [each.id for each in back.data] == ids[:2]
    assert [each.id for each in client.v1.checkout.sessions.list({"limit": 3}).auto_paging_iter()] == ids
    assert (first.has_more, back.has_more) == (True, False)


def test_lists_filter(client: Client) -> None:
    kept, gone = (client.v1.checkout.sessions.create(order()) for _ in range(2))
    client.v1.checkout.sessions.expire(gone.id)
    assert [each.id for each in client.v1.checkout.sessions.list({"status": "open"}).data] == [kept.id]
    later = {"created": {"gt": kept.created + 60}}
    assert client.v1.checkout.sessions.list(later).data == []
    with pytest.raises(stripe.InvalidRequestError, match=r"No such checkout\.session: 'cs_test_none'"):
        client.v1.checkout.sessions.list({"starting_after": "cs_test_none"})


def test_an_open_session_can_be_expired_once(client: Client, sandbox: RunningSandbox, receiver: Receiver) -> None:
    session = client.v1.checkout.sessions.create(order())
    expired = client.v1.checkout.sessions.expire(session.id)
    assert (expired.status, expired.url) == ("expired", None)
    with pytest.raises(stripe.InvalidRequestError, match="status of `expired`"):
        client.v1.checkout.sessions.expire(session.id)
    sandbox.drain()
    assert receiver.types == ["checkout.session.expired"]
    assert receiver.events[0]["data"]["object"]["metadata"]["order"] == "ord_1"


def test_a_session_for_a_customer(client: Client) -> None:
    customer = client.v1.customers.create({"email": "bob@example.com", "name": "Bob", "metadata": {"person": "1"}})
    asked = order(customer=customer.id, expand=["customer"])
    del asked["customer_email"]
    session = client.v1.checkout.sessions.create(asked)
    assert session.customer.name == "Bob"
    assert client.v1.customers.list({"email": "bob@example.com"}).data[0].id == customer.id
    assert client.v1.customers.retrieve(customer.id).metadata.person == "1"
    with pytest.raises(stripe.InvalidRequestError, match="only specify one of these parameters"):
        client.v1.checkout.sessions.create(order(customer=customer.id))


#: What is changed, then the parameter, the code and the words of the refusal.
Wrong = tuple[dict[str, Any], str | None, str | None, str]
_PRICE = "line_items[0][price_data]"
_MISTAKES: dict[str, Wrong] = {
    "unknown": ({"color": "red"}, "color", "parameter_unknown", "Received unknown parameter: color"),
    "unknown inside": (
        {"line_items": [line() | {"size": "xl"}]},
        "line_items[0][size]",
        "parameter_unknown",
        "Received unknown parameter",
    ),
    "no address": ({"success_url": "soon"}, "success_url", "url_invalid", "Not a valid URL"),
    "empty": ({"cancel_url": ""}, "cancel_url", "parameter_invalid_empty", "empty string"),
    "mode": ({"mode": "gift"}, "mode", None, "Invalid mode: must be one of payment"),
    "not a number": (
        {"expires_at": "soon"},
        "expires_at",
        "parameter_invalid_integer",
        "Invalid integer: soon",
    ),
    "not a flag": ({"allow_promotion_codes": "maybe"}, "allow_promotion_codes", None, "Invalid boolean"),
    "negative": (
        {"line_items": [line(-1)]},
        f"{_PRICE}[unit_amount]",
        "parameter_invalid_integer",
        "greater than",
    ),
    "currency": (
        {"line_items": [line(currency="zzz")]},
        f"{_PRICE}[currency]",
        None,
        "Invalid currency: zzz",
    ),
    "too small": ({"line_items": [line(49)]}, None, "amount_too_small", r"at least \$0.50 usd"),
    "too large": ({"line_items": [line(99_999_999, quantity=2)]}, None, "amount_too_large", "no more than"),
    "mixed": ({"line_items": [line(), line(currency="eur")]}, "line_items", None, "same currency"),
    "bank": (
        {"line_items": [line(currency="gbp")], "payment_method_types": ["card", "us_bank_account"]},
        "payment_method_types",
        None,
        r"currency provided \(gbp\) is invalid",
    ),
    "a list": ({"line_items": "one"}, "line_items", None, "Invalid array"),
    "a hash": ({"metadata": "one"}, "metadata", None, "Invalid hash"),
    "long metadata": ({"metadata": {"k": "v" * 501}}, "metadata", None, "501 characters"),
    "much metadata": ({"metadata": {f"k{n}": "v" for n in range(51)}}, "metadata", None, "at most 50 keys"),
    "customer": (
        {"customer_email": None, "customer": "cus_no"},
        "customer",
        "resource_missing",
        "No such customer",
    ),
    "fee": (
        {"payment_intent_data": {"application_fee_amount": 9}},
        "payment_intent_data[application_fee_amount]",
        None,
        "destination payment",
    ),
}


@pytest.mark.parametrize("mistake", _MISTAKES)
def test_mistakes_are_refused_as_stripe_does(client: Client, mistake: str) -> None:
    changes, param, code, message = _MISTAKES[mistake]
    asked = {name: value for name, value in order(**changes).items() if value is not None}
    with pytest.raises(stripe.InvalidRequestError, match=message) as refusal:
        client.v1.checkout.sessions.create(asked)
    assert (refusal.value.http_status, refusal.value.param, refusal.value.code) == (400, param, code)
    assert str(refusal.value.request_id).startswith("req_")
    assert client.v1.checkout.sessions.list().data == []


@pytest.mark.parametrize(
    ("left_out", "param"),
    [("mode", "mode"), ("line_items", "line_items"), ("success_url", "success_url")],
)
def test_missing_parameters_are_named(client: Client, left_out: str, param: str) -> None:
    asked = order()
    del asked[left_out]
    with pytest.raises(stripe.InvalidRequestError, match="Missing required param") as refusal:
        client.v1.checkout.sessions.create(asked)
    assert (refusal.value.code, refusal.value.param) == ("parameter_missing", param)


def test_a_missing_parameter_inside_is_named(client: Client) -> None:
    incomplete = line()
    del incomplete["price_data"]["product_data"]["name"]
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.checkout.sessions.create(order(line_items=[incomplete]))
    assert refusal.value.param == f"{_PRICE}[product_data][name]"


@pytest.mark.parametrize(("life", "message"), [(20 * 60, "at least 30 minutes"), (25 * 60 * 60, "less than 24 hours")])
def test_a_session_lives_thirty_minutes_to_a_day(client: Client, life: int, message: str) -> None:
    with pytest.raises(stripe.InvalidRequestError, match=message) as refusal:
        client.v1.checkout.sessions.create(order(expires_at=int(time.time()) + life))
    assert refusal.value.param == "expires_at"


def test_zero_decimal_currencies(client: Client) -> None:
    assert client.v1.checkout.sessions.create(order(1500, "jpy")).amount_total == 1500
    with pytest.raises(stripe.InvalidRequestError, match="at least ¥50 jpy"):
        client.v1.checkout.sessions.create(order(49, "jpy"))


def test_what_is_not_there_is_404(client: Client) -> None:
    with pytest.raises(stripe.InvalidRequestError, match=r"No such checkout\.session: 'cs_no'") as refusal:
        client.v1.checkout.sessions.retrieve("cs_no")
    assert (refusal.value.http_status, refusal.value.code) == (404, "resource_missing")


def test_what_cannot_be_expanded_is_refused(client: Client) -> None:
    for path in (
        "metadata",
        "payment_intent.latest_charge.balance_transaction.source.payment_intent",
        "color",
    ):
        with pytest.raises(stripe.InvalidRequestError, match="cannot"):
            client.v1.checkout.sessions.create(order(expand=[path]))


def test_only_the_shops_key_opens_the_door(sandbox: RunningSandbox, transport: Transport) -> None:
    stranger = stripe_client(sandbox.url, transport, key="sk_test_of_somebody_else")
    with pytest.raises(stripe.AuthenticationError, match=r"Invalid API Key provided: sk_test_\*+else"):
        stranger.v1.checkout.sessions.list()
    assert transport.headers["Request-Id"].startswith("req_")


def test_only_one_version_is_spoken(sandbox: RunningSandbox, transport: Transport) -> None:
    other = stripe.StripeClient(
        "sk_test_of_the_shop",
        base_addresses={"api": sandbox.url},
        http_client=transport,
        max_network_retries=0,
    )
    with pytest.raises(stripe.InvalidRequestError, match=r"speaks 2026-05-27\.dahlia only"):
        other.v1.checkout.sessions.list()


def test_unknown_addresses_are_said(client: Client) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL"):
        client.raw_request("get", "/v1/unicorns")
