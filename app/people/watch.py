"""What waits for someone, in this room: a first meeting, a pair, a measure, a companion who is not back."""

from datetime import date

from flask import g, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from app.db import db
from app.people.circles import ContactCircles, due_moment
from app.people.home_meetings import MeetingState, local_day, overdue, upcoming
from app.people.models import OPEN_STAGES, Person, Stage
from app.people.pairs import Pair
from app.people.story import Waiting, waits
from app.people.words import MOMENT_NAMES


def _people() -> dict[object, Person]:
    return {each.id: each for each in db.session.scalars(select(Person).where(Person.stage.in_(OPEN_STAGES)))}


@waits
def people_wait(today: date) -> list[Waiting]:
    """People without a pair or a first meeting, and measures that are due. In three queries, however many people there are."""
    people = _people()
    paired = set(db.session.scalars(select(Pair.person_id).where(Pair.ended_on.is_(None))))
    expected = {each.person_id for each in db.session.scalars(upcoming())}
    measures: dict[object, list[ContactCircles]] = {}
    for measure in db.session.scalars(select(ContactCircles).order_by(ContactCircles.on)):
        measures.setdefault(measure.person_id, []).append(measure)
    found: list[Waiting] = []
    for person in people.values():
        name = person.name or ""
        if person.id not in paired and person.stage in (Stage.spotted, Stage.met, Stage.accompanied):
            found.append(
                Waiting(
                    person.stage_on,
                    _("Trouver un binôme pour %(name)s", name=name),
                    _("On accompagne à deux. Des propositions vous attendent."),
                    url_for("workspace.people.new_pair", person_id=person.id),
                    _("Choisir deux personnes"),
                    "people",
                )
            )
        elif person.stage == Stage.spotted and person.id not in expected:
            found.append(
                Waiting(
                    person.stage_on,
                    _("Faire connaissance avec %(name)s", name=name),
                    _("Son binôme est prêt. Il manque un jour et une heure."),
                    url_for("workspace.people.new_meeting", person_id=person.id),
                    _("Proposer un rendez-vous"),
                )
            )
        elif due := due_moment(person, measures.get(person.id, []), today):
            found.append(
                Waiting(
                    due[1],
                    _("Mesurer les cercles de %(name)s", name=name),
                    str(MOMENT_NAMES[due[0]]) + ".",
                    url_for("workspace.people.new_circles", person_id=person.id),
                    _("Remplir la grille"),
                    "heart",
                )
            )
    return found


@waits
def meetings_wait(today: date) -> list[Waiting]:
    """Companions who have not said that they are back, and meetings that nobody has told of."""
    people = _people()
    found = []
    silent = {each.id for each in db.session.scalars(overdue())}
    told = {each.id: each for each in [*db.session.scalars(overdue()), *db.session.scalars(upcoming())]}
    for meeting in told.values():
        person, day = people.get(meeting.person_id), local_day(meeting.starts_at, g.collective.time_zone)
        if person is None or (meeting.id not in silent and (meeting.state != MeetingState.planned or day >= today)):
            continue
        title = _("Prendre des nouvelles du binôme de %(name)s", name=person.name) if meeting.id in silent else _("Raconter la rencontre avec %(name)s", name=person.name)  # fmt: skip  # noqa: E501  # two sentences
        why = _("Quelqu’un n’a pas encore dit être bien rentré.") if meeting.id in silent else _("Elle a eu lieu, rien n’est encore noté.")
        where = url_for("workspace.people.show_meeting", person_id=person.id, home_meeting_id=meeting.id)
        found.append(Waiting(day, title, why, where, _("Ouvrir la rencontre"), "phone" if meeting.id in silent else "home", meeting.id in silent))
    return found
