"""What was decided with a team and waits for the network; and versions of what two may write to at once."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("support_decisions", sa.Column("put_off_until", sa.Date()))
    # The network's list looks for the few that are open, whatever collective they are of.
    op.create_index("ix_support_decisions_side_due_on", "support_decisions", ["side", "due_on"], postgresql_where=sa.text("done_at IS NULL"))
    # The note of a training session, the draft of a referral.
    op.add_column("training_sessions", sa.Column("note_version", sa.Integer(), server_default=sa.text("1"), nullable=False))
    op.add_column("referrals", sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False))
