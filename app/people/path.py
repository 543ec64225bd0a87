"""The path of a person: dated steps, forwards and back, each of which may be taken back with a reason."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy_utils import ChoiceType

from app.db import Instant, Model, db, now
from app.people.models import ClosingReason, Person, Stage
from app.people.pairs import end_pair
from tenants import journal, ledger
from tenants.keys import Sealed
from tenants.rows import Tenanted, belongs_to, key_to
from tenants.scope import place


class PathStep(Tenanted, Model):
    """One step to a stage. Nothing is overwritten: a step that was taken back stays, with the reason."""

    __tablename__ = "path_steps"
    __table_args__ = (
        key_to("persons", "person_id"),
        sa.Index("ix_path_steps_collective_id_person_id", "collective_id", "person_id"),
        sa.Index("ix_path_steps_collective_id_on", "collective_id", "on"),
    )

    person_id: Mapped[UUID]
    stage: Mapped[Stage] = mapped_column(ChoiceType(Stage, impl=sa.String(12)))
    on: Mapped[date]
    reason_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    closed_because: Mapped[ClosingReason | None] = mapped_column(ChoiceType(ClosingReason, impl=sa.String(12)))
    by_user: Mapped[UUID | None]
    at: Mapped[Instant]
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[UUID | None]
    taken_back_because_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    reason = Sealed()
    taken_back_because = Sealed()

    person: Mapped[Person] = belongs_to("PathStep.person_id", "Person")

    @property
    def stands(self) -> bool:
        """Whether it was not taken back."""
        return self.taken_back_at is None


class FirstStep(ValueError):
    """Raised on taking back the step that began the path: the file itself would have to go."""


def steps_of(person_id: UUID) -> Select[PathStep]:
    """All steps of a person as they were taken, those taken back included."""
    return select(PathStep).where(PathStep.person_id == person_id).order_by(PathStep.on, PathStep.at, PathStep.id)


def standing(steps: Sequence[PathStep]) -> list[PathStep]:
    """The steps that were not taken back, in their order."""
    return [step for step in steps if step.stands]


def is_back(person: Person, stage: Stage) -> bool:
    """Whether a stage lies behind where the person stands: such a step needs a reason."""
    order = list(Stage)
    return order.index(stage) < order.index(person.stage)


def step(person: Person, stage: Stage, on: date, step_id: UUID, reason: str | None = None, because: ClosingReason | None = None) -> PathStep:
    """Take a step. The same step sent again answers with the first."""
    known = db.session.get(PathStep, (person.collective_id, step_id))
    if known is not None:
        return known
    taken = PathStep(id=step_id, person_id=person.id, stage=stage, on=on, closed_because=because, by_user=place().user_id)
    taken.reason = reason or None
    db.session.add(taken)
    # The standing steps are read back with this one among them.
    db.session.flush()
    _settle(person)
    if stage in (Stage.met, Stage.accompanied, Stage.engaged):
        person.seen(on)
    if stage == Stage.closed:
        end_pair(person, on)
    ledger.mark(on)
    journal.note("stepped", "person", person.id)
    return taken


def take_back(person: Person, taken: PathStep, reason: str) -> None:
    """Take a step back, saying why. Twice changes nothing. Raises FirstStep."""
    first = standing(db.session.scalars(steps_of(person.id)).all())[0]
    if first.id == taken.id:
        raise FirstStep
    if not taken.stands:
        return
    taken.taken_back_at, taken.taken_back_by, taken.taken_back_because = now(), place().user_id, reason
    db.session.flush()  # The standing steps are read back without this one.
    _settle(person)
    ledger.mark(taken.on)
    journal.note("took a step back", "person", person.id)


def _settle(person: Person) -> None:
    steps = standing(db.session.scalars(steps_of(person.id)).all())
    # An end that was noted after the latest step is the end, whatever its day: a death may be learned of weeks later.
    ends = [each for each in steps if each.stage == Stage.closed and each.at >= steps[-1].at]
    last = max(ends, key=lambda each: each.at, default=steps[-1])
    person.stage, person.stage_on, person.closed_because = last.stage, last.on, last.closed_because
