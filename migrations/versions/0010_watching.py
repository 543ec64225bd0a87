"""Watching: what the last look at each collective said, its sums, and the head's saved views."""

import sqlalchemy as sa
from alembic import op

from migrations import guard

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
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
