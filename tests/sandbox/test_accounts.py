"""A connected account: made, filled in, wanted more of, refused, disconnected."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import stripe

from storefront.sandbox.server import RunningSandbox, start
from storefront.sandbox.settings import Settings
from tests.sandbox.conftest import SECRET, Client
from tests.sandbox.connect import EXPRESS, connected, fund, of
from tests.sandbox.deeds import deed, look
from tests.sandbox.receiver import Receiver
from tests.sandbox.specification import problems_of_event


@pytest.fixture
def connect_receiver() -> Iterator[Receiver]:
    """The shop's endpoint for events of connected accounts."""
    listening = Receiver("whsec_of_connect")
    yield listening
    listening.close()
    assert [problem for event in listening.events for problem in problems_of_event(event)] == []


@pytest.fixture
def settings(tmp_path: Path, receiver: Receiver, connect_receiver: Receiver) -> Settings:
    """A sandbox that tells both endpoints."""
    return Settings(
        database=tmp_path / "sandbox.db",
        secret_key="sk_test_of_the_shop",
        webhook_url=receiver.url,
        webhook_secret=SECRET,
        connect_webhook_url=connect_receiver.url,
        connect_webhook_secret="whsec_of_connect",
        port=0,
    )


def test_a_new_account_can_do_nothing_and_says_what_is_wanted(client: Client) -> None:
    account = client.v1.accounts.create(EXPRESS)
    assert (account.type, account.controller.stripe_dashboard.type) == ("express", "express")
    assert [account.charges_enabled, account.payouts_enabled, account.details_submitted] == [False] * 3
    assert account.requirements.disabled_reason == "requirements.past_due"
    assert {"external_account", "individual.first_name", "tos_acceptance.date"} <= set(
        account.requirements.currently_due
    )
    assert account.capabilities.to_dict() == {"card_payments": "inactive", "transfers": "inactive"}
    assert account.metadata.to_dict() == {"workspace": "7"}


def test_onboarding_lets_it_take_money_and_the_platform_hears(
    client: Client, sandbox: RunningSandbox, receiver: Receiver, connect_receiver: Receiver
) -> None:
    alice = connected(client, sandbox)

    account = client.v1.accounts.retrieve(alice)
    assert account.charges_enabled
    assert account.payouts_enabled
    assert account.requirements.currently_due == []
    assert account.external_accounts.data[0].last4 == "6789"
    sandbox.drain()
    assert set(connect_receiver.types) == {"account.updated"}
    told = connect_receiver.events[-1]
    assert (told["account"], told["data"]["object"]["payouts_enabled"]) == (alice, True)
    assert receiver.events == []
    assert client.v1.events.list().data == []
    assert client.v1.events.list({}, of(alice)).data[0].id == told["id"]


def test_who_matches_nobody_must_show_an_id(client: Client, sandbox: RunningSandbox) -> None:
    account = client.v1.accounts.create(EXPRESS).id
    deed(sandbox, f"accounts/{account}/onboard", year=1902)

    restricted = client.v1.accounts.retrieve(account)
    assert restricted.details_submitted
    assert not restricted.charges_enabled
    assert restricted.requirements.past_due == ["individual.verification.document"]
    assert restricted.requirements.errors[0].code == "verification_failed_keyed_identity"

    deed(sandbox, f"accounts/{account}/satisfy")
    assert client.v1.accounts.retrieve(account).charges_enabled


def test_more_can_be_wanted_by_a_deadline_at_once_or_while_it_is_looked_at(
    client: Client, sandbox: RunningSandbox
) -> None:
    alice = connected(client, sandbox)

    deed(sandbox, f"accounts/{alice}/demand", requirement="business_profile.url", soon=True)
    soon = client.v1.accounts.retrieve(alice)
    assert soon.charges_enabled
    assert soon.requirements.current_deadline > soon.created
    assert (soon.requirements.currently_due, soon.requirements.past_due) == (["business_profile.url"], [])

    deed(sandbox, f"accounts/{alice}/demand", requirement="business_profile.url")
    now = client.v1.accounts.retrieve(alice)
    assert (now.charges_enabled, now.requirements.disabled_reason) == (False, "requirements.past_due")

    deed(sandbox, f"accounts/{alice}/satisfy")
    deed(sandbox, f"accounts/{alice}/review")
    looked_at = client.v1.accounts.retrieve(alice)
    assert looked_at.requirements.disabled_reason == "requirements.pending_verification"
    assert looked_at.capabilities.transfers == "pending"
    assert deed(sandbox, f"accounts/{alice}/demand", requirement="a_pony").status_code == 422


def test_where_stripe_takes_no_accounts_there_is_none(client: Client) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.accounts.create(EXPRESS | {"country": "AQ"})
    assert refusal.value.code == "country_unsupported"
    with pytest.raises(stripe.InvalidRequestError, match="not compatible with the card_payments"):
        client.v1.accounts.create(EXPRESS | {"tos_acceptance": {"service_agreement": "recipient"}})


def test_the_platform_changes_lists_and_deletes(client: Client, sandbox: RunningSandbox) -> None:
    alice, other = connected(client, sandbox), client.v1.accounts.create(EXPRESS).id

    changed = client.v1.accounts.update(alice, {"metadata": {"workspace": "", "person": "3"}, "email": "a@example.com"})
    assert (changed.metadata.to_dict(), changed.email) == ({"person": "3"}, "a@example.com")
    assert [each.id for each in client.v1.accounts.list().data] == [other, alice]

    assert client.v1.accounts.delete(other).deleted
    assert [each.id for each in client.v1.accounts.list().data] == [alice]
    fund(client, sandbox)
    client.v1.transfers.create({"amount": 100, "currency": "usd", "destination": alice})
    with pytest.raises(stripe.InvalidRequestError, match="has a balance"):
        client.v1.accounts.delete(alice)


def test_stripe_may_reject_the_holder(client: Client, sandbox: RunningSandbox) -> None:
    alice = connected(client, sandbox)
    rejected = client.v1.accounts.reject(alice, {"reason": "fraud"})
    assert (rejected.charges_enabled, rejected.requirements.disabled_reason) == (False, "rejected.fraud")
    assert deed(sandbox, f"accounts/{alice}/reject", reason="ugly").status_code == 422


def test_who_disconnects_is_out_of_reach(client: Client, sandbox: RunningSandbox, connect_receiver: Receiver) -> None:
    alice = connected(client, sandbox)

    deed(sandbox, f"accounts/{alice}/disconnect")

    sandbox.drain()
    assert connect_receiver.types[-1] == "account.application.deauthorized"
    assert connect_receiver.events[-1]["account"] == alice
    with pytest.raises(stripe.PermissionError) as refusal:
        client.v1.accounts.retrieve(alice)
    body: Any = refusal.value.json_body
    assert body["error"]["code"] == "account_invalid"
    with pytest.raises(stripe.PermissionError):
        client.v1.balance.retrieve({}, of(alice))
    with pytest.raises(stripe.PermissionError):
        client.v1.accounts.login_links.create(alice)
    assert deed(sandbox, f"accounts/{alice}/onboard").status_code == 422


def test_a_key_of_one_account_is_not_anothers(client: Client, sandbox: RunningSandbox) -> None:
    alice = connected(client, sandbox)
    charge = {"charges": look(sandbox, "payments")}
    assert charge == {"charges": []}
    fund(client, sandbox)
    mine = client.v1.charges.list().data[0].id
    with pytest.raises(stripe.InvalidRequestError, match="No such charge"):
        client.v1.charges.retrieve(mine, {}, of(alice))
    with pytest.raises(stripe.PermissionError):
        client.v1.charges.list({}, of("acct_nobody"))


def test_an_earlier_sandboxs_file_has_no_owners_and_opens(tmp_path: Path, settings: Settings) -> None:
    settings = replace(settings, database=tmp_path / "earlier.db")
    start(settings).close()
    with closing(sqlite3.connect(settings.database)) as earlier:
        earlier.execute("ALTER TABLE objects DROP COLUMN account")
        earlier.commit()

    again = start(settings)

    with again.parts.store.reading() as transaction:
        assert [each["id"] for each in transaction.all("webhook_endpoint")] == ["we_sandbox_connect", "we_sandbox"]
    again.close()
