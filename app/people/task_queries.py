"""Which tasks wait, and on whose desk they lie."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, select

from app.people.pairs import Pair
from app.people.tasks import OF_THE_PAIR, Desk, Task, TaskState
from tenants.questions import among

Day = date | sa.ColumnElement[date]


def waiting_tasks(today: Day) -> Select[Task]:
    """What waits on a local date, what has waited longest first."""
    return select(Task).where(Task.state == TaskState.open, Task.due_on <= today).order_by(Task.due_on, Task.id)


def put_off_tasks(today: Day) -> Select[Task]:
    """What waits for a later day, the next first."""
    return select(Task).where(Task.state == TaskState.open, Task.due_on > today).order_by(Task.due_on, Task.id)


def on_the_desk_of(
    member_id: UUID | sa.ColumnElement[UUID], desks: Iterable[Desk] | sa.BindParameter[Any], once: bool = True
) -> sa.ColumnElement[bool]:
    """Which tasks are a member's: their own, those of the people whom they accompany, and those of the desks they stand at.

    What is asked of the pair and of the coordination is one thing for whoever is both: `once` leaves the pair's out.
    """
    mine = select(Pair.person_id).where(Pair.ended_on.is_(None), sa.or_(Pair.one_id == member_id, Pair.other_id == member_id))
    # Distinct from nothing too, so that its contrary says whose the others are.
    at_one = among(Task.desk, desks)
    own = Task.member_id.is_not_distinct_from(member_id)
    accompanies = sa.and_(Task.desk == Desk.pair, Task.person_id.in_(mine))
    if not once:
        return sa.or_(own, accompanies, at_one)
    # The table itself: an alias of the class would have SQLAlchemy look for all its neighbours before they are there.
    other = Task.__table__.alias("other").c
    same = (other.collective_id == Task.collective_id, other.person_id == Task.person_id, other.subject_id == Task.subject_id)
    asked = other.kind == sa.func.replace(Task.kind, OF_THE_PAIR, "")
    asked_already = sa.exists().where(*same, asked, among(other.desk, desks), other.state == TaskState.open)
    return sa.or_(own, sa.and_(accompanies, ~asked_already), at_one)
