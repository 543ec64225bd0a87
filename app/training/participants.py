"""Who takes part in a course: a name and one way to reach them. Whether someone is accompanied is not said here."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy_utils import ChoiceType

from app.db import Instant, Model, db, now
from app.training.models import Course
from tenants import journal
from tenants.keys import Sealed
from tenants.rows import Tenanted, belongs_to, key_to


class ParticipantKind(StrEnum):
    """How someone takes part in the collective's life."""

    volunteer = "volunteer"
    inhabitant = "inhabitant"


class Participant(Tenanted, Model):
    """Someone's place in a course, or in the line for one."""

    __tablename__ = "participants"
    __table_args__ = (
        key_to("courses", "course_id"),
        sa.UniqueConstraint("collective_id", "certificate"),
        sa.Index("ix_participants_collective_id_course_id", "collective_id", "course_id"),
    )

    course_id: Mapped[UUID]
    name_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    contact_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    kind: Mapped[ParticipantKind] = mapped_column(ChoiceType(ParticipantKind, impl=sa.String(10)))
    waiting: Mapped[bool] = mapped_column(default=False)
    enrolled_at: Mapped[Instant]
    left_at: Mapped[datetime | None]
    # The code on the certificate, which begins with the collective's own.
    certificate: Mapped[str | None] = mapped_column(sa.String(24))
    certified_on: Mapped[date | None]
    # When trainers and coordination were told that this person can no longer complete; once is enough.
    warned_at: Mapped[datetime | None]
    name = Sealed()
    contact = Sealed()

    course: Mapped[Course] = belongs_to("Participant.course_id", "Course")

    @property
    def mail(self) -> str | None:
        """The address to write to, if that is how they are reached."""
        return self.contact if self.contact and "@" in self.contact else None

    @property
    def phone(self) -> str | None:
        """The digits to dial, if that is how they are reached."""
        digits = re.sub(r"[\s.-]", "", self.contact or "")
        return digits if re.fullmatch(r"\+?\d{9,14}", digits) else None

    @property
    def initials(self) -> str:
        """All that a public page says of a name: "J. L."."""
        return " ".join(f"{part[0].upper()}." for part in re.split(r"[\s-]+", self.name or "") if part)


def folded(text: str | None) -> str:
    """A name without case, accents and marks: how two spellings of one person are compared."""
    plain = unicodedata.normalize("NFKD", text or "").encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9@]+", " ", plain).strip()


def by_name(some: Sequence[Participant]) -> list[Participant]:
    """In the order of the alphabet. In memory: the names are sealed, and a group is small."""
    return sorted(some, key=lambda each: (folded(each.name), each.id))


def enrolled(*course_ids: UUID) -> Select[Participant]:
    """Those with a place, in the order in which they enrolled."""
    query = select(Participant).where(Participant.course_id.in_(course_ids), Participant.left_at.is_(None), Participant.waiting.is_(False))
    return query.order_by(Participant.enrolled_at, Participant.id)


def in_line(course_id: UUID) -> Select[Participant]:
    """Those who wait for a place, the first in line first."""
    query = select(Participant).where(Participant.course_id == course_id, Participant.left_at.is_(None), Participant.waiting)
    return query.order_by(Participant.enrolled_at, Participant.id)


def _alone(course: Course) -> None:
    # Places are given one after another: two who take the last one at once must not both get it.
    db.session.execute(select(Course.id).where(Course.id == course.id).with_for_update())


def known_twin(course: Course, name: str, contact: str) -> Participant | None:
    """The same name with the same contact (or with none) in this course already."""
    every = [*db.session.scalars(enrolled(course.id)), *db.session.scalars(in_line(course.id))]
    same = [each for each in every if folded(each.name) == folded(name)]
    return next((each for each in same if not contact or not each.contact or folded(each.contact) == folded(contact)), None)


def enrol(course: Course, participant_id: UUID, name: str, contact: str, kind: ParticipantKind) -> Participant:
    """Give someone a place, or a place in line if the course is full. An id that is known answers with its row."""
    _alone(course)
    known = db.session.get(Participant, (course.collective_id, participant_id))
    if known is not None:
        return known
    taken = len(db.session.scalars(enrolled(course.id)).all())
    participant = Participant(id=participant_id, course_id=course.id, kind=kind, waiting=taken >= course.maximum)
    participant.name, participant.contact = name, contact or None
    db.session.add(participant)
    journal.note("enrolled", "participant", participant.id)
    return participant


def withdraw(course: Course, participant: Participant) -> list[Participant]:
    """Take someone out; whoever is first in line moves up and is returned."""
    participant.left_at = participant.left_at or now()
    journal.note("withdrew", "participant", participant.id)
    return fill_places(course)


def fill_places(course: Course) -> list[Participant]:
    """Give the places that are free to those first in line. Returns who moved up."""
    _alone(course)
    # The count below must not see a place that was just given back.
    db.session.flush()
    free = max(course.maximum - len(db.session.scalars(enrolled(course.id)).all()), 0)
    following = db.session.scalars(in_line(course.id).limit(free)).all()
    for each in following:
        each.waiting = False
        journal.note("moved up", "participant", each.id)
    return list(following)
