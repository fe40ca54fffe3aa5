"""Copy with All-Access"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
COUNTED_HAS_AMOUNT = (
    "CASE WHEN reason IN ('own_work', 'no_invoice', 'spent', 'overflow') THEN amount = 0 ELSE amount > 0 END"
)


def check(rule: str, name: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{name}"))


def refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    make_log()
    make_meters()
    make_pool()


def make_log() -> None:
    op.create_table(
        "copies",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(40), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("listing_id", BIG, nullable=False),
        sa.Column("version_id", BIG, nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("reason", sa.String(10), nullable=False),
        sa.Column("invoice_id", BIG),
        sa.Column("amount", BIG, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        check("reason IN ('', 'own_work', 'no_invoice', 'spent', 'overflow')", "copies_reason_known"),
        check(COUNTED_HAS_AMOUNT, "copies_counted_has_amount"),
        check("reason <> '' OR invoice_id IS NOT NULL", "copies_counted_has_invoice"),
        refers("copies", "person_id", "people"),
        refers("copies", "listing_id", "listings"),
        refers("copies", "version_id", "versions"),
        refers("copies", "workspace_id", "workspaces"),
        refers("copies", "invoice_id", "subscription_invoices"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copies")),
        sa.UniqueConstraint("public_id", name=op.f("uq_copies_public_id")),
        sa.UniqueConstraint("person_id", "listing_id", "month", name=op.f("uq_copies_person_id_listing_id_month")),
    )
    op.create_index("ix_copies_month", "copies", ["month", "invoice_id", "workspace_id", "amount"])
    op.create_index("ix_copies_workspace", "copies", ["workspace_id", "month"])
    keep_append_only("copies")


def make_meters() -> None:
    op.create_table(
        "copy_meters",
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("used", BIG, nullable=False),
        check("used >= 0", "copy_meters_used_positive"),
        refers("copy_meters", "person_id", "people"),
        sa.PrimaryKeyConstraint("person_id", "month", name=op.f("pk_copy_meters")),
    )
    op.create_table(
        "pool_invoices",
        sa.Column("invoice_id", BIG, autoincrement=False, nullable=False),
        sa.Column("used", BIG, nullable=False),
        sa.Column("credited", BIG, nullable=False),
        sa.Column("kept", BIG, nullable=False),
        sa.Column("settled_in", sa.String(7)),
        check("used >= 0 AND credited >= 0 AND kept >= 0", "pool_invoices_figures_positive"),
        check("settled_in IS NOT NULL OR kept = 0", "pool_invoices_kept_is_settled"),
        refers("pool_invoices", "invoice_id", "subscription_invoices"),
        sa.PrimaryKeyConstraint("invoice_id", name=op.f("pk_pool_invoices")),
    )


def make_pool() -> None:
    op.create_table(
        "pool_months",
        sa.Column("id", BIG, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_months")),
        sa.UniqueConstraint("month", name=op.f("uq_pool_months_month")),
    )
    op.create_table(
        "pool_shares",
        sa.Column("invoice_id", BIG, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("copies", BIG, nullable=False),
        sa.Column("amount", BIG, nullable=False),
        sa.Column("returned", BIG, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        check("copies > 0 AND amount > 0", "pool_shares_figures_positive"),
        check("returned >= 0 AND returned <= amount", "pool_shares_returned_within_amount"),
        refers("pool_shares", "invoice_id", "subscription_invoices"),
        refers("pool_shares", "workspace_id", "workspaces"),
        sa.PrimaryKeyConstraint("invoice_id", "month", "workspace_id", name=op.f("pk_pool_shares")),
    )
    op.create_index("ix_pool_shares_workspace", "pool_shares", ["workspace_id", "month"])
    op.create_index("ix_pool_shares_month", "pool_shares", ["month"])


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


def downgrade() -> None:
    for table in ("pool_shares", "pool_months", "pool_invoices", "copy_meters", "copies"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION copies_append_only()")
