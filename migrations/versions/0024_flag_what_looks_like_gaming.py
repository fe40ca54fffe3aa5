"""Flag what looks like gaming the pool"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
SUBJECT_NAMED = (
    "CASE WHEN kind = 'ring' THEN person_id IS NOT NULL AND other_id IS NOT NULL AND workspace_id IS NULL "
    "ELSE workspace_id IS NOT NULL END"
)


def check(rule: str, name: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_pool_flags_{name}"))


def refers(column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_pool_flags_{column}"))


def upgrade() -> None:
    op.create_table(
        "pool_flags",
        sa.Column("id", BIG, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("workspace_id", BIG),
        sa.Column("person_id", BIG),
        sa.Column("other_id", BIG),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("people", BIG, nullable=False),
        sa.Column("copies", BIG, nullable=False),
        sa.Column("amount", BIG, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("looked_at", MOMENT),
        sa.Column("looked_by_id", BIG),
        check("kind IN ('ring', 'burst', 'newcomers')", "kind_known"),
        check("copies > 0 AND people > 0 AND amount >= 0", "figures_positive"),
        check(SUBJECT_NAMED, "subject_named"),
        check("(looked_at IS NULL) = (looked_by_id IS NULL)", "looker_named"),
        refers("workspace_id", "workspaces"),
        refers("person_id", "people"),
        refers("other_id", "people"),
        refers("looked_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_flags")),
        sa.UniqueConstraint("month", "kind", "key", name=op.f("uq_pool_flags_month_kind_key")),
    )
    op.create_index("ix_pool_flags_looked_at", "pool_flags", ["looked_at", "id"])
    op.create_index("ix_pool_invoices_settled_in", "pool_invoices", ["settled_in", "invoice_id", "kept"])


def downgrade() -> None:
    op.drop_index("ix_pool_invoices_settled_in", "pool_invoices")
    op.drop_table("pool_flags")
