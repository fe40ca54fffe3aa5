"""Sales for tests of the books: booked by the ledger's own verbs, in words as short as a test needs."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from storefront.accounts.models import Workspace
from storefront.kit import clock
from storefront.kit.db import db, step
from storefront.kit.money import Money
from storefront.ledger import services
from storefront.ledger.chart import CHART
from storefront.ledger.models import Posting
from storefront.ledger.queries import Balance, balance_of

WINDOW = timedelta(days=7)


def usd(amount: int) -> Money:
    return Money(amount, "USD")


def sell(workspace: Workspace, order_id: str = "ord_1", amount: int = 1200, *, settlement: str = "held") -> None:
    """A sale of ``amount`` cents before tax, at a fee of 15%."""
    fee, share = usd(amount).split_fee(basis_points=1500)
    with step():
        services.book_sale(
            order_id, workspace_id=workspace.id, fee=fee, share=share, tax=usd(0), matures_at=clock.now() + WINDOW,
            settlement=settlement, reference=f"pi_{order_id}",
        )  # fmt: skip


def mature() -> int:
    with step():
        return services.book_maturities()


def balance(workspace: Workspace) -> Balance:
    return balance_of(workspace.id).get("USD", Balance("USD"))


def standing(account: str) -> int:
    """What an account of the shop holds, in cents, from the postings alone."""
    sign = 1 if CHART[account].side == "debit" else -1
    moved = sa.case((Posting.debit == account, Posting.amount), (Posting.credit == account, -Posting.amount), else_=0)
    return sign * int(db.session.scalar(sa.select(sa.func.coalesce(sa.func.sum(moved), 0))) or 0)
