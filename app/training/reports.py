"""The trainer's report of a whole course: what went well, what was hard, what to do next time. One for each course, without names."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Instant, Model, db, now
from app.training.models import Course
from tenants import journal
from tenants.keys import Sealed
from tenants.rows import Tenanted, key_to
from tenants.scope import place

PARTS = ("went_well", "was_hard", "next_time")


class CourseReport(Tenanted, Model):
    """The report of a course. `version` grows with each change, so that the second of two writers is told what the first one wrote."""

    __tablename__ = "course_reports"
    __table_args__ = (key_to("courses", "course_id"), sa.UniqueConstraint("collective_id", "course_id"))

    course_id: Mapped[UUID]
    went_well_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    was_hard_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    next_time_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    by_user: Mapped[UUID | None]
    at: Mapped[Instant]
    version: Mapped[int] = mapped_column(default=0)
    went_well = Sealed()
    was_hard = Sealed()
    next_time = Sealed()

    def texts(self) -> dict[str, str]:
        """The three parts, empty where nothing was written."""
        return {part: getattr(self, part) or "" for part in PARTS}


def report_on(course_id: UUID) -> Select[CourseReport]:
    """The report of a course, if there is one."""
    return select(CourseReport).where(CourseReport.course_id == course_id)


def write_report(course: Course, report: CourseReport | None, texts: dict[str, str]) -> CourseReport:
    """Write the report, or write over it."""
    if report is None:
        report = CourseReport(course_id=course.id)
        db.session.add(report)
    for part in PARTS:
        setattr(report, part, texts[part] or None)
    report.version, report.by_user, report.at = (report.version or 0) + 1, place().user_id, now()
    journal.note("reported", "course", course.id)
    return report
