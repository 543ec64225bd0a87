"""A published photo may be taken back: a line says so, and with it the files that show the photo may go, and no others."""

import sqlalchemy as sa
from alembic import op

from migrations import guard

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

NAMED = """
    EXISTS (
        SELECT 1 FROM photo_withdrawals taken
        WHERE taken.publisher_id = edition_files.publisher_id AND taken.edition_id = edition_files.edition_id
        AND (taken.name = edition_files.name OR edition_files.media_type = 'application/pdf')
    )
"""


def upgrade() -> None:
    op.create_table(
        "photo_withdrawals",
        sa.Column("publisher_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("publisher_id", "id", name=op.f("pk_photo_withdrawals")),
        sa.UniqueConstraint("publisher_id", "edition_id", "name", name=op.f("uq_photo_withdrawals_publisher_id_edition_id_name")),
    )
    guard.published(op, "photo_withdrawals", "true")
    guard.by_the_network(op, "photo_withdrawals")
    op.execute(f"REVOKE UPDATE, DELETE ON photo_withdrawals FROM {guard.APP}")
    # Restrictive: it holds for whoever may delete at all, and beside every other policy.
    op.execute(f"CREATE POLICY withdrawn ON edition_files AS RESTRICTIVE FOR DELETE USING ({NAMED})")
    op.execute(f"CREATE POLICY withdraws ON edition_files FOR DELETE TO {guard.NETWORK} USING (publisher_id = '{guard.NOBODY}'::uuid)")
    op.execute(f"GRANT DELETE ON edition_files TO {guard.APP}, {guard.NETWORK}")
