"""Catching up: who can no longer complete with what is left, and where a session that was missed is held again."""

from collections.abc import Collection, Iterable
from datetime import date, time
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.db import db
from app.training.agenda import AgendaLine
from app.training.completion import Standing, attended, standings
from app.training.models import Course, SessionState, TrainingSession, sessions_of_course
from app.training.participants import Participant, enrolled
from app.training.plans import CoursePlan
from tenants.models import Membership
from tenants.scope import here, place, speak_as


def under_way() -> Select[Course]:
    """Courses that are not over."""
    return select(Course).where(Course.completed_at.is_(None)).order_by(Course.opened_at, Course.id)


def out_of_reach(course: Course) -> list[Participant]:
    """Who can no longer complete this course with the sessions that are left."""
    group = standings(course, db.session.get_one(CoursePlan, course.plan_id).needed)
    lost = {who for who, standing in group.items() if standing.is_out_of_reach}
    return [each for each in db.session.scalars(enrolled(course.id)) if each.id in lost]


def missed(course: Course) -> dict[UUID, set[int]]:
    """For each participant the positions they have not attended and that their own course does not hold again."""
    sessions = db.session.scalars(sessions_of_course(course.id)).all()
    gone = {each.position for each in sessions if each.state != SessionState.planned}
    been: dict[UUID, set[int]] = {}
    for participant_id, position in db.session.execute(attended(course.id)):
        been.setdefault(participant_id, set()).add(position)
    return {each.id: gone - been.get(each.id, set()) for each in db.session.scalars(enrolled(course.id))}


def chances(course: Course, positions: Collection[int], today: date) -> list[TrainingSession]:
    """Sessions of other courses of this collective that are still to come, at some positions of the plan; the next first."""
    joined = (Course.id == TrainingSession.course_id) & (Course.collective_id == TrainingSession.collective_id)
    query = (
        select(TrainingSession)
        .join(Course, joined)
        .options(joinedload(TrainingSession.course))
        .where(
            TrainingSession.course_id != course.id,
            TrainingSession.state == SessionState.planned,
            TrainingSession.day >= today,
            TrainingSession.position.in_(positions),
            Course.completed_at.is_(None),
        )
    )
    return list(db.session.scalars(query.order_by(TrainingSession.day, TrainingSession.begins, TrainingSession.id)))


def chances_of(course: Course, group: dict[UUID, Standing], today: date) -> dict[UUID, list[TrainingSession]]:
    """For each participant who can no longer complete, where they can catch up."""
    lost = {who for who, standing in group.items() if standing.is_out_of_reach}
    gaps = {who: positions for who, positions in missed(course).items() if who in lost} if lost else {}
    every = chances(course, set().union(*gaps.values()), today) if gaps else []
    return {who: [each for each in every if each.position in positions] for who, positions in gaps.items()}


def dates_elsewhere(user_id: UUID, positions: Iterable[int], today: date) -> list[tuple[int, date, time]]:
    """Position, day and hour of sessions that a trainer holds in their other collectives: dates, and no name of anything.

    From the agenda, which a trainer may read from outside (`Mine`). Asked of the tables: the ORM would see this collective alone.
    """
    lines, members = AgendaLine.__table__.c, Membership.__table__.c
    held_there = sa.exists().where(members.collective_id == lines.collective_id, members.user_id == user_id, members.left_at.is_(None))
    query = select(lines.position, lines.day, lines.begins).where(
        lines.user_id == user_id,
        lines.collective_id != here(),
        lines.position.in_(list(positions)),
        lines.day >= today,
        lines.state == SessionState.planned.value,
        held_there,
    )
    before = place().user_id
    speak_as(user_id)
    try:
        return [(row.position, row.day, row.begins) for row in db.session.execute(query.order_by(lines.day, lines.begins))]
    finally:
        speak_as(before)
