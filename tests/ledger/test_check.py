"""The books prove themselves: whatever somebody does to one row past the triggers is named."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from storefront.kit.db import db, settle_reads, step
from storefront.ledger import checking, sealing, services
from storefront.ledger.keys import keys, make_key
from storefront.ledger.models import LedgerCheck, Posting, Rollup, Seal
from tests.browser import Browser
from tests.cast import Cast
from tests.ledger.tampering import tamper
from tests.ledger.worlds import balance, usd
from tests.library.holding import hold
from tests.worlds import make_offer

POSTING = (
    "INSERT INTO postings (id, at, cause_kind, cause_id, kind, debit, credit, amount, currency, note) "
    "SELECT 99, at, 'order', 'ord_99', 'sale.fee', debit, credit, 500, currency, note FROM postings WHERE id = 1"
)


def faults() -> list[str]:
    settle_reads()
    return checking.check_books().findings


@pytest.fixture
def sealed(cast: Cast) -> None:
    """Two sales, each under a seal, and one that waits for its own."""
    for title in ("Field Notes", "The Ferry"):
        hold(cast.bob, make_offer(cast.alice, title))
        sealing.seal_all()
    hold(cast.bob, make_offer(cast.alice, "Tide Tables"))


def test_books_that_nobody_touched_are_right(app: Flask, sealed: None) -> None:
    assert faults() == []
    check = db.session.scalars(sa.select(LedgerCheck)).one()
    assert (check.of, check.looked_at) == ("books", 6)


@pytest.mark.parametrize(
    "column", ["amount = amount + 1", "debit = 'bank'", "credit = 'pool'", "cause_id = 'ord_9'", "note = 'x'",
               "reference = 'pi_9'", "currency = 'EUR'", "at = '2020-01-01 00:00:00'"],
)  # fmt: skip
def test_a_row_that_was_changed_is_named(app: Flask, sealed: None, column: str) -> None:
    tamper(f"UPDATE postings SET {column} WHERE id = 3")

    assert "Posting 3 does not say what it said when seal 2 was made." in faults()


def test_a_row_that_was_removed_is_named(app: Flask, sealed: None) -> None:
    tamper("DELETE FROM postings WHERE id = 2")

    assert "Posting 2 is gone. Seal 1 covers it." in faults()


def test_a_row_that_was_removed_with_its_trace_is_named(app: Flask, sealed: None) -> None:
    tamper("DELETE FROM postings WHERE id = 2", "DELETE FROM sealed_postings WHERE posting_id = 2")

    assert "Posting 2 is gone. It was covered by seal 1." in faults()


def test_a_row_that_was_added_is_named(app: Flask, sealed: None) -> None:
    tamper(POSTING, "DELETE FROM unsealed_postings WHERE posting_id = 99")

    assert "Posting 99 was added past the shop: no seal covers it and it waits for none." in faults()


def test_a_row_that_was_added_under_a_seal_is_named(app: Flask, sealed: None) -> None:
    tamper(
        POSTING,
        "DELETE FROM unsealed_postings WHERE posting_id = 99",
        "INSERT INTO sealed_postings (posting_id, seal_number, digest) "
        "SELECT 99, seal_number, digest FROM sealed_postings WHERE posting_id = 1",
    )

    assert "Posting 99 was put under seal 1 afterwards." in faults()


def test_a_row_taken_out_of_its_seal_is_named(app: Flask, sealed: None) -> None:
    tamper("DELETE FROM sealed_postings WHERE posting_id = 1")

    assert "Posting 1 is no longer covered by seal 1." in faults()


def test_a_row_that_counts_twice_is_named(app: Flask, sealed: None) -> None:
    tamper("INSERT INTO unsealed_postings (posting_id) VALUES (1)")

    assert "Posting 1 waits for a seal although one covers it, so balances count it twice." in faults()


def test_a_whole_seal_that_is_gone_is_missed(app: Flask, sealed: None) -> None:
    tamper("DELETE FROM seals WHERE number = 1")

    assert "Seal 1 is gone: after seal 0 comes seal 2." in faults()
    assert "Seal 2 does not follow the seal before it: the chain is broken here." in faults()


def test_a_seal_made_anew_is_not_signed(app: Flask, sealed: None) -> None:
    """Whoever changes a row and works out all that hangs on it still lacks the key."""
    before = db.session.scalars(sa.select(Posting).where(Posting.id == 3)).one()
    changed = {name: getattr(before, name) for name in sealing.TOLD} | {"amount": 5}
    digests = db.session.execute(sa.text("SELECT posting_id, digest FROM sealed_postings WHERE seal_number = 2"))
    members = {row.posting_id: sealing.Member(row.posting_id, row.digest) for row in digests}
    members[3] = sealing.Member(3, sealing.digest(changed.values()))
    seal = db.session.get_one(Seal, 2)
    forged = sealing.seal_hash(2, seal.made_at, seal.previous, members.values())
    tamper(
        "UPDATE postings SET amount = 5 WHERE id = 3",
        f"UPDATE sealed_postings SET digest = '{members[3].digest}' WHERE posting_id = 3",
        f"UPDATE seals SET hash = '{forged}' WHERE number = 2",
    )

    assert f"Seal 2 was not signed by a key of this shop (it names {keys().id})." in faults()


def test_a_digest_that_was_changed_breaks_its_seal(app: Flask, sealed: None) -> None:
    tamper(f"UPDATE sealed_postings SET digest = '{'0' * 64}' WHERE posting_id = 1")

    assert "Seal 1 is broken: its postings (1-2) do not give its hash." in faults()


def test_a_rollup_that_was_changed_is_named(app: Flask, sealed: None, cast: Cast) -> None:
    with step():
        db.session.execute(sa.update(Rollup).where(Rollup.credit == "creator_held").values(amount=Rollup.amount + 1))

    alice = cast.workspace(cast.alice).id
    assert faults() == [
        f"The roll-up of workspace {alice} from creator_held to platform_cash says 2041 USD in 2; "
        "its postings say 2040 USD in 2."
    ]


def test_former_keys_still_prove_what_they_signed(app: Flask, sealed: None) -> None:
    former = keys().id
    make_key()
    sealing.seal_all()

    assert faults() == []
    assert keys().id != former
    assert set(db.session.scalars(sa.select(Seal.key_id))) == {former, keys().id}


def test_a_license_without_a_sale_and_one_with_other_figures_are_named(app: Flask, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice))
    with step():
        db.session.execute(sa.text("UPDATE licenses SET fee = fee + 1, share = share - 1"))
    assert faults() == [f"License {license.number} says fee 181 and share 1019; the books say 180 and 1020."]

    with step():
        db.session.execute(sa.text("UPDATE licenses SET payment_intent = 'pi_other'"))
        order = db.session.scalars(sa.select(Posting.cause_id).limit(1)).one()
    assert faults() == [
        f"License {license.number} was paid for, but its sale is not in the books.",
        f"The sale of order {order} is in the books, but no license was granted for it.",
    ]


def test_the_command_names_the_row_and_leaves_with_one(app: Flask, sealed: None) -> None:
    run = app.test_cli_runner().invoke
    settle_reads()
    assert run(args=["ledger", "check"]).exit_code == 0

    tamper("UPDATE postings SET amount = 1 WHERE id = 1")

    answer = run(args=["ledger", "check"])
    assert answer.exit_code == 1
    assert "Posting 1 does not say what it said when seal 1 was made." in answer.output


def test_operators_see_it_on_the_health_page(app: Flask, sealed: None, cast: Cast, client: Browser) -> None:
    tamper("UPDATE postings SET amount = 1 WHERE id = 1")
    faults()

    assert "Faults in the books" in client.as_person(cast.carol).get("/admin/health").text


def test_a_refund_is_sealed_like_a_sale(app: Flask, sealed: None, cast: Cast) -> None:
    with step():
        order = db.session.scalars(sa.select(Posting.earning_id).where(Posting.id == 1)).one()
        services.book_refund("ref_1", order_id=order or "", fee=usd(180), share=usd(1020), tax=usd(0))
    before = balance(cast.workspace(cast.alice))

    assert sealing.seal_all() == 4
    assert balance(cast.workspace(cast.alice)) == before
    assert faults() == []
