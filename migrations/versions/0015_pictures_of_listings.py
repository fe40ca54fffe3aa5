"""Pictures of listings"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("listing_pictures", "draft_pictures")


def upgrade() -> None:
    op.add_column("listings", sa.Column("cover_picture", sa.String(64)))
    for table in TABLES:
        op.create_table(
            table,
            sa.Column("listing_id", BIG, nullable=False),
            sa.Column("place", BIG, nullable=False, autoincrement=False),
            sa.Column("sha256", sa.String(64), nullable=False),
            sa.Column("alt", sa.String(300), nullable=False),
            sa.CheckConstraint("place BETWEEN 0 AND 8", name=op.f(f"ck_{table}_place_allowed")),
            sa.ForeignKeyConstraint(
                ["listing_id"], ["listings.id"], name=op.f(f"fk_{table}_listing_id"), ondelete="CASCADE"
            ),
            sa.ForeignKeyConstraint(["sha256"], ["media.sha256"], name=op.f(f"fk_{table}_sha256")),
            sa.PrimaryKeyConstraint("listing_id", "place", name=op.f(f"pk_{table}")),
        )
        op.create_index(f"ix_{table}_sha256", table, ["sha256"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.drop_column("listings", "cover_picture")
