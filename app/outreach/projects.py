"""Project support: a project of inhabitants that lives beyond a round, and the steps it took in rounds."""

from datetime import date
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy_utils import ChoiceType

from app.db import Instant, Model
from app.outreach.models import Round
from tenants.keys import Sealed
from tenants.rows import Tenanted, belongs_to, key_to


class ProjectState(StrEnum):
    """How far a project has come."""

    idea = "idea"
    building = "building"
    happened = "happened"
    given_up = "given_up"


OVER = (ProjectState.happened, ProjectState.given_up)


class Project(Tenanted, Model):
    """What some inhabitants want to bring about. Carriers are first names, sealed."""

    __tablename__ = "projects"
    __table_args__ = (sa.Index("ix_projects_collective_id_state", "collective_id", "state"),)

    title: Mapped[str] = mapped_column(sa.String(120))
    carriers_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    state: Mapped[ProjectState] = mapped_column(ChoiceType(ProjectState, impl=sa.String(10)), default=ProjectState.idea)
    next_step: Mapped[str] = mapped_column(sa.String(200), default="")
    next_on: Mapped[date | None]
    opened_at: Mapped[Instant]
    carriers = Sealed()

    @property
    def is_over(self) -> bool:
        """Whether it took place, or was given up."""
        return self.state in OVER

    def go_on(self, next_step: str, next_on: date | None, done: bool) -> None:
        """What comes next. Nothing said leaves what stands; another step has its own day, or none; `done` says that none is left."""
        if done:
            self.next_step, self.next_on = "", None
        elif next_step:
            self.next_step, self.next_on = next_step, next_on
        elif next_on:
            self.next_on = next_on


class ProjectStep(Tenanted, Model):
    """What a round did for a project, and how far it was then. Nothing is overwritten."""

    __tablename__ = "project_steps"
    __table_args__ = (
        key_to("rounds", "round_id"),
        key_to("projects", "project_id"),
        sa.Index("ix_project_steps_collective_id_round_id", "collective_id", "round_id"),
        sa.Index("ix_project_steps_collective_id_project_id", "collective_id", "project_id"),
    )

    round_id: Mapped[UUID]
    project_id: Mapped[UUID]
    state: Mapped[ProjectState] = mapped_column(ChoiceType(ProjectState, impl=sa.String(10)))
    note_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    by_user: Mapped[UUID | None]
    at: Mapped[Instant]
    note = Sealed()

    project: Mapped[Project] = belongs_to("ProjectStep.project_id", "Project")
    round: Mapped[Round] = belongs_to("ProjectStep.round_id", "Round")


def projects() -> Select[Project]:
    """All projects: those under way first, the next date first among them."""
    return select(Project).order_by(Project.state.in_(OVER), Project.next_on.asc().nulls_last(), Project.title, Project.id)


def steps_of(round_id: UUID) -> Select[ProjectStep]:
    """The steps noted in a round, in their order."""
    return select(ProjectStep).where(ProjectStep.round_id == round_id).order_by(ProjectStep.at, ProjectStep.id)
