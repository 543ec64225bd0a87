"""No line about a photo lets a table of an edition go: the files that may are pictures and papers, whatever the line names."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

NAMED = """
    EXISTS (
        SELECT 1 FROM photo_withdrawals taken
        WHERE taken.publisher_id = edition_files.publisher_id AND taken.edition_id = edition_files.edition_id
        AND (edition_files.media_type = 'application/pdf' OR (edition_files.media_type = 'image/jpeg' AND taken.name = edition_files.name))
    )
"""


def upgrade() -> None:
    op.execute("DROP POLICY withdrawn ON edition_files")
    op.execute(f"CREATE POLICY withdrawn ON edition_files AS RESTRICTIVE FOR DELETE USING ({NAMED})")
