"""Give money back"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
UNDER_WAY = sa.text("state IN ('waiting', 'sending', 'pending')")


def upgrade() -> None:
    with op.batch_alter_table("orders") as batch:
        batch.add_column(sa.Column("returned", BIG, nullable=False, server_default="0"))
    # What was refunded before went back whole; SQLite checks the rule on the rows that it copies.
    op.execute("UPDATE orders SET returned = amount WHERE status = 'refunded' AND amount IS NOT NULL")
    with op.batch_alter_table("orders") as batch:
        batch.create_check_constraint(
            op.f("ck_orders_returned_within_amount"), "returned >= 0 AND returned <= coalesce(amount, 0)"
        )
    make_refunds()
    # Sales that went back whole before there were refunds. Which refund that was at Stripe is not known, but of what.
    op.execute(
        "INSERT INTO refunds (public_id, order_id, workspace_id, origin, state, amount, fee, share, tax, currency,"
        " reason, answer, attempt, stripe_id, failure, asked_at, settled_at)"
        " SELECT 'rfd_' || substr(public_id, 5), id, workspace_id, 'stripe', 'succeeded', amount, fee, share, tax,"
        " currency, '', '', 1, payment_intent, '', paid_at, paid_at"
        " FROM orders WHERE status = 'refunded' AND license_id IS NOT NULL AND payment_intent IS NOT NULL"
        " AND amount > 0"
    )


def make_refunds() -> None:
    op.create_table(
        "refunds",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("amount", BIG, nullable=False),
        sa.Column("fee", BIG, nullable=False),
        sa.Column("share", BIG, nullable=False),
        sa.Column("tax", BIG, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("asked_by_id", BIG, nullable=True),
        sa.Column("decided_by_id", BIG, nullable=True),
        sa.Column("attempt", BIG, nullable=False),
        sa.Column("stripe_id", sa.String(length=80), nullable=True),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("checked_at", MOMENT, nullable=True),
        sa.Column("resolved_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "origin IN ('buyer', 'creator', 'operator', 'stripe')", name=op.f("ck_refunds_origin_known")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'declined', 'sending', 'pending', 'succeeded', 'failed')",
            name=op.f("ck_refunds_state_known"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refunds_amount_positive")),
        sa.CheckConstraint("fee >= 0 AND share >= 0 AND tax >= 0", name=op.f("ck_refunds_parts_positive")),
        sa.CheckConstraint("fee + share + tax = amount", name=op.f("ck_refunds_parts_add_up")),
        sa.CheckConstraint(
            "state NOT IN ('pending', 'succeeded') OR stripe_id IS NOT NULL", name=op.f("ck_refunds_sent_has_stripe_id")
        ),
        sa.CheckConstraint(
            "state <> 'declined' OR decided_at IS NOT NULL", name=op.f("ck_refunds_declined_has_moment")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_refunds_order_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_refunds_workspace_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_refunds_asked_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_refunds_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
        sa.UniqueConstraint("public_id", name=op.f("uq_refunds_public_id")),
        sa.UniqueConstraint("stripe_id", name=op.f("uq_refunds_stripe_id")),
    )
    op.create_index(
        "uq_refunds_under_way", "refunds", ["order_id"], unique=True,
        postgresql_where=UNDER_WAY, sqlite_where=UNDER_WAY,
    )  # fmt: skip
    op.create_index("ix_refunds_order", "refunds", ["order_id", "id"])
    op.create_index("ix_refunds_state", "refunds", ["state", "id"])
    op.create_index("ix_refunds_workspace", "refunds", ["workspace_id", "id"])
    op.create_index("ix_refunds_asked_by", "refunds", ["asked_by_id", "asked_at"])


def downgrade() -> None:
    op.drop_table("refunds")
    with op.batch_alter_table("orders") as batch:
        batch.drop_constraint(op.f("ck_orders_returned_within_amount"), type_="check")
        batch.drop_column("returned")
