"""Documents that the head adds to a session of its plan: handouts for all collectives, with nothing about anybody in them."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Instant, Model, new_id
from tenants.rows import Global

LARGEST = 10 * 1024 * 1024
PDF = b"%PDF-"


class PlanDocument(Global, Model):
    """A PDF. It never changes; a version of the plan holds it or does not."""

    __tablename__ = "plan_documents"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    filename: Mapped[str] = mapped_column(sa.String(120))
    size: Mapped[int]
    # Read for a download alone, not for a list.
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    added_at: Mapped[Instant]


class SessionDocument(Global, Model):
    """A document beside one session of one version of the plan."""

    __tablename__ = "session_documents"

    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("course_plans.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    document_id: Mapped[UUID] = mapped_column(sa.ForeignKey("plan_documents.id"), primary_key=True)


def links_of(plan_id: UUID) -> Select[SessionDocument]:
    """All documents of a version, with the session each belongs to."""
    return select(SessionDocument).where(SessionDocument.plan_id == plan_id).order_by(SessionDocument.position, SessionDocument.document_id)


def documents_of(plan_id: UUID, position: int) -> Select[PlanDocument]:
    """The documents of one session of a version, in the order in which they were added."""
    held = select(SessionDocument.document_id).where(SessionDocument.plan_id == plan_id, SessionDocument.position == position)
    return select(PlanDocument).where(PlanDocument.id.in_(held)).order_by(PlanDocument.added_at, PlanDocument.id)
