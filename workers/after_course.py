"""What follows a course by itself: the questionnaire goes out and closes, who can no longer complete is told of once, presence is contact."""

from uuid import UUID

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.models import User
from app.db import db, now
from app.people.models import Person
from app.training.accompanied import PersonEnrolment
from app.training.agenda import trainers_of
from app.training.catch_up import chances, dates_elsewhere, missed, out_of_reach, under_way
from app.training.closing import close_questions, overdue
from app.training.links import questionnaire_token
from app.training.models import Course, TrainingSession
from app.training.participants import Participant, enrolled
from app.training.plans import CoursePlan
from app.training.presence import THERE, Attendance
from app.training.questionnaire import closes_at, takes_answers, unsent
from app.training.volunteers import completions_to_watch
from tenants import ledger
from tenants.models import Collective, Role, members
from tenants.months import today_in
from tenants.scope import here
from workers.accounts import address, send
from workers.queue import job, later
from workers.training import tell_participants


@job
def tend_questionnaires() -> None:
    """In the morning: mail the link of those that opened, close those that have been open for thirty days."""
    for course in db.session.scalars(overdue()).all():
        close_questions(course)
    for course in db.session.scalars(unsent()).all():
        later("send_questionnaire", course.id)


@job
def send_questionnaire(course_id: str) -> None:
    """Mail the link of a questionnaire to those who have an address, once. It is the same link for all."""
    course = db.session.get(Course, (here(), UUID(course_id)))
    if course is None or course.questions_sent_at is not None or not takes_answers(course):
        return
    collective, until = db.session.get_one(Collective, here()), closes_at(course)
    link = address("enrolment.new_answer", token=questionnaire_token(here(), course.id))
    with force_locale("fr"):
        people_in = list(db.session.scalars(enrolled(course.id)))
        tell_participants(people_in, _("Votre avis sur le parcours"), "questionnaire", collective=collective, link=link, until=until)
    course.questions_sent_at = now()


@job
def warn_out_of_reach() -> None:
    """In the morning, when the sheets of the day before are right: tell of everyone who can no longer complete, once for each."""
    for course in db.session.scalars(under_way()).all():
        for participant in out_of_reach(course):
            if participant.warned_at is None:
                participant.warned_at = now()
                later("send_warning", participant.id)


@job
def send_warning(participant_id: str) -> None:
    """Tell trainers and coordination that someone can no longer complete, and where to catch up. No name: a mailbox is not a sealed place."""
    participant = db.session.get(Participant, (here(), UUID(participant_id)))
    if participant is None or participant.left_at is not None:
        return
    course, collective = db.session.get_one(Course, (here(), participant.course_id)), db.session.get_one(Collective, here())
    positions, today = missed(course).get(participant.id, set()), today_in(collective.time_zone)
    about = {
        "course": course,
        "collective": collective,
        "needed": db.session.get_one(CoursePlan, course.plan_id).needed,
        "sessions": chances(course, positions, today),
        "link": address("workspace.training.show", collective=collective.slug, course_id=str(course.id)),
    }
    trainers = {each.user_id for each in db.session.scalars(trainers_of(course.id)) if each.left_at is None}
    for user_id in trainers | {each.user_id for each in db.session.scalars(members(Role.coordinator))}:
        user = db.session.get_one(User, user_id)
        elsewhere = dates_elsewhere(user_id, positions, today) if user_id in trainers else []
        with force_locale(user.language.value):
            send(user.email, _("Une personne n’ira plus au bout du parcours"), "out_of_reach", user=user, elsewhere=elsewhere, **about)


@job
def see_participants(session_id: str) -> None:
    """Having been at a session is contact: those of its participants whom the collective accompanies were seen that day.

    Done here and not where presence is noted: a trainer's request never touches a person's file.
    """
    session = db.session.get(TrainingSession, (here(), UUID(session_id)))
    if session is None:
        return
    there = select(Attendance.participant_id).where(Attendance.session_id == session.id, Attendance.state.in_(THERE))
    accompanied = select(PersonEnrolment.person_id).where(PersonEnrolment.participant_id.in_(there))
    for person in db.session.scalars(select(Person).where(Person.id.in_(accompanied))):
        person.seen(session.day)


@job
def watch_volunteers() -> None:
    """Whether someone became active is seen weeks after they completed: the months of the latest completions are counted again."""
    for day in completions_to_watch(today_in(db.session.get_one(Collective, here()).time_zone)):
        ledger.mark(day)
