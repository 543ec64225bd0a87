"""What trainers and coordination do in a course, as steps that tests are told in."""

import io
from datetime import timedelta

import pypdf
from sqlalchemy import select

from app.db import db, new_id
from app.training.models import sessions_of_course
from app.training.participants import Participant
from app.training.presence import Attendance
from tenants.months import today_in
from tests.mails import work_off

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


def holds_all(crew, course_id, attended):
    """All eight sessions are held; `attended` gives each name the number of sessions they came to, the first ones."""
    ids = people(crew, course_id)
    comes_round(crew, course_id)
    for session in sessions(crew, course_id):
        ticks(crew, session.id, *(ids[name] for name, number in attended.items() if session.position <= number))


def makes_paper(crew, answer):
    """The paper that an answer leads to, once its job is done."""
    assert answer.status_code == 302, answer.text
    work_off(crew.house, crew.id)
    return crew.trainer.get("training.download", document_id=answer.location.rsplit("/", 1)[1]).data


def text_of(pdf):
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def assert_tagged(pdf):
    """PDF/UA-1, as a reader of PDFs tells: marked, with a tree of tags, a language and a title; each picture has words; tables have heads."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] in ("fr", "en")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    tags = list(tags_of(root["/StructTreeRoot"]))
    names = [name for name, _alt in tags]
    assert "/H1" in names
    assert all(alt for name, alt in tags if name == "/Figure")
    assert "/Table" not in names or "/TH" in names


def tags_of(node):
    """Name and alternative text of each tag of a tree."""
    node = node.get_object()
    if "/S" in node:
        yield node["/S"], node.get("/Alt")
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        if isinstance(kid.get_object(), dict):
            yield from tags_of(kid)
