"""What the head still asked for: support permanences in the watch."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Worked out anew every hour.
    op.add_column("watches", sa.Column("unmet", sa.SmallInteger()))
