"""The trainer's report: read, written, printed."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import db
from app.pages import page
from app.people.beside import differing, last_hand
from app.people.queries import names_of
from app.people.tasks import settle_kind
from app.training import bp
from app.training.after_forms import ReportForm
from app.training.closing import numbers_of
from app.training.models import Course
from app.training.paper_views import ask
from app.training.reports import PARTS, CourseReport, report_on, write_report
from tenants.access import may
from tenants.rows import found


def _report(course: Course) -> CourseReport | None:
    return db.session.scalar(report_on(course.id))


@bp.get("/<uuid:course_id>/bilan")
@may("run a course")
def show_report(course_id: UUID) -> ResponseReturnValue:
    """The course in a few numbers, and in its trainers' words."""
    course = found(Course, course_id)
    report = _report(course)
    by = names_of([report.by_user]).get(report.by_user, "") if report else ""
    return page("training/report.html", course=course, report=report, by=by, numbers=numbers_of(course), form=ReportForm(formdata=None))


@bp.get("/<uuid:course_id>/bilan/modifier")
@may("run a course")
def edit_report(course_id: UUID) -> ResponseReturnValue:
    """Three questions to whoever led the course."""
    course = found(Course, course_id)
    report = _report(course)
    texts = report.texts() if report else {}
    return page(
        "training/edit_report.html",
        course=course,
        changed=[],
        by="",
        form=ReportForm(formdata=None, version=report.version if report else 0, **texts),
    )


@bp.post("/<uuid:course_id>/bilan")
@may("run a course")
def update_report(course_id: UUID) -> ResponseReturnValue:
    """Keep it. The second of two writers sees what the first one wrote, with all they typed still there."""
    course, form = found(Course, course_id), ReportForm()
    # One hand at a time, so that what the other hand wrote is seen, and so that two first reports are not begun at once.
    db.session.refresh(course, with_for_update=True)
    if not form.validate_on_submit():
        return page("training/edit_report.html", course=course, form=form, changed=[], by=""), 422
    report = _report(course)
    version = str(report.version) if report else "0"
    if report is not None and form.version.data != version:
        if changed := differing(report, form, PARTS):
            form.version.data = form.version.raw_data = version
            by = last_hand(course.id, "reported")
            return page("training/edit_report.html", course=course, form=form, changed=changed, by=by), 409
    else:
        write_report(course, report, {part: form[part].data or "" for part in PARTS})
        settle_kind("unreported")
    flash(_("Le bilan est gardé. La coordination et les personnes qui animent le lisent."))
    return redirect(url_for("workspace.training.show_report", course_id=course.id))


@bp.post("/<uuid:course_id>/bilan/papier")
@may("run a course")
def create_report_paper(course_id: UUID) -> ResponseReturnValue:
    """The report as a paper."""
    document = ask("report", found(Course, course_id).id, _("bilan-du-parcours.pdf"))
    return redirect(url_for("workspace.training.show_document", document_id=document.id))
