"""Proving the books: every seal and posting under it, every roll-up, and that licenses and sales are the same.

What is found is said in sentences that name the row. Reads only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import sqlalchemy as sa

from storefront.kit import clock
from storefront.kit.db import db, dialect, settle_reads, step
from storefront.ledger.keys import Keys, keys
from storefront.ledger.models import LedgerCheck, Posting, Rollup, Seal, SealedPosting, UnsealedPosting
from storefront.ledger.sealing import COLUMNS, GENESIS, Member, digest, ids_in, seal_hash, seal_message
from storefront.licenses.models import License

MOST = 100  # findings that are told; nobody reads more, and one broken link breaks all after it


def check_books() -> LedgerCheck:
    """Prove the books as they stand at one moment, while others write on, and write down what was found."""
    began = clock.now()
    settle_reads()
    if dialect() == "postgresql":  # SQLite's transactions read from one moment anyway
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    looked_at = db.session.scalar(sa.select(sa.func.count()).select_from(Posting)) or 0
    findings = list(islice(find_faults(keys()), MOST))
    with step():
        check = LedgerCheck(of="books", began_at=began, ended_at=clock.now(), looked_at=looked_at, findings=findings)
        db.session.add(check)
    return check


def find_faults(by: Keys) -> Iterator[str]:
    """Everything that is not as it was written, one sentence each."""
    yield from _seals(by)
    yield from _strays()
    yield from _rollups()
    yield from _licenses()


def _seals(by: Keys) -> Iterator[str]:
    previous, expected = GENESIS, 1
    seals = db.session.scalars(sa.select(Seal).order_by(Seal.number), execution_options={"populate_existing": True})
    for seal in seals.all():
        if seal.number != expected:
            yield f"Seal {expected} is gone: after seal {expected - 1} comes seal {seal.number}."
        if seal.previous != previous:
            yield f"Seal {seal.number} does not follow the seal before it: the chain is broken here."
        members = _members(seal.number)
        yield from _postings(seal, members)
        known = [Member(row.posting_id, row.sealed_digest) for row in members]
        if seal_hash(seal.number, seal.made_at, seal.previous, known) != seal.hash:
            yield f"Seal {seal.number} is broken: its postings ({seal.posting_ids}) do not give its hash."
        if not by.proves(seal.key_id, seal.signature, seal_message(seal.hash)):
            yield f"Seal {seal.number} was not signed by a key of this shop (it names {seal.key_id})."
        previous, expected = seal.hash, seal.number + 1


def _members(number: int) -> Sequence[Any]:
    """What a seal covers, with what its postings say now; nothing where a posting is gone."""
    query = (
        sa.select(SealedPosting.posting_id, SealedPosting.digest.label("sealed_digest"), *COLUMNS)
        .outerjoin(Posting, Posting.id == SealedPosting.posting_id)
        .where(SealedPosting.seal_number == number)
        .order_by(SealedPosting.posting_id)
    )
    return db.session.execute(query).all()


def _postings(seal: Seal, members: Sequence[Any]) -> Iterator[str]:
    """What was done to the postings of one seal."""
    named = ids_in(seal.posting_ids)
    for row in members:
        if row.posting_id not in named:
            yield f"Posting {row.posting_id} was put under seal {seal.number} afterwards."
        elif row.id is None:
            yield f"Posting {row.posting_id} is gone. Seal {seal.number} covers it."
        elif digest(row[2:]) != row.sealed_digest:
            yield f"Posting {row.posting_id} does not say what it said when seal {seal.number} was made."
    for id in sorted(named - {row.posting_id for row in members}):
        there = db.session.get(Posting, id) is not None
        yield f"Posting {id} is {'no longer covered' if there else 'gone. It was covered'} by seal {seal.number}."


def _strays() -> Iterator[str]:
    """Postings that were written past the triggers: nothing seals them, and nothing waits to."""
    covered = sa.exists().where(SealedPosting.posting_id == Posting.id)
    waits = sa.exists().where(UnsealedPosting.posting_id == Posting.id)
    strays = sa.select(Posting.id).where(~covered, ~waits).order_by(Posting.id).limit(MOST)
    for id in db.session.scalars(strays):
        yield f"Posting {id} was added past the shop: no seal covers it and it waits for none."
    both = sa.select(UnsealedPosting.posting_id).join(
        SealedPosting, SealedPosting.posting_id == UnsealedPosting.posting_id
    )
    for id in db.session.scalars(both.order_by(UnsealedPosting.posting_id).limit(MOST)):
        yield f"Posting {id} waits for a seal although one covers it, so balances count it twice."


def _rollups() -> Iterator[str]:
    """Sums that are not those of the sealed postings."""
    keys = (sa.func.coalesce(Posting.workspace_id, 0), Posting.currency, Posting.debit, Posting.credit)
    sums = (
        sa.select(*keys, sa.func.sum(Posting.amount), sa.func.count())
        .join(SealedPosting, SealedPosting.posting_id == Posting.id)
        .group_by(*keys)
    )
    kept = sa.select(Rollup.workspace_id, Rollup.currency, Rollup.debit, Rollup.credit, Rollup.amount, Rollup.postings)
    wanted: dict[Any, tuple[int, int]] = {tuple(row[:4]): (int(row[4]), row[5]) for row in db.session.execute(sums)}
    found: dict[Any, tuple[int, int]] = {tuple(row[:4]): (row[4], row[5]) for row in db.session.execute(kept)}
    for between in sorted(wanted.keys() | found.keys()):
        if wanted.get(between) != found.get(between):
            workspace_id, currency, debit, credit = between
            whose = f"workspace {workspace_id}" if workspace_id else "the shop"
            yield (
                f"The roll-up of {whose} from {credit} to {debit} says {_sum(found.get(between), currency)}; "
                f"its postings say {_sum(wanted.get(between), currency)}."
            )


def _sum(sums: tuple[int, int] | None, currency: str) -> str:
    amount, postings = sums or (0, 0)
    return f"{amount} {currency} in {postings}"


def _licenses() -> Iterator[str]:
    """Licenses that were paid for and sales that were booked are the same ones, with the same figures."""
    sales = (
        sa.select(Posting.reference, Posting.cause_id, _booked("fee"), _booked("share"))
        .where(Posting.kind.in_(("sale.fee", "sale.share")))
        .group_by(Posting.reference, Posting.cause_id)
        .subquery()
    )
    paid = sa.and_(License.payment_intent == sales.c.reference, License.amount > 0)
    unsold = (
        sa.select(License.number)
        .outerjoin(sales, License.payment_intent == sales.c.reference)
        .where(License.amount > 0, sales.c.cause_id.is_(None))
    )
    for number in db.session.scalars(unsold.order_by(License.id).limit(MOST)):
        yield f"License {number} was paid for, but its sale is not in the books."
    unlicensed = sa.select(sales.c.cause_id).outerjoin(License, paid).where(License.id.is_(None))
    for cause in db.session.scalars(unlicensed.order_by(sales.c.cause_id).limit(MOST)):
        yield f"The sale of order {cause} is in the books, but no license was granted for it."
    differ = sa.or_(License.fee != sales.c.fee, License.share != sales.c.share)
    columns = (License.number, License.fee, License.share, sales.c.fee, sales.c.share)
    for number, *figures in db.session.execute(sa.select(*columns).join(sales, paid).where(differ).limit(MOST)):
        fee, share, booked_fee, booked_share = figures
        yield f"License {number} says fee {fee} and share {share}; the books say {booked_fee} and {booked_share}."


def _booked(part: str) -> sa.Label[int]:
    return sa.func.sum(sa.case((Posting.kind == f"sale.{part}", Posting.amount), else_=0)).label(part)
