"""A market in which anything may happen, in any order: what hypothesis plays, and what must be true whenever it rests.

The shop and the payment sandbox are the real ones. News from Stripe lies in a bag until somebody takes it out: late,
twice, in any order, or never, for then the shop's own sweeps must find out.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import requests
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from storefront.accounts.models import Person
from storefront.accounts.queries import personal_workspace
from storefront.checkout import getting
from storefront.checkout.models import Order
from storefront.disputes.models import Dispute
from storefront.kit import clock
from storefront.kit.db import db, settle_reads, step
from storefront.kit.errors import Refusal
from storefront.kit.jobs import AnnouncedJob, run_due_jobs
from storefront.kit.periodic import run_periodic
from storefront.kit.slices import installed
from storefront.ledger.checking import find_faults
from storefront.ledger.keys import keys
from storefront.ledger.queries import Balance, balance_of
from storefront.ledger.reconciling import reconcile
from storefront.licenses.models import License
from storefront.payments import catching_up
from storefront.payments.models import StripeEvent
from storefront.payments.webhooks import replay
from storefront.payouts import runs
from storefront.payouts import sending as payouts
from storefront.payouts.payout import WITHDRAWAL, Payout
from storefront.refunds import sending, services
from storefront.refunds.models import Refund
from tests.browser import Browser
from tests.cast import Cast
from tests.conftest import Shop
from tests.ledger.worlds import mature
from tests.stripe import GOOD, HEADERS, Stripe
from tests.worlds import make_offer

CARDS = (GOOD, GOOD, GOOD, "4000000000000259", "4000000000001976", "4000000000007726", "4000000000005126")
PRICES = (50, 999, 1200, 7777, 99_999_999)  # Stripe's least and most among them
TROUBLES = ("error", "error_after", "lost", "down", "rate_limit")
#: What comes round in minutes, in the order of their slices; what mails or ranks is no matter of money.
SWEEPS = ("payments.", "ledger.mature", "ledger.seal", "checkout.", "refunds.", "disputes.", "payouts.", "connect.")
LONG = timedelta(minutes=30)

IN_A_ROW, GAMES = 100, 5  # steps of a game, games of one seed
ROUNDS = 100_000  # so that no two starts play the same

AS_IT_IS = {"populate_existing": True}  # the shop works in sessions of its own
some = st.integers(0, 999)


def _same(one: Any, other: Any) -> None:
    assert one == other, f"{one} is not {other}"


def _none(found: list[Any]) -> None:
    assert not found, found


class Market(RuleBasedStateMachine):
    """Alice has her share kept until refunds are over, dora has it at once; bob, erin and frank buy; carol operates."""

    def __init__(self, shop: Shop, stripe: Stripe, counted: Counter[str]) -> None:
        super().__init__()
        self.shop, self.stripe, self.counted = shop, stripe, counted
        shop.empty()
        stripe.reset()
        self.context = shop.app.app_context()
        self.context.push()
        self.before = shop.app.extensions["settings"]
        shop.app.extensions["settings"] = replace(self.before, settlement_choice=True)
        client = shop.app.test_client()
        assert isinstance(client, Browser)
        self.client = client
        self.bag: list[dict[str, Any]] = []
        self.heard: list[dict[str, Any]] = []

    @initialize()
    def people_come(self) -> None:
        cast = self.cast = Cast()
        self.sellers = [cast.alice, cast.person("Dora", plan="studio")]
        self.buyers = [cast.bob, cast.person("Erin"), cast.person("Frank")]
        self.listings = [
            make_offer(seller, f"Work {number} of {seller.name}", price=price)
            for seller in self.sellers
            for number, price in enumerate(PRICES)
        ]
        self.counted["games"] += 1
        self.accounts = {seller.id: self._connect(seller) for seller in self.sellers}
        self._settle_at_once(self.sellers[1])
        for number in range(4):
            self.buy(buyer=number, listing=3 * number + 2, card=0, stays=True)
        self._move(timedelta(days=8))
        self.stripe.deed("balance/settle")
        self.payday()
        self._work()

    def teardown(self) -> None:
        try:
            if hasattr(self, "cast"):
                self.rest()
        finally:
            db.session.rollback()
            self.shop.app.extensions["settings"] = self.before
            self.context.pop()

    # What people do

    @rule(buyer=some, listing=some, card=some, stays=st.booleans())
    def buy(self, buyer: int, listing: int, card: int, stays: bool) -> None:
        """Somebody pays; some see the page that says so, others close the window."""
        person, wanted = self._one(self.buyers, buyer), self._one(self.listings, listing)
        with self._luck("buy"):
            session_url = getting.get(wanted.slug, person, price=wanted.price, currency=wanted.currency)
            query = sa.select(Order).where(Order.buyer_id == person.id, Order.session_url == session_url)
            order = db.session.scalars(query.order_by(Order.id.desc())).first()
            settle_reads()
            if order is None or order.session_id is None:
                return
            with suppress(requests.HTTPError):  # it was paid before, and the shop has not heard of it
                self.stripe.pay(order.session_id, self._one(CARDS, card))
            if stays:
                getting.confirm(order.session_id, person)

    @rule(license=some)
    def ask_for_a_refund(self, license: int) -> None:
        found = self._row(License, license)
        if found is not None:
            with self._luck("ask"):
                holder = db.session.get_one(Person, found.person_id)
                with step():
                    refund = services.ask(found, "Not for me.", by=holder)
                if refund.state == "sending":
                    sending.try_to_send(refund)

    @rule(order=some, share=st.one_of(st.none(), st.integers(1, 2000)))
    def give_back(self, order: int, share: int | None) -> None:
        """Carol gives a part back, or a creator all of it."""
        found = self._row(Order, order, Order.status == "paid")
        if found is not None:
            with self._luck("give"):
                with step():
                    refund = services.give(
                        found, share, "Sorry.", origin="operator" if share else "creator", by=self.cast.carol
                    )
                sending.try_to_send(refund)

    @rule(refund=some, grants=st.booleans())
    def decide_about_a_request(self, refund: int, grants: bool) -> None:
        found = self._row(Refund, refund, Refund.state == "waiting")
        if found is not None:
            with self._luck("decide"):
                with step():
                    (services.grant if grants else services.decline)(found, "So be it.", by=self.cast.carol)
                sending.try_to_send(found)

    @rule()
    def payday(self) -> None:
        """The run of the month, begun once more or for the first time; who sends its payouts may be late."""
        now = clock.now()
        runs.prepare(runs.month_of(now), now)
        self.counted["payday"] += 1
        settle_reads()

    @rule(seller=some)
    def withdraw(self, seller: int) -> None:
        person = self._one(self.sellers, seller)
        mature()
        with self._luck("withdraw"):
            with step():
                payout = runs.withdraw(personal_workspace(person), by=person)
            payouts.try_to_send(payout)

    # What happens at Stripe

    @rule(order=some, amount=st.one_of(st.none(), st.integers(1, 2000)))
    def refund_in_the_dashboard(self, order: int, amount: int | None) -> None:
        found = self._row(Order, order, Order.payment_intent.is_not(None), Order.settlement == "held")
        if found is not None:
            with self._refusals("dashboard"):
                self.stripe.refund(str(found.payment_intent), amount=amount)

    @rule(refund=some)
    def a_refund_ends(self, refund: int) -> None:
        with self._refusals("refund ends"):
            self.stripe.settle_refund(self._one(self.stripe.refunds(), refund)["id"])

    @rule(payment=some, inquiry=st.booleans())
    def dispute(self, payment: int, inquiry: bool) -> None:
        with self._refusals("dispute"):
            charge = self._one([each["charge"] for each in self.stripe.payments() if each["charge"]], payment)
            self.stripe.deed(f"charges/{charge['id']}/dispute", inquiry=inquiry)

    @rule(dispute=some, what=st.sampled_from([("close", "won"), ("close", "lost"), ("escalate", "")]))
    def the_bank_decides(self, dispute: int, what: tuple[str, str]) -> None:
        found = self._row(Dispute, dispute)
        if found is not None:
            with self._refusals("decide"):
                self.stripe.deed(f"disputes/{found.stripe_id}/{what[0]}", outcome=what[1])

    @rule()
    def money_becomes_available(self) -> None:
        """What cards brought clears after days, so payouts wait for it."""
        self.stripe.deed("balance/settle")

    @rule(payout=some, amount=st.one_of(st.none(), st.integers(1, 2000)))
    def a_transfer_comes_back(self, payout: int, amount: int | None) -> None:
        found = self._row(Payout, payout, Payout.transfer_id.is_not(None))
        if found is not None:
            with self._refusals("transfer back"):
                self.stripe.deed(f"transfers/{found.transfer_id}/reverse", **({"amount": amount} if amount else {}))

    @rule(seller=some)
    def the_bank_is_paid(self, seller: int) -> None:
        """Stripe sends what is on a creator's account to their bank."""
        with self._refusals("bank"):
            self.stripe.deed("payouts", account=self.accounts[self._one(self.sellers, seller).id])

    @rule(kind=st.sampled_from(TROUBLES), times=st.integers(1, 4), method=st.sampled_from(["POST", "GET", "any"]))
    def stripe_has_trouble(self, kind: str, times: int, method: str) -> None:
        """The next calls go wrong, some of them after the work was done."""
        self.stripe.fail_next(kind, times=times, method=method)

    # What comes of it

    @rule(seed=some, share=st.integers(1, 4), again=st.booleans())
    def news(self, seed: int, share: int, again: bool) -> None:
        """Some of what lies in the bag arrives, in any order, some of it twice."""
        self._collect()
        draw = random.Random(seed)
        draw.shuffle(self.bag)
        count = -(-len(self.bag) * share // 4)
        arriving, self.bag = self.bag[:count], self.bag[count:]
        twice = draw.sample(self.heard, min(2, len(self.heard))) if again else []
        for event in [*arriving, *twice]:
            self._deliver(event)

    @precondition(lambda self: self.bag)
    @rule(pick=some)
    def news_is_lost(self, pick: int) -> None:
        """Of a creator's own account it is late, never lost: the shop's list at Stripe does not have it."""
        event = self._one(self.bag, pick)
        if "account" not in event:
            self.bag.remove(event)
            self.counted["lost"] += 1

    @rule()
    def the_shop_works(self) -> None:
        """Jobs that are due, and what comes round every few minutes."""
        self._work()

    @rule(by=st.sampled_from([timedelta(minutes=7), timedelta(hours=5), timedelta(days=8), timedelta(days=23)]))
    def time_passes(self, by: timedelta) -> None:
        """The worker reads Stripe's list every hour; before days go by at once it must have, for Stripe forgets."""
        if by > timedelta(days=1):
            self.stripe.go_on()
            self._read_the_list()
        self._move(by)

    # What must be true

    @invariant()
    def nothing_is_out_of_balance(self) -> None:
        """Whatever is under way, nobody is owed less than nothing on its way, and no order gives more than it took."""
        self.counted["steps"] += 1
        self._collect()
        over = sa.select(sa.func.count()).select_from(Order).where(Order.returned > Order.amount)
        assert db.session.scalar(over) == 0
        settle_reads()

    @rule()
    def rest(self) -> None:
        """All news has arrived and all work is done: the books are proven, and they are Stripe's."""
        self.stripe.go_on()
        self._collect()
        for event in self.bag:
            self._deliver(event)
        self.bag = []
        for _ in range(4):
            self._move(LONG)
            self._work()
            self._collect()
            if not self.bag and not self._undone():
                break
            while self.bag:
                self._deliver(self.bag.pop(0))
        self._catch_up()
        self._try_parked_again()
        self._work()
        self._is_proven()

    def _is_proven(self) -> None:
        unhandled = sa.select(StripeEvent.type, StripeEvent.state, StripeEvent.reason).where(
            StripeEvent.state.not_in(("handled", "ignored"))
        )
        _none([tuple(row) for row in db.session.execute(unhandled)])
        _none(self._undone())
        settle_reads()
        _none(list(find_faults(keys())))
        settle_reads()
        _none(reconcile().findings)
        settle_reads()
        for seller in self.sellers:
            self._is_paid_once(seller)
        self.counted["proven"] += 1

    @staticmethod
    def _undone() -> list[Any]:
        """Jobs that failed and are to be tried again."""
        query = sa.select(AnnouncedJob.name, AnnouncedJob.error)
        rows = db.session.execute(query.where(AnnouncedJob.done_at.is_(None), AnnouncedJob.error.is_not(None))).all()
        settle_reads()
        return [tuple(row) for row in rows]

    def _is_paid_once(self, seller: Person) -> None:
        """Every payout that the books call sent is one transfer at Stripe, of as much, and there is no other."""
        workspace = personal_workspace(seller)
        query = sa.select(Payout).where(Payout.workspace_id == workspace.id)
        rows = db.session.scalars(query, execution_options=AS_IT_IS).all()
        booked = {each.public_id: (each.amount, each.returned) for each in rows if each.transfer_id}
        made = [each for each in self._transfers(self.accounts[seller.id]) if each["metadata"].get("type") == "payout"]
        assert len({each["metadata"]["payout"] for each in made}) == len(made), made
        _same({each["metadata"]["payout"]: (each["amount"], each["amount_reversed"]) for each in made}, booked)
        paid = sum(amount - back for amount, back in booked.values())
        moved = sum(each["amount"] - each["amount_reversed"] for each in made)
        _same(moved, paid)
        months = Counter((each.run, each.currency) for each in rows if each.run != WITHDRAWAL)
        assert all(count == 1 for count in months.values()), months
        for each in rows:
            self.counted[f"payout {each.state}"] += 1
        under_way = sum(each.amount for each in rows if each.is_under_way)
        _same(balance_of(workspace.id).get("USD", Balance("USD")).in_transit, under_way)
        settle_reads()

    # How

    def _connect(self, seller: Person) -> str:
        handle = personal_workspace(seller).handle
        self.client.as_person(seller).post(f"/payouts/{handle}/account", data={"country": "US"})
        made: str = self.stripe.accounts()[0]["account"]["id"]
        self.stripe.onboard(made)
        self.client.get(f"/payouts/{handle}/return")
        return made

    def _settle_at_once(self, seller: Person) -> None:
        handle = personal_workspace(seller).handle
        answer = self.client.as_person(seller).post(f"/payouts/{handle}/settlement", data={"settlement": "destination"})
        assert answer.status_code < 400

    def _transfers(self, account: str) -> list[dict[str, Any]]:
        wanted = {"destination": account, "limit": "100"}
        answer = requests.get(f"{self.stripe.url}/v1/transfers", params=wanted, headers=HEADERS, timeout=10)
        found: list[dict[str, Any]] = answer.json()["data"]
        return found

    def _collect(self) -> None:
        fresh = [event for event in self.stripe.events(latest=200) if event["id"] not in self.stripe.delivered]
        self.stripe.delivered.update(event["id"] for event in fresh)
        self.bag += fresh

    def _deliver(self, event: dict[str, Any]) -> None:
        assert self.stripe.send(self.client, event).status_code == 200
        self.heard.append(event)
        settle_reads()

    def _work(self) -> None:
        run_due_jobs()
        for one in installed().slices:
            for each in one.periodic:
                if each.name.startswith(SWEEPS) and each.name != catching_up.NAME:
                    with self._luck(each.name):
                        run_periodic(each)
        run_due_jobs()
        settle_reads()

    def _catch_up(self) -> None:
        """What was lost is read from Stripe's own list, once all else had its time."""
        self._move(LONG)
        self._collect()
        while self.bag:  # what happened only now is on its way, not lost
            self._deliver(self.bag.pop(0))
        self._read_the_list()
        self._work()

    def _read_the_list(self) -> None:
        (work,) = (each for one in installed().slices for each in one.periodic if each.name == catching_up.NAME)
        for tally in run_periodic(work):
            self.counted["caught up with"] += tally.found
        settle_reads()

    def _try_parked_again(self) -> None:
        """Carol does so with what came before the news that explains it."""
        parked = db.session.scalars(sa.select(StripeEvent.id).where(StripeEvent.state.in_(("parked", "failed")))).all()
        settle_reads()
        for event in parked:
            replay(event)
            settle_reads()

    def _move(self, by: timedelta) -> None:
        self.stripe.deed("clock", advance=int(by.total_seconds()))
        clock.move(clock.moved_by() + by)

    @contextmanager
    def _luck(self, what: str) -> Iterator[None]:
        """What the shop refuses, or Stripe's trouble makes fail, is as good as what it does; anything else is not."""
        try:
            yield
            self.counted[what] += 1
        except Refusal:
            self.counted[f"{what}, refused"] += 1
            db.session.rollback()
        settle_reads()

    @contextmanager
    def _refusals(self, what: str) -> Iterator[None]:
        """What can't be done at Stripe is refused there. Trouble is for the shop's calls, not for these."""
        self.stripe.go_on()
        try:
            yield
            self.counted[what] += 1
        except (requests.HTTPError, ZeroDivisionError):  # refused, or there is none
            self.counted[f"{what}, refused"] += 1

    def _row(self, model: Any, pick: int, *where: Any) -> Any:
        query = sa.select(model).where(*where).order_by(model.id)
        rows = db.session.scalars(query, execution_options=AS_IT_IS).all()
        settle_reads()
        return self._one(rows, pick) if rows else None

    @staticmethod
    def _one(among: Any, pick: int) -> Any:
        return among[pick % len(among)]


def play(
    shop: Shop, stripe: Stripe, steps: int, *, start: int, tell: Callable[[int], None] = lambda _: None
) -> Counter[str]:
    """Play until ``steps`` were made, always the same ones from the same ``start``. Returns what happened how often.

    ``tell`` hears how far it is. What goes wrong is raised with every step that led to it.
    """
    counted: Counter[str] = Counter()
    played = settings(
        max_examples=GAMES, stateful_step_count=IN_A_ROW, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    for round in count(start * ROUNDS):
        machine: Any = seed(round)(lambda: Market(shop, stripe, counted))
        run_state_machine_as_test(machine, settings=played)
        tell(counted["steps"])
        if counted["steps"] >= steps:
            return counted
    raise AssertionError("the rounds never end")
