"""Streets of rounds as they are written from now on: one space between words, none around them."""

from typing import Any

import sqlalchemy as sa
from alembic import context, op

from migrations import guard

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TIDY = r"update rounds set area = regexp_replace(btrim(area, E' \t\n\r'), '\s+', ' ', 'g') where area ~ '^\s|\s$|\s\s|[\t\n\r]'"


def tidy(connection: sa.Connection, _collective_id: Any) -> None:
    """Those of one collective."""
    connection.exec_driver_sql(TIDY)


def upgrade() -> None:
    if not context.is_offline_mode():
        guard.in_each_collective(op, tidy)
