"""Listings that are edited"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "listing_drafts",
        sa.Column("listing_id", BIG, nullable=False),
        sa.Column("step", sa.String(length=10), nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.Column("is_pending", sa.Boolean(), nullable=False),
        sa.Column("typed", JSON, nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", BIG, nullable=False),
        sa.CheckConstraint("step IN ('work', 'words', 'price', 'window')", name=op.f("ck_listing_drafts_step_known")),
        sa.CheckConstraint("revision > 0", name=op.f("ck_listing_drafts_revision_positive")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_listing_drafts_listing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["saved_by_id"], ["people.id"], name=op.f("fk_listing_drafts_saved_by_id")),
        sa.PrimaryKeyConstraint("listing_id", "step", name=op.f("pk_listing_drafts")),
    )
    op.create_table(
        "share_links",
        sa.Column("listing_id", BIG, nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_share_links_listing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_share_links_made_by_id")),
        sa.PrimaryKeyConstraint("listing_id", name=op.f("pk_share_links")),
        sa.UniqueConstraint("token", name=op.f("uq_share_links_token")),
    )
    op.create_index("ix_licenses_listing", "licenses", ["listing_id"])


def downgrade() -> None:
    op.drop_index("ix_licenses_listing", "licenses")
    op.drop_table("share_links")
    op.drop_table("listing_drafts")
