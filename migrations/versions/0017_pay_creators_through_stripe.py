"""Accounts of workspaces at Stripe, and orders that name the one that is paid at once"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
LIVE = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "connect_accounts",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(40), nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("attempt", BIG, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stripe_account", sa.String(80)),
        sa.Column("charges_enabled", sa.Boolean(), nullable=False),
        sa.Column("payouts_enabled", sa.Boolean(), nullable=False),
        sa.Column("takes_transfers", sa.Boolean(), nullable=False),
        sa.Column("details_submitted", sa.Boolean(), nullable=False),
        sa.Column("disabled_reason", sa.String(80), nullable=False),
        sa.Column("wanted", JSON, nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True)),
        sa.Column("checked_at", sa.DateTime(timezone=True)),
        sa.Column("settlement", sa.String(12)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_because", sa.String(20), nullable=False),
        sa.CheckConstraint("settlement IN ('held', 'destination')", name=op.f("ck_connect_accounts_settlement_known")),
        sa.CheckConstraint("length(country) = 2", name=op.f("ck_connect_accounts_country_code")),
        sa.CheckConstraint(
            "stripe_account IS NOT NULL OR NOT (charges_enabled OR payouts_enabled OR takes_transfers)",
            name=op.f("ck_connect_accounts_enabled_has_account"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_connect_accounts_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connect_accounts")),
        sa.UniqueConstraint("public_id", name=op.f("uq_connect_accounts_public_id")),
        sa.UniqueConstraint("stripe_account", name=op.f("uq_connect_accounts_stripe_account")),
    )
    op.create_index(
        "uq_connect_accounts_live",
        "connect_accounts",
        ["workspace_id"],
        unique=True,
        postgresql_where=LIVE,
        sqlite_where=LIVE,
    )
    op.create_index("ix_connect_accounts_workspace", "connect_accounts", ["workspace_id", "id"])
    op.create_index("ix_connect_accounts_checked", "connect_accounts", ["checked_at"])
    # No account was paid at once before, whatever the setting said.
    op.execute("UPDATE orders SET settlement = 'held' WHERE settlement = 'destination'")
    # No check on it: SQLite would have to copy the table, which other tables refer to.
    op.add_column("orders", sa.Column("destination", sa.String(80)))


def downgrade() -> None:
    op.drop_column("orders", "destination")
    op.drop_table("connect_accounts")
