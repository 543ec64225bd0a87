"""The end of files: announced twice, then done."""

from datetime import date
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.db import db, new_id
from app.followup.endings import Due, FileEnding, due_of, end_of, ending_for, near_their_end
from app.people.erasure import erase
from app.people.models import Person
from app.people.pairs import Pair, companions
from tenants.models import Collective, Role, members
from tenants.months import today_in
from tenants.scope import here
from workers.people import tell_member
from workers.queue import job, later


@job
def end_files() -> None:
    """At night: announce the files that end, erase those whose day has come, and forget the announcement where there was a contact."""
    today = today_in(db.session.get_one(Collective, here()).time_zone)
    told: set[UUID] = set()
    for person, ending in near_their_end(today):
        due = due_of(person, ending, today)
        if due == Due.erase:
            erase(person, new_id(), asked=False)
        elif due == Due.renewed and ending is not None:
            ending.first_told_on = ending.second_told_on = None
        elif due != Due.nothing:
            _announce(ending_for(person.id), due, today)
            # After a death no mail leaves; the coordination finds a task.
            told |= set() if person.has_died else _who_decides(person)
    for member_id in sorted(told):
        later("send_endings", member_id)


def _announce(ending: FileEnding, due: Due, today: date) -> None:
    if due == Due.first:
        ending.first_told_on = today
    else:
        ending.second_told_on = today


def _who_decides(person: Person) -> set[UUID]:
    pairs = db.session.scalars(select(Pair).where(Pair.person_id == person.id)).all()
    return {each.id for each in db.session.scalars(members(Role.coordinator))} | companions(pairs)


@job
def send_endings(member_id: str) -> None:
    """Tell a member how many files end and when the first does; the mail names nobody."""
    who = UUID(member_id)
    announced = (
        select(Person, FileEnding)
        .join(FileEnding, (FileEnding.collective_id == Person.collective_id) & (FileEnding.person_id == Person.id))
        .where(FileEnding.first_told_on.is_not(None))
    )
    mine = [(person, ending) for person, ending in db.session.execute(announced) if who in _who_decides(person)]
    if mine:
        first = min(end_of(person, ending) for person, ending in mine)
        subject = _l("Des fiches arrivent à leur terme")
        tell_member(who, "endings", subject, "workspace.tasks.index", number=len(mine), first=first)
