"""A course of a crawled collective, today, with a participant, a presence and a document that carry its secret."""

from datetime import time
from uuid import UUID

from app.db import db
from app.training.accompanied import PersonEnrolment
from app.training.agenda import write_agenda
from app.training.models import Course, TrainingSession
from app.training.participants import Participant, ParticipantKind
from app.training.plans import plans
from app.training.presence import Presence, note
from app.training.questionnaire import CourseAnswer, CourseResult, open_questions
from app.training.reports import PARTS, write_report
from tenants.documents import Document
from tenants.models import Membership
from tenants.months import today_in


def train(trainer: Membership, other: Membership, secret: str) -> dict[str, UUID]:
    """Returns what addresses and forms name."""
    plan = db.session.scalars(plans().limit(1)).one()
    course = Course(plan_id=plan.id, place=f"Salle {secret}", minimum=1, maximum=9, enrolling=True)
    db.session.add(course)
    # Sessions and people point at the course.
    db.session.flush()
    session = TrainingSession(course_id=course.id, position=1, day=today_in("Europe/Paris"), begins=time(18), minutes=120, note=f"Noté {secret}")
    person = Participant(course_id=course.id, kind=ParticipantKind.inhabitant, name=f"Ada {secret}", contact=f"{secret}@example.org")
    document = Document(kind="blank_sheet", about_id=session.id, filename="feuille.pdf", media_type="application/pdf")
    db.session.add_all([session, person, document])
    # Presence and pieces point at them.
    db.session.flush()
    note(session, {person.id: Presence.present})
    document.fill(f"{secret} papier".encode())
    write_agenda(course, trainers=[trainer.user_id])
    open_questions(course)
    answer = CourseAnswer(course_id=course.id, useful=4, remark=f"Merci {secret}")
    result = {"place": f"Salle {secret}", "day": session.day, "enrolled": 1, "completed": 0, "presences": 1, "expected": 1, "answers": 1}
    db.session.add_all([answer, CourseResult(user_id=other.user_id, course_id=course.id, **result)])
    write_report(course, None, dict.fromkeys(PARTS, f"Bilan {secret}"))
    db.session.flush()
    return {
        "answer_id": answer.id,
        "course_id": course.id,
        "session_id": session.id,
        "participant_id": person.id,
        "document_id": document.id,
        "trainer_id": trainer.id,
    }


def accompany(person_id: UUID, participant_id: UUID) -> None:
    """The participant is the person whom the collective accompanies."""
    db.session.add(PersonEnrolment(person_id=person_id, participant_id=participant_id))
