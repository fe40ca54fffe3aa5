"""Add copies up"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FILL = """
INSERT INTO copy_tallies (workspace_id, month, listing_id, currency, copies, counted, amount)
SELECT workspace_id, month, listing_id, currency, count(*), sum(CASE WHEN reason = '' THEN 1 ELSE 0 END), sum(amount)
FROM copies GROUP BY workspace_id, month, listing_id, currency
"""
FILL_STATEMENTS = """
INSERT INTO pool_statements (workspace_id, month, currency, copies, amount, returned)
SELECT workspace_id, month, currency, sum(copies), sum(amount), sum(returned)
FROM pool_shares GROUP BY workspace_id, month, currency
"""


def check(rule: str, name: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{name}"))


def refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    make_tallies()
    make_statements()
    op.add_column("pool_invoices", sa.Column("turns", BIG, nullable=False, server_default="0"))


def make_tallies() -> None:
    op.create_table(
        "copy_tallies",
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("listing_id", BIG, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("copies", BIG, nullable=False),
        sa.Column("counted", BIG, nullable=False),
        sa.Column("amount", BIG, nullable=False),
        check("counted >= 0 AND counted <= copies AND copies > 0", "copy_tallies_counted_within_copies"),
        check("(counted > 0) = (amount > 0) AND amount >= 0", "copy_tallies_counted_has_amount"),
        refers("copy_tallies", "workspace_id", "workspaces"),
        refers("copy_tallies", "listing_id", "listings"),
        sa.PrimaryKeyConstraint("workspace_id", "month", "listing_id", "currency", name=op.f("pk_copy_tallies")),
    )
    op.create_index("ix_copy_tallies_listing", "copy_tallies", ["listing_id", "copies"])
    op.create_index("ix_copy_tallies_month", "copy_tallies", ["month"])
    op.execute(FILL)


def make_statements() -> None:
    op.create_table(
        "pool_statements",
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("copies", BIG, nullable=False),
        sa.Column("amount", BIG, nullable=False),
        sa.Column("returned", BIG, nullable=False),
        check("copies > 0 AND amount > 0", "pool_statements_figures_positive"),
        check("returned >= 0 AND returned <= amount", "pool_statements_returned_within_amount"),
        refers("pool_statements", "workspace_id", "workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "month", "currency", name=op.f("pk_pool_statements")),
    )
    op.create_index("ix_pool_statements_month", "pool_statements", ["month", "workspace_id"])
    op.execute(FILL_STATEMENTS)


def downgrade() -> None:
    op.drop_column("pool_invoices", "turns")
    op.drop_table("pool_statements")
    op.drop_table("copy_tallies")
