"""Months of copies and payments for them as CSV; months are read as they are sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from storefront.accounts.models import Workspace
from storefront.copies.earnings import MonthlyEarning, work_of, works_of
from storefront.copies.overview import statements_of
from storefront.copies.payments import CreatorPart, Payment
from storefront.kit.db import db
from storefront.kit.money import decimal_text
from storefront.kit.spreadsheets import line, plain

READ = {"yield_per": 500}
STATEMENTS = ("Month", "Handle", "Workspace", "Copies", "Credited", "Went back", "Has", "Currency")
PAYMENT = ("To", "Handle", "Copies", "Amount", "Currency")
WORKS = ("Month", "Work", "Address", "Copies", "Counted", "Yours", "Currency")


def works_csv(workspace: Workspace, month: str, earned: list[MonthlyEarning]) -> Iterator[str]:
    """A line for each work that was copied in a month, and one for what went back since; they add up to what is had."""
    yield line(WORKS)
    for row in db.session.execute(works_of(workspace, month), execution_options=READ):
        work = work_of(row)
        amount = decimal_text(work.amount.amount, work.amount.currency)
        figures = (str(work.copies), str(work.counted), amount)
        yield line((month, plain(work.title), plain(work.slug), *figures, work.amount.currency))
    for each in earned:
        if each.returned:
            amount = decimal_text(-each.returned, each.currency)
            yield line((month, "Went back with payments", "", "", "", amount, each.currency))


def statements_csv(month: str) -> Iterator[str]:
    """A line for each workspace that got something of a closed month."""
    yield line(STATEMENTS)
    for statement, workspace in db.session.execute(statements_of(month), execution_options=READ):
        kept = statement.amount - statement.returned
        amounts = (decimal_text(each, statement.currency) for each in (statement.amount, statement.returned, kept))
        name = (workspace.handle, plain(workspace.name))
        yield line((month, *name, str(statement.copies), *amounts, statement.currency))


def payment_csv(payment: Payment, parts: Sequence[CreatorPart]) -> Iterator[str]:
    """A line for each creator, and for the shop, the tax and what came back; they add up to what was paid."""
    yield line(PAYMENT)
    for part in parts:
        amount = decimal_text(part.amount.amount, part.amount.currency)
        yield line((plain(part.name), plain(part.handle), str(part.copies), amount, part.amount.currency))
    for name, money in (("The shop", payment.shop), ("Tax", payment.tax), ("Back to you", payment.back)):
        yield line((name, "", "", decimal_text(money.amount, money.currency), money.currency))
