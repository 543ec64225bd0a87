"""What waits in this room: someone to ask after, what they asked for, a bond to follow, a file that ends."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from app.db import db
from app.followup.bonds import HeartBond, asked_through, due_follow_up, follow_ups_due
from app.followup.care_words import MOMENT_NAMES
from app.followup.endings import FileEnding, end_of, ending_of
from app.followup.silence import KIND, PATIENCE, CallOutcome, CheckIn, silences
from app.languages import of, written_date
from app.people.models import OPEN_STAGES, Person
from app.people.pairs import Pair
from app.people.tasks import Desk, Said, Task, Wanted, asks
from tenants.months import today_in
from tenants.scope import here

# What someone asked for on the phone is seen to by then, or will not be.
REMEMBERED = timedelta(days=60)


def say_silence(task: Task, name: str) -> Said:
    """Someone is to be asked after."""
    person = db.session.get_one(Person, (here(), task.subject_id))
    days = (today_in(g.collective.time_zone) - (person.last_seen_on or person.found_on)).days
    where = url_for("workspace.followup.new_check_in", person_id=task.person_id)
    return Said(
        _("Prendre des nouvelles %(of_name)s", of_name=of(name)), _("Personne ne l’a vue depuis %(days)d jours.", days=days), where, _("J’ai appelé")
    )


@asks(
    KIND,
    say_silence,
    "phone",
    counted=lambda n: ngettext("une personne dont prendre des nouvelles", "%(num)d personnes dont prendre des nouvelles", n),
)
def silent(today: date, person_id: UUID | None) -> Iterator[Wanted]:
    """Those without news: for the pair; a week later, if it still waits, for the coordination too."""
    for each in silences(today, person_id):
        yield Wanted(each.person_id, each.since, each.person_id, Desk.pair if each.paired else Desk.coordination)
        if each.paired and each.since + PATIENCE <= today:
            yield Wanted(each.person_id, each.since + PATIENCE, each.person_id, Desk.coordination)


def say_need(task: Task, name: str) -> Said:
    """Someone asked for something."""
    return Said(
        _("Répondre à ce que %(name)s a demandé", name=name),
        _("C’était au téléphone, le %(day)s.", day=written_date(task.occasion_on, "d MMMM")),
        url_for("workspace.people.new_telling", person_id=task.person_id),
        _("Raconter la suite"),
    )


@asks("need", say_need, "talk", counted=lambda n: ngettext("une demande entendue au téléphone", "%(num)d demandes entendues au téléphone", n))
def asked_for(today: date, person_id: UUID | None) -> Iterator[Wanted]:
    """Those who needed something when they were called, until it is ticked."""
    query = select(CheckIn).join(Person, (Person.collective_id == CheckIn.collective_id) & (Person.id == CheckIn.person_id))
    query = query.where(CheckIn.outcome == CallOutcome.needs, CheckIn.on > today - REMEMBERED, Person.stage.in_(OPEN_STAGES))
    paired = _paired(person_id)
    for each in db.session.scalars(query if person_id is None else query.where(CheckIn.person_id == person_id)):
        yield Wanted(each.id, each.on, each.person_id, Desk.pair if each.person_id in paired else Desk.coordination)


def _paired(*person_ids: UUID | None) -> set[UUID]:
    """Those of some people, or of all where the only id is None, who have a pair."""
    query = select(Pair.person_id).where(Pair.ended_on.is_(None))
    return set(db.session.scalars(query if person_ids == (None,) else query.where(Pair.person_id.in_(person_ids))))


def say_bond(task: Task, name: str) -> Said:
    """A bond is to be followed."""
    bond = db.session.get_one(HeartBond, (here(), task.subject_id))
    person = db.session.get_one(Person, (here(), task.person_id))
    due = due_follow_up(bond, (), task.occasion_on)
    why = _("%(moment)s : deux mots suffisent.", moment=MOMENT_NAMES[due[0]]) if due else ""
    if person.is_closed:
        why = _("Sa fiche est close : demandez plutôt à l’autre côté.")
    where = url_for("workspace.followup.show_bond", person_id=task.person_id, bond_id=task.subject_id)
    return Said(_("Demander comment va le lien de cœur %(of_name)s", of_name=of(name)), why, where, _("Raconter"))


@asks("bond", say_bond, "heart", counted=lambda n: ngettext("un lien de cœur à suivre", "%(num)d liens de cœur à suivre", n))
def bonds_due(today: date, person_id: UUID | None) -> Iterator[Wanted]:
    """Bonds that began one, three or twelve months ago, and of which nobody has told since. A path that is over ends no bond."""
    due = follow_ups_due(today, person_id)
    through = asked_through(*(bond for bond, _since in due))
    paired = _paired(*(each for each, _open in through.values())) if due else set()
    for bond, since in due:
        asked, accompanied = through[bond.id]
        yield Wanted(bond.id, since, asked, Desk.pair if accompanied and asked in paired else Desk.coordination)


def say_ending(task: Task, name: str) -> Said:
    """A file ends."""
    person = db.session.get_one(Person, (here(), task.subject_id))
    day = written_date(end_of(person, ending_of(person.id)), "d MMMM y")
    return Said(
        _("Décider de la fiche %(of_name)s", of_name=of(name)),
        _("Aucun contact depuis deux ans. Sans décision, elle s’efface le %(day)s.", day=day),
        url_for("workspace.followup.show_ending", person_id=task.person_id),
        _("Décider"),
    )


def _count_endings(n: int) -> str:
    return ngettext("une fiche qui arrive à son terme", "%(num)d fiches qui arrivent à leur terme", n)


def _endings(person_id: UUID | None) -> Iterator[tuple[UUID, date]]:
    query = select(FileEnding).where(FileEnding.first_told_on.is_not(None))
    for each in db.session.scalars(query if person_id is None else query.where(FileEnding.person_id == person_id)):
        if told := each.second_told_on or each.first_told_on:
            yield each.person_id, told


@asks("ending", say_ending, "clock", counted=_count_endings)
def endings_to_decide(_today: date, person_id: UUID | None) -> Iterator[Wanted]:
    """Files that end soon, for the coordination: asked twice, sixty and fifteen days before."""
    for each, told in _endings(person_id):
        yield Wanted(each, told, each)


@asks("ending_pair", say_ending, "clock", counted=_count_endings)
def endings_to_know(_today: date, person_id: UUID | None) -> Iterator[Wanted]:
    """The same for the pair."""
    paired = _paired(person_id)
    for each, told in _endings(person_id):
        if each in paired:
            yield Wanted(each, told, each, Desk.pair)
