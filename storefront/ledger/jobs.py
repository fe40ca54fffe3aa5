"""What comes round in the books."""

from __future__ import annotations

from storefront.kit.db import step
from storefront.ledger import services


def mature() -> None:
    """Make shares payable whose time for refunds is over."""
    with step():
        services.book_maturities()
