"""Papers: tagged PDFs that someone asked for, made from a template of `templates/papers` and words in the reader's language."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from flask_babel import force_locale
from flask_babel import gettext as _

from app.accounts.models import User
from app.db import db
from app.languages import written_date
from app.training.agenda import trainers_of
from app.training.forms import PRESENCE_NAMES
from app.training.models import Course, TrainingSession
from app.training.participants import by_name, enrolled
from app.training.plans import CoursePlan, SessionPlan
from app.training.presence import states_of
from app.training.presence_views import sheet_of
from tenants.documents import Document
from tenants.models import Collective
from tenants.scope import here
from workers import progress
from workers.accounts import address
from workers.queue import job

ROOT = Path(__file__).parents[1]
# A bar that moves every ten people moves often enough.
TOLD_EACH = 10
# Participants have said no language: what is theirs to read, sign or show is in that of the house, as their mails are.
THEIRS = "fr"
Words = dict[str, Any]
Writer = Callable[[Document, str], Words]
# By kind of document: its template, and who finds the words.
writers: dict[str, tuple[str, Writer]] = {}


def paper(kind: str, template: str) -> Callable[[Writer], Writer]:
    """Say who finds the words of a kind of paper: from the document that was asked for, and the language of its reader."""

    def register(writer: Writer) -> Writer:
        writers[kind] = (template, writer)
        return writer

    return register


@cache
def _logo() -> str:
    return (ROOT / "app" / "static" / "logo.svg").read_text()


def typeset(template: str, data: Words) -> bytes:
    """A tagged, accessible PDF (PDF/UA-1). The fonts are those in the typst wheel: a worker has no others to count on."""
    import typst

    papers = ROOT / "templates" / "papers"
    inputs = {"data": json.dumps({**data, "logo": _logo()})}
    pdf = typst.compile(str(papers / template), root=str(papers), ignore_system_fonts=True, format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"])
    return bytes(pdf)


def _language(user_id: UUID | None) -> str:
    user = db.session.get(User, user_id) if user_id else None
    return user.language.value if user else "fr"


@job
def make_paper(document_id: str) -> None:
    """Make a paper that someone asked for, telling how far it has come: words found, typeset, sealed."""
    document = db.session.get(Document, (here(), UUID(document_id)))
    if document is None or document.ready_at is not None:
        return
    template, writer = writers[document.kind]
    language = _language(document.asked_by)
    with force_locale(language):
        words = writer(document, language)
    people = len(words.get("people", ()))
    progress.tell(document.id, people, people + 2)
    content = typeset(template, words)
    progress.tell(document.id, people + 1, people + 2)
    document.fill(content)
    progress.tell(document.id, people + 2, people + 2)


def course_words(course_id: UUID, language: str) -> tuple[Course, CoursePlan, Words]:
    """A course, its plan, and what every paper about it says."""
    course = db.session.get_one(Course, (here(), course_id))
    plan, collective = db.session.get_one(CoursePlan, course.plan_id), db.session.get_one(Collective, here())
    words = {
        "lang": language,
        "collective": collective.name,
        "course": plan.word("title", language),
        "place": course.place,
        "trainers": [each.display_name for each in db.session.scalars(trainers_of(course.id))],
        "foot": f"{collective.name} · Essaimage",
    }
    return course, plan, words


@paper("blank_sheet", "attendance_sheet.typ")
@paper("attendance_sheet", "attendance_sheet.typ")
def attendance_sheet(document: Document, _language: str) -> Words:
    """The words of an attendance sheet, blank or as it was ticked. Participants sign it, whoever printed it."""
    with force_locale(THEIRS):
        return _sheet(document)


def _sheet(document: Document) -> Words:
    session = db.session.get_one(TrainingSession, (here(), document.about_id))
    course, plan, words = course_words(session.course_id, THEIRS)
    outline, blank = db.session.get_one(SessionPlan, (plan.id, session.position)), document.kind == "blank_sheet"
    states = {} if blank else states_of(session.id)
    people_in = by_name(db.session.scalars(enrolled(course.id)).all()) if blank else sheet_of(session)
    rows = [{"name": each.name, "state": str(PRESENCE_NAMES[states[each.id]]) if each.id in states else ""} for each in people_in]
    return words | {
        "title": _("Feuille d’émargement, séance %(number)d : %(title)s", number=session.position, title=outline.word("title", THEIRS)),
        "when": f"{written_date(session.day, 'EEEE d MMMM y')}, {session.begins:%H:%M}",
        "blank": blank,
        "columns": [_("n°"), _("prénom et nom"), *([] if blank else [_("noté")]), _("signature")],
        # A few empty lines, for those who come along.
        "rows": rows + [{"name": "", "state": ""}] * 3,
        "note": _("Cette feuille est gardée par le collectif. Elle ne dit pas qui est accompagné."),
    }


@paper("certificates", "certificates.typ")
def certificates(document: Document, _language: str) -> Words:
    """The words of all certificates of a course. Participants show them to others, whoever printed them."""
    with force_locale(THEIRS):
        return _certificates(document)


def _certificates(document: Document) -> Words:
    course, plan, words = course_words(document.about_id, THEIRS)
    certified = by_name([each for each in db.session.scalars(enrolled(course.id)) if each.certificate and each.certified_on])
    people = []
    for done, each in enumerate(certified):
        if done % TOLD_EACH == 0:
            progress.tell(document.id, done, len(certified) + 2)
        day = written_date(each.certified_on, "d MMMM y") if each.certified_on else ""
        people.append({"name": each.name, "code": each.certificate, "dated": _("%(place)s, le %(day)s", place=words["collective"], day=day)})
    return words | {
        "title": _("Attestations du parcours %(title)s", title=plan.word("title", THEIRS)),
        "word": _("Attestation"),
        "before": _("Nous attestons que"),
        "sentence": _("a suivi le parcours de transmission en huit séances"),
        "people": people,
        "check": _("À vérifier sur %(address)s avec le code", address=address("enrolment.new_check")),
    }
