"""Courses of the demonstration that are behind: certificates, what the group answered, the trainer's report. Every person is invented."""

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select

from app.db import db, new_id
from app.demo.course import STATES, noted_that_evening, open_course
from app.people.models import Person, Stage
from app.training.accompanied import PersonEnrolment
from app.training.certificates import certify
from app.training.closing import close_questions
from app.training.models import Course, sessions_of_course
from app.training.participants import Participant, ParticipantKind, enrol
from app.training.presence import note
from app.training.questionnaire import QUESTIONS, add_answer, open_questions, random_id
from app.training.reports import write_report
from tenants.models import Collective, Membership
from tenants.months import today_in

# By collective: how many weeks ago the last session was, where, how many answered, and the group with its eight evenings.
GROUPS = {
    "saint-mars-du-desert": (
        (
            34,
            "Salle du conseil",
            5,
            (
                ("Jocelyne Guyader", "volunteer", "pppppppp"),
                ("Abdel Brahimi", "inhabitant", "pppappap"),
                ("Simone Kerzerho", "inhabitant", "ppppppep"),
                ("Loïg Madec", "volunteer", "paappaaa"),
                ("Evelyne Troadec", "inhabitant", "pplppppp"),
                ("Tony Barreau", "inhabitant", "ppppappa"),
            ),
        ),
        (
            9,
            "Maison des associations",
            6,
            (
                ("Bernard Ollivaud", "volunteer", "pppppppp"),
                ("Louisette Hamon", "inhabitant", "ppppeppp"),
                ("Djamel Ferhat", "volunteer", "pppaplpp"),
                ("Odile Marchadour", "inhabitant", "ppppppap"),
                ("Quentin Bihan", "volunteer", "ppppppaa"),
                ("Rose-May Célestin", "inhabitant", "pppppppp"),
                ("Yannick Prigent", "inhabitant", "paaeaaaa"),
            ),
        ),
    ),
    "homecourt": (
        (
            5,
            "Salle Jean-Mermoz",
            4,
            (
                ("Sandro Bellini", "volunteer", "pppppppp"),
                ("Ghislaine Thill", "volunteer", "pplppppp"),
                ("Monique Aubertin", "inhabitant", "pppppaap"),
                ("Réda Lahlou", "inhabitant", "ppppppep"),
                ("Josette Clesse", "inhabitant", "paapaaaa"),
                ("Élias Wagner", "inhabitant", "pppppppa"),
            ),
        ),
    ),
}
Answer = tuple[tuple[int, int, int, int], str]
# Each answer: the four questions in their order, and a remark. 0 leaves a question out.
ANSWERS = (
    ((4, 4, 3, 4), "Les jeux de rôle à trois, au début j’avais peur, après on en redemandait."),
    ((4, 3, 3, 4), ""),
    ((3, 4, 2, 4), "Deux heures passent vite. Une soirée de plus sur le téléphone, peut-être."),
    ((4, 4, 4, 4), ""),
    ((3, 2, 2, 3), "La salle résonne, on s’entend mal quand tout le monde parle."),
    ((4, 4, 0, 4), "Merci pour les gâteaux."),
)
# A person who was met this year did not come to a course that is older.
FRESH = 12
REPORT = {
    "went_well": "Les mises en situation à trois. Dès la troisième séance, le groupe s’écoutait.\n"
    "Deux partenaires sont venus à la séance sur les lieux qui aident.",
    "was_hard": "La séance sur le téléphone : deux heures ne suffisent pas. Trois absences le soir du match.",
    "next_time": "Prévoir une salle qui ne résonne pas, et garder une demi-heure à la fin de la dernière séance pour le questionnaire.",
}


def finish(collective: Collective, trainer: Membership) -> None:
    """The courses that this collective has had, from the first evening to the report."""
    for weeks, place, answered, group in GROUPS.get(collective.slug, ()):
        _play(collective, trainer, weeks, place, group, answered)


Group = tuple[tuple[str, str, str], ...]


def _play(collective: Collective, trainer: Membership, weeks: int, place: str, group: Group, answered: int) -> None:
    last = today_in(collective.time_zone) - timedelta(weeks=weeks)
    days = [last - timedelta(weeks=7 - number) for number in range(8)]
    course = open_course(collective, place, days, trainer)
    course.opened_at = datetime.combine(days[0] - timedelta(days=14), time(9), UTC)
    people = [enrol(course, new_id(), name, "", ParticipantKind(kind)) for name, kind, _evenings in group]
    accompanied = _accompany(course) if weeks < FRESH else []
    # Presence points at them.
    db.session.flush()
    for number, session in enumerate(db.session.scalars(sessions_of_course(course.id))):
        states = {who.id: STATES[row[2][number]] for who, row in zip(people, group, strict=True)}
        note(session, states | {who.id: STATES["p"] for who in accompanied})
        noted_that_evening(session)
    certify(course, 6, last)
    _hear(course, datetime.combine(last, time(20), UTC), ANSWERS[-answered:])


def _accompany(course: Course) -> list[Participant]:
    """One of those whom the collective accompanies comes too, under a name like any other."""
    person = next((each for each in db.session.scalars(select(Person).order_by(Person.opened_at)) if each.stage == Stage.engaged), None)
    if person is None:
        return []
    participant = enrol(course, new_id(), f"{person.name} Maillard", "", ParticipantKind.inhabitant)
    # The link points at the participant.
    db.session.flush()
    db.session.add(PersonEnrolment(person_id=person.id, participant_id=participant.id))
    return [participant]


def _hear(course: Course, evening: datetime, answers: tuple[Answer, ...]) -> None:
    open_questions(course)
    course.questions_opened_at = course.questions_sent_at = evening
    for number, (values, remark) in enumerate(answers):
        add_answer(course, random_id(), {name: value or None for name, value in zip(QUESTIONS, values, strict=True)}, remark, on_paper=number > 3)
    # Closing adds them up.
    db.session.flush()
    close_questions(course)
    course.questions_closed_at = evening + timedelta(days=30)
    course.completed_at = evening + timedelta(days=1)
    write_report(course, None, REPORT).at = evening + timedelta(days=2)
