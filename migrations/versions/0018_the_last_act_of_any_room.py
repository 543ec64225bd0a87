"""When a collective was last seen in any room, to sort by. The next look, within the hour, fills it in."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column."""
    op.add_column("watches", sa.Column("seen_on", sa.Date()))
