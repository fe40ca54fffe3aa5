"""What creators are told about payouts."""

from __future__ import annotations

from datetime import timedelta

from storefront.accounts.models import Workspace
from storefront.accounts.queries import owner_of
from storefront.kit.db import db
from storefront.kit.mail import send_mail
from storefront.kit.urls import absolute_url
from storefront.ledger.keys import shown_fingerprint
from storefront.payouts import words
from storefront.payouts.models import ConnectAccount
from storefront.payouts.payout import Payout


def send_sent(payout: Payout) -> None:
    """Tell the owner that money went to their account at Stripe."""
    _send(payout, "payouts/email/sent")


def send_by_hand(payout: Payout) -> None:
    """Tell the owner that the shop paid them without Stripe, and how to find it."""
    _send(payout, "payouts/email/by_hand")


def send_account(account: ConnectAccount, template: str, subject: str) -> None:
    """Tell the owner that their account at Stripe takes no money now, and what they can do."""
    owner = owner_of(account.workspace_id)
    workspace = db.session.get_one(Workspace, account.workspace_id)
    link = absolute_url("payouts.show", handle=workspace.handle)
    send_mail(
        owner.email, subject, f"payouts/email/{template}", person=owner, workspace=workspace, link=link,
        wanted=words.wanted(account),
    )  # fmt: skip


def _send(payout: Payout, template: str) -> None:
    """With the statement that shows how it came about: of the month that was paid, or in which somebody asked."""
    owner = owner_of(payout.workspace_id)
    workspace = db.session.get_one(Workspace, payout.workspace_id)
    link = absolute_url("payouts.show", handle=workspace.handle)
    month = f"{payout.intended_at - timedelta(days=1):%Y-%m}"
    statement = absolute_url("earnings.statement", handle=workspace.handle, month=month, format="html")
    send_mail(
        owner.email, f"{payout.money} is on its way to you", template, person=owner, payout=payout, workspace=workspace,
        link=link, statement=statement if shown_fingerprint() else "",
    )  # fmt: skip
