"""A collective ends: the day on which its key was destroyed."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("collectives", sa.Column("ended_on", sa.Date()))
