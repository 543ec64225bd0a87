"""Social phoning, and the wish not to be visited or called any more."""

import sqlalchemy as sa
from alembic import op

from migrations import guard
from migrations.tables import tenanted, to_row

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    tenanted(
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number_sealed", sa.LargeBinary()),
        sa.Column("mark", sa.LargeBinary()),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_by", sa.Uuid()),
        sa.Column("held_until", sa.DateTime(timezone=True)),
        to_row("phone_numbers", "round_id", "rounds"),
        sa.UniqueConstraint("collective_id", "round_id", "mark", name=op.f("uq_phone_numbers_collective_id_round_id_mark")),
        name="phone_numbers",
    )
    op.create_index("ix_phone_numbers_collective_id_round_id_position", "phone_numbers", ["collective_id", "round_id", "position"])
    tenanted(
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("phone_number_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("call_back_on", sa.Date()),
        sa.Column("by_user", sa.Uuid()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        to_row("calls", "round_id", "rounds"),
        to_row("calls", "phone_number_id", "phone_numbers"),
        name="calls",
    )
    op.create_index("ix_calls_collective_id_round_id", "calls", ["collective_id", "round_id"])
    tenanted(
        sa.Column("text", sa.String(4000), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("pause_days", sa.SmallInteger(), nullable=False),
        name="phone_scripts",
    )
    tenanted(
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Uuid()),
        sa.Column("taken_back_at", sa.DateTime(timezone=True)),
        name="wishes",
    )
    op.create_index("ix_wishes_collective_id_mark", "wishes", ["collective_id", "mark"])
    guard.tenant(op, "phone_numbers", "calls", "phone_scripts", "wishes")


def downgrade() -> None:
    for table in ("wishes", "phone_scripts", "calls", "phone_numbers"):
        op.drop_table(table)
