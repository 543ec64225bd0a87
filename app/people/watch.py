"""What waits for someone, in this room: a pair, a first meeting, a measure; and, at once, a companion who is not back."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, select

from app.db import db
from app.languages import of
from app.people.circles import ContactCircles, due_moment, measures_of
from app.people.home_meetings import HomeMeeting, MeetingState, local_day, overdue, upcoming
from app.people.models import OPEN_STAGES, Person, Stage
from app.people.pairs import Pair
from app.people.story import Waiting, waits
from app.people.tasks import Desk, Said, Task, Wanted, asks


def open_files(person_id: UUID | None) -> Select[Person]:
    """People whom the collective accompanies now: all of them, or the one."""
    query = select(Person).where(Person.stage.in_(OPEN_STAGES))
    return query if person_id is None else query.where(Person.id == person_id)


def _paired(person_id: UUID | None) -> set[UUID]:
    query = select(Pair.person_id).where(Pair.ended_on.is_(None))
    return set(db.session.scalars(query if person_id is None else query.where(Pair.person_id == person_id)))


def say_pair(task: Task, name: str) -> Said:
    """Two companions are missing."""
    return Said(
        _("Trouver un binôme pour %(name)s", name=name),
        _("On accompagne à deux. Des propositions vous attendent."),
        url_for("workspace.people.new_pair", person_id=task.person_id),
        _("Choisir deux personnes"),
    )


@asks("pair", say_pair, "people", counted=lambda n: ngettext("un binôme à trouver", "%(num)d binômes à trouver", n))
def without_a_pair(_today: date, person_id: UUID | None) -> Iterator[Wanted]:
    """Those whom nobody accompanies."""
    paired = _paired(person_id)
    for person in db.session.scalars(open_files(person_id)):
        if person.id not in paired and person.stage in (Stage.spotted, Stage.met, Stage.accompanied):
            yield Wanted(person.id, person.stage_on, person.id)


def say_first_meeting(task: Task, name: str) -> Said:
    """A day and an hour are missing."""
    return Said(
        _("Faire connaissance avec %(name)s", name=name),
        _("Son binôme est prêt. Il manque un jour et une heure."),
        url_for("workspace.people.new_meeting", person_id=task.person_id),
        _("Proposer un rendez-vous"),
    )


@asks(
    "first_meeting", say_first_meeting, counted=lambda n: ngettext("une première rencontre à proposer", "%(num)d premières rencontres à proposer", n)
)
def without_a_first_meeting(_today: date, person_id: UUID | None) -> Iterator[Wanted]:
    """Those who were noticed, have a pair, and whom nobody is about to meet."""
    paired, expected = _paired(person_id), {each.person_id for each in upcoming()}
    for person in db.session.scalars(open_files(person_id).where(Person.stage == Stage.spotted)):
        if person.id in paired and person.id not in expected:
            yield Wanted(person.id, person.stage_on, person.id)


def say_circles(task: Task, name: str) -> Said:
    """A measure is due."""
    return Said(
        _("Mesurer les cercles %(of_name)s", of_name=of(name)),
        _("Cinq questions, à poser en parlant. Aucune n’est obligatoire."),
        url_for("workspace.people.new_circles", person_id=task.person_id),
        _("Remplir la grille"),
    )


@asks("circles", say_circles, "heart", counted=lambda n: ngettext("une mesure des cercles", "%(num)d mesures des cercles", n))
def without_a_measure(today: date, person_id: UUID | None) -> Iterator[Wanted]:
    """Those whose contact circles are to be measured: with a pair it is for the pair to ask."""
    paired = _paired(person_id)
    measures: dict[UUID, list[ContactCircles]] = {}
    query = select(ContactCircles).order_by(ContactCircles.on) if person_id is None else measures_of(person_id)
    for measure in db.session.scalars(query):
        measures.setdefault(measure.person_id, []).append(measure)
    for person in db.session.scalars(open_files(person_id)):
        if due := due_moment(person, measures.get(person.id, []), today):
            yield Wanted(person.id, due[1], person.id, Desk.pair if person.id in paired else Desk.coordination)


@waits
def meetings_wait(today: date) -> list[Waiting]:
    """Companions who have not said that they are back, and meetings that nobody has told of. Asked at each look: an hour counts here."""
    silent = {each.id: each for each in overdue()}
    told = {**silent, **{each.id: each for each in upcoming()}}
    late = [each for each in told.values() if each.id in silent or _is_over(each, today)]
    if not late:
        return []
    people = {each.id: each for each in db.session.scalars(select(Person).where(Person.id.in_({each.person_id for each in late})))}
    return [_meeting_waits(each, people[each.person_id], each.id in silent) for each in late if not people[each.person_id].is_closed]


def _is_over(meeting: HomeMeeting, today: date) -> bool:
    return meeting.state == MeetingState.planned and local_day(meeting.starts_at, g.collective.time_zone) < today


def _meeting_waits(meeting: HomeMeeting, person: Person, silent: bool) -> Waiting:
    return Waiting(
        local_day(meeting.starts_at, g.collective.time_zone),
        _("Prendre des nouvelles du binôme %(of_name)s", of_name=of(person.name))
        if silent
        else _("Raconter la rencontre avec %(name)s", name=person.name),
        _("Quelqu’un n’a pas encore dit être bien rentré.") if silent else _("Elle a eu lieu, rien n’est encore noté."),
        url_for("workspace.people.show_meeting", person_id=person.id, home_meeting_id=meeting.id),
        _("Ouvrir la rencontre"),
        "phone" if silent else "home",
        silent,
    )
