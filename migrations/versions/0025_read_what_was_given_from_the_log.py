"""Read what was given from the log: of an invoice's credits, only what went back is kept beside it"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FILL_RETURNS = """
INSERT INTO pool_returns (invoice_id, month, workspace_id, amount)
SELECT invoice_id, month, workspace_id, returned FROM pool_shares WHERE returned > 0
"""
FILL_INVOICES = """
UPDATE pool_invoices SET returned = (
  SELECT sum(amount) FROM pool_returns WHERE pool_returns.invoice_id = pool_invoices.invoice_id
) WHERE invoice_id IN (SELECT invoice_id FROM pool_returns)
"""
FILL_CURRENCY = """
UPDATE pool_invoices SET currency = (
  SELECT currency FROM subscription_invoices WHERE subscription_invoices.id = invoice_id
)
"""
FILL_RESTS = """
INSERT INTO pool_rests (month, currency, amount)
SELECT settled_in, currency, sum(kept) FROM pool_invoices WHERE settled_in IS NOT NULL GROUP BY settled_in, currency
"""
FILL_SHARES = """
INSERT INTO pool_shares (invoice_id, month, workspace_id, copies, amount, returned, currency)
SELECT invoice_id, month, workspace_id, count(*), sum(amount), coalesce((
  SELECT amount FROM pool_returns WHERE pool_returns.invoice_id = copies.invoice_id
  AND pool_returns.month = copies.month AND pool_returns.workspace_id = copies.workspace_id
), 0), min(currency)
FROM copies WHERE amount > 0 AND month IN (SELECT month FROM pool_months)
GROUP BY invoice_id, month, workspace_id
"""


def check(rule: str, name: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{name}"))


def refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "pool_returns",
        sa.Column("invoice_id", BIG, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("amount", BIG, nullable=False),
        check("amount >= 0", "pool_returns_amount_positive"),
        refers("pool_returns", "invoice_id", "subscription_invoices"),
        refers("pool_returns", "workspace_id", "workspaces"),
        sa.PrimaryKeyConstraint("invoice_id", "month", "workspace_id", name=op.f("pk_pool_returns")),
    )
    op.execute(FILL_RETURNS)
    # Not by a batch, which would make SQLite copy the table; its rule may name a column that stands before.
    whole = BIG.compile(op.get_bind().dialect)
    op.execute(
        f"ALTER TABLE pool_invoices ADD COLUMN returned {whole} DEFAULT '0' NOT NULL "
        "CONSTRAINT ck_pool_invoices_returned_within_credited CHECK (returned >= 0 AND returned <= credited)"
    )
    op.execute(FILL_INVOICES)
    op.add_column("pool_invoices", sa.Column("currency", sa.String(3), nullable=False, server_default=""))
    op.execute(FILL_CURRENCY)
    op.create_table(
        "pool_rests",
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("amount", BIG, nullable=False),
        check("amount >= 0", "pool_rests_amount_positive"),
        sa.PrimaryKeyConstraint("month", "currency", name=op.f("pk_pool_rests")),
    )
    op.execute(FILL_RESTS)
    op.drop_index("ix_pool_invoices_settled_in", "pool_invoices")
    op.drop_table("pool_shares")
    op.drop_index("ix_copies_month", "copies")
    op.drop_index("ix_copies_workspace", "copies")
    op.create_index("ix_copies_month", "copies", ["month", "workspace_id", "currency", "amount"])
    op.create_index("ix_copies_invoice", "copies", ["invoice_id", "month", "workspace_id", "amount"])


def downgrade() -> None:
    op.drop_index("ix_copies_invoice", "copies")
    op.drop_index("ix_copies_month", "copies")
    op.create_index("ix_copies_month", "copies", ["month", "invoice_id", "workspace_id", "amount"])
    op.create_index("ix_copies_workspace", "copies", ["workspace_id", "month"])
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
    op.execute(FILL_SHARES)
    op.create_index("ix_pool_invoices_settled_in", "pool_invoices", ["settled_in", "invoice_id", "kept"])
    op.drop_column("pool_invoices", "currency")
    op.drop_column("pool_invoices", "returned")
    op.drop_table("pool_rests")
    op.drop_table("pool_returns")
