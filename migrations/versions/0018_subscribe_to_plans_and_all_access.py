"""Subscriptions to plans and to All-Access, and what was paid for them"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LIVE = sa.text("status IN ('trialing', 'active', 'past_due', 'unpaid', 'paused')")
OPEN = sa.text("state = 'open'")
KNOWN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "billing_customers",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(40), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("stripe_customer", sa.String(80)),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_billing_customers_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_billing_customers")),
        sa.UniqueConstraint("public_id", name=op.f("uq_billing_customers_public_id")),
        sa.UniqueConstraint("stripe_customer", name=op.f("uq_billing_customers_stripe_customer")),
    )
    op.create_index(
        "uq_billing_customers_live",
        "billing_customers",
        ["person_id"],
        unique=True,
        postgresql_where=KNOWN,
        sqlite_where=KNOWN,
    )

    op.create_table(
        "subscription_checkouts",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(40), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("family", sa.String(10), nullable=False),
        sa.Column("product", sa.String(20), nullable=False),
        sa.Column("interval", sa.String(10), nullable=False),
        sa.Column("amount", BIG, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempt", BIG, nullable=False),
        sa.Column("session_id", sa.String(120)),
        sa.Column("session_url", sa.Text()),
        sa.Column("session_expires_at", sa.DateTime(timezone=True)),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("family IN ('plan', 'pass')", name=op.f("ck_subscription_checkouts_family_known")),
        sa.CheckConstraint("interval IN ('month', 'year')", name=op.f("ck_subscription_checkouts_interval_known")),
        sa.CheckConstraint(
            "product IN ('pro', 'studio', 'all_access')", name=op.f("ck_subscription_checkouts_product_known")
        ),
        sa.CheckConstraint("state IN ('open', 'done', 'expired')", name=op.f("ck_subscription_checkouts_state_known")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_subscription_checkouts_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription_checkouts")),
        sa.UniqueConstraint("public_id", name=op.f("uq_subscription_checkouts_public_id")),
        sa.UniqueConstraint("session_id", name=op.f("uq_subscription_checkouts_session_id")),
    )
    op.create_index("ix_subscription_checkouts_state", "subscription_checkouts", ["state", "opened_at"])
    op.create_index(
        "uq_subscription_checkouts_open",
        "subscription_checkouts",
        ["person_id", "family"],
        unique=True,
        postgresql_where=OPEN,
        sqlite_where=OPEN,
    )

    op.create_table(
        "subscriptions",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(40), nullable=False),
        sa.Column("stripe_id", sa.String(80), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("family", sa.String(10), nullable=False),
        sa.Column("product", sa.String(20), nullable=False),
        sa.Column("interval", sa.String(10), nullable=False),
        sa.Column("amount", BIG, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("period_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("period_end", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancel_at", sa.DateTime(timezone=True)),
        sa.Column("cancel_reason", sa.Text(), nullable=False),
        sa.Column("next_product", sa.String(20)),
        sa.Column("next_interval", sa.String(10)),
        sa.Column("past_due_since", sa.DateTime(timezone=True)),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(status = 'past_due') = (past_due_since IS NOT NULL)", name=op.f("ck_subscriptions_past_due_has_moment")
        ),
        sa.CheckConstraint("family IN ('plan', 'pass')", name=op.f("ck_subscriptions_family_known")),
        sa.CheckConstraint("interval IN ('month', 'year')", name=op.f("ck_subscriptions_interval_known")),
        sa.CheckConstraint("product IN ('pro', 'studio', 'all_access')", name=op.f("ck_subscriptions_product_known")),
        sa.CheckConstraint(
            "status <> 'canceled' OR ended_at IS NOT NULL", name=op.f("ck_subscriptions_canceled_has_moment")
        ),
        sa.CheckConstraint(
            "status IN ('incomplete', 'incomplete_expired', 'trialing', 'active', 'past_due', 'unpaid', 'paused', "
            "'canceled')",
            name=op.f("ck_subscriptions_status_known"),
        ),
        sa.CheckConstraint("period_start < period_end", name=op.f("ck_subscriptions_period_forward")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_subscriptions_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint("public_id", name=op.f("uq_subscriptions_public_id")),
        sa.UniqueConstraint("stripe_id", name=op.f("uq_subscriptions_stripe_id")),
    )
    op.create_index("ix_subscriptions_person", "subscriptions", ["person_id", "id"])
    op.create_index("ix_subscriptions_status", "subscriptions", ["status", "period_end"])
    op.create_index(
        "uq_subscriptions_live",
        "subscriptions",
        ["person_id", "family"],
        unique=True,
        postgresql_where=LIVE,
        sqlite_where=LIVE,
    )

    op.create_table(
        "subscription_invoices",
        sa.Column("id", BIG, nullable=False),
        sa.Column("stripe_id", sa.String(80), nullable=False),
        sa.Column("subscription_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("family", sa.String(10), nullable=False),
        sa.Column("product", sa.String(20), nullable=False),
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("amount", BIG, nullable=False),
        sa.Column("tax", BIG, nullable=False),
        sa.Column("returned", BIG, server_default="0", nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("period_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("period_end", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payment_intent", sa.String(80)),
        sa.Column("stripe_fee", BIG),
        sa.Column("hosted_url", sa.Text()),
        sa.Column("paid_at", sa.DateTime(timezone=True)),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("family IN ('plan', 'pass')", name=op.f("ck_subscription_invoices_family_known")),
        sa.CheckConstraint(
            "product IN ('pro', 'studio', 'all_access')", name=op.f("ck_subscription_invoices_product_known")
        ),
        sa.CheckConstraint(
            "status <> 'paid' OR paid_at IS NOT NULL", name=op.f("ck_subscription_invoices_paid_has_moment")
        ),
        sa.CheckConstraint(
            "status IN ('open', 'paid', 'refunded', 'disputed', 'lost', 'uncollectible', 'void')",
            name=op.f("ck_subscription_invoices_status_known"),
        ),
        sa.CheckConstraint("period_start <= period_end", name=op.f("ck_subscription_invoices_period_forward")),
        sa.CheckConstraint(
            "returned >= 0 AND returned <= amount", name=op.f("ck_subscription_invoices_returned_within_amount")
        ),
        sa.CheckConstraint("tax >= 0 AND tax <= amount", name=op.f("ck_subscription_invoices_tax_within_amount")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_subscription_invoices_person_id")),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name=op.f("fk_subscription_invoices_subscription_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription_invoices")),
        sa.UniqueConstraint("stripe_id", name=op.f("uq_subscription_invoices_stripe_id")),
    )
    op.create_index("ix_subscription_invoices_payment", "subscription_invoices", ["payment_intent"])
    op.create_index("ix_subscription_invoices_person", "subscription_invoices", ["person_id", "id"])
    op.create_index(
        "ix_subscription_invoices_subscription", "subscription_invoices", ["subscription_id", "period_start"]
    )


def downgrade() -> None:

    op.drop_table("subscription_invoices")

    op.drop_table("subscriptions")

    op.drop_table("subscription_checkouts")

    op.drop_table("billing_customers")
