"""A session: what to prepare, moving it, cancelling it, what stays of it."""

import io
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import flash, g, redirect, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import undefer

from app.db import db, now
from app.pages import page
from app.people.beside import differing, last_hand
from app.training import bp
from app.training.consequences import refresh
from app.training.forms import NoteForm, WhenForm
from app.training.models import Course, SessionState, TrainingSession, sessions_of_course
from app.training.participants import by_name, enrolled
from app.training.plan_documents import PlanDocument, documents_of
from app.training.plans import CoursePlan, SessionPlan
from tenants import journal, ledger
from tenants.access import may
from tenants.months import today_in
from tenants.rows import found
from workers.queue import later


def course_of(session: TrainingSession) -> tuple[Course, CoursePlan, SessionPlan]:
    """The course of a training session, its plan, and what the plan says of it."""
    course = found(Course, session.course_id)
    outline = db.session.get_one(SessionPlan, (course.plan_id, session.position))
    return course, db.session.get_one(CoursePlan, course.plan_id), outline


def frame(session: TrainingSession) -> dict[str, Any]:
    """What every page about a training session shows around itself."""
    course, _plan, outline = course_of(session)
    return {
        "session": session,
        "course": course,
        "outline": outline,
        "count": len(db.session.scalars(sessions_of_course(course.id)).all()),
        "enrolled_now": len(db.session.scalars(enrolled(course.id)).all()),
    }


@bp.get("/seances/<uuid:session_id>")
@may("run a course")
def show_session(session_id: UUID) -> ResponseReturnValue:
    """What to prepare."""
    return _show(found(TrainingSession, session_id))


def _show(session: TrainingSession, **forms: Any) -> str:
    people_in = by_name(db.session.scalars(enrolled(session.course_id)).all())
    return page(
        "training/show_session.html",
        **frame(session),
        documents=db.session.scalars(documents_of(found(Course, session.course_id).plan_id, session.position)).all(),
        to_phone=[each for each in people_in if not each.mail],
        move=forms.get("move") or WhenForm(formdata=None, day=session.day, begins=session.begins),
        today=today_in(g.collective.time_zone),
    )


@bp.get("/seances/<uuid:session_id>/documents/<uuid:plan_document_id>")
@may("run a course")
def show_plan_document(session_id: UUID, plan_document_id: UUID) -> ResponseReturnValue:
    """A document of the plan that this training session goes by."""
    session = found(TrainingSession, session_id)
    course, _plan, _outline = course_of(session)
    query = documents_of(course.plan_id, session.position).where(PlanDocument.id == plan_document_id).options(undefer(PlanDocument.content))
    document = db.session.scalar(query)
    if document is None:
        flash(_("Ce document n’est pas dans le plan de ce parcours."), "warning")
        return redirect(url_for("workspace.training.show_session", session_id=session.id))
    return send_file(io.BytesIO(document.content), "application/pdf", as_attachment=True, download_name=document.filename)


@bp.post("/seances/<uuid:session_id>/date")
@may("run a course")
def create_move(session_id: UUID) -> ResponseReturnValue:
    """Move a planned session; everyone with a mail address is told."""
    session, form = found(TrainingSession, session_id), WhenForm()
    course, _plan, _outline = course_of(session)
    if session.state != SessionState.planned:
        flash(_("Cette séance a eu lieu ou est annulée : sa date ne change plus."), "warning")
        return redirect(url_for("workspace.training.show_session", session_id=session.id))
    valid = form.validate_on_submit()
    if valid:
        others = db.session.scalars(
            select(TrainingSession.day).where(
                TrainingSession.course_id == course.id, TrainingSession.id != session.id, TrainingSession.state != SessionState.cancelled
            )
        ).all()
        if form.day.data in others:
            form.day.errors, valid = [_("Une autre séance du parcours a déjà lieu ce jour-là.")], False
        elif datetime.combine(form.day.data, form.begins.data, session.span(g.collective.time_zone)[0].tzinfo) < now():
            form.begins.errors, valid = [_("Cette heure est passée.")], False
    if not valid:
        return _show(session, move=form), 422
    if (session.day, session.begins) != (form.day.data, form.begins.data):
        ledger.mark(session.day)
        session.moved_from, session.day, session.begins, session.reminded_at = session.day, form.day.data, form.begins.data, None
        ledger.mark(session.day)
        journal.note("moved", "training session", session.id)
        refresh(course)
        later("send_session_notice", session.id)
    flash(_("La séance est déplacée. Les personnes qui ont un mail sont prévenues ; téléphonez aux autres."))
    return redirect(url_for("workspace.training.show_session", session_id=session.id))


@bp.post("/seances/<uuid:session_id>/annulation")
@may("run a course")
def create_cancellation(session_id: UUID) -> ResponseReturnValue:
    """Cancel a session that has not been held; everyone with a mail address is told."""
    session = found(TrainingSession, session_id)
    course, _plan, _outline = course_of(session)
    if session.state == SessionState.planned:
        session.state = SessionState.cancelled
        journal.note("cancelled", "training session", session.id)
        ledger.mark(session.day)
        refresh(course)
        later("send_session_notice", session.id)
        flash(_("La séance est annulée. Les personnes qui ont un mail sont prévenues ; téléphonez aux autres."))
    else:
        flash(_("Cette séance a déjà eu lieu."), "warning")
    return redirect(url_for("workspace.training.show_session", session_id=session.id))


@bp.get("/seances/<uuid:session_id>/bilan")
@may("run a course")
def edit_note(session_id: UUID) -> ResponseReturnValue:
    """What the trainers keep of it."""
    session = found(TrainingSession, session_id)
    return _note(session, NoteForm(formdata=None, note=session.note, version=str(session.note_version)))


def _note(session: TrainingSession, form: NoteForm, **meanwhile: Any) -> str:
    return page("training/edit_note.html", form=form, **({"changed": [], "by": ""} | meanwhile), **frame(session))


@bp.post("/seances/<uuid:session_id>/bilan")
@may("run a course")
def update_note(session_id: UUID) -> ResponseReturnValue:
    """Keep it. The second of two writers sees what the first one wrote, with all they typed still there."""
    session, form = found(TrainingSession, session_id), NoteForm()
    # One hand at a time, so that what the other hand wrote is seen.
    db.session.refresh(session, with_for_update=True)
    if not form.validate_on_submit():
        return _note(session, form), 422
    stands = str(session.note_version)
    if form.version.data != stands and (changed := differing(session, form, ("note",))):
        form.version.data = form.version.raw_data = stands
        return _note(session, form, changed=changed, by=last_hand(session.id, "noted")), 409
    session.write_note(form.note.data)
    flash(_("C’est noté."))
    return redirect(url_for("workspace.training.edit_note", session_id=session.id))
