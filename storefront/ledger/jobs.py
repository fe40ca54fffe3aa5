"""What comes round in the books."""

from __future__ import annotations

from datetime import timedelta

from storefront.kit import clock
from storefront.kit.db import step
from storefront.kit.periodic import Tally
from storefront.ledger import checking, reconciling, sealing, services


def mature() -> None:
    """Make shares payable whose time for refunds is over."""
    with step():
        services.book_maturities()


def seal() -> None:
    """Seal what was written."""
    sealing.seal_all()


def check() -> list[Tally]:
    """Prove the books. What does not fit is told, never mended."""
    return [Tally("faults in the books", len(checking.check_books().findings), 0)]


def reconcile() -> list[Tally]:
    """Compare the last year with Stripe. What is on its way between the two is left for tomorrow."""
    now = clock.now()
    found = reconciling.reconcile(since=now - timedelta(days=366), until=now - timedelta(hours=1))
    return [Tally("differences from Stripe", len(found.findings), 0)]
