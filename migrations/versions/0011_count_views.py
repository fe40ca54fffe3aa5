"""Count views"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for table, day in (("listing_days", [sa.Column("day", sa.Date(), nullable=False)]), ("listing_totals", [])):
        op.create_table(
            table,
            sa.Column("listing_id", BIG, nullable=False),
            *day,
            sa.Column("views", BIG, nullable=False),
            sa.CheckConstraint("views > 0", name=op.f(f"ck_{table}_views_positive")),
            sa.ForeignKeyConstraint(
                ["listing_id"], ["listings.id"], name=op.f(f"fk_{table}_listing_id"), ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint("listing_id", *(column.name for column in day), name=op.f(f"pk_{table}")),
        )


def downgrade() -> None:
    op.drop_table("listing_totals")
    op.drop_table("listing_days")
