"""What the control room can do: move the clock, play with webhooks, settle what is on its way.

Every function is one transaction. Wrong input raises `ValueError`, an unknown id `LookupError`.
"""

from __future__ import annotations

from typing import Any

from storefront.sandbox import agenda, checkout, delivery, disputing, news, paying, refunding
from storefront.sandbox.cards import read_card
from storefront.sandbox.charging import Outcome
from storefront.sandbox.errors import StripeError
from storefront.sandbox.shapes.methods import billing_details
from storefront.sandbox.store import Body, Origin, Store, Transaction

#: The furthest the clock goes in one move, in seconds: ten years.
_FURTHEST = 10 * 366 * 24 * 60 * 60
_LATEST = 24 * 60 * 60
_MOST = 1000
#: How many events and payments the page lists.
SHOWN = 20


def clock(store: Store) -> Body:
    """The sandbox's time and how far it is ahead of real time, both in seconds."""
    with store.reading() as transaction:
        return {"now": transaction.now, "offset": transaction.dial("clock_offset", 0)}


def move_clock(store: Store, seconds: int) -> Body:
    """Move the clock forward and do what became due; it never goes back, as time doesn't."""
    if not 0 < seconds <= _FURTHEST:
        raise ValueError("The clock moves forward, by one second to ten years.")
    with store.writing() as transaction:
        transaction.turn("clock_offset", transaction.dial("clock_offset", 0) + seconds)
    agenda.run_due(store)
    store.on_news()
    return clock(store)


def dials(store: Store) -> Body:
    """How webhooks are played with: held, to be dropped, copies of each, seconds late."""
    with store.reading() as transaction:
        return {
            "hold": transaction.dial("hold", False),
            "drop": transaction.dial("drop", 0),
            "copies": transaction.dial("copies", 1),
            "late": transaction.dial("late", 0),
        }


def turn_dials(
    store: Store,
    *,
    hold: bool | None = None,
    drop: int | None = None,
    copies: int | None = None,
    late: int | None = None,
) -> Body:
    """Set some dials for the events to come."""
    if drop is not None and not 0 <= drop <= _MOST:
        raise ValueError("Drop from 0 to 1000 deliveries.")
    if copies is not None and not 1 <= copies <= _MOST:
        raise ValueError("Send from 1 to 1000 copies.")
    if late is not None and not 0 <= late <= _LATEST:
        raise ValueError("Late is from 0 seconds to a day.")
    wanted = {"hold": hold, "drop": drop, "copies": copies, "late": late}
    with store.writing() as transaction:
        for name, value in wanted.items():
            if value is not None:
                transaction.turn(name, value)
    return dials(store)


def release(store: Store, *, reverse: bool = False) -> int:
    """Let held deliveries go, newest first if `reverse`, and hold no more; how many they were."""
    with store.writing() as transaction:
        transaction.turn("hold", False)
        held = transaction.sql("SELECT id FROM deliveries WHERE state = 'held' ORDER BY id").fetchall()
        for place, (id,) in enumerate(reversed(held) if reverse else held):
            transaction.sql(
                "UPDATE deliveries SET state = 'waiting', due_at = ? WHERE id = ?",
                transaction.now - len(held) + place, id,
            )  # fmt: skip
    store.on_news()
    return len(held)


def deliver_again(store: Store, event_id: str, *, copies: int = 1) -> int:
    """Send an event once more, or several times, to every endpoint that wants it; how many deliveries."""
    if not 1 <= copies <= _MOST:
        raise ValueError("Send from 1 to 1000 copies.")
    with store.writing() as transaction:
        event = transaction.get("event", event_id)
        endpoints = news.endpoints_for(transaction, event["type"], account=event.get("account", ""))
        for endpoint in endpoints:
            for _ in range(copies):
                news.queue(transaction, event_id, endpoint["id"], state="waiting", due_at=transaction.now)
        delivery.count_pending(transaction, event)
    return copies * len(endpoints)


def events(store: Store, *, limit: int = SHOWN) -> list[Body]:
    """The latest events, each with its deliveries, newest first."""
    with store.reading() as transaction:
        latest = transaction.everyones("event", limit=limit)
        return [event | {"deliveries": _deliveries(transaction, event["id"])} for event in latest]


def pay(store: Store, session_id: str, *, number: str, answer: bool = True, origin: Origin) -> Outcome:
    """Pay a session without a browser; `answer` is what 3-D Secure is told."""
    with store.writing(origin) as transaction:
        session = _open_session(transaction, session_id)
        card, wrong = read_card(number, "12 / 34", "1234" if len(number) == 15 else "123", now=transaction.now)
        if card is None:
            raise ValueError(wrong["number"])
        email = session["customer_email"] or "payer@example.com"
        billing = billing_details(email, None)
        if session["mode"] == "subscription" and not session["amount_total"]:
            return paying.keep_for_later(transaction, session, card, billing)
        outcome = paying.pay_by_card(transaction, session, card, billing)
        if outcome.state == "authenticate":
            outcome = paying.authenticate(transaction, session, passed=answer)
        return outcome


def settle_bank_payment(store: Store, session_id: str, *, succeeds: bool, origin: Origin) -> None:
    """Let a bank transfer arrive, or fail."""
    with store.writing(origin) as transaction:
        session = transaction.get("checkout.session", session_id)
        paying.settle_bank_payment(transaction, session, succeeds=succeeds)


def expire(store: Store, session_id: str) -> None:
    """Close an open session."""
    with store.writing() as transaction:
        checkout.expire(transaction, _open_session(transaction, session_id))


def refund(store: Store, charge_id: str, *, amount: int | None = None) -> Body:
    """Refund a charge, wholly or by minor units."""
    values: dict[str, Any] = {"charge": charge_id} | ({} if amount is None else {"amount": amount})
    if amount is not None and amount < 1:
        raise ValueError("Refund at least one minor unit.")
    try:
        with store.writing() as transaction:
            return refunding.refund(transaction, values)
    except StripeError as refusal:
        raise (LookupError if refusal.status == 404 else ValueError)(refusal.message) from refusal


def settle_refund(store: Store, refund_id: str, *, fails: bool | None = None) -> None:
    """End a refund now: as it was going to, or as said."""
    with store.writing() as transaction:
        transaction.get("refund", refund_id)
        transaction.sql("DELETE FROM agenda WHERE verb = ? AND object = ?", refunding.SETTLE, refund_id)
        if fails is None:
            refunding.settle(transaction, refund_id)
        else:
            refunding.finish(transaction, refund_id, fails=fails)


def turn_refunds(store: Store, habit: str) -> str:
    """How refunds go from now on; an empty `habit` leaves it to each card."""
    if habit and habit not in refunding.HABITS:
        raise ValueError(f"Choose one of {', '.join(refunding.HABITS)}.")
    with store.writing() as transaction:
        transaction.turn("refunds", habit)
    return habit


def refund_habit(store: Store) -> str:
    """How refunds go; empty while each card says."""
    with store.reading() as transaction:
        habit: str = transaction.dial("refunds", "")
        return habit


def dispute(store: Store, charge_id: str, *, reason: str = "fraudulent", is_inquiry: bool = False) -> Body:
    """Have the cardholder dispute a charge, or the bank ask about it."""
    with store.writing() as transaction:
        charge = transaction.get("charge", charge_id)
        return disputing.open_dispute(transaction, charge, reason=reason, is_inquiry=is_inquiry)


def close_dispute(store: Store, dispute_id: str, *, won: bool) -> Body:
    """The bank decides for the platform, or against it."""
    with store.writing() as transaction:
        found = transaction.get("dispute", dispute_id)
        disputing.close(transaction, found, won=won)
        return found


def escalate_dispute(store: Store, dispute_id: str) -> Body:
    """An inquiry becomes a dispute."""
    with store.writing() as transaction:
        found = transaction.get("dispute", dispute_id)
        disputing.escalate(transaction, found)
        return found


def disputes(store: Store) -> list[Body]:
    """The latest disputes, newest first."""
    with store.reading() as transaction:
        return transaction.all("dispute", limit=SHOWN)


def _open_session(transaction: Transaction, session_id: str) -> Body:
    session = transaction.get("checkout.session", session_id)
    if session["status"] != "open":
        raise ValueError(f"That session is {session['status']}.")
    return session


def _deliveries(transaction: Transaction, event_id: str) -> list[Body]:
    rows = transaction.sql(
        "SELECT id, endpoint, state, attempts, answer, due_at FROM deliveries WHERE event = ? ORDER BY id",
        event_id,
    )
    names = ("id", "endpoint", "state", "attempts", "answer", "due_at")
    return [dict(zip(names, row, strict=True)) for row in rows]
