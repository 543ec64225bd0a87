"""A pasted number is looked for in all lists of the collective by its mark."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Those that were forgotten have none, and stay for ever.
    marked = sa.text("mark IS NOT NULL")
    op.create_index("ix_phone_numbers_collective_id_mark", "phone_numbers", ["collective_id", "mark"], postgresql_where=marked)
