"""Public pages of collectives that want one."""

import sqlalchemy as sa
from alembic import op

from migrations import guard

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
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
