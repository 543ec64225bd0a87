"""Course plans: the head's, in versions. A version never changes; a course keeps the one it started with."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Instant, Model, new_id
from tenants.rows import Global

WORDS = ("title", "aim", "outline", "materials", "advice")


class Worded:
    """Texts in the languages of the house: French, and English under the same name with `_en`."""

    def word(self, name: str, language: str) -> str:
        """A text in a language of the house."""
        return str(getattr(self, f"{name}_en" if language == "en" else name))


class CoursePlan(Worded, Global, Model):
    """One version of the plan. `needed` says how many sessions one attends to complete the course."""

    __tablename__ = "course_plans"
    __table_args__ = (sa.UniqueConstraint("version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(120))
    title_en: Mapped[str] = mapped_column(sa.String(120))
    needed: Mapped[int] = mapped_column(sa.SmallInteger)
    # Ours, as long as the head has not made it its own.
    is_proposal: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[Instant]


class SessionPlan(Worded, Global, Model):
    """What one session is for, how it goes, what it takes."""

    __tablename__ = "session_plans"

    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("course_plans.id"), primary_key=True)
    position: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    minutes: Mapped[int] = mapped_column(sa.SmallInteger)
    title: Mapped[str] = mapped_column(sa.String(120))
    title_en: Mapped[str] = mapped_column(sa.String(120))
    aim: Mapped[str] = mapped_column(sa.Text)
    aim_en: Mapped[str] = mapped_column(sa.Text)
    outline: Mapped[str] = mapped_column(sa.Text)
    outline_en: Mapped[str] = mapped_column(sa.Text)
    materials: Mapped[str] = mapped_column(sa.Text)
    materials_en: Mapped[str] = mapped_column(sa.Text)
    advice: Mapped[str] = mapped_column(sa.Text)
    advice_en: Mapped[str] = mapped_column(sa.Text)

    def copied(self, plan_id: UUID, **changes: object) -> "SessionPlan":
        """The same session in another version, with some texts changed."""
        kept = {name: getattr(self, name) for word in WORDS for name in (word, f"{word}_en")}
        return SessionPlan(**{**kept, "position": self.position, "minutes": self.minutes, **changes, "plan_id": plan_id})


def plans() -> Select[CoursePlan]:
    """All versions, the latest first: the one that a new course takes."""
    return select(CoursePlan).order_by(CoursePlan.version.desc())


def sessions_of(plan_id: UUID) -> Select[SessionPlan]:
    """The sessions of a version, in their order."""
    return select(SessionPlan).where(SessionPlan.plan_id == plan_id).order_by(SessionPlan.position)
