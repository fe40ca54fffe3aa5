"""Payouts to creators"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNDER_WAY = sa.text("state IN ('intended', 'waiting')")
OF_A_RUN = sa.text("run NOT IN ('withdrawal', 'by hand')")
BY_HAND = sa.text("run = 'by hand'")


def check(rule: str, name: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_payouts_{name}"))


def upgrade() -> None:
    op.create_table(
        "payouts",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(40), nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("run", sa.String(10), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("amount", BIG, nullable=False),
        sa.Column("returned", BIG, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("destination", sa.String(80)),
        sa.Column("attempt", BIG, nullable=False),
        sa.Column("transfer_id", sa.String(80)),
        sa.Column("reference", sa.String(60), server_default="", nullable=False),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("intended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True)),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        check("state IN ('intended', 'waiting', 'sent', 'refused', 'reversed', 'skipped')", "state_known"),
        check("amount > 0", "amount_positive"),
        check("returned >= 0 AND returned <= amount", "returned_within_amount"),
        check("state NOT IN ('sent', 'reversed') OR transfer_id IS NOT NULL OR run = 'by hand'", "sent_has_transfer"),
        check("(run = 'by hand') = (reference <> '')", "by_hand_has_reference"),
        check("state <> 'reversed' OR returned = amount", "reversed_is_whole"),
        check("(state = 'skipped') = (reason <> '')", "skipped_has_reason"),
        check("state = 'skipped' OR run = 'by hand' OR destination IS NOT NULL", "goes_somewhere"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_payouts_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payouts")),
        sa.UniqueConstraint("public_id", name=op.f("uq_payouts_public_id")),
        sa.UniqueConstraint("transfer_id", name=op.f("uq_payouts_transfer_id")),
    )
    op.create_index(
        "uq_payouts_run", "payouts", ["workspace_id", "run", "currency"], unique=True,
        postgresql_where=OF_A_RUN, sqlite_where=OF_A_RUN,
    )  # fmt: skip
    op.create_index(
        "uq_payouts_under_way", "payouts", ["workspace_id"], unique=True,
        postgresql_where=UNDER_WAY, sqlite_where=UNDER_WAY,
    )  # fmt: skip
    op.create_index(
        "uq_payouts_by_hand", "payouts", ["workspace_id", "reference"], unique=True,
        postgresql_where=BY_HAND, sqlite_where=BY_HAND,
    )  # fmt: skip
    op.create_index("ix_payouts_workspace", "payouts", ["workspace_id", "id"])
    op.create_index("ix_payouts_state", "payouts", ["state", "id"])
    op.create_index("ix_payouts_due", "payouts", ["due_at"], postgresql_where=UNDER_WAY, sqlite_where=UNDER_WAY)
    op.create_table(
        "bank_payouts",
        sa.Column("id", BIG, nullable=False),
        sa.Column("stripe_id", sa.String(80), nullable=False),
        sa.Column("stripe_account", sa.String(80), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("amount", BIG, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("arrives_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('pending', 'in_transit', 'paid', 'canceled', 'failed')",
            name=op.f("ck_bank_payouts_state_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_payouts")),
        sa.UniqueConstraint("stripe_id", name=op.f("uq_bank_payouts_stripe_id")),
    )
    op.create_index("ix_bank_payouts_account", "bank_payouts", ["stripe_account", "arrives_at"])


def downgrade() -> None:
    op.drop_table("bank_payouts")
    op.drop_table("payouts")
