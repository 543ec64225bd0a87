"""Courses of the demonstration: one under way in Saint-Mars and one that begins soon there, another in Ranzay. Every person in them is invented."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import update

from app.db import db, new_id
from app.training.agenda import write_agenda
from app.training.completion import standings
from app.training.dates import propose
from app.training.models import Course, TrainingSession, sessions_of_course
from app.training.participants import ParticipantKind, enrol
from app.training.plans import plans, sessions_of
from app.training.presence import Attendance, AttendanceChange, Presence, note
from tenants import ledger
from tenants.models import Collective, Membership, Role
from tenants.months import today_in
from tenants.scope import speak_as

# Each person with a way to reach them and their evenings so far: p present, l late, e excused, a absent.
GROUP = (
    ("Amina Belkacem", "amina.belkacem@example.org", "volunteer", "pppp"),
    ("Brigitte Salaün", "brigitte.salaun@example.org", "volunteer", "pppp"),
    ("Chantal Rabouin", "02 61 91 20 14", "inhabitant", "ppep"),
    ("Driss Amrani", "driss.amrani@example.org", "inhabitant", "pppp"),
    ("Élodie Pineau", "02 61 91 20 31", "inhabitant", "plpa"),
    ("Farid Mansouri", "farid.mansouri@example.org", "volunteer", "papa"),
    ("Gwenaëlle Thébaud", "gwenaelle.thebaud@example.org", "volunteer", "pppp"),
    ("Hervé Joncour", "", "inhabitant", "paaa"),
    ("Inès Lagadec", "ines.lagadec@example.org", "inhabitant", "ppap"),
    ("Maëlle Kerdoncuff", "maelle.kerdoncuff@example.org", "volunteer", "pppp"),
    ("Nadia Benyamina", "nadia.benyamina@example.org", "volunteer", "plpp"),
    ("Pascal Turmel", "02 61 91 20 77", "inhabitant", "aapp"),
)
STATES = {"p": Presence.present, "l": Presence.late, "e": Presence.excused, "a": Presence.absent}
SOON = (
    ("Annick Le Goff", "annick.legoff@example.org", "volunteer"),
    ("Ousmane Traoré", "02 61 91 20 52", "inhabitant"),
    ("Marie-Claude Evain", "3 allée des Acacias", "inhabitant"),
)
NEXT_DOOR = (("Zohra Haddad", "zohra.haddad@example.org", "inhabitant"), ("Marcel Quintin", "02 61 91 40 12", "inhabitant"))


def train(collective: Collective, team: list[Membership]) -> None:
    """A course as far as it has come, with its trainer's agenda."""
    trainer = next(each for each in team if each.role == Role.trainer)
    speak_as(trainer.user_id)
    today = today_in(collective.time_zone)
    if collective.slug == "saint-mars-du-desert":
        # The fifth session is this evening.
        course = open_course(collective, "Salle des Cèdres", [today + timedelta(days=7 * number) for number in range(-4, 4)], trainer)
        people = [enrol(course, new_id(), name, contact, ParticipantKind(kind)) for name, contact, kind, _evenings in GROUP]
        db.session.flush()
        for number, session in enumerate(db.session.scalars(sessions_of_course(course.id).limit(4))):
            note(session, {who.id: STATES[row[3][number]] for who, row in zip(people, GROUP, strict=True)})
            noted_that_evening(session)
        db.session.flush()
        plan = db.session.scalars(plans().limit(1)).one()
        _later_course(collective, today, trainer)
        write_agenda(course, sum(each.is_out_of_reach for each in standings(course, plan.needed).values()))
    elif collective.slug == "nantes-ranzay":
        course = open_course(collective, "Maison du Ranzay", propose(today + timedelta(days=9), 8, collective.department), trainer)
        course.enrolling = True
        for name, contact, kind in NEXT_DOOR:
            enrol(course, new_id(), name, contact, ParticipantKind(kind))


def noted_that_evening(session: TrainingSession) -> None:
    """Presence that was just noted, as if it had been noted on its evening."""
    # The lines must be rows before they can be dated.
    db.session.flush()
    evening = datetime.combine(session.day, time(19), UTC)
    for kind in (Attendance, AttendanceChange):
        dated = update(kind).where(kind.session_id == session.id).values(at=evening)
        db.session.execute(dated.execution_options(synchronize_session=False))


def _later_course(collective: Collective, today: date, trainer: Membership) -> None:
    """One that begins soon: whoever missed an evening of the first can catch it up there."""
    course = open_course(collective, "Bibliothèque", propose(today + timedelta(days=13), 8, collective.department), trainer)
    course.opened_at -= timedelta(hours=1)
    for name, contact, kind in SOON:
        enrol(course, new_id(), name, contact, ParticipantKind(kind))


def open_course(collective: Collective, place: str, days: list[date], trainer: Membership) -> Course:
    """A course on these days, in its trainer's agenda."""
    plan = db.session.scalars(plans().limit(1)).one()
    course = Course(plan_id=plan.id, place=place, minimum=6, maximum=12)
    db.session.add(course)
    # Sessions point at the course.
    db.session.flush()
    for outline, day in zip(db.session.scalars(sessions_of(plan.id)).all(), days, strict=True):
        db.session.add(TrainingSession(course_id=course.id, position=outline.position, day=day, begins=time(18, 30), minutes=outline.minutes))
        ledger.mark(day)
    write_agenda(course, trainers=[trainer.user_id])
    return course
