"""Whether members of the team come to an activity."""

import sqlalchemy as sa
from alembic import op

from migrations import guard
from migrations.tables import tenanted, to_row

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table, under its policy."""
    tenanted(
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("comes", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        to_row("team_answers", "activity_id", "activities"),
        to_row("team_answers", "member_id", "memberships"),
        sa.UniqueConstraint("collective_id", "activity_id", "member_id", name=op.f("uq_team_answers_collective_id_activity_id_member_id")),
        name="team_answers",
    )
    guard.tenant(op, "team_answers")
