"""What happens before a payout: accounts at Stripe that are ready, and balances that have matured."""

from __future__ import annotations

from datetime import timedelta

from storefront.accounts.models import Person, Workspace
from storefront.accounts.queries import personal_workspace
from storefront.kit import clock
from storefront.kit.db import db, settle_reads, step
from storefront.kit.money import Money
from storefront.ledger import services as ledger
from storefront.ledger.queries import Balance, balance_of
from storefront.payouts import runs
from storefront.payouts.payout import Payout
from tests.browser import Browser
from tests.stripe import Stripe


def connected(client: Browser, person: Person, stripe: Stripe) -> str:
    """The account of a person's own workspace at Stripe, ready to be paid."""
    handle = personal_workspace(person).handle
    client.as_person(person).post(f"/payouts/{handle}/account", data={"country": "US"})
    made: str = stripe.accounts()[0]["account"]["id"]
    stripe.onboard(made)
    client.get(f"/payouts/{handle}/return")
    return made


def earn(person: Person, share: int, order_id: str = "", *, currency: str = "USD") -> Workspace:
    """A sale without a fee whose time for refunds is over."""
    workspace = personal_workspace(person)
    order = order_id or f"ord_{workspace.handle}"
    nothing = Money(0, currency)
    with step():
        ledger.book_sale(
            order, workspace_id=workspace.id, fee=nothing, share=Money(share, currency), tax=nothing,
            matures_at=clock.now() - timedelta(days=1), settlement="held", reference=f"pi_{order}",
        )  # fmt: skip
    with step():
        ledger.book_maturities()
    return workspace


def run() -> list[Payout]:
    """This month's run, prepared now."""
    settle_reads()
    now = clock.now()
    return runs.prepare(runs.month_of(now), now)


def payouts() -> list[Payout]:
    found = db.session.query(Payout).order_by(Payout.id).populate_existing().all()
    settle_reads()
    return found


def balance(workspace: Workspace) -> Balance:
    found = balance_of(workspace.id).get("USD", Balance("USD"))
    settle_reads()
    return found
