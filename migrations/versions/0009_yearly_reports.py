"""Yearly reports: drafts with photos, and editions that nobody may change."""

import sqlalchemy as sa
from alembic import op

from migrations import guard
from migrations.tables import tenanted, to_row

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def asked() -> list[sa.Column]:
    """That an edition is wanted, since when, and that none could be made."""
    return [sa.Column("asked_edition_id", sa.Uuid()), sa.Column("asked_at", INSTANT), sa.Column("refused_at", INSTANT)]


def frozen(name: str, *more: sa.Column | sa.Constraint) -> None:
    """A published table to which rows are added, by their publisher or by the network, and never changed."""
    op.create_table(
        name,
        sa.Column("publisher_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *more,
        sa.Column("checksum", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("publisher_id", "id", name=op.f(f"pk_{name}")),
    )
    guard.published(op, name, "true")
    guard.by_the_network(op, name)
    op.execute(f"REVOKE UPDATE, DELETE ON {name} FROM {guard.APP}")


def upgrade() -> None:
    tenanted(
        sa.Column("year", sa.SmallInteger(), nullable=False),
        *(sa.Column(f"{each}_sealed", sa.LargeBinary()) for each in ("opening", "moments", "ahead", "correction")),
        sa.Column("counted", sa.dialects.postgresql.JSONB()),
        *asked(),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.UniqueConstraint("collective_id", "year", name=op.f("uq_reports_collective_id_year")),
        name="reports",
    )
    tenanted(
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("caption_sealed", sa.LargeBinary()),
        sa.Column("added_at", INSTANT, nullable=False),
        to_row("report_photos", "report_id", "reports"),
        to_row("report_photos", "document_id", "documents"),
        name="report_photos",
    )
    op.create_index("ix_report_photos_collective_id_report_id", "report_photos", ["collective_id", "report_id"])
    guard.tenant(op, "reports", "report_photos")
    op.create_table(
        "network_reports",
        sa.Column("year", sa.SmallInteger(), autoincrement=False, nullable=False),
        *(sa.Column(each, sa.Text()) for each in ("opening", "moments", "ahead", "correction")),
        *asked(),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_network_reports")),
    )
    guard.everyone(op, "network_reports", "SELECT, INSERT, UPDATE", guard.NETWORK)
    frozen(
        "report_editions",
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("publisher_id", "year", "number", name=op.f("uq_report_editions_publisher_id_year_number")),
    )
    op.create_index("ix_report_editions_year_publisher_id", "report_editions", ["year", "publisher_id"])
    frozen(
        "edition_files",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("media_type", sa.String(80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.UniqueConstraint("publisher_id", "edition_id", "name", name=op.f("uq_edition_files_publisher_id_edition_id_name")),
    )
