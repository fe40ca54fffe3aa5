"""Bill plans: gifts stay apart from what is paid, invoices remember what went back, earnings pay for a plan"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # Not by a batch: SQLite would drop a table that others refer to.
    op.execute(
        "ALTER TABLE people ADD COLUMN granted_plan VARCHAR(10) DEFAULT 'free' NOT NULL "
        "CONSTRAINT ck_people_granted_plan_known CHECK (granted_plan IN ('free', 'pro', 'studio'))"
    )
    op.add_column("people", sa.Column("owes", sa.Boolean(), nullable=False, server_default=sa.false()))
    # Every plan so far was given by hand.
    op.execute("UPDATE people SET granted_plan = plan")
    for column in ("due", "bank_fee", "changes"):
        op.add_column("subscription_invoices", sa.Column(column, BIG, nullable=False, server_default="0"))
    op.add_column("subscription_invoices", sa.Column("money_read_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE subscription_invoices SET due = amount")
    op.create_table(
        "plan_credits",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(40), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("stripe_customer", sa.String(80), nullable=False),
        sa.Column("amount", BIG, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("stripe_id", sa.String(80)),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_plan_credits_amount_positive")),
        sa.CheckConstraint("state IN ('asked', 'given', 'refused')", name=op.f("ck_plan_credits_state_known")),
        sa.CheckConstraint("state <> 'given' OR stripe_id IS NOT NULL", name=op.f("ck_plan_credits_given_has_entry")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_plan_credits_person_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_plan_credits_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_credits")),
        sa.UniqueConstraint("public_id", name=op.f("uq_plan_credits_public_id")),
        sa.UniqueConstraint("stripe_id", name=op.f("uq_plan_credits_stripe_id")),
    )
    op.create_index("ix_plan_credits_person", "plan_credits", ["person_id", "id"])
    op.create_index("ix_plan_credits_state", "plan_credits", ["state", "id"])
    op.create_index("ix_subscription_invoices_paid", "subscription_invoices", ["paid_at"])


def downgrade() -> None:
    op.drop_index("ix_subscription_invoices_paid", "subscription_invoices")
    op.drop_table("plan_credits")
    for column in ("money_read_at", "changes", "bank_fee", "due"):
        op.drop_column("subscription_invoices", column)
    op.drop_column("people", "owes")
    op.drop_column("people", "granted_plan")
