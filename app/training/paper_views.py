"""Papers of a course: made by a job, kept sealed, downloaded here; and the public page that confirms a certificate."""

from uuid import UUID

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.db import db, new_id
from app.limits import limiter
from app.pages import page
from app.training import bp, public
from app.training.certificates import certify, typed_code
from app.training.consequences import mark_course
from app.training.models import Course, SessionState, TrainingSession
from app.training.participants import Participant
from app.training.plans import CoursePlan
from app.training.session_views import course_of
from tenants import journal, ledger
from tenants.access import may, refuse
from tenants.documents import Document
from tenants.models import Collective
from tenants.months import today_in
from tenants.rows import found
from tenants.scope import inside
from workers import progress
from workers.queue import later

KINDS = ("attendance_sheet", "blank_sheet", "certificates", "letters", "notice_letters", "questionnaire", "report")


def ask(kind: str, about_id: UUID, filename: str) -> Document:
    """Ask for a paper of this room; a job makes it."""
    document = Document(id=new_id(), kind=kind, about_id=about_id, filename=filename, media_type="application/pdf", asked_by=current_user.id)
    db.session.add(document)
    later("make_paper", document.id)
    return document


@bp.post("/seances/<uuid:session_id>/feuille")
@may("run a course")
def create_sheet(session_id: UUID) -> ResponseReturnValue:
    """The attendance sheet, blank or as it was ticked."""
    session = found(TrainingSession, session_id)
    course_of(session)
    blank = bool(request.form.get("blank"))
    name = _("emargement-seance-%(number)d.pdf", number=session.position)
    document = ask("blank_sheet" if blank else "attendance_sheet", session.id, name)
    return redirect(url_for("workspace.training.show_document", document_id=document.id))


@bp.post("/<uuid:course_id>/attestations")
@may("run a course")
def create_certificates(course_id: UUID) -> ResponseReturnValue:
    """A certificate for everyone who completed the course, in one document."""
    course = found(Course, course_id)
    today = today_in(g.collective.time_zone)
    if not certify(course, db.session.get_one(CoursePlan, course.plan_id).needed, today):
        flash(_("Personne n’a encore suivi assez de séances."), "warning")
        return redirect(url_for("workspace.training.show", course_id=course.id))
    ledger.mark(today)
    mark_course(course)
    document = ask("certificates", course.id, _("attestations.pdf"))
    return redirect(url_for("workspace.training.show_document", document_id=document.id))


@bp.post("/<uuid:course_id>/lettres")
@may("run a course")
def create_letters(course_id: UUID) -> ResponseReturnValue:
    """A letter with all dates for everyone without mail."""
    document = ask("letters", found(Course, course_id).id, _("lettres.pdf"))
    return redirect(url_for("workspace.training.show_document", document_id=document.id))


@bp.post("/seances/<uuid:session_id>/lettres")
@may("run a course")
def create_notice_letters(session_id: UUID) -> ResponseReturnValue:
    """A letter that says how a training session changed, for everyone without mail."""
    session = found(TrainingSession, session_id)
    if session.state != SessionState.cancelled and session.moved_from is None:
        flash(_("Cette séance n’a pas changé : il n’y a rien à annoncer."), "warning")
        return redirect(url_for("workspace.training.show_session", session_id=session.id))
    document = ask("notice_letters", session.id, _("lettres-seance-%(number)d.pdf", number=session.position))
    return redirect(url_for("workspace.training.show_document", document_id=document.id))


def _own_document(document_id: UUID) -> Document:
    document = found(Document, document_id)
    if document.kind not in KINDS:
        refuse("a document of another room")
    return document


@bp.get("/documents/<uuid:document_id>")
@may("run a course")
def show_document(document_id: UUID) -> ResponseReturnValue:
    """Whether it is ready, and where it is."""
    document = _own_document(document_id)
    session = db.session.scalar(select(TrainingSession).where(TrainingSession.id == document.about_id))
    course_id = session.course_id if session else document.about_id
    told = progress.of(document.id) if document.ready_at is None else 0
    return page("training/document.html", document=document, course_id=course_id, session=session, told=told)


@bp.get("/documents/<uuid:document_id>/fichier")
@may("run a course")
def download(document_id: UUID) -> ResponseReturnValue:
    """The file itself."""
    document = _own_document(document_id)
    if document.ready_at is None:
        return redirect(url_for("workspace.training.show_document", document_id=document.id))
    journal.note("downloaded", "document", document.id)
    return Response(document.read(), mimetype=document.media_type, headers={"Content-Disposition": f'attachment; filename="{document.filename}"'})


@public.get("/attestation")
def new_check() -> ResponseReturnValue:
    """A code from a certificate."""
    return page("training/check.html", code="", wrong=False, result=None)


@public.post("/attestation")
@limiter.limit("20 per hour")
def create_check() -> ResponseReturnValue:
    """Initials, course and date; every wrong code gets the same answer."""
    short_code, code = typed_code(request.form.get("certificate", ""))
    collective = db.session.scalar(select(Collective).where(Collective.short_code == short_code))
    result = None
    if collective is not None:
        with inside(collective.id):
            query = select(Participant).where(Participant.certificate == code).options(joinedload(Participant.course).joinedload(Course.plan))
            holder = db.session.scalar(query)
            if holder is not None:
                result = (holder.initials, holder.course.plan, holder.certified_on)
    return page("training/check.html", code=code, wrong=result is None, result=result), 200 if result else 422
