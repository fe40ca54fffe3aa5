"""What creators earned, and being paid."""

from __future__ import annotations

from typing import Any

from flask_login import current_user

from storefront.accounts.models import Workspace
from storefront.accounts.queries import personal_workspace, workspace_for, workspaces_of
from storefront.api.endpoint import ApiBlueprint
from storefront.api.schemas import Connect, CopyEarnings, OfWorkspace, Onward, Revenue
from storefront.config import current as settings
from storefront.copies.earnings import monthly_earnings
from storefront.kit.money import decimal_of
from storefront.ledger import earnings, statements
from storefront.ledger.queries import Balance, balance_of
from storefront.payouts import connecting

blueprint = ApiBlueprint("api_money", __name__, "Earnings", "What your workspaces earned, and being paid.")


@blueprint.answers("GET", "/api/me/revenue", scope="earnings:read", gives=Revenue())
def get_revenue() -> dict[str, Any]:
    """Read what you earned

    Balances and the last twelve months of every workspace you are in, in minor units.
    """
    found = [_revenue(workspace) for workspace in workspaces_of(current_user)]
    return {"workspaces": found, "currency": settings().currency}


def _revenue(workspace: Workspace) -> dict[str, Any]:
    years = earnings.years_of(workspace.id)
    return {
        "handle": workspace.handle,
        "name": workspace.name,
        "balances": [_balance(balance) for balance in balance_of(workspace.id).values()],
        "months": [
            {
                "month": month.key, "currency": currency, "sales": month.sales, "earned": month.earned,
                "given_back": month.back, "paid": month.paid, "other": month.other,
            }
            for currency, year in years.items()
            for month in year.months
            if not month.is_empty
        ],
    }  # fmt: skip


def _balance(balance: Balance) -> dict[str, Any]:
    return {"currency": balance.currency, **{part: getattr(balance, part) for part in statements.PARTS}}


@blueprint.answers(
    "POST", "/v1/creators/me/connect", scope="earnings:write", takes=Connect(), gives=Onward(), refuses=(404, 409)
)
def connect_payouts(sent: dict[str, Any]) -> dict[str, str]:
    """Set up payouts

    Gives a fresh link to Stripe's own pages, where the owner of a workspace goes on. It works once.
    """
    handle = sent["workspace"] or personal_workspace(current_user).handle
    return {"url": connecting.set_up(handle, sent["country"], by=current_user)}


@blueprint.answers(
    "GET", "/v1/creators/me/earnings", scope="earnings:read", query=OfWorkspace(), gives=CopyEarnings(), refuses=(404,)
)
def get_copy_earnings(asked: dict[str, Any]) -> dict[str, Any]:
    """Read what All-Access brings

    Every month in which a workspace's listings were copied and the copies counted, in the shop's currency.
    """
    handle, currency = asked["workspace"], settings().currency
    workspace = workspace_for(current_user, handle) if handle else personal_workspace(current_user)
    balance = balance_of(workspace.id).get(currency)
    months = [each for each in monthly_earnings(workspace) if each.currency == currency]
    return {
        "account_balance_dollars": decimal_of(balance.payable if balance else 0, currency),
        "total_earnings_dollars": decimal_of(sum(each.amount.amount for each in months), currency),
        "monthly_earnings": [
            {
                "billing_month": each.month, "copy_count": each.copies, "amount_cents": each.amount.amount,
                "status": each.status,
            }
            for each in months
        ],
    }  # fmt: skip
