"""Completion: how many of the planned sessions someone attended, and whether they can still reach what the plan asks for."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select

from app.db import db
from app.training.models import Course, SessionState, TrainingSession, sessions_of_course
from app.training.participants import Participant, enrolled
from app.training.presence import THERE, Attendance


@dataclass(frozen=True, slots=True)
class Standing:
    """Where someone is: sessions attended, sessions still to come, and how many are needed."""

    attended: int
    held: int
    ahead: int
    needed: int

    @property
    def is_done(self) -> bool:
        """Whether the course is completed."""
        return self.attended >= self.needed

    @property
    def is_out_of_reach(self) -> bool:
        """Whether coming to all that is left would not be enough."""
        return self.attended + self.ahead < self.needed

    @property
    def must_come(self) -> bool:
        """Whether one more absence would be one too many."""
        return not self.is_done and self.attended + self.ahead == self.needed


def attended(*course_ids: UUID) -> Select[UUID, int]:
    """(participant, position) of each session that participants of some courses attended, in whichever course."""
    joined = (Attendance.session_id == TrainingSession.id) & (Attendance.collective_id == TrainingSession.collective_id)
    mine = select(Participant.id).where(Participant.course_id.in_(course_ids))
    query = select(Attendance.participant_id, TrainingSession.position).join(TrainingSession, joined).distinct()
    return query.where(Attendance.participant_id.in_(mine), Attendance.state.in_(THERE), TrainingSession.state != SessionState.cancelled)


def standings(course: Course, needed: int, sessions: list[TrainingSession] | None = None) -> dict[UUID, Standing]:
    """The standing of everyone with a place. A position attended elsewhere is attended, and is no longer ahead."""
    sessions = sessions if sessions is not None else list(db.session.scalars(sessions_of_course(course.id)))
    been: dict[UUID, set[int]] = {}
    for participant_id, position in db.session.execute(attended(course.id)):
        been.setdefault(participant_id, set()).add(position)
    held = sum(each.state == SessionState.held for each in sessions)
    planned = {each.position for each in sessions if each.state == SessionState.planned}
    return {
        each.id: Standing(len(been.get(each.id, ())), held, len(planned - been.get(each.id, set())), needed)
        for each in db.session.scalars(enrolled(course.id))
    }


def candidates(course: Course, position: int) -> list[Participant]:
    """Who of other courses of this collective may catch a session up: has a place there and has not attended this position."""
    others = db.session.scalars(select(Course.id).where(Course.id != course.id)).all()
    been = {who for who, where in db.session.execute(attended(*others)) if where == position}
    return [each for each in db.session.scalars(enrolled(*others)) if each.id not in been]
