"""What payouts say on other slices' pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import render_template

from storefront.accounts.models import Workspace
from storefront.config import current as settings
from storefront.kit import clock
from storefront.kit.money import Money
from storefront.ledger.queries import Balance
from storefront.payouts import queries, words


def next_payout(*, workspace: Workspace, balances: Mapping[str, Balance]) -> str:
    """When the next payout goes out, or what keeps it."""
    minimum = settings().payout_minimum
    payable = [each for each in balances.values() if each.payable > 0]
    enough = [each for each in payable if each.payable >= minimum]
    account = queries.live_account(workspace.id)
    reason = ""
    if payable and not enough:
        reason = "below_minimum"
    elif account is None or account.stripe_account is None:
        reason = "no_account"
    elif not account.can_be_paid:
        reason = "restricted"
    return render_template(
        "payouts/next_payout.html",
        workspace=workspace,
        day=next_day(clock.now()),
        reason=words.SKIPPED.get(reason, ""),
        minimum=Money(minimum, next(iter(balances))) if reason == "below_minimum" else None,
        may_act=reason in ("no_account", "restricted"),
    )


def next_day(now: datetime) -> datetime:
    """The next day on which payouts go out, at midnight UTC: this month's if it is yet to come."""
    day = now.replace(day=settings().payout_day, hour=0, minute=0, second=0, microsecond=0)
    if day > now:
        return day
    return day.replace(year=now.year + now.month // 12, month=now.month % 12 + 1)
