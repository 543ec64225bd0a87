"""After the course: the questionnaire, the report, the trace of presence, enrolment from a file; and documents of the plan."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations import guard
from migrations.tables import tenanted, to_row

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SCORES = ("useful", "at_ease", "ready", "recommend")
MOMENTS = ("questions_opened_at", "questions_sent_at", "questions_closed_at")


def instant(name: str, nullable: bool = False) -> sa.Column:
    """An instant."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def questionnaire() -> None:
    """Answers carry no instant and no account: nothing that could be laid beside a list of who was there."""
    for name in MOMENTS:
        op.add_column("courses", instant(name, nullable=True))
    tenanted(
        sa.Column("course_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.SmallInteger()) for name in SCORES),
        sa.Column("remark_sealed", sa.LargeBinary()),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        to_row("course_answers", "course_id", "courses"),
        name="course_answers",
    )
    op.create_index("ix_course_answers_collective_id_course_id", "course_answers", ["collective_id", "course_id"])
    tenanted(
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.SmallInteger(), nullable=False) for name in ("enrolled", "completed", "presences", "expected", "answers")),
        sa.Column("scores", JSONB(), nullable=False),
        to_row("course_results", "course_id", "courses"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_course_results_user_id")),
        sa.UniqueConstraint("collective_id", "course_id", "user_id", name=op.f("uq_course_results_collective_id_course_id_user_id")),
        name="course_results",
    )
    op.create_index("ix_course_results_user_id_day", "course_results", ["user_id", "day"])


def plan_documents() -> None:
    """Documents of the head, beside the sessions of its plan."""
    op.create_table(
        "plan_documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("filename", sa.String(120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        instant("added_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_documents")),
    )
    op.create_table(
        "session_documents",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("plan_id", "position", "document_id", name=op.f("pk_session_documents")),
        sa.ForeignKeyConstraint(["plan_id"], ["course_plans.id"], name=op.f("fk_session_documents_plan_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["document_id"], ["plan_documents.id"], name=op.f("fk_session_documents_document_id")),
    )
    for table in ("plan_documents", "session_documents"):
        guard.everyone(op, table, "SELECT")
        guard.everyone(op, table, "SELECT, INSERT", guard.NETWORK)


def upgrade() -> None:
    questionnaire()
    plan_documents()
    tenanted(
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("went_well_sealed", sa.LargeBinary()),
        sa.Column("was_hard_sealed", sa.LargeBinary()),
        sa.Column("next_time_sealed", sa.LargeBinary()),
        sa.Column("by_user", sa.Uuid()),
        instant("at"),
        sa.Column("version", sa.Integer(), nullable=False),
        to_row("course_reports", "course_id", "courses"),
        sa.UniqueConstraint("collective_id", "course_id", name=op.f("uq_course_reports_collective_id_course_id")),
        name="course_reports",
    )
    tenanted(
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("before", sa.String(10)),
        sa.Column("after", sa.String(10), nullable=False),
        sa.Column("by_user", sa.Uuid()),
        instant("at"),
        to_row("attendance_changes", "session_id", "training_sessions"),
        to_row("attendance_changes", "participant_id", "participants"),
        name="attendance_changes",
    )
    op.create_index("ix_attendance_changes_collective_id_session_id", "attendance_changes", ["collective_id", "session_id"])
    tenanted(
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        to_row("person_enrolments", "person_id", "persons"),
        to_row("person_enrolments", "participant_id", "participants"),
        sa.UniqueConstraint("collective_id", "participant_id", name=op.f("uq_person_enrolments_collective_id_participant_id")),
        name="person_enrolments",
    )
    op.create_index("ix_person_enrolments_collective_id_person_id", "person_enrolments", ["collective_id", "person_id"])
    op.add_column("participants", instant("warned_at", nullable=True))
    op.add_column("training_sessions", sa.Column("moved_from", sa.Date()))
    guard.tenant(op, "course_answers", "course_reports", "attendance_changes", "person_enrolments")
    guard.mine(op, "course_results")


def downgrade() -> None:
    for table in (
        "session_documents",
        "plan_documents",
        "person_enrolments",
        "attendance_changes",
        "course_reports",
        "course_results",
        "course_answers",
    ):
        op.drop_table(table)
    op.drop_column("training_sessions", "moved_from")
    op.drop_column("participants", "warned_at")
    for name in MOMENTS:
        op.drop_column("courses", name)
