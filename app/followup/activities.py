"""Activities: what is done together. Planned or only an idea; with guests to phone; sometimes carried by someone who is accompanied."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy_utils import ChoiceType

from app.db import Instant, Model, db, new_id
from app.followup.gatherings import Gathering, GatheringState, mark
from app.people.erasure import erases, keeps, says
from app.people.models import Person, Stage
from app.people.path import step
from tenants import journal
from tenants.keys import EMPTY, Sealed
from tenants.rows import Tenanted, belongs_to, insert_once, key_to
from tenants.scope import here, place


class ActivityKind(StrEnum):
    """What one does."""

    meal = "meal"
    workshop = "workshop"
    outing = "outing"
    cafe = "cafe"
    walk = "walk"


class Answer(StrEnum):
    """What a guest said. Asked is to be phoned; waiting would come if there were a place; again had said yes before something changed."""

    asked = "asked"
    again = "again"
    waiting = "waiting"
    coming = "coming"
    not_coming = "not_coming"


class Activity(Gathering, Tenanted, Model):
    """One activity. An idea has no day. `invited_at` says since when members know of it."""

    noun = "activity"
    __tablename__ = "activities"
    stamped = True
    __table_args__ = (sa.Index("ix_activities_collective_id_day", "collective_id", "day"),)

    kind: Mapped[ActivityKind] = mapped_column(ChoiceType(ActivityKind, impl=sa.String(8)))
    title: Mapped[str] = mapped_column(sa.String(80))
    about: Mapped[str] = mapped_column(sa.Text, default="")
    # Who had the idea, in the words of the team: perhaps an inhabitant, hence sealed.
    idea_of_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    day: Mapped[date | None]
    places: Mapped[int | None] = mapped_column(sa.SmallInteger)
    invited_at: Mapped[datetime | None]
    planned_by: Mapped[UUID | None]
    idea_of = Sealed()


class ActivityGuest(Tenanted, Model):
    """Someone who is accompanied and is asked along. After a change of date they are asked again."""

    __tablename__ = "activity_guests"
    stamped = True
    __table_args__ = (
        key_to("activities", "activity_id"),
        key_to("persons", "person_id"),
        sa.UniqueConstraint("collective_id", "activity_id", "person_id"),
        sa.Index("ix_activity_guests_collective_id_person_id", "collective_id", "person_id"),
    )

    activity_id: Mapped[UUID]
    person_id: Mapped[UUID]
    answer: Mapped[Answer] = mapped_column(ChoiceType(Answer, impl=sa.String(10)), default=Answer.asked)
    by_user: Mapped[UUID | None]
    at: Mapped[Instant]

    person: Mapped[Person] = belongs_to("ActivityGuest.person_id", "Person")


class Carrier(Tenanted, Model):
    """Someone who is accompanied and carries an activity, with their agreement that it is noted, in their words."""

    __tablename__ = "carriers"
    __table_args__ = (
        key_to("activities", "activity_id"),
        key_to("persons", "person_id"),
        sa.UniqueConstraint("collective_id", "activity_id", "person_id"),
        sa.Index("ix_carriers_collective_id_person_id", "collective_id", "person_id"),
    )

    activity_id: Mapped[UUID]
    person_id: Mapped[UUID]
    on: Mapped[date]
    words_sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    by_user: Mapped[UUID | None]
    at: Mapped[Instant]
    words = Sealed()

    person: Mapped[Person] = belongs_to("Carrier.person_id", "Person")
    activity: Mapped[Activity] = belongs_to("Carrier.activity_id", "Activity")


def carry(activity: Activity, person: Person, words: str, on: date, carrier_id: UUID) -> bool:
    """Someone carries an activity. Their path moves to engaged where it stands before that; returns whether it moved.

    It never moves back, and taking the carrying away does not move it either: that is a step to be taken with a reason.
    """
    if db.session.scalar(select(Carrier.id).where(Carrier.activity_id == activity.id, Carrier.person_id == person.id)):
        return False
    db.session.add(Carrier(id=carrier_id, activity_id=activity.id, person_id=person.id, on=on, words=words, by_user=place().user_id))
    journal.note("carries", "person", person.id)
    person.seen(on)
    mark(activity.day or on)
    moves = person.stage in (Stage.spotted, Stage.met, Stage.accompanied)
    if moves:
        # The step is the carrier's twin: sent twice, it is taken once.
        step(person, Stage.engaged, max(on, person.stage_on), carrier_id)
    return moves


def carriers_of(activity_id: UUID) -> Select[Carrier]:
    """Who carries an activity."""
    return select(Carrier).where(Carrier.activity_id == activity_id).order_by(Carrier.at, Carrier.id)


def guests_of(activity_id: UUID) -> Select[ActivityGuest]:
    """Who was asked along."""
    return select(ActivityGuest).where(ActivityGuest.activity_id == activity_id).order_by(ActivityGuest.at, ActivityGuest.id)


def invite(activity: Activity, person_ids: list[UUID]) -> int:
    """Put people on the list to phone; who is on it already keeps their answer. Returns how many are new."""
    rows = [{"id": new_id(), "activity_id": activity.id, "person_id": each, "by_user": place().user_id} for each in person_ids]
    return insert_once(ActivityGuest, rows, key=("activity_id", "person_id"))


def activities(which: str, today: date) -> Select[Activity]:
    """Those to come (the next first), the ideas (the newest first), or those of the past (the latest first)."""
    if which == "idees":
        return select(Activity).where(Activity.state == GatheringState.idea).order_by(Activity.at.desc(), Activity.id)
    if which == "passees":
        return select(Activity).where(Activity.day < today).order_by(Activity.day.desc(), Activity.id)
    return select(Activity).where(Activity.day >= today).order_by(Activity.day, Activity.begins, Activity.id)


def known_activity(activity_id: UUID) -> Activity | None:
    """The activity that a form made before, if it did."""
    return db.session.get(Activity, (here(), activity_id))


keeps(Carrier, "by_user", words_sealed=EMPTY)


@erases
def forget_whose_idea(person_id: UUID, names: Sequence[str]) -> None:
    """Whose idea an activity was is free text: it goes where it says their name, and where they carried the activity, whoever it says."""
    carried = set(db.session.scalars(select(Carrier.activity_id).where(Carrier.person_id == person_id)))
    for activity in db.session.scalars(select(Activity).where(Activity.idea_of_sealed.is_not(None))):
        if activity.id in carried or says(activity.idea_of, names):
            activity.idea_of = None
