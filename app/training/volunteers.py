"""Whether volunteers who completed a course go out afterwards: within three months, in a round that was closed."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import select

from app.accounts.models import User
from app.db import db
from app.outreach.models import Round, RoundMember, RoundState
from app.training.models import Course, SessionState, TrainingSession
from app.training.participants import Participant, ParticipantKind, enrolled, folded
from app.training.plans import CoursePlan
from app.training.presence import THERE, Attendance
from tenants.models import Membership

WITHIN = timedelta(days=92)


def _days_there(participant_ids: Iterable[UUID]) -> dict[UUID, list[date]]:
    """The days on which each attended, one for each position of the plan, the first one first."""
    joined = (Attendance.session_id == TrainingSession.id) & (Attendance.collective_id == TrainingSession.collective_id)
    query = (
        select(Attendance.participant_id, sa.func.min(TrainingSession.day).label("day"))
        .join(TrainingSession, joined)
        .where(Attendance.participant_id.in_(list(participant_ids)), Attendance.state.in_(THERE), TrainingSession.state != SessionState.cancelled)
        .group_by(Attendance.participant_id, TrainingSession.position)
        .order_by(sa.text("day"))
    )
    days: dict[UUID, list[date]] = {}
    for participant_id, day in db.session.execute(query):
        days.setdefault(participant_id, []).append(day)
    return days


def completed_between(start: date, end: date) -> list[tuple[Participant, date]]:
    """Volunteers who attended the last session they needed between two days, the first included, with that day."""
    near = select(TrainingSession.course_id).where(TrainingSession.day >= start, TrainingSession.day < end)
    # Whoever caught up in another course completed their own on that day.
    guests = select(Participant.course_id).join(
        Attendance, (Attendance.participant_id == Participant.id) & (Attendance.collective_id == Participant.collective_id)
    )
    held = select(TrainingSession.id).where(TrainingSession.day >= start, TrainingSession.day < end)
    courses = db.session.scalars(select(Course).where(Course.id.in_(near) | Course.id.in_(guests.where(Attendance.session_id.in_(held))))).all()
    found = []
    for course in courses:
        needed = db.session.get_one(CoursePlan, course.plan_id).needed
        volunteers = [each for each in db.session.scalars(enrolled(course.id)) if each.kind == ParticipantKind.volunteer]
        days = _days_there(each.id for each in volunteers)
        found += [(each, day) for each in volunteers if (day := _nth(days.get(each.id, []), needed)) and start <= day < end]
    return found


def _nth(days: list[date], needed: int) -> date | None:
    return days[needed - 1] if len(days) >= needed else None


def rounds_by_member() -> dict[UUID, list[date]]:
    """The days of the closed rounds of each member."""
    joined = (Round.id == RoundMember.round_id) & (Round.collective_id == RoundMember.collective_id)
    days: dict[UUID, list[date]] = {}
    for membership_id, day in db.session.execute(
        select(RoundMember.membership_id, Round.day).join(Round, joined).where(Round.state == RoundState.closed)
    ):
        days.setdefault(membership_id, []).append(day)
    return days


def became_active(completed: list[tuple[Participant, date]]) -> int:
    """How many of them are members, by their mail address or by their name, and went on a closed round within three months."""
    if not completed:
        return 0
    accounts = db.session.execute(select(Membership.id, Membership.display_name, User.email).join(User, User.id == Membership.user_id)).all()
    by_mail = {str(row.email).lower(): row.id for row in accounts}
    by_name: dict[str, list[UUID]] = {}
    for row in accounts:
        by_name.setdefault(folded(row.display_name), []).append(row.id)
    rounds = rounds_by_member()
    active = 0
    for participant, day in completed:
        same = by_name.get(folded(participant.name), [])
        member = by_mail.get((participant.mail or "").lower()) or (same[0] if len(same) == 1 else None)
        active += any(day <= each <= day + WITHIN for each in rounds.get(member, [])) if member else False
    return active


def completions_to_watch(today: date) -> list[date]:
    """A day in each month in which someone completed and may still become active, or may have until yesterday."""
    months = {day.replace(day=1) for _who, day in completed_between(today - WITHIN - timedelta(days=1), today + timedelta(days=1))}
    return sorted(months)
