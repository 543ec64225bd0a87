"""Tasks: what waits, as rows."""

import sqlalchemy as sa
from alembic import op

from migrations import guard
from migrations.tables import tenanted, to_row

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    tenanted(
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("desk", sa.String(12), nullable=False),
        sa.Column("member_id", sa.Uuid()),
        sa.Column("occasion_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary()),
        sa.Column("state", sa.String(4), nullable=False),
        sa.Column("settled_by", sa.Uuid()),
        sa.Column("settled_at", INSTANT),
        sa.Column("at", INSTANT, nullable=False),
        to_row("tasks", "person_id", "persons"),
        to_row("tasks", "member_id", "memberships"),
        sa.UniqueConstraint("collective_id", "kind", "subject_id", "occasion_on", name=op.f("uq_tasks_collective_id_kind_subject_id_occasion_on")),
        name="tasks",
    )
    op.create_index("ix_tasks_collective_id_state_due_on", "tasks", ["collective_id", "state", "due_on"])
    op.create_index("ix_tasks_collective_id_person_id", "tasks", ["collective_id", "person_id"])
    guard.tenant(op, "tasks")
