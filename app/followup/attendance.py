"""Who came: people one knows by a tap, everybody else by a counter. Several may note at once; nothing is overwritten."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Instant, Model, db, new_id, now
from app.followup.activities import Activity
from app.followup.drop_ins import DropIn
from app.followup.gatherings import GatheringState, become, mark
from app.people.erasure import keeps
from app.people.models import Person
from app.referral.referrals import Referral
from tenants import journal
from tenants.rows import Tenanted, insert_once, key_to
from tenants.scope import place

MOST_AT_ONCE = 50


class Visit:
    """Someone known was there. `seen_before` is when they had last been seen, so that a wrong tap can be taken back whole."""

    person_id: Mapped[UUID]
    seen_before: Mapped[date | None]
    by_user: Mapped[UUID | None]
    at: Mapped[Instant]


class Tally:
    """One tap on the counter: so many people whom nobody asked for a name. The id is the gesture's, made on the phone."""

    number: Mapped[int] = mapped_column(sa.SmallInteger, default=1)
    by_user: Mapped[UUID | None]
    at: Mapped[Instant]
    undone_at: Mapped[datetime | None]


class DropInVisit(Visit, Tenanted, Model):
    """A visit to a permanence."""

    __tablename__ = "drop_in_visits"
    __table_args__ = (
        key_to("drop_ins", "drop_in_id"),
        key_to("persons", "person_id"),
        sa.UniqueConstraint("collective_id", "drop_in_id", "person_id"),
        sa.Index("ix_drop_in_visits_collective_id_person_id", "collective_id", "person_id"),
    )
    drop_in_id: Mapped[UUID]


class DropInTally(Tally, Tenanted, Model):
    """Visitors of a permanence."""

    __tablename__ = "drop_in_tallies"
    __table_args__ = (
        key_to("drop_ins", "drop_in_id"),
        sa.Index("ix_drop_in_tallies_collective_id_drop_in_id", "collective_id", "drop_in_id"),
        sa.CheckConstraint(f"number between 1 and {MOST_AT_ONCE}", name="number"),
    )
    drop_in_id: Mapped[UUID]


class ActivityVisit(Visit, Tenanted, Model):
    """Someone known who took part in an activity."""

    __tablename__ = "activity_visits"
    __table_args__ = (
        key_to("activities", "activity_id"),
        key_to("persons", "person_id"),
        sa.UniqueConstraint("collective_id", "activity_id", "person_id"),
        sa.Index("ix_activity_visits_collective_id_person_id", "collective_id", "person_id"),
    )
    activity_id: Mapped[UUID]


class ActivityTally(Tally, Tenanted, Model):
    """Others who took part in an activity."""

    __tablename__ = "activity_tallies"
    __table_args__ = (
        key_to("activities", "activity_id"),
        sa.Index("ix_activity_tallies_collective_id_activity_id", "collective_id", "activity_id"),
        sa.CheckConstraint(f"number between 1 and {MOST_AT_ONCE}", name="number"),
    )
    activity_id: Mapped[UUID]


Noted = DropIn | Activity
# For each noun: where visits and tallies are kept, and the column that points back.
TABLES: dict[str, tuple[Any, Any, str]] = {
    DropIn.noun: (DropInVisit, DropInTally, "drop_in_id"),
    Activity.noun: (ActivityVisit, ActivityTally, "activity_id"),
}


def hold(noted: Noted) -> None:
    """It takes place: whoever notes something says so without being asked."""
    if noted.state == GatheringState.planned:
        become(noted, GatheringState.held)
    mark(noted.day)


def came(noted: Noted, person: Person, day: date) -> None:
    """Someone known was there: it is a contact. The same tap twice is one visit."""
    visit, _tally, key = TABLES[noted.noun]
    row = {"id": new_id(), key: noted.id, "person_id": person.id, "seen_before": person.last_seen_on, "by_user": place().user_id}
    if insert_once(visit, [row], key=(key, "person_id")):
        person.seen(day)
        journal.note(f"came to {noted.noun}", "person", person.id)
    hold(noted)


def did_not_come(noted: Noted, person: Person, day: date) -> None:
    """A tap is taken back, and with it the contact, unless there was a later one."""
    visit, _tally, key = TABLES[noted.noun]
    row = db.session.scalar(select(visit).where(getattr(visit, key) == noted.id, visit.person_id == person.id))
    if row is None:
        return
    if person.last_seen_on == day:
        person.last_seen_on = row.seen_before
    db.session.delete(row)
    journal.note(f"did not come to {noted.noun}", "person", person.id)
    mark(noted.day)


def there(noted: Noted) -> set[UUID]:
    """Ids of the people whose presence is noted."""
    visit, _tally, key = TABLES[noted.noun]
    return set(db.session.scalars(select(visit.person_id).where(getattr(visit, key) == noted.id)))


def tally(noted: Noted, number: int, gesture_id: UUID) -> int:
    """Count visitors, in one gesture. Returns 0 if the gesture is already known."""
    _visit, tallies, key = TABLES[noted.noun]
    fresh = insert_once(tallies, [{"id": gesture_id, key: noted.id, "number": number, "by_user": place().user_id}])
    if fresh:
        hold(noted)
        journal.note("counted", noted.noun, noted.id)
    return fresh


def take_back(noted: Noted, gesture_id: UUID) -> int:
    """Take one gesture of the present user back. Returns 0 if it was already, or is another's."""
    _visit, tallies, key = TABLES[noted.noun]
    own = (getattr(tallies, key) == noted.id, tallies.id == gesture_id, tallies.by_user == place().user_id, tallies.undone_at.is_(None))
    statement = update(tallies).where(*own).values(undone_at=now()).returning(tallies.id).execution_options(synchronize_session=False)
    undone = len(db.session.execute(statement).all())
    if undone:
        journal.note("undid", noted.noun, noted.id)
        mark(noted.day)
    return undone


def counted(noun: str, *ids: UUID) -> dict[UUID, tuple[int, int]]:
    """For some permanences or activities: how many known people came, and how many others."""
    visit, tallies, key = TABLES[noun]
    known = select(getattr(visit, key), func.count()).where(getattr(visit, key).in_(ids)).group_by(getattr(visit, key))
    others = select(getattr(tallies, key), func.sum(tallies.number)).where(getattr(tallies, key).in_(ids), tallies.undone_at.is_(None))
    by_name: dict[UUID, int] = dict(db.session.execute(known).all())
    by_number: dict[UUID, int] = dict(db.session.execute(others.group_by(getattr(tallies, key))).all())
    return {each: (int(by_name.get(each, 0)), int(by_number.get(each, 0))) for each in ids}


def referred_from(noted: Noted) -> int:
    """How many of those who came were referred to a place on that day."""
    visit, _tally, key = TABLES[noted.noun]
    came_ = select(visit.person_id).where(getattr(visit, key) == noted.id)
    return db.session.scalar(select(func.count()).select_from(Referral).where(Referral.sent_on == noted.day, Referral.person_id.in_(came_))) or 0


def last_tally(noted: Noted, user_id: UUID) -> Any:
    """The latest tap of someone that still stands."""
    _visit, tallies, key = TABLES[noted.noun]
    query = select(tallies).where(getattr(tallies, key) == noted.id, tallies.by_user == user_id, tallies.undone_at.is_(None))
    return db.session.scalar(query.order_by(tallies.at.desc(), tallies.id.desc()).limit(1))


def came_to(kind: Any, person_id: UUID) -> Select[*tuple[Any, ...]]:
    """The permanences, or the activities, that someone came to."""
    visit, _tally, key = TABLES[kind.noun]
    return select(kind).where(kind.id.in_(select(getattr(visit, key)).where(visit.person_id == person_id)), kind.day.is_not(None))


def visits_of(person_id: UUID) -> list[tuple[Noted, date]]:
    """What someone came to, with its day."""
    return [(each, each.day) for kind in (DropIn, Activity) for each in db.session.scalars(came_to(kind, person_id))]


def came_lately(noun: str, ids: list[UUID]) -> list[Person]:
    """The people who came to one of these, to be told when the next is cancelled."""
    visit, _tally, key = TABLES[noun]
    return list(db.session.scalars(select(Person).where(Person.id.in_(select(visit.person_id).where(getattr(visit, key).in_(ids))))))


keeps(DropInVisit, "by_user", "seen_before")
keeps(ActivityVisit, "by_user", "seen_before")
