"""What the head still asked for: support permanences in the watch, photos in the network's report, permanences on public pages."""

import sqlalchemy as sa
from alembic import op

from migrations import guard

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def photos() -> None:
    op.create_table(
        "network_photos",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("caption", sa.String(200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_photos")),
        sa.ForeignKeyConstraint(["year"], ["network_reports.year"], name=op.f("fk_network_photos_year"), ondelete="CASCADE"),
    )
    op.create_index("ix_network_photos_year", "network_photos", ["year"])
    guard.everyone(op, "network_photos", "SELECT, INSERT, UPDATE, DELETE", guard.NETWORK)


def upgrade() -> None:
    # Worked out anew every hour.
    op.add_column("watches", sa.Column("unmet", sa.SmallInteger()))
    op.add_column("watches", sa.Column("busy_in", sa.String(7)))
    photos()
    # Filled by the night that follows, or by the first change.
    op.add_column("public_pages", sa.Column("coming", sa.dialects.postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False))
