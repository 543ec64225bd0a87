"""Stamps: what was made of the rows of a table is good until somebody writes there."""

import sqlalchemy as sa
from alembic import op

from migrations.guard import tenant

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stamps",
        sa.Column("collective_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(63), nullable=False),
        sa.Column("stamp", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_stamps_collective_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("collective_id", "subject", name=op.f("pk_stamps")),
    )
    tenant(op, "stamps")
