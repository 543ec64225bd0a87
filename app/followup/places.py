"""Places of an activity: who says that they come, of those accompanied and of the team, and who waits for a place."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Mapped

from app.db import Instant, Model, db, new_id, now
from app.followup.activities import Activity, ActivityGuest, Answer
from app.followup.gatherings import GatheringState
from app.people.closings import ends
from app.people.models import Person
from app.people.tasks import settle_kind
from tenants.models import Membership, members
from tenants.rows import Tenanted, insert_once, key_to
from tenants.scope import here


class TeamAnswer(Tenanted, Model):
    """Whether a member of the team comes. After a change of date they are asked again: the row goes."""

    __tablename__ = "team_answers"
    __table_args__ = (
        key_to("activities", "activity_id"),
        key_to("memberships", "member_id"),
        sa.UniqueConstraint("collective_id", "activity_id", "member_id"),
    )

    activity_id: Mapped[UUID]
    member_id: Mapped[UUID]
    comes: Mapped[bool]
    at: Mapped[Instant]


def answers_of_team(activity_id: UUID) -> Select[TeamAnswer]:
    """What the present members of the team said, the first first."""
    present = members().with_only_columns(Membership.id).order_by(None)
    query = select(TeamAnswer).where(TeamAnswer.activity_id == activity_id, TeamAnswer.member_id.in_(present))
    return query.order_by(TeamAnswer.at, TeamAnswer.id)


def count_coming(activity_id: UUID) -> int:
    """How many said that they come, guests and team."""
    guests = select(func.count()).select_from(ActivityGuest)
    number = db.session.scalar(guests.where(ActivityGuest.activity_id == activity_id, ActivityGuest.answer == Answer.coming)) or 0
    return number + sum(each.comes for each in db.session.scalars(answers_of_team(activity_id)))


def is_full(activity: Activity) -> bool:
    """Whether as many said that they come as there are places."""
    if activity.places is None:
        return False
    # One answer at a time, so that the last place is not given twice.
    db.session.execute(select(Activity.id).where(Activity.id == activity.id).with_for_update())
    return count_coming(activity.id) >= activity.places


def note_that_told(guest: ActivityGuest) -> None:
    """They know that it is cancelled: nobody calls them any more."""
    if guest.answer == Answer.again:
        guest.answer, guest.at = Answer.not_coming, now()


def reply(activity: Activity, guest: ActivityGuest, said: Answer) -> None:
    """Keep what a guest said. Whoever would come where all places are taken waits for one, since the day they first said so."""
    if said in (Answer.coming, Answer.waiting) and guest.answer != Answer.coming:
        said = Answer.waiting if is_full(activity) else Answer.coming
    if said != guest.answer:
        guest.answer, guest.at = said, now()


def reply_of_team(activity: Activity, member_id: UUID, comes: bool) -> bool:
    """Keep what a member said. False, and nothing kept, if they would come and all places are taken."""
    mine = select(TeamAnswer).where(TeamAnswer.activity_id == activity.id, TeamAnswer.member_id == member_id)
    known = db.session.scalar(mine)
    if comes and not (known and known.comes) and is_full(activity):
        return False
    # Two taps at once are one answer.
    insert_once(TeamAnswer, [{"id": new_id(), "activity_id": activity.id, "member_id": member_id, "comes": comes}], key=("activity_id", "member_id"))
    db.session.scalars(mine).one().comes = comes
    return True


def call_the_waiting(activity: Activity) -> int:
    """Where places are free, as many of those who wait are to be phoned, the first who said so first. Returns how many."""
    if not activity.is_open or is_full(activity):
        return 0
    free = activity.places - count_coming(activity.id) if activity.places else None
    waiting = select(ActivityGuest).where(ActivityGuest.activity_id == activity.id, ActivityGuest.answer == Answer.waiting)
    called = db.session.scalars(waiting.order_by(ActivityGuest.at, ActivityGuest.id).limit(free)).all()
    for guest in called:
        guest.answer, guest.at = Answer.again, now()
    return len(called)


def ask_again(activity: Activity) -> int:
    """After a change: whoever had said that they come, or would, is to be phoned again; the team answers anew. Returns how many to phone."""
    said_yes = ActivityGuest.answer.in_((Answer.coming, Answer.waiting))
    again = sa.update(ActivityGuest).where(ActivityGuest.activity_id == activity.id, said_yes).values(answer=Answer.again, at=now())
    db.session.execute(sa.delete(TeamAnswer).where(TeamAnswer.activity_id == activity.id))
    return len(db.session.execute(again.returning(ActivityGuest.id)).all())


@ends
def ask_along_no_more(person: Person, _on: date) -> None:
    """After a death they are on no list to phone, for what is still to come or was cancelled; whoever waits for their place is called."""
    if not person.has_died:
        return
    told = select(Activity.id).where(Activity.state.in_((GatheringState.planned, GatheringState.cancelled)))
    gone = sa.delete(ActivityGuest).where(ActivityGuest.person_id == person.id, ActivityGuest.activity_id.in_(told))
    for activity_id in db.session.scalars(gone.returning(ActivityGuest.activity_id)).all():
        call_the_waiting(db.session.get_one(Activity, (here(), activity_id)))
    settle_kind("activity_calls")
