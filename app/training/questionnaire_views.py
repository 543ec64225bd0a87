"""The questionnaire: answered by whoever has the link, typed in from paper, read once it is closed."""

from typing import Any
from uuid import UUID

from flask import current_app, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import db
from app.limits import limiter
from app.pages import page
from app.training import bp, public
from app.training.after_forms import ANSWER_NAMES, QUESTION_NAMES, SHORT_NAMES, AnswerForm
from app.training.closing import close_questions
from app.training.links import questionnaire_token, read_questionnaire
from app.training.models import Course
from app.training.paper_views import ask
from app.training.participants import enrolled
from app.training.questionnaire import (
    add_answer,
    answers_of,
    closed_before,
    closes_at,
    count_answers,
    favourable,
    open_questions,
    random_id,
    readable,
    takes_answers,
    tallied,
)
from tenants import journal
from tenants.access import may
from tenants.models import Collective
from tenants.rows import found
from tenants.scope import here, inside
from workers.queue import later

EARLIER = 5


def _answer_id(text: str | None) -> UUID:
    """The id of the form; a random one, never one that tells the time, if it carries none that can be read."""
    try:
        return UUID(text or "")
    except ValueError:
        return random_id()


def _read(token: str) -> tuple[Collective, Course | None]:
    collective_id, course_id = read_questionnaire(token)
    collective = db.get_or_404(Collective, collective_id)
    with inside(collective.id):
        course = db.session.get(Course, (collective.id, course_id))
        return collective, course if course is not None and takes_answers(course) else None


@public.get("/questionnaire/<string:token>")
def new_answer(token: str) -> ResponseReturnValue:
    """Five questions; nothing asks who one is."""
    collective, course = _read(token)
    if course is None:
        return page("training/questionnaire_over.html"), 410
    return page("training/questionnaire.html", place=collective, form=AnswerForm(formdata=None, id=str(random_id())), signed=token)


@public.post("/questionnaire/<string:token>")
@limiter.limit("40 per hour")
def create_answer(token: str) -> ResponseReturnValue:
    """Keep the answers. A whole group may sit behind one address, hence forty an hour."""
    collective, course = _read(token)
    if course is None:
        return page("training/questionnaire_over.html"), 410
    form = AnswerForm()
    if not form.validate_on_submit():
        return page("training/questionnaire.html", place=collective, form=form, signed=token), 422
    with inside(collective.id):
        add_answer(course, _answer_id(form.id.data), form.scores(), form.remark.data or "", on_paper=False)
    return page("training/answered.html", place=collective)


@bp.get("/<uuid:course_id>/reponses")
@may("run a course")
def index_answers(course_id: UUID) -> ResponseReturnValue:
    """What was answered, beside what earlier courses answered; or how many answers wait, and how to get more."""
    course = found(Course, course_id)
    answers = db.session.scalars(answers_of(course.id)).all()
    shown = readable(course, len(answers))
    return page(
        "training/answers.html",
        course=course,
        count=len(answers),
        on_paper=sum(each.on_paper for each in answers),
        enrolled=len(db.session.scalars(enrolled(course.id)).all()),
        shown=shown,
        scores=tallied(answers) if shown else {},
        remarks=[each.remark for each in answers if each.remark] if shown else [],
        rows=_beside([course, *db.session.scalars(closed_before(course).limit(EARLIER)).all()]) if shown else [],
        open_now=takes_answers(course),
        until=closes_at(course),
        link=_link(course) if takes_answers(course) else None,
        questions=QUESTION_NAMES,
        short=SHORT_NAMES,
        answer_names=ANSWER_NAMES,
    )


def _beside(courses: list[Course]) -> list[dict[str, Any]]:
    """For each course with enough answers: how many were favourable, of how many, question by question."""
    answers: dict[UUID, list[Any]] = {}
    for each in db.session.scalars(answers_of(*(course.id for course in courses))):
        answers.setdefault(each.course_id, []).append(each)
    return [
        {"course": course, "count": len(some), "better": {name: favourable(counts) for name, counts in tallied(some).items()}}
        for course in courses
        if readable(course, len(some := answers.get(course.id, [])))
    ]


def _link(course: Course) -> str:
    return current_app.config["PUBLIC_URL"].rstrip("/") + url_for("enrolment.new_answer", token=questionnaire_token(here(), course.id))


def _to_answers(course: Course) -> ResponseReturnValue:
    return redirect(url_for("workspace.training.index_answers", course_id=course.id))


@bp.post("/<uuid:course_id>/questionnaire")
@may("run a course")
def create_questionnaire(course_id: UUID) -> ResponseReturnValue:
    """Open the questionnaire now, and mail its link."""
    course = found(Course, course_id)
    if open_questions(course):
        journal.note("opened the questionnaire", "course", course.id)
        later("send_questionnaire", course.id)
        flash(_("Le questionnaire est ouvert pour trente jours. Les personnes qui ont un mail reçoivent le lien."))
    return _to_answers(course)


@bp.post("/<uuid:course_id>/questionnaire/fin")
@may("run a course")
def create_questionnaire_end(course_id: UUID) -> ResponseReturnValue:
    """Close it, for good, so that the answers can be read."""
    course = found(Course, course_id)
    if close_questions(course):
        flash(_("Le questionnaire est fermé."))
    return _to_answers(course)


@bp.post("/<uuid:course_id>/questionnaire/papier")
@may("run a course")
def create_questionnaire_paper(course_id: UUID) -> ResponseReturnValue:
    """The questionnaire on paper, to hand out."""
    document = ask("questionnaire", found(Course, course_id).id, _("questionnaire.pdf"))
    return redirect(url_for("workspace.training.show_document", document_id=document.id))


@bp.get("/<uuid:course_id>/reponses/nouvelle")
@may("run a course")
def new_paper_answer(course_id: UUID) -> ResponseReturnValue:
    """The same form, for a sheet of paper."""
    course = found(Course, course_id)
    if not takes_answers(course):
        return _to_answers(course)
    return _paper_form(course, AnswerForm(formdata=None, id=str(random_id())))


def _paper_form(course: Course, form: AnswerForm) -> str:
    return page("training/paper_answer.html", course=course, form=form, count=count_answers(course.id), collective=g.collective)


@bp.post("/<uuid:course_id>/reponses")
@may("run a course")
def create_paper_answer(course_id: UUID) -> ResponseReturnValue:
    """Keep a sheet; the next one follows."""
    course, form = found(Course, course_id), AnswerForm()
    if not takes_answers(course):
        flash(_("Le questionnaire est fermé."), "warning")
        return _to_answers(course)
    if not form.validate_on_submit():
        return _paper_form(course, form), 422
    add_answer(course, _answer_id(form.id.data), form.scores(), form.remark.data or "", on_paper=True)
    flash(_("C’est recopié. Au suivant, ou revenez aux réponses."))
    return redirect(url_for("workspace.training.new_paper_answer", course_id=course.id))
