"""Reads the shop's database and the payment sandbox's at rest, and names every promise that is broken.

Each promise is a function that yields one sentence for each thing that breaks it. Nothing is written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tests.faults.books import Body, Books

NUMBER = re.compile(r"^License (\S+),", re.MULTILINE)
Row = Any


@dataclass(frozen=True)
class Shop:
    """The shop's rows as they are at rest, and the license numbers that letters of receipt were sent about."""

    orders: Sequence[Row]
    licenses: Sequence[Row]
    clones: Sequence[Row]
    jobs: Sequence[Row]
    events: Sequence[Row]
    listings: Sequence[Row]
    happenings: Counter[tuple[str, int]]
    receipts: Counter[str]


@dataclass(frozen=True)
class Broken:
    """One broken promise."""

    promise: str
    what: str

    def __str__(self) -> str:
        return f"{self.promise}: {self.what}"


Check = Callable[[Shop, Books], Iterator[str]]
PROMISES: dict[str, Check] = {}


def promise(sentence: str) -> Callable[[Check], Check]:
    """Register what a function checks."""

    def register(check: Check) -> Check:
        PROMISES[sentence] = check
        return check

    return register


def broken_promises(shop: Shop, books: Books) -> list[Broken]:
    """Every promise that is broken, in the order of the promises."""
    return [Broken(sentence, what) for sentence, check in PROMISES.items() for what in check(shop, books)]


def read_shop(connection: sa.Connection, mail: Path) -> Shop:
    """Everything the checker asks about, in one transaction. Rows have the tables' own column names."""

    def rows(statement: str) -> Sequence[Row]:
        return connection.execute(sa.text(statement)).all()

    happened = rows("SELECT name, subject_id, COUNT(*) AS times FROM events GROUP BY name, subject_id")
    return Shop(
        orders=rows("SELECT * FROM orders ORDER BY id"),
        licenses=rows("SELECT * FROM licenses ORDER BY id"),
        clones=rows("SELECT * FROM clones ORDER BY work_id"),
        jobs=rows("SELECT * FROM jobs ORDER BY id"),
        events=rows("SELECT stripe_id, type, state, reason FROM stripe_events ORDER BY id"),
        listings=rows("SELECT id, slug, sales, gets, clones FROM listings ORDER BY id"),
        happenings=Counter({(row.name, row.subject_id): row.times for row in happened}),
        receipts=_receipts(mail),
    )


@promise("Every paid session has one license, or its money went back")
def paid_is_fulfilled(shop: Shop, books: Books) -> Iterator[str]:
    orders = {order.public_id: order for order in shop.orders}
    licensed = Counter(license.payment_intent for license in shop.licenses if license.status != "free")
    for session in books.paid_sessions:
        order = orders.get(session["metadata"].get("order", ""))
        intent = session["payment_intent"]
        refunded = sum(refund["amount"] for refund in books.refunds_of(intent))
        if order is None:
            yield f"{session['id']} is paid and belongs to no order"
        elif refunded:
            if refunded != session["amount_total"]:
                yield f"{session['id']} paid {session['amount_total']} and got {refunded} back"
            if order.payment_intent == intent and order.status != "refunded":
                yield f"{session['id']} got its money back and {order.public_id} is {order.status}"
        elif licensed[intent] != 1:
            yield f"{session['id']} is paid, {order.public_id} is {order.status}, licenses: {licensed[intent]}"


@promise("Nobody holds what was not paid")
def unpaid_has_nothing(shop: Shop, books: Books) -> Iterator[str]:
    paid = {session["payment_intent"] for session in books.paid_sessions}
    for license in shop.licenses:
        if license.status != "free" and license.payment_intent not in paid:
            yield f"license {license.number} ({license.status}) stands on no paid session"
    for order in shop.orders:
        if order.status in ("open", "expired") and order.license_id is not None:
            yield f"{order.public_id} is {order.status} and has license {order.license_id}"
        if order.status in ("paid", "unwanted", "refunded") and order.payment_intent not in paid:
            yield f"{order.public_id} is {order.status} and Stripe knows no payment of it"


@promise("Every license has one first clone")
def one_first_clone(shop: Shop, books: Books) -> Iterator[str]:
    firsts = Counter(clone.license_id for clone in shop.clones if clone.is_first)
    for license in shop.licenses:
        if firsts[license.id] != 1:
            yield f"license {license.number} has {firsts[license.id]} first clones"


@promise("A license belongs to one order, and a paid order has its license")
def license_and_order(shop: Shop, books: Books) -> Iterator[str]:
    orders = Counter(order.license_id for order in shop.orders if order.license_id is not None)
    for license in shop.licenses:
        if license.status != "free" and orders[license.id] != 1:
            yield f"license {license.number} has {orders[license.id]} orders"
    licenses = {license.id: license for license in shop.licenses}
    for order in shop.orders:
        license = licenses.get(order.license_id)
        if order.status == "paid" and (
            license is None or (license.person_id, license.listing_id) != (order.buyer_id, order.listing_id)
        ):
            yield f"{order.public_id} is paid and its license is not its buyer's for its listing"


@promise("An order's amounts are Stripe's")
def amounts_equal(shop: Shop, books: Books) -> Iterator[str]:
    for order in shop.orders:
        session = books.sessions.get(order.session_id or "")
        if order.amount is None or session is None:
            continue
        ours = {
            "amount": order.amount, "subtotal": order.subtotal, "tax": order.tax,
            "currency": order.currency, "payment": order.payment_intent,
        }  # fmt: skip
        theirs = {
            "amount": session["amount_total"], "subtotal": session["amount_subtotal"],
            "tax": session["total_details"]["amount_tax"], "currency": session["currency"].upper(),
            "payment": session["payment_intent"],
        }  # fmt: skip
        yield from _differences(order.public_id, ours, theirs)
        if order.fee + order.share + order.tax != order.amount:
            yield f"{order.public_id}: fee, share and tax do not add up to {order.amount}"


@promise("A paid order knows its charge and what Stripe kept of it")
def charge_is_known(shop: Shop, books: Books) -> Iterator[str]:
    for order in shop.orders:
        intent = books.intents.get(order.payment_intent or "")
        if order.status != "paid" or intent is None:
            continue
        charge = books.charges[intent["latest_charge"]]
        theirs = {"charge": charge["id"], "Stripe's fee": books.fees[charge["balance_transaction"]]}
        yield from _differences(order.public_id, {"charge": order.charge, "Stripe's fee": order.stripe_fee}, theirs)


@promise("One order is open for a buyer and a listing, and none whose session is closed")
def open_orders(shop: Shop, books: Books) -> Iterator[str]:
    opened = [order for order in shop.orders if order.status == "open"]
    for (buyer, listing), times in Counter((order.buyer_id, order.listing_id) for order in opened).items():
        if times > 1:
            yield f"person {buyer} has {times} open orders for listing {listing}"
    for order in opened:
        session = books.sessions.get(order.session_id or "")
        if session is None or session["status"] != "open":
            how = session["status"] if session else "unknown"
            yield f"{order.public_id} is open and its session is {how}"


@promise("A session that can be paid belongs to the open order that leads to it")
def no_stray_sessions(shop: Shop, books: Books) -> Iterator[str]:
    led_to = {order.session_id for order in shop.orders if order.status == "open"}
    known = {order.session_id for order in shop.orders}
    for session in books.sessions.values():
        if session["status"] == "open" and session["id"] in known - led_to:
            yield f"{session['id']} can still be paid and its order is closed"


@promise("What was sent is kept, once, and nothing else is")
def events_are_kept(shop: Shop, books: Books) -> Iterator[str]:
    kept = Counter(event.stripe_id for event in shop.events)
    for event in sorted(books.delivered - set(kept)):
        yield f"{event} was delivered and is not kept"
    for event in sorted(set(kept) - books.delivered - books.undelivered - books.swallowed):
        yield f"{event} is kept and was never sent"
    for event, times in kept.items():
        if times > 1:
            yield f"{event} is kept {times} times"
    for event in sorted(books.undelivered):
        yield f"{event} is still on its way"


@promise("Every event was handled, or says why not")
def events_are_handled(shop: Shop, books: Books) -> Iterator[str]:
    for event in shop.events:
        if event.state in ("kept", "failed"):
            yield f"{event.stripe_id} ({event.type}) is {event.state}: {event.reason or 'no reason'}"
        if event.state == "parked" and not event.reason:
            yield f"{event.stripe_id} ({event.type}) is parked without a reason"


@promise("No job is left over")
def jobs_are_done(shop: Shop, books: Books) -> Iterator[str]:
    for job in shop.jobs:
        if job.done_at is None:
            yield f"job {job.id} {job.name} after {job.attempts} attempts: {job.error or 'no reason'}"


@promise("The counts on a listing are those of its rows")
def counts_equal(shop: Shop, books: Books) -> Iterator[str]:
    gets = Counter(license.listing_id for license in shop.licenses)
    sales = Counter(license.listing_id for license in shop.licenses if license.status != "free")
    of_license = {license.id: license.listing_id for license in shop.licenses}
    clones = Counter(of_license[clone.license_id] for clone in shop.clones)
    for listing in shop.listings:
        ours = {"gets": listing.gets, "sales": listing.sales, "clones": listing.clones}
        rows = {"gets": gets[listing.id], "sales": sales[listing.id], "clones": clones[listing.id]}
        yield from _differences(listing.slug, ours, rows)


@promise("What happened is recorded, once")
def happenings_are_recorded(shop: Shop, books: Books) -> Iterator[str]:
    wanted = Counter(("license.granted", license.id) for license in shop.licenses)
    wanted += Counter(("work.cloned", clone.work_id) for clone in shop.clones)
    wanted += Counter(("order.opened", order.id) for order in shop.orders)
    wanted += Counter(("order.paid", order.id) for order in shop.orders if order.license_id is not None)
    names = {name for name, _ in wanted} | {"order.paid"}
    recorded = Counter({key: times for key, times in shop.happenings.items() if key[0] in names})
    for name, subject in sorted(set(wanted) | set(recorded)):
        if recorded[name, subject] != wanted[name, subject]:
            yield f"{name} of {subject} is recorded {recorded[name, subject]} times, not {wanted[name, subject]}"


@promise("A buyer gets one letter of receipt for an order")
def one_letter(shop: Shop, books: Books) -> Iterator[str]:
    paid = {order.license_id for order in shop.orders if order.status == "paid"}
    for license in shop.licenses:
        letters = shop.receipts[license.number]
        if letters > 1 or (license.id in paid and letters != 1):
            yield f"license {license.number} has {letters} letters"


@promise("Money is neither made nor lost")
def money_adds_up(shop: Shop, books: Books) -> Iterator[str]:
    sums: Counter[str] = Counter()
    for (_account, currency), amount in books.balances.items():
        sums[currency] += amount
    yield from (f"all accounts sum to {amount} {currency}" for currency, amount in sums.items() if amount)
    spent: Counter[str] = Counter()
    for charge in books.charges.values():
        if charge["status"] == "succeeded":
            spent[charge["currency"]] += charge["amount"]
    for refund in books.refunds.values():
        if refund["status"] == "succeeded":
            spent[refund["currency"]] -= refund["amount"]
    for currency in spent:
        balance = -books.balances.get(("customers", currency), 0)
        if balance != spent[currency]:
            yield f"customers spent {balance} {currency}, their charges say {spent[currency]}"


def _differences(name: str, ours: Body, theirs: Body) -> Iterator[str]:
    for part, value in theirs.items():
        if ours[part] != value:
            yield f"{name}: {part} is {ours[part]}, not {value}"


def _receipts(mail: Path) -> Counter[str]:
    """How many letters were sent about each license number."""
    parser: BytesParser[EmailMessage] = BytesParser(policy=policy.default)
    counted: Counter[str] = Counter()
    for file in mail.glob("[0-9]*.eml"):
        part = parser.parsebytes(file.read_bytes()).get_body(("plain",))
        counted.update(NUMBER.findall(str(part.get_content()) if part else ""))
    return counted
