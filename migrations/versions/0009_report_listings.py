"""Report listings"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
SWORN = "claimed_work <> '' AND contact_name <> '' AND contact_address <> '' AND contact_email <> ''"


def upgrade() -> None:
    make_reports()
    make_decisions()
    keep_append_only("decisions")


def make_reports() -> None:
    op.create_table(
        "reports",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("listing_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("reason", sa.String(length=15), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("claimed_work", sa.Text(), nullable=False),
        sa.Column("contact_name", sa.String(length=80), nullable=False),
        sa.Column("contact_address", sa.String(length=300), nullable=False),
        sa.Column("contact_email", sa.String(length=255), nullable=False),
        sa.Column("sworn_at", MOMENT, nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("filed_at", MOMENT, nullable=False),
        sa.Column("amended_at", MOMENT, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "reason IN ('spam', 'inappropriate', 'copyright', 'misleading', 'other')",
            name=op.f("ck_reports_reason_known"),
        ),
        sa.CheckConstraint("state IN ('open', 'dismissed', 'upheld')", name=op.f("ck_reports_state_known")),
        sa.CheckConstraint("length(details) <= 2000", name=op.f("ck_reports_details_short")),
        sa.CheckConstraint("(reason = 'copyright') = (sworn_at IS NOT NULL)", name=op.f("ck_reports_copyright_sworn")),
        sa.CheckConstraint(f"reason <> 'copyright' OR ({SWORN})", name=op.f("ck_reports_copyright_complete")),
        sa.CheckConstraint("state = 'open' OR decided_at IS NOT NULL", name=op.f("ck_reports_decided_has_moment")),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name=op.f("fk_reports_listing_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_reports_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("person_id", "listing_id", name=op.f("uq_reports_person_id_listing_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_reports_public_id")),
    )
    op.create_index("ix_reports_listing", "reports", ["listing_id", "state"])
    op.create_index("ix_reports_state", "reports", ["state", "id"])


def make_decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", BIG, nullable=False),
        sa.Column("listing_id", BIG, nullable=False),
        sa.Column("report_id", BIG, nullable=True),
        sa.Column("operator_id", BIG, nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("verdict IN ('dismissed', 'upheld', 'restored')", name=op.f("ck_decisions_verdict_known")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_decisions_has_reason")),
        sa.CheckConstraint("verdict = 'restored' OR report_id IS NOT NULL", name=op.f("ck_decisions_report_named")),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name=op.f("fk_decisions_listing_id")),
        sa.ForeignKeyConstraint(["operator_id"], ["people.id"], name=op.f("fk_decisions_operator_id")),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_decisions_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index("ix_decisions_listing", "decisions", ["listing_id", "id"])


def keep_append_only(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()"
    )


def downgrade() -> None:
    op.drop_table("decisions")
    op.drop_table("reports")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION decisions_append_only()")
