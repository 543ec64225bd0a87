"""Curves: drawings under their checksum, and the medians of similar collectives."""

import sqlalchemy as sa
from alembic import op

from migrations import guard

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
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
