"""Activities with guests, carriers and photos; support permanences, which are published to the network."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations import guard
from migrations.tables import tenanted, to_row

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def of_activity(name: str, *more: sa.Column) -> None:
    """A row of a person in an activity."""
    tenanted(
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        *more,
        sa.Column("by_user", sa.Uuid()),
        sa.Column("at", INSTANT, nullable=False),
        to_row(name, "activity_id", "activities"),
        to_row(name, "person_id", "persons"),
        sa.UniqueConstraint("collective_id", "activity_id", "person_id", name=op.f(f"uq_{name}_collective_id_activity_id_person_id")),
        name=name,
    )
    op.create_index(f"ix_{name}_collective_id_person_id", name, ["collective_id", "person_id"])


def activities() -> None:
    """Activities and what belongs to them."""
    tenanted(
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("idea_of_sealed", sa.LargeBinary()),
        sa.Column("day", sa.Date()),
        sa.Column("places", sa.SmallInteger()),
        sa.Column("invited_at", INSTANT),
        sa.Column("planned_by", sa.Uuid()),
        sa.Column("begins", sa.Time()),
        sa.Column("ends", sa.Time()),
        sa.Column("where", sa.String(120), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("because", sa.String(14)),
        sa.Column("because_words_sealed", sa.LargeBinary()),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("reminded_at", INSTANT),
        sa.Column("at", INSTANT, nullable=False),
        name="activities",
    )
    op.create_index("ix_activities_collective_id_day", "activities", ["collective_id", "day"])
    of_activity("activity_guests", sa.Column("answer", sa.String(10), nullable=False))
    of_activity("carriers", sa.Column("on", sa.Date(), nullable=False), sa.Column("words_sealed", sa.LargeBinary(), nullable=False))
    of_activity("activity_visits", sa.Column("seen_before", sa.Date()))
    tenanted(
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("by_user", sa.Uuid()),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("undone_at", INSTANT),
        to_row("activity_tallies", "activity_id", "activities"),
        sa.CheckConstraint("number between 1 and 50", name=op.f("ck_activity_tallies_number")),
        name="activity_tallies",
    )
    op.create_index("ix_activity_tallies_collective_id_activity_id", "activity_tallies", ["collective_id", "activity_id"])
    tenanted(
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("consent_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("caption", sa.String(120), nullable=False),
        sa.Column("by_user", sa.Uuid()),
        sa.Column("at", INSTANT, nullable=False),
        to_row("activity_photos", "activity_id", "activities"),
        to_row("activity_photos", "document_id", "documents"),
        name="activity_photos",
    )
    op.create_index("ix_activity_photos_collective_id_activity_id", "activity_photos", ["collective_id", "activity_id"])
    guard.tenant(op, "activities", "activity_guests", "carriers", "activity_visits", "activity_tallies", "activity_photos")


def upgrade() -> None:
    activities()
    op.create_table(
        "support_meetings",
        sa.Column("publisher_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("proposed", JSONB(), nullable=False),
        sa.Column("proposed_by", sa.String(10), nullable=False),
        sa.Column("day", sa.Date()),
        sa.Column("begins", sa.Time()),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("where", sa.String(200), nullable=False),
        sa.Column("mood", sa.String(8)),
        sa.Column("difficulties", sa.Text(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written_by", sa.String(80), nullable=False),
        sa.Column("written_side", sa.String(10)),
        sa.Column("collective_signed_by", sa.String(80)),
        sa.Column("collective_signed_at", INSTANT),
        sa.Column("network_signed_by", sa.String(80)),
        sa.Column("network_signed_at", INSTANT),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("publisher_id", "id", name=op.f("pk_support_meetings")),
        sa.ForeignKeyConstraint(["publisher_id"], ["collectives.id"], name=op.f("fk_support_meetings_publisher_id"), ondelete="CASCADE"),
        sa.UniqueConstraint("publisher_id", "month", name=op.f("uq_support_meetings_publisher_id_month")),
    )
    op.create_index("ix_support_meetings_month", "support_meetings", ["month"])
    op.create_table(
        "support_decisions",
        sa.Column("publisher_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(200), nullable=False),
        sa.Column("side", sa.String(10), nullable=False),
        sa.Column("who", sa.String(80), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_at", INSTANT),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("publisher_id", "id", name=op.f("pk_support_decisions")),
        sa.ForeignKeyConstraint(
            ["publisher_id", "meeting_id"],
            ["support_meetings.publisher_id", "support_meetings.id"],
            name=op.f("fk_support_decisions_publisher_id_meeting_id"),
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_support_decisions_publisher_id_meeting_id", "support_decisions", ["publisher_id", "meeting_id"])
    for table in ("support_meetings", "support_decisions"):
        # The head reads what both sides see; another collective does not.
        guard.published(op, table, readers=f"current_user = '{guard.NETWORK}'")
        op.execute(f"GRANT SELECT ON {table} TO {guard.NETWORK}")
