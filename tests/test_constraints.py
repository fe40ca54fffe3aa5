"""Every rule the schema keeps by itself, broken once by plain SQL on each engine.

What there is to break is read from the models: a new constraint without a case here fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import takewhile
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from storefront.kit import migrations
from storefront.kit.db import engine_options, tune_sqlite
from tests.conftest import ENGINES, Shop
from tests.moderation.acts import OATH
from tests.rows import THEN, Row, right_row

TABLES = {table.name: table for table in migrations.metadata().sorted_tables}
# The one row of the first is there from the start; a trigger writes those of the second as their postings come.
MADE_BY_MIGRATION = {"catalog_state", "unsealed_postings"}

# How to break each check that is more than a list of words (those are broken by a word of no list).
SWORN: Row = {"reason": "copyright", "sworn_at": THEN}
BROKEN_CHECKS: dict[str, list[Row]] = {
    "ck_api_tokens_digest_whole": [{"digest": "short"}],
    "ck_listing_days_views_positive": [{"views": 0}],
    "ck_listing_totals_views_positive": [{"views": 0}],
    "ck_catalog_state_one_row": [{"id": 2}],
    "ck_decisions_has_reason": [{"reason": ""}],
    "ck_decisions_report_named": [{"report_id": None}],
    "ck_draft_pictures_place_allowed": [{"place": -1}, {"place": 9}],
    "ck_connect_accounts_country_code": [{"country": "U"}, {"country": ""}],
    "ck_connect_accounts_enabled_has_account": [{"stripe_account": None}],
    "ck_disputes_amount_positive": [{"amount": 0, "fee": 0, "share": 0}],
    "ck_disputes_parts_add_up": [{"share": 1021}, {"tax": 1}],
    "ck_disputes_parts_positive": [{"fee": -1, "share": 1201}, {"tax": -1, "share": 1021}],
    "ck_payouts_amount_positive": [{"amount": 0}],
    "ck_plan_credits_amount_positive": [{"amount": 0}],
    "ck_plan_credits_given_has_entry": [{"state": "given", "stripe_id": None}],
    "ck_payouts_by_hand_has_reference": [{"reference": "X"}, {"run": "by hand"}],
    "ck_payouts_goes_somewhere": [{"destination": None}],
    "ck_payouts_returned_within_amount": [{"returned": -1}, {"returned": 1021}],
    "ck_payouts_reversed_is_whole": [{"state": "reversed", "returned": 1019}],
    "ck_payouts_sent_has_transfer": [{"state": "sent", "transfer_id": None}],
    "ck_payouts_skipped_has_reason": [{"state": "skipped"}, {"reason": "restricted"}],
    "ck_facet_counts_listings_positive": [{"listings": -1}],
    "ck_invitations_email_lower": [{"email": "Bob@example.com"}],
    "ck_invitations_one_end": [{"accepted_at": THEN, "revoked_at": THEN}],
    "ck_licenses_amounts_positive": [{"amount": -2, "fee": -1, "share": -1}, {"amount": 0, "fee": -1, "share": 1}],
    "ck_licenses_free_costs_nothing": [{"status": "free"}],
    "ck_licenses_shares_add_up": [{"share": 1021}],
    "ck_listing_drafts_revision_positive": [{"revision": 0}],
    "ck_listing_pictures_place_allowed": [{"place": -1}, {"place": 9}],
    "ck_listings_price_fits": [{"price": 0}, {"pricing": "free"}, {"price": -1}],
    "ck_listings_published_has_version": [{"version_id": None}],
    "ck_listings_suspended_has_reason": [{"state": "suspended"}],
    "ck_media_picture_has_both_sides": [{"width": None}, {"height": None}],
    "ck_media_size_positive": [{"size": -1}],
    "ck_mendings_mended_what_was_found": [{"mended": 0}, {"mended": 3}, {"mended": -1}],
    "ck_orders_paid_has_amount": [
        {"status": status, "amount": None, "fee": None, "share": None} for status in ("paid", "unwanted")
    ],
    "ck_orders_paid_has_license": [{"status": "paid", "license_id": None}],
    "ck_orders_price_positive": [{"price": 0}, {"price": -1}],
    "ck_orders_returned_within_amount": [
        {"returned": -1},
        {"returned": 1201},
        {"returned": 1, "amount": None, "fee": None, "share": None},
    ],
    "ck_orders_shares_add_up": [{"share": 1021}, {"tax": 1}, {"fee": None}, {"share": None}, {"tax": None}],
    "ck_copies_counted_has_amount": [{"amount": 0}, {"amount": -1}, {"reason": "overflow"}],
    "ck_copies_counted_has_invoice": [{"invoice_id": None}],
    "ck_copy_meters_used_positive": [{"used": -1}],
    "ck_copy_tallies_counted_has_amount": [{"amount": 0}, {"counted": 0}, {"amount": -1}],
    "ck_copy_tallies_counted_within_copies": [
        {"counted": 3},
        {"counted": -1, "amount": 0},
        {"copies": 0, "counted": 0, "amount": 0},
    ],
    "ck_pool_flags_figures_positive": [{"copies": 0}, {"people": 0}, {"amount": -1}],
    "ck_pool_flags_looker_named": [{"looked_at": None}, {"looked_by_id": None}],
    "ck_pool_flags_subject_named": [{"workspace_id": None}, {"kind": "ring"}],
    "ck_pool_statements_figures_positive": [{"copies": 0}, {"amount": 0}],
    "ck_pool_statements_returned_within_amount": [{"returned": -1}, {"returned": 8}],
    "ck_pool_invoices_figures_positive": [{"used": -1}, {"kept": -1, "settled_in": "2026-11"}],
    "ck_pool_invoices_kept_is_settled": [{"kept": 1}],
    "ck_pool_invoices_returned_within_credited": [{"returned": -1}, {"returned": 8}],
    "ck_pool_rests_amount_positive": [{"amount": -1}],
    "ck_pool_returns_amount_positive": [{"amount": -1}],
    "ck_people_email_lower": [{"email": "Bob@example.com"}],
    "ck_postings_accounts_differ": [{"debit": "creator_held"}],
    "ck_postings_amount_positive": [{"amount": 0}, {"amount": -1}],
    "ck_postings_currency_code": [{"currency": "usd"}, {"currency": "US"}],
    "ck_postings_owner_named": [{"workspace_id": None}, {"workspace_id": None, "debit": "creator_payable"}],
    "ck_refunds_amount_positive": [{"amount": 0, "fee": 0, "share": 0}],
    "ck_refunds_declined_has_moment": [{"state": "declined", "decided_at": None}],
    "ck_refunds_parts_add_up": [{"share": 1021}, {"tax": 1}],
    "ck_refunds_parts_positive": [{"fee": -1, "share": 1201}, {"tax": -1, "share": 1021}],
    "ck_refunds_sent_has_stripe_id": [{"state": state, "stripe_id": None} for state in ("pending", "succeeded")],
    "ck_reports_copyright_complete": [{**SWORN, name: ""} for name in OATH],
    "ck_reports_copyright_sworn": [{"reason": "copyright"}, {"sworn_at": THEN}],
    "ck_reports_decided_has_moment": [{"decided_at": None}],
    "ck_reports_details_short": [{"details": "x" * 2001}],
    "ck_seals_counts_positive": [{"number": 0}, {"postings": 0}],
    "ck_versions_number_positive": [{"number": 0}],
    "ck_subscriptions_canceled_has_moment": [{"status": "canceled"}],
    "ck_subscriptions_past_due_has_moment": [{"status": "past_due"}, {"past_due_since": THEN}],
    "ck_subscriptions_period_forward": [{"period_end": THEN}],
    "ck_subscription_invoices_paid_has_moment": [{"paid_at": None}],
    "ck_subscription_invoices_period_forward": [{"period_end": THEN.replace(year=2025)}],
    "ck_subscription_invoices_returned_within_amount": [{"returned": -1}, {"returned": 1001}],
    "ck_subscription_invoices_tax_within_amount": [{"tax": -1}, {"tax": 1001}],
    "ck_workspaces_handle_lower": [{"handle": "Alice"}],
}

# What the partial unique indexes let pass: a second row like the first, but for these.
ALLOWED_TWICE: dict[str, list[Row]] = {
    "uq_clones_first": [{"is_first": False}],
    "uq_connect_accounts_live": [{"ended_at": THEN}],
    "uq_invitations_open": [{"accepted_at": THEN}, {"revoked_at": THEN}],
    "uq_licenses_live": [{"status": status} for status in ("refunded", "revoked")],
    "uq_memberships_owner": [{"role": role} for role in ("editor", "viewer")],
    "uq_payouts_by_hand": [{"state": "sent"}],
    "uq_payouts_run": [{"run": "withdrawal", "state": "sent"}],
    "uq_payouts_under_way": [
        {"state": "sent"},
        {"state": "refused"},
        {"state": "reversed", "returned": 1020},
        {"state": "skipped", "reason": "restricted"},
    ],
    "uq_orders_open": [{"status": status} for status in ("paid", "expired", "unwanted", "refunded")],
    "uq_refunds_under_way": [{"state": state} for state in ("declined", "succeeded", "failed")],
    "uq_saved_prompts_kept": [{"removed_at": THEN}],
    "uq_billing_customers_live": [{"ended_at": THEN}],
    "uq_subscription_checkouts_open": [{"state": "done"}, {"state": "expired"}],
    "uq_subscriptions_live": [
        {"status": "canceled", "ended_at": THEN},
        {"status": "incomplete"},
        {"status": "incomplete_expired"},
    ],
    "uq_workspaces_personal": [{"kind": "team"}],
}


# What they refuse besides a second row just like the first.
REFUSED_TOO: dict[str, list[Row]] = {
    "uq_licenses_live": [{"status": "disputed"}, {"status": "free", "amount": 0, "fee": 0, "share": 0}],
    "uq_subscriptions_live": [{"status": "past_due", "past_due_since": THEN}, {"status": "unpaid"}],
}


def checks() -> Iterator[tuple[str, str, Row]]:
    """``(table, rule, what is wrong)`` for every check."""
    for table in TABLES.values():
        for check in table.constraints:
            if isinstance(check, sa.CheckConstraint):
                name = str(check.name)
                column = name.removeprefix(f"ck_{table.name}_").removesuffix("_known")
                wrongs = [{column: "nonsense"}] if name.endswith("_known") else BROKEN_CHECKS[name]
                yield from ((table.name, name, wrong) for wrong in wrongs)


def unique_keys() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """``(table, rule, columns)`` for everything that must be unique, primary keys too."""
    for table in TABLES.values():
        keys = [rule for rule in table.constraints if isinstance(rule, (sa.UniqueConstraint, sa.PrimaryKeyConstraint))]
        for rule in (*keys, *(index for index in table.indexes if index.unique)):
            yield table.name, str(rule.name), tuple(column.name for column in rule.columns)


def references() -> Iterator[tuple[str, str, str]]:
    """``(table, rule, column)`` for every reference, but those that are looked at only on commit."""
    for table in TABLES.values():
        for rule in table.foreign_key_constraints:
            if not rule.deferrable:
                yield table.name, str(rule.name), rule.column_keys[0]


def needed_columns() -> Iterator[tuple[str, str]]:
    """``(table, column)`` for all that may not be empty, but lone numbers as keys: an engine may count those up."""
    for table in TABLES.values():
        keys = list(table.primary_key)
        counted = keys[0] if len(keys) == 1 and isinstance(keys[0].type, sa.BigInteger) else None
        for column in table.columns:
            if not column.nullable and column is not counted and column.computed is None:
                yield table.name, column.name


CHECKS, UNIQUE_KEYS, REFERENCES = sorted(checks(), key=str), sorted(unique_keys()), sorted(references())
LATE_REFERENCES = [
    (table.name, str(rule.name), rule.column_keys[-1])
    for table in TABLES.values()
    for rule in table.foreign_key_constraints
    if rule.deferrable
]

# Every trigger that refuses, as each engine itself tells of it.
REFUSING_TRIGGERS = {
    "sqlite": "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE(%'",
    "postgresql": """
        SELECT tgrelid::regclass::text FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
        WHERE NOT tgisinternal AND prosrc LIKE '%RAISE EXCEPTION%'""",
}


@pytest.fixture(scope="module", params=ENGINES)
def filled(request: pytest.FixtureRequest, shops: Callable[[str], Shop]) -> Iterator[sa.Connection]:
    """A database with one right row in every table."""
    shop = shops(request.param)
    shop.empty()
    with shop.engine.connect() as connection:
        for table in TABLES:
            if table not in MADE_BY_MIGRATION:
                insert(connection, table, right_row(table, 1))
        yield connection
        connection.rollback()


@contextmanager
def prepared(connection: sa.Connection, table: str) -> Iterator[None]:
    """Everything that a second row of ``table`` may refer to is there; afterwards it is gone again."""
    attempt = connection.begin_nested()
    try:
        for before in takewhile(lambda name: name != table, TABLES):
            if before not in MADE_BY_MIGRATION:
                insert(connection, before, right_row(before, 2))
        yield
    finally:
        attempt.rollback()


def insert(connection: sa.Connection, table: str, row: Row) -> None:
    connection.execute(sa.insert(TABLES[table]).values(**row))


def broken_rule(connection: sa.Connection, table: str, row: Row) -> str:
    """What the database says was broken: PostgreSQL its name, SQLite a check's name or the unique columns."""
    with prepared(connection, table), pytest.raises(IntegrityError) as refusal:
        insert(connection, table, row)
    cause: Any = refusal.value.orig
    named = cause.diag.constraint_name if hasattr(cause, "diag") else str(cause).split("constraint failed: ")[-1]
    return str(named)


@pytest.mark.parametrize("table", sorted(set(TABLES) - MADE_BY_MIGRATION))
def test_a_right_row_is_taken(filled: sa.Connection, table: str) -> None:
    """So that each refusal below is for the one thing that is wrong."""
    with prepared(filled, table):
        insert(filled, table, right_row(table, 2))


@pytest.mark.parametrize(("table", "rule", "wrong"), CHECKS)
def test_a_check_refuses(filled: sa.Connection, table: str, rule: str, wrong: Row) -> None:
    assert broken_rule(filled, table, right_row(table, 2) | wrong) == rule


@pytest.mark.parametrize(("table", "rule", "columns"), UNIQUE_KEYS)
def test_what_must_be_unique_is(filled: sa.Connection, table: str, rule: str, columns: tuple[str, ...]) -> None:
    same = {column: right_row(table, 1)[column] for column in columns}
    # A rule over the same columns, in whatever order, or over some of them refuses the same rows.
    alike = {name: set(others) for owner, name, others in UNIQUE_KEYS if owner == table and set(others) <= set(columns)}
    for more in ({}, *REFUSED_TOO.get(rule, ())):
        broken = broken_rule(filled, table, right_row(table, 2) | same | more)
        assert broken in alike or {name.removeprefix(f"{table}.") for name in broken.split(", ")} in alike.values()


@pytest.mark.parametrize("rule", sorted(ALLOWED_TWICE))
def test_a_partial_key_lets_the_others_pass(filled: sa.Connection, rule: str) -> None:
    table, columns = next((table, columns) for table, name, columns in UNIQUE_KEYS if name == rule)
    same = {column: right_row(table, 1)[column] for column in columns}
    for more in ALLOWED_TWICE[rule]:
        with prepared(filled, table):
            insert(filled, table, right_row(table, 2) | same | more)


@pytest.mark.parametrize(("table", "rule", "column"), REFERENCES)
def test_a_reference_to_nothing_is_refused(filled: sa.Connection, table: str, rule: str, column: str) -> None:
    absent = 999 if isinstance(TABLES[table].c[column].type, sa.BigInteger) else "absent"
    wrong = {"kind": "file", "content": {"sha256": absent}} if column == "file_sha256" else {column: absent}
    broken = broken_rule(filled, table, right_row(table, 2) | wrong)

    assert broken in (rule, "FOREIGN KEY constraint failed")


@pytest.mark.parametrize(("table", "column"), sorted(needed_columns()))
def test_what_must_be_said_can_not_be_left_out(filled: sa.Connection, table: str, column: str) -> None:
    with prepared(filled, table), pytest.raises(IntegrityError) as refusal:
        insert(filled, table, right_row(table, 2) | {column: sa.null()})

    cause: Any = refusal.value.orig
    named = f"{table}.{cause.diag.column_name}" if hasattr(cause, "diag") else str(cause).split("failed: ")[-1]
    assert named == f"{table}.{column}"


@pytest.fixture
def committed(make_database: Callable[..., str], engine: str) -> Iterator[sa.Engine]:
    """A migrated database of its own, for rules that are looked at only on commit."""
    options = engine_options(make_database(engine, f"committed_{id(object())}"))
    made = sa.create_engine(options.pop("url"))
    if engine == "sqlite":
        tune_sqlite(made)
    migrations.upgrade(made)
    yield made
    made.dispose()


@pytest.mark.parametrize(("table", "rule", "column"), LATE_REFERENCES)
def test_a_reference_to_nothing_is_refused_on_commit(committed: sa.Engine, table: str, rule: str, column: str) -> None:
    connection = committed.connect()
    for before in takewhile(lambda name: name != table, TABLES):
        if before not in MADE_BY_MIGRATION:
            insert(connection, before, right_row(before, 1))
    insert(connection, table, right_row(table, 1))
    connection.commit()
    insert(connection, table, right_row(table, 1) | {"key": "another", column: "absent"})

    with pytest.raises(IntegrityError) as refusal:
        connection.commit()

    cause: Any = refusal.value.orig
    connection.close()
    assert (cause.diag.constraint_name if hasattr(cause, "diag") else rule) == rule


@pytest.mark.parametrize("verb", ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}"])
def test_what_is_for_good_is_neither_changed_nor_taken_away(filled: sa.Connection, verb: str) -> None:
    found = set(filled.execute(sa.text(REFUSING_TRIGGERS[filled.dialect.name])).scalars())

    assert found >= {"events", "versions", "version_items", "postings", "seals", "sealed_postings"}
    for table in found:
        column = next(iter(TABLES[table].columns)).name
        attempt = filled.begin_nested()
        with pytest.raises(IntegrityError, match=f"{table} is append-only"):
            filled.execute(sa.text(verb.format(table=table, column=column)))
        attempt.rollback()


def test_every_partial_key_has_its_exceptions_here() -> None:
    partial = {
        str(index.name)
        for table in TABLES.values()
        for index in table.indexes
        if index.unique and index.dialect_options["sqlite"]["where"] is not None
    }

    assert partial == set(ALLOWED_TWICE)


def test_no_case_is_of_a_check_that_is_gone() -> None:
    assert set(BROKEN_CHECKS) == {rule for _table, rule, _wrong in CHECKS if not rule.endswith("_known")}
