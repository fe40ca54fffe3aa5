"""Statements: true, for their creator alone, and proved by nothing but their bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from storefront.kit import clock
from storefront.kit.db import settle_reads, step
from storefront.kit.money import decimal_text
from storefront.ledger import sealing, services
from storefront.ledger.earnings import next_month
from storefront.ledger.keys import fingerprint, keys, make_key
from storefront.ledger.statements import NotGenuine, statement_file, statement_of, verify
from tests.browser import Browser
from tests.cast import Cast
from tests.ledger.worlds import balance, mature, sell, usd

FORMATS = ("html", "csv", "json")
MoveClock = Callable[[timedelta], None]


def month() -> str:
    return f"{clock.now():%Y-%m}"


@pytest.fixture
def files(client: Browser, cast: Cast) -> dict[str, bytes]:
    """Alice's statement of this month in each format."""
    for number in range(2):
        sell(cast.workspace(cast.alice), f"ord_{number}")
    sealing.seal_all()
    client.as_person(cast.alice)
    return {format: client.get(f"/earnings/alice/statements/{month()}.{format}").data for format in FORMATS}


@pytest.mark.parametrize("format", FORMATS)
def test_a_statement_proves_itself(files: dict[str, bytes], format: str) -> None:
    assert verify(files[format]).fingerprint == fingerprint(keys().current)


def test_any_changed_byte_is_noticed(files: dict[str, bytes]) -> None:
    for format, data in files.items():
        for at in range(0, len(data), 37):
            changed = bytes([*data[:at], data[at] ^ 1, *data[at + 1 :]])
            if format == "json" and _same(changed, data):
                continue  # spaces between values are no part of what was signed
            with pytest.raises((NotGenuine, UnicodeDecodeError)):
                verify(changed)


def _same(changed: bytes, data: bytes) -> bool:
    try:
        return bool(json.loads(changed) == json.loads(data))
    except ValueError:
        return False


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_can_be_added_or_cut_off(files: dict[str, bytes], format: str) -> None:
    for changed in (files[format] + b"<p>And $1,000 more.</p>\n", files[format][:-200], b"", b"\x00\xff", b"{}"):
        with pytest.raises(NotGenuine):
            verify(changed)


def test_a_signature_of_one_format_is_none_of_another(files: dict[str, bytes]) -> None:
    signed = json.loads(files["json"])
    trailer = f"<!-- signed {signed['key']} {signed['signature']} -->\n".encode()

    with pytest.raises(NotGenuine):
        verify(b"<!DOCTYPE html>\n" + trailer)


def test_balances_lead_from_month_to_month(cast: Cast, move_clock: MoveClock) -> None:
    hers = cast.workspace(cast.alice)
    sell(hers)
    first = clock.now().date().replace(day=1)
    later = next_month(first)
    move_clock(timedelta(days=(later - clock.now().date()).days + 7))
    mature()
    with step():
        services.book_payout_intent("pay_1", workspace_id=hers.id, amount=usd(1000))
        services.book_payout_sent("pay_1", workspace_id=hers.id, amount=usd(1000), reference="tr_1")
        services.book_refund("ref_1", order_id="ord_1", fee=usd(18), share=usd(102), tax=usd(0))
    sealing.seal_all()

    before, after = statement_of(hers, first), statement_of(hers, later)

    assert before["opening"] == {}
    assert before["closing"] == after["opening"]
    assert before["is_over"]
    assert not after["is_over"]
    now = balance(hers)
    assert after["closing"]["USD"] == {
        part: getattr(now, part) for part in ("held", "payable", "reserved", "in_transit", "paid", "spent")
    }
    assert after["closing"]["USD"]["payable"] == 1020 - 1000 - 102


def test_a_signed_statement_that_does_not_add_up_is_refused(cast: Cast) -> None:
    """Even the shop itself can't sign one that leads nowhere."""
    sell(cast.workspace(cast.alice))
    sealing.seal_all()
    content = statement_of(cast.workspace(cast.alice), clock.now().date().replace(day=1))
    content["closing"]["USD"]["held"] += 1

    with pytest.raises(NotGenuine, match="do not lead"):
        verify(statement_file(content, "json"))


def test_what_is_not_sealed_yet_is_not_stated(cast: Cast) -> None:
    sell(cast.workspace(cast.alice))

    assert statement_of(cast.workspace(cast.alice), clock.now().date().replace(day=1))["postings"] == []


def test_a_name_in_a_statement_runs_nowhere(cast: Cast) -> None:
    hers = cast.workspace(cast.alice)
    with step():
        hers.name = "=1+1<script>alert(1)</script>"
    content = statement_of(hers, clock.now().date().replace(day=1))

    assert b"<script>" not in statement_file(content, "html")
    assert b"'=1+1" in statement_file(content, "csv")


def test_commands_write_and_verify(app: Flask, cast: Cast, tmp_path: Path) -> None:
    sell(cast.workspace(cast.alice))
    settle_reads()
    run: Any = app.test_cli_runner().invoke
    written = run(args=["ledger", "statement", "@alice", "--month", month(), "--into", str(tmp_path)])
    assert written.exit_code == 0, written.output
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".csv", ".html", ".json"]
    key = fingerprint(keys().current)

    for path in tmp_path.iterdir():
        for options in ([], ["--fingerprint", key], ["--fingerprint", key.replace(" ", "").upper()]):
            answer = run(args=["ledger", "verify", str(path), *options])
            assert (answer.exit_code, key in answer.output) == (0, True), answer.output
        path.write_bytes(path.read_bytes().replace(b"1020", b"9020").replace(b"10.20", b"90.20"))
        answer = run(args=["ledger", "verify", str(path)])
        assert (answer.exit_code, "It is not as it was signed" in answer.output) == (1, True)


def test_another_shops_key_is_told_apart(app: Flask, cast: Cast, tmp_path: Path, files: dict[str, bytes]) -> None:
    mine = fingerprint(keys().current)
    make_key()
    (tmp_path / "statement.html").write_bytes(files["html"])
    run: Any = app.test_cli_runner().invoke

    assert run(args=["ledger", "verify", str(tmp_path / "statement.html"), "--fingerprint", mine]).exit_code == 0
    other = run(
        args=["ledger", "verify", str(tmp_path / "statement.html"), "--fingerprint", fingerprint(keys().current)]
    )
    assert (other.exit_code, "signed by another key" in other.output) == (1, True)


@pytest.mark.parametrize("name", ["2026-13.json", "nonsense.html", "2026-11.pdf", "0000-01.csv"])
def test_what_is_no_month_and_no_format_is_not_found(client: Browser, cast: Cast, name: str) -> None:
    assert client.as_person(cast.alice).get(f"/earnings/alice/statements/{name}").status_code == 404


@pytest.mark.parametrize(("amount", "text"), [(-5, "-0.05"), (-1234, "-12.34"), (0, "0.00"), (1200, "12.00")])
def test_amounts_for_machines_keep_their_sign(amount: int, text: str) -> None:
    assert decimal_text(amount, "USD") == text
