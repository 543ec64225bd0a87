"""Why a support permanence did not take place; and which come next, whatever the collective."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("support_meetings", sa.Column("missed_because", sa.String(200)))
    op.create_index("ix_support_meetings_day", "support_meetings", ["day"])
