"""Answer disputes"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("state IN ('warning_needs_response', 'warning_under_review', 'needs_response', 'under_review')")


def upgrade() -> None:
    op.create_table(
        "disputes",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("stripe_id", sa.String(length=80), nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("amount", BIG, nullable=False),
        sa.Column("fee", BIG, nullable=False),
        sa.Column("share", BIG, nullable=False),
        sa.Column("tax", BIG, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("evidence", JSON, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("due_by", MOMENT, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("checked_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "state IN ('warning_needs_response', 'warning_under_review', 'warning_closed', 'needs_response',"
            " 'under_review', 'prevented', 'won', 'lost')",
            name=op.f("ck_disputes_state_known"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_disputes_amount_positive")),
        sa.CheckConstraint("fee >= 0 AND share >= 0 AND tax >= 0", name=op.f("ck_disputes_parts_positive")),
        sa.CheckConstraint("fee + share + tax = amount", name=op.f("ck_disputes_parts_add_up")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_disputes_order_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_disputes_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
        sa.UniqueConstraint("public_id", name=op.f("uq_disputes_public_id")),
        sa.UniqueConstraint("stripe_id", name=op.f("uq_disputes_stripe_id")),
    )
    op.create_index("ix_disputes_order", "disputes", ["order_id"])
    op.create_index("ix_disputes_open", "disputes", ["due_by"], postgresql_where=OPEN, sqlite_where=OPEN)
    op.create_index("ix_disputes_state", "disputes", ["state", "id"])


def downgrade() -> None:
    op.drop_table("disputes")
