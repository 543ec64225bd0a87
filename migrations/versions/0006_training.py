"""The training course: plans of the head, courses with sessions, participants, presence, and a trainer's agenda."""

from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from migrations import first_plan, guard
from migrations.tables import tenanted, to_row

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

FIRST = UUID("019a0000-0000-7000-8000-000000000001")
WORDS = ("title", "aim", "outline", "materials", "advice")


def instant(name: str, nullable: bool = False) -> sa.Column:
    """An instant."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def plans() -> None:
    """The head's plans: a version is never changed, the next one is another row."""
    course = op.create_table(
        "course_plans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("title_en", sa.String(120), nullable=False),
        sa.Column("needed", sa.SmallInteger(), nullable=False),
        sa.Column("is_proposal", sa.Boolean(), nullable=False),
        instant("made_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_plans")),
        sa.UniqueConstraint("version", name=op.f("uq_course_plans_version")),
    )
    session = op.create_table(
        "session_plans",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("minutes", sa.SmallInteger(), nullable=False),
        *(sa.Column(f"{word}{end}", sa.String(120) if word == "title" else sa.Text(), nullable=False) for word in WORDS for end in ("", "_en")),
        sa.PrimaryKeyConstraint("plan_id", "position", name=op.f("pk_session_plans")),
        sa.ForeignKeyConstraint(["plan_id"], ["course_plans.id"], name=op.f("fk_session_plans_plan_id")),
    )
    head = {"id": FIRST, "version": 1, "title": first_plan.TITLE, "title_en": first_plan.TITLE_EN, "needed": 6, "is_proposal": True}
    op.bulk_insert(course, [{**head, "made_at": datetime.now(UTC)}])
    rows = []
    for position, texts in enumerate(first_plan.SESSIONS, 1):
        row = {"plan_id": FIRST, "position": position, "minutes": 120}
        for word, (french, english) in zip(WORDS, texts, strict=True):
            row |= {word: french, f"{word}_en": english}
        rows.append(row)
    op.bulk_insert(session, rows)
    for table in ("course_plans", "session_plans"):
        guard.everyone(op, table, "SELECT")
        guard.everyone(op, table, "SELECT, INSERT", guard.NETWORK)


def upgrade() -> None:
    plans()
    tenanted(
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("minimum", sa.SmallInteger(), nullable=False),
        sa.Column("maximum", sa.SmallInteger(), nullable=False),
        sa.Column("enrolling", sa.Boolean(), nullable=False),
        instant("opened_at"),
        instant("completed_at", nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["course_plans.id"], name=op.f("fk_courses_plan_id")),
        name="courses",
    )
    tenanted(
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("begins", sa.Time(), nullable=False),
        sa.Column("minutes", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary()),
        instant("reminded_at", nullable=True),
        to_row("training_sessions", "course_id", "courses"),
        sa.UniqueConstraint("collective_id", "course_id", "position", name=op.f("uq_training_sessions_collective_id_course_id_position")),
        name="training_sessions",
    )
    op.create_index("ix_training_sessions_collective_id_day", "training_sessions", ["collective_id", "day"])
    tenanted(
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary()),
        sa.Column("contact_sealed", sa.LargeBinary()),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        instant("enrolled_at"),
        instant("left_at", nullable=True),
        sa.Column("certificate", sa.String(24)),
        sa.Column("certified_on", sa.Date()),
        to_row("participants", "course_id", "courses"),
        sa.UniqueConstraint("collective_id", "certificate", name=op.f("uq_participants_collective_id_certificate")),
        name="participants",
    )
    op.create_index("ix_participants_collective_id_course_id", "participants", ["collective_id", "course_id"])
    tenanted(
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("by_user", sa.Uuid()),
        instant("at"),
        to_row("attendances", "session_id", "training_sessions"),
        to_row("attendances", "participant_id", "participants"),
        sa.UniqueConstraint("collective_id", "session_id", "participant_id", name=op.f("uq_attendances_collective_id_session_id_participant_id")),
        name="attendances",
    )
    op.create_index("ix_attendances_collective_id_participant_id", "attendances", ["collective_id", "participant_id"])
    tenanted(
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("begins", sa.Time(), nullable=False),
        sa.Column("minutes", sa.SmallInteger(), nullable=False),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("at_risk", sa.SmallInteger(), nullable=False),
        to_row("agenda_lines", "session_id", "training_sessions"),
        to_row("agenda_lines", "course_id", "courses"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_agenda_lines_user_id")),
        sa.UniqueConstraint("collective_id", "session_id", "user_id", name=op.f("uq_agenda_lines_collective_id_session_id_user_id")),
        name="agenda_lines",
    )
    op.create_index("ix_agenda_lines_user_id_day", "agenda_lines", ["user_id", "day"])
    op.create_index("ix_agenda_lines_collective_id_course_id", "agenda_lines", ["collective_id", "course_id"])
    tenanted(
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("filename", sa.String(120), nullable=False),
        sa.Column("media_type", sa.String(80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Uuid()),
        instant("asked_at"),
        instant("ready_at", nullable=True),
        name="documents",
    )
    op.create_index("ix_documents_collective_id_about_id", "documents", ["collective_id", "about_id"])
    tenanted(
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        to_row("document_pieces", "document_id", "documents"),
        sa.UniqueConstraint("collective_id", "document_id", "position", name=op.f("uq_document_pieces_collective_id_document_id_position")),
        name="document_pieces",
    )
    op.create_table(
        "calendar_links",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.String(64), nullable=False),
        instant("made_at"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_calendar_links")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_calendar_links_user_id"), ondelete="CASCADE"),
        sa.UniqueConstraint("secret", name=op.f("uq_calendar_links_secret")),
    )
    guard.everyone(op, "calendar_links", "SELECT, INSERT, UPDATE, DELETE")
    guard.tenant(op, "documents", "document_pieces", "courses", "training_sessions", "participants", "attendances")
    guard.mine(op, "agenda_lines")


def downgrade() -> None:
    for table in (
        "calendar_links",
        "document_pieces",
        "documents",
        "agenda_lines",
        "attendances",
        "participants",
        "training_sessions",
        "courses",
        "session_plans",
        "course_plans",
    ):
        op.drop_table(table)
