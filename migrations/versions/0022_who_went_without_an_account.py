"""Who drove or went along without an account: a first name, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Only who knows the new column writes a ride without a member.
    op.execute("-- squawk-ignore ban-drop-not-null\nALTER TABLE rides ALTER COLUMN driver_id DROP NOT NULL")
    op.add_column("rides", sa.Column("driver_name_sealed", sa.LargeBinary()))
    op.add_column("courtesy_visits", sa.Column("others_sealed", sa.LargeBinary()))
