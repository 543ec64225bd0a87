"""What the network tells: yearly reports in editions that nobody may change, the watch, curves, public pages."""

import sqlalchemy as sa
from alembic import op

from migrations import guard
from migrations.tables import tenanted, to_row

revision = "0015"
down_revision = "0014"
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


def reports() -> None:
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


def watching() -> None:
    op.create_table(
        "watches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("department", sa.String(3), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("founded_on", sa.Date(), nullable=False),
        sa.Column("stage", sa.String(12), nullable=False),
        sa.Column("last_on", sa.Date()),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("orphan", sa.Boolean(), nullable=False),
        sa.Column("silent_days", sa.Integer()),
        sa.Column("unopened_days", sa.Integer()),
        sa.Column("missed_sessions", sa.Integer(), nullable=False),
        sa.Column("few_presences", sa.Boolean(), nullable=False),
        sa.Column("calls", sa.SmallInteger(), nullable=False),
        sa.Column("looked_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watches")),
        sa.ForeignKeyConstraint(["id"], ["collectives.id"], name=op.f("fk_watches_id"), ondelete="CASCADE"),
    )
    op.create_index("ix_watches_calls_id", "watches", [sa.text("calls DESC"), "id"])
    op.create_index("ix_watches_department", "watches", ["department"])
    op.create_table(
        "watch_sums",
        sa.Column("department", sa.String(3), nullable=False),
        sa.Column("stage", sa.String(12), nullable=False),
        sa.Column("collectives", sa.Integer(), nullable=False),
        sa.Column("to_call", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("department", "stage", name=op.f("pk_watch_sums")),
    )
    for table in ("watches", "watch_sums"):
        guard.everyone(op, table, "SELECT, INSERT, UPDATE, DELETE", guard.NETWORK)
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("query", sa.String(300), nullable=False),
        sa.Column("made_at", INSTANT, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_saved_views_user_id"), ondelete="CASCADE"),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_saved_views_user_id_name")),
    )
    guard.everyone(op, "saved_views", "SELECT, INSERT, DELETE")


def curves() -> None:
    op.create_table(
        "charts",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("svg", sa.Text(), nullable=False),
        sa.Column("drawn_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_charts")),
    )
    guard.everyone(op, "charts", "SELECT, INSERT, DELETE")
    op.create_table(
        "figure_medians",
        sa.Column("size", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("indicator", sa.String(40), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("collectives", sa.Integer(), nullable=False),
        sa.Column("folded_at", INSTANT, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("size", "period", "indicator", name=op.f("pk_figure_medians")),
    )
    guard.everyone(op, "figure_medians", "SELECT, INSERT, UPDATE, DELETE", guard.NETWORK)


def public_pages() -> None:
    op.create_table(
        "public_pages",
        sa.Column("publisher_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("phone", sa.String(16), nullable=False),
        sa.Column("hours", sa.String(300), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("first_shown_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("publisher_id", "id", name=op.f("pk_public_pages")),
    )
    guard.published(op, "public_pages", "true")


def upgrade() -> None:
    reports()
    watching()
    curves()
    public_pages()
