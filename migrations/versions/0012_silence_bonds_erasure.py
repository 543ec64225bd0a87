"""Silence, heart bonds, the end of files, and jobs that wait for a moment."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations import guard
from migrations.tables import tenanted, to_row

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def sealed(*names: str) -> list[sa.Column]:
    """Sealed texts that may be empty."""
    return [sa.Column(f"{name}_sealed", sa.LargeBinary()) for name in names]


def index(table: str, column: str) -> None:
    """An index that begins with the collective."""
    op.create_index(f"ix_{table}_collective_id_{column}", table, ["collective_id", column])


def upgrade() -> None:
    op.add_column("jobs", sa.Column("due_at", INSTANT))
    op.execute(f"GRANT SELECT (due_at) ON jobs TO {guard.CLERK}")
    op.add_column("users", sa.Column("weekly_digest", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("persons", sa.Column("erased_at", INSTANT))
    tenanted(
        sa.Column("days", sa.SmallInteger(), nullable=False),
        sa.Column("by_user", sa.Uuid()),
        sa.UniqueConstraint("collective_id", name=op.f("uq_silence_defaults_collective_id")),
        name="silence_defaults",
    )
    tenanted(
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("days", sa.SmallInteger()),
        sa.Column("paused_until", sa.Date()),
        *sealed("paused_because"),
        sa.Column("by_user", sa.Uuid()),
        sa.Column("at", INSTANT, nullable=False),
        to_row("silence_rules", "person_id", "persons"),
        sa.UniqueConstraint("collective_id", "person_id", name=op.f("uq_silence_rules_collective_id_person_id")),
        name="silence_rules",
    )
    tenanted(
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("by_user", sa.Uuid()),
        sa.Column("at", INSTANT, nullable=False),
        to_row("check_ins", "person_id", "persons"),
        name="check_ins",
    )
    index("check_ins", "person_id")
    tenanted(
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("other_person_id", sa.Uuid()),
        sa.Column("member_id", sa.Uuid()),
        *sealed("family"),
        sa.Column("began_on", sa.Date(), nullable=False),
        *sealed("how", "words", "other_words"),
        sa.Column("agreed_on", sa.Date()),
        sa.Column("agreed_to_id", sa.Uuid()),
        sa.Column("other_agreed_on", sa.Date()),
        sa.Column("other_agreed_to_id", sa.Uuid()),
        sa.Column("ended_on", sa.Date()),
        sa.Column("ended_because", sa.String(10)),
        *sealed("ended_words"),
        sa.Column("by_user", sa.Uuid()),
        sa.Column("at", INSTANT, nullable=False),
        to_row("heart_bonds", "person_id", "persons"),
        to_row("heart_bonds", "other_person_id", "persons"),
        to_row("heart_bonds", "member_id", "memberships"),
        to_row("heart_bonds", "agreed_to_id", "memberships"),
        to_row("heart_bonds", "other_agreed_to_id", "memberships"),
        name="heart_bonds",
    )
    index("heart_bonds", "person_id")
    index("heart_bonds", "other_person_id")
    index("heart_bonds", "began_on")
    tenanted(
        sa.Column("bond_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("member_id", sa.Uuid()),
        *sealed("note"),
        sa.Column("by_user", sa.Uuid()),
        sa.Column("at", INSTANT, nullable=False),
        to_row("bond_moments", "bond_id", "heart_bonds"),
        to_row("bond_moments", "member_id", "memberships"),
        name="bond_moments",
    )
    index("bond_moments", "bond_id")
    tenanted(
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("first_told_on", sa.Date()),
        sa.Column("second_told_on", sa.Date()),
        sa.Column("kept_until", sa.Date()),
        *sealed("kept_because"),
        sa.Column("kept_by", sa.Uuid()),
        to_row("file_endings", "person_id", "persons"),
        sa.UniqueConstraint("collective_id", "person_id", name=op.f("uq_file_endings_collective_id_person_id")),
        name="file_endings",
    )
    tenanted(
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("by_user", sa.Uuid()),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("done", JSONB(), nullable=False),
        name="erasures",
    )
    guard.tenant(op, "silence_defaults", "silence_rules", "check_ins", "heart_bonds", "bond_moments", "file_endings", "erasures")
