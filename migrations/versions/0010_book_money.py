"""Book money"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
KINDS = (
    "'platform_cash', 'disputed_cash', 'bank', 'stripe_fees', 'refunds', 'dispute_losses', 'adjustments', "
    "'platform_revenue', 'tax_payable', 'refunds_due', 'pool', 'creator_held', 'creator_payable', 'dispute_reserve', "
    "'payouts_in_transit'"
)
OWNED = "'creator_held', 'creator_payable', 'dispute_reserve', 'payouts_in_transit'"
APPEND_ONLY = ("postings", "seals", "sealed_postings")

# Orders that led to a license. What was frozen on an order as transferred at once never was, so all of it is held.
SOLD = "FROM orders o WHERE o.license_id IS NOT NULL AND o.status IN ('paid', 'refunded') AND o.amount IS NOT NULL"
# Orders that were paid while a license was live already.
UNWANTED = "FROM orders o WHERE o.license_id IS NULL AND o.status IN ('unwanted', 'refunded') AND o.amount IS NOT NULL"
RETURNED_AT = (
    "coalesce((SELECT max(e.at) FROM events e WHERE e.name = 'order.refunded' AND e.subject_type = 'orders' "
    "AND e.subject_id = o.id), o.paid_at)"
)

EARNINGS = f"""
    INSERT INTO earnings (id, workspace_id, matures_at)
    SELECT o.public_id, o.workspace_id,
      coalesce((SELECT l.refundable_until FROM licenses l WHERE l.id = o.license_id), o.paid_at)
    {SOLD}
"""


COLUMNS = "at, cause_kind, cause_id, kind, debit, credit, amount, currency, workspace_id, earning_id, reference, note"
WHOSE, NOBODYS = "o.workspace_id, o.public_id", "CAST(NULL AS bigint), CAST(NULL AS varchar)"


def posting(at: str, cause: str, kind: str, accounts: str, amount: str, whose: str, orders: str) -> str:
    """A query of the postings of one kind that past orders led to; ``accounts`` are debit and credit."""
    debit, credit = accounts.split(" < ")
    return (
        f"SELECT {at}, '{cause}', o.public_id, '{kind}', '{debit}', '{credit}', o.{amount}, o.currency, {whose}, "
        f"o.payment_intent, '' {orders} AND o.{amount} > 0"
    )


def past() -> list[str]:
    back, returned = (f"{orders} AND o.status = 'refunded'" for orders in (SOLD, UNWANTED))
    fee = "stripe_fees < platform_cash"
    return [
        posting("o.paid_at", "order", "sale.fee", "platform_cash < platform_revenue", "fee", WHOSE, SOLD),
        posting("o.paid_at", "order", "sale.share", "platform_cash < creator_held", "share", WHOSE, SOLD),
        posting("o.paid_at", "order", "sale.tax", "platform_cash < tax_payable", "tax", WHOSE, SOLD),
        posting("o.paid_at", "order", "fee.stripe", fee, "stripe_fee", NOBODYS, SOLD),
        posting("o.paid_at", "order", "unwanted.paid", "platform_cash < refunds_due", "amount", NOBODYS, UNWANTED),
        posting("o.paid_at", "order", "fee.stripe", fee, "stripe_fee", NOBODYS, UNWANTED),
        posting(RETURNED_AT, "refund", "refund.fee", "refunds < platform_cash", "fee", WHOSE, back),
        posting(RETURNED_AT, "refund", "refund.share", "creator_held < platform_cash", "share", WHOSE, back),
        posting(RETURNED_AT, "refund", "refund.tax", "tax_payable < platform_cash", "tax", WHOSE, back),
        posting(RETURNED_AT, "order", "unwanted.returned", "refunds_due < platform_cash", "amount", NOBODYS, returned),
    ]


def upgrade() -> None:
    make_earnings()
    make_postings()
    make_seals()
    make_sums()
    for table in APPEND_ONLY:
        keep_append_only(table)
    queue_what_is_unsealed()
    book_past_orders()


def book_past_orders() -> None:
    """What every paid order says, from the oldest on, so that postings count up with time."""
    op.execute(EARNINGS)
    op.execute(f"INSERT INTO postings ({COLUMNS}) {' UNION ALL '.join(past())} ORDER BY 1, 3, 4")


def make_earnings() -> None:
    op.create_table(
        "earnings",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("matures_at", MOMENT, nullable=False),
        sa.Column("matured_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_earnings_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earnings")),
    )
    waiting = sa.text("matured_at IS NULL")
    op.create_index("ix_earnings_waiting", "earnings", ["matures_at"], postgresql_where=waiting, sqlite_where=waiting)
    op.create_index("ix_earnings_workspace", "earnings", ["workspace_id", "matures_at"])


def make_postings() -> None:
    op.create_table(
        "postings",
        sa.Column("id", BIG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("cause_kind", sa.String(length=20), nullable=False),
        sa.Column("cause_id", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("debit", sa.String(length=20), nullable=False),
        sa.Column("credit", sa.String(length=20), nullable=False),
        sa.Column("amount", BIG, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("workspace_id", BIG, nullable=True),
        sa.Column("earning_id", sa.String(length=40), nullable=True),
        sa.Column("reference", sa.String(length=80), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(f"debit IN ({KINDS})", name=op.f("ck_postings_debit_known")),
        sa.CheckConstraint(f"credit IN ({KINDS})", name=op.f("ck_postings_credit_known")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_postings_amount_positive")),
        sa.CheckConstraint("debit <> credit", name=op.f("ck_postings_accounts_differ")),
        sa.CheckConstraint(
            "length(currency) = 3 AND currency = upper(currency)", name=op.f("ck_postings_currency_code")
        ),
        sa.CheckConstraint(
            f"workspace_id IS NOT NULL OR (debit NOT IN ({OWNED}) AND credit NOT IN ({OWNED}))",
            name=op.f("ck_postings_owner_named"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_postings_workspace_id")),
        sa.ForeignKeyConstraint(["earning_id"], ["earnings.id"], name=op.f("fk_postings_earning_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postings")),
        sa.UniqueConstraint("cause_kind", "cause_id", "kind", name=op.f("uq_postings_cause_kind_cause_id_kind")),
    )
    op.create_index("ix_postings_workspace", "postings", ["workspace_id", "at"])
    op.create_index("ix_postings_earning", "postings", ["earning_id"])
    op.create_index("ix_postings_at", "postings", ["at"])


def make_seals() -> None:
    op.create_table(
        "unsealed_postings",
        sa.Column("posting_id", BIG, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["posting_id"], ["postings.id"], name=op.f("fk_unsealed_postings_posting_id")),
        sa.PrimaryKeyConstraint("posting_id", name=op.f("pk_unsealed_postings")),
    )
    op.create_table(
        "seals",
        sa.Column("number", BIG, autoincrement=False, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("postings", BIG, nullable=False),
        sa.Column("posting_ids", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("signature", sa.String(length=88), nullable=False),
        sa.CheckConstraint("number > 0 AND postings > 0", name=op.f("ck_seals_counts_positive")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_seals")),
        sa.UniqueConstraint("hash", name=op.f("uq_seals_hash")),
    )
    op.create_table(
        "sealed_postings",
        sa.Column("posting_id", BIG, autoincrement=False, nullable=False),
        sa.Column("seal_number", BIG, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["posting_id"], ["postings.id"], name=op.f("fk_sealed_postings_posting_id")),
        sa.ForeignKeyConstraint(["seal_number"], ["seals.number"], name=op.f("fk_sealed_postings_seal_number")),
        sa.PrimaryKeyConstraint("posting_id", name=op.f("pk_sealed_postings")),
    )
    op.create_index("ix_sealed_postings_seal", "sealed_postings", ["seal_number", "posting_id"])


def make_sums() -> None:
    op.create_table(
        "rollups",
        sa.Column("workspace_id", BIG, autoincrement=False, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("debit", sa.String(length=20), nullable=False),
        sa.Column("credit", sa.String(length=20), nullable=False),
        sa.Column("amount", BIG, nullable=False),
        sa.Column("postings", BIG, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "currency", "debit", "credit", name=op.f("pk_rollups")),
    )
    op.create_table(
        "ledger_checks",
        sa.Column("id", BIG, nullable=False),
        sa.Column("of", sa.String(length=10), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=False),
        sa.Column("looked_at", BIG, nullable=False),
        sa.Column("findings", JSON, nullable=False),
        sa.CheckConstraint("of IN ('books', 'stripe')", name=op.f("ck_ledger_checks_of_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_checks")),
    )
    op.create_index("ix_ledger_checks_of", "ledger_checks", ["of", "id"])


def keep_append_only(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()"
    )


def queue_what_is_unsealed() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER postings_unsealed AFTER INSERT ON postings "
            "BEGIN INSERT INTO unsealed_postings (posting_id) VALUES (NEW.id); END"
        )
        return
    op.execute(
        "CREATE FUNCTION postings_unsealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "INSERT INTO unsealed_postings (posting_id) SELECT id FROM made; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER postings_unsealed AFTER INSERT ON postings REFERENCING NEW TABLE AS made "
        "FOR EACH STATEMENT EXECUTE FUNCTION postings_unsealed()"
    )


def downgrade() -> None:
    for table in ("ledger_checks", "rollups", "sealed_postings", "seals", "unsealed_postings", "postings", "earnings"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION postings_unsealed()")
        for table in APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_append_only()")
