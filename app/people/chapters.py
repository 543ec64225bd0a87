"""What this room tells of a person, and prints of them."""

from datetime import datetime

from flask import g
from flask_babel import gettext as _

from app.languages import clock, written_date
from app.people.agreements import Agreement
from app.people.circles import CIRCLES
from app.people.file import File
from app.people.home_meetings import HomeMeeting, MeetingState, local_day
from app.people.models import lines
from app.people.path import PathStep
from app.people.story import Event, Section, prints, tells
from app.people.tellings import Telling
from app.people.words import (
    AGE_NAMES,
    CIRCLE_NAMES,
    CLOSING_NAMES,
    FOUND_NAMES,
    FREQUENCY_NAMES,
    MOMENT_NAMES,
    NEED_NAMES,
    OCCASION_NAMES,
    STAGE_NAMES,
    language_name,
)
from app.phone_numbers import spoken
from tenants.models import Membership


def _first(name: str) -> str:
    return name.split()[0] if name.split() else name


def _two(one: Membership, other: Membership) -> str:
    return _("%(one)s et %(other)s", one=_first(one.display_name), other=_first(other.display_name))


@tells()
def told(file: File) -> list[Event]:
    """Tellings, in the words of those who told them."""
    return [
        Event(each.on, each.title or str(OCCASION_NAMES[each.occasion]), each.text or "", _first(file.tellers.get(each.by_user, "")))
        for each in file.tellings
    ]


@tells()
def walked(file: File) -> list[Event]:
    """Steps of the path; one that was taken back is told with its reason."""
    events = []
    for each in file.steps:
        title = str(STAGE_NAMES[each.stage]) if each.closed_because is None else str(CLOSING_NAMES[each.closed_because])
        text = each.reason or ""
        if not each.stands:
            title, text = _("%(step)s, puis retiré", step=title), each.taken_back_because or ""
        events.append(Event(each.on, title, text))
    return events


@tells()
def paired(file: File) -> list[Event]:
    """When two companions began."""
    return [Event(each.since, _("Un binôme"), _("%(pair)s l’accompagnent.", pair=_two(each.one, each.other))) for each in file.pairs]


@tells()
def met(file: File) -> list[Event]:
    """Home meetings: those to come, and those that took place."""
    events = []
    for each in file.meetings:
        day = local_day(each.starts_at, g.collective.time_zone)
        if each.state == MeetingState.planned:
            events.append(Event(day, _("Une rencontre à domicile, le %(when)s", when=hour(each.starts_at)), upcoming=True))
        elif each.state == MeetingState.held:
            events.append(Event(day, _("Une rencontre à domicile"), " ".join(part for part in (each.heard, each.next_step) if part)))
    return events


@tells()
def measured(file: File) -> list[Event]:
    """When circles were measured."""
    return [Event(each.on, _("Ses cercles de contact"), str(MOMENT_NAMES[each.moment])) for each in file.measures]


def hour(moment: datetime) -> str:
    """A day and an hour where the collective lives."""
    from zoneinfo import ZoneInfo

    there = moment.astimezone(ZoneInfo(g.collective.time_zone))
    return f"{written_date(there.date(), 'EEEE d MMMM')}, {clock(there.time())}"


def _day(value: object) -> str:
    return written_date(value, "d MMMM y") if value else ""  # type: ignore[arg-type]  # a date wherever there is one


@prints
def identity(file: File) -> list[Section]:
    """What is known, as it stands in the file."""
    person = file.person
    rows = [
        (_("Prénom ou surnom"), person.name),
        (_("Rue ou immeuble"), person.street),
        (_("Téléphone"), spoken(person.phone) if person.phone else ""),
        (_("Comment vous joindre"), person.reached),
        (_("Tranche d’âge"), str(AGE_NAMES[person.age]) if person.age else ""),
        (_("Langues"), ", ".join(map(language_name, person.languages))),
        (_("Vos goûts"), ", ".join(lines(person.likes))),
        (_("Vos talents, ce qui peut se partager"), ", ".join(lines(person.gives))),
        (_("Vos besoins"), ", ".join(str(NEED_NAMES.get(each, each)) for each in person.needs)),
        (_("Comment nous avons fait connaissance"), f"{FOUND_NAMES[person.found_by]}, {_day(person.found_on)}"),
    ]
    agreed = [(_("Le %(day)s, à %(name)s", day=_day(each.given_on), name=each.member.display_name), _agreed(each)) for each in file.agreements]
    return [Section(_("Ce que nous savons"), [(label, text) for label, text in rows if text]), Section(_("Ce que vous avez accepté"), agreed)]


@prints
def history(file: File) -> list[Section]:
    """Path, companions, what was told and heard, circles."""
    steps = [(_day(each.on), _step(each)) for each in file.steps]
    pairs = [(_day(each.since), f"{each.one.display_name}, {each.other.display_name}") for each in file.pairs]
    told_ = [(f"{_day(each.on)}, {file.tellers.get(each.by_user, '')}", _told(each)) for each in file.tellings]
    circles = [(f"{MOMENT_NAMES[each.moment]} ({_day(each.on)}), {CIRCLE_NAMES[circle]}", str(FREQUENCY_NAMES[value])) for each in file.measures for circle in CIRCLES if (value := each.values()[circle]) is not None]  # fmt: skip  # noqa: E501  # one row a circle
    meetings = [(hour(each.starts_at), _heard(each)) for each in file.meetings]
    parts = (
        (_("Votre chemin"), steps),
        (_("Qui vous accompagne"), pairs),
        (_("Ce qui a été raconté"), told_),
        (_("Les rencontres chez vous"), meetings),
        (_("Vos cercles de contact"), circles),
    )
    return [Section(heading, rows) for heading, rows in parts if rows]


def _agreed(agreement: Agreement) -> str:
    again = _("À redemander le %(day)s.", day=_day(agreement.ask_again_on)) if agreement.ask_again_on else ""
    return " ".join(filter(None, (agreement.words, again)))


def _step(step: PathStep) -> str:
    why = str(CLOSING_NAMES[step.closed_because]) if step.closed_because else ""
    back = _("%(step)s, puis retiré", step=STAGE_NAMES[step.stage]) if not step.stands else str(STAGE_NAMES[step.stage])
    return ". ".join(part.rstrip(".") for part in (back, why, step.reason, step.taken_back_because) if part)


def _told(telling: Telling) -> str:
    return ". ".join(part.rstrip(".") for part in (str(OCCASION_NAMES[telling.occasion]), telling.title) if part) + f". {telling.text}"


def _heard(meeting: HomeMeeting) -> str:
    texts = (meeting.where, meeting.alone_because, meeting.heard, meeting.next_step, meeting.cancelled_because)
    return " ".join(each for each in texts if each)
