"""What trainers and coordination do in a course, as steps that tests are told in."""

from datetime import timedelta

from sqlalchemy import select

from app.db import db, new_id
from app.training.models import sessions_of_course
from app.training.participants import Participant
from app.training.presence import Attendance
from tenants.months import today_in

TODAY = today_in("Europe/Paris")


def opened(crew, **changes):
    """A course from today on, of three places."""
    known = new_id()
    trainer = str(crew.members()["Jeanne Lescure"])
    data = {"id": str(known), "day": TODAY.isoformat(), "begins": "18h", "place": "La grange", "trainers": [trainer], "minimum": "2", "maximum": "3"}
    answer = crew.coordinator.post("training.create", data | changes)
    assert answer.status_code == 302, answer.text
    return known


def enrols(crew, course_id, name, contact="", **changes):
    data = {"id": str(new_id()), "name": name, "contact": contact, "kind": "inhabitant", **changes}
    return crew.coordinator.post("training.create_participant", data, course_id=course_id)


def sessions(crew, course_id):
    with crew.at_home():
        return list(db.session.scalars(sessions_of_course(course_id)))


def people(crew, course_id):
    with crew.at_home():
        return {each.name: each.id for each in db.session.scalars(select(Participant).where(Participant.course_id == course_id))}


def states(crew, session_id):
    return {each.participant_id: each.state for each in crew.rows(Attendance) if each.session_id == session_id}


def comes_round(crew, course_id):
    """All sessions to the past, so that they can be ticked."""
    with crew.at_home():
        for each in db.session.scalars(sessions_of_course(course_id)):
            each.day = TODAY - timedelta(days=60 - 7 * each.position)


def ticks(crew, session_id, *present, was=(), by="trainer"):
    data = {"present": [str(each) for each in present], "was": [str(each) for each in was]}
    return getattr(crew, by).post("training.update_presence", data, session_id=session_id)


def follow(crew, answer):
    assert answer.status_code == 302, answer.text
    return crew.coordinator.client.get(answer.location).text


def assert_tagged(pdf):
    """A PDF that says it is PDF/UA-1, has a language and a tree of tags."""
    assert pdf.startswith(b"%PDF")
    assert b"/StructTreeRoot" in pdf
    assert b"/MarkInfo" in pdf
    assert b"pdfuaid" in pdf
    assert b"/Lang" in pdf
