"""Courses of a collective: list, open, show, enrolling link, completing."""

from datetime import date
from typing import TypeVar, cast
from uuid import UUID

from flask import current_app, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from app.db import db, new_id, now
from app.pages import id_from, page
from app.paging import sheet
from app.people.tasks import settle_kind
from app.training import bp
from app.training.agenda import trainers_of, write_agenda
from app.training.catch_up import chances_of
from app.training.completion import standings
from app.training.consequences import mark_course
from app.training.dates import is_public_holiday, is_school_holiday, knows_school, propose
from app.training.forms import KIND_NAMES, CourseForm, GroupForm
from app.training.links import enrolment_token
from app.training.models import Course, SessionState, TrainingSession, courses, sessions_of_course
from app.training.participant_views import move_up
from app.training.participants import by_name, enrolled, fill_places, in_line
from app.training.plans import CoursePlan, plans, sessions_of
from tenants import journal, ledger
from tenants.access import may
from tenants.models import Role, members
from tenants.months import today_in
from tenants.rows import found
from tenants.scope import here

Group = TypeVar("Group", bound=GroupForm)


@bp.get("/")
@may("run a course")
def index() -> ResponseReturnValue:
    """Courses under way, then those completed."""
    shown = sheet(courses().options(joinedload(Course.plan)))
    dates: dict[UUID, list[TrainingSession]] = {}
    for each in db.session.scalars(sessions_of_course(*(course.id for course in shown.rows))):
        dates.setdefault(each.course_id, []).append(each)
    return page("training/index.html", sheet=shown, dates=dates)


def _with_trainers(form: Group) -> Group:
    form.trainers.choices = [(str(each.id), each.display_name) for each in db.session.scalars(members(Role.trainer, Role.coordinator))]
    return form


@bp.get("/nouveau")
@may("run a course")
def new() -> ResponseReturnValue:
    """From which evening, where, with whom."""
    return page(
        "training/new.html", form=_with_trainers(CourseForm(formdata=None, id=str(new_id()))), plan=db.session.scalars(plans().limit(1)).one()
    )


@bp.post("/")
@may("run a course")
def create() -> ResponseReturnValue:
    """Open a course from the latest plan; its dates are proposed and can each be moved."""
    form, plan = _with_trainers(CourseForm()), db.session.scalars(plans().limit(1)).one()
    if not form.validate_on_submit():
        return page("training/new.html", form=form, plan=plan), 422
    course_id = id_from(form.id.data)
    if db.session.get(Course, (here(), course_id)) is None:
        course = Course(id=course_id, plan_id=plan.id, place=form.place.data, minimum=form.minimum.data, maximum=form.maximum.data)
        db.session.add(course)
        _schedule(course, form)
        journal.note("opened", "course", course.id)
        flash(_("Le parcours est ouvert. Vérifiez les dates, puis inscrivez les personnes."))
    return redirect(url_for("workspace.training.show", course_id=course_id))


def _schedule(course: Course, form: CourseForm) -> None:
    # The sessions need the course's row.
    db.session.flush()
    outlines = db.session.scalars(sessions_of(course.plan_id)).all()
    days = propose(cast(date, form.day.data), len(outlines), g.collective.department)
    for outline, day in zip(outlines, days, strict=True):
        db.session.add(TrainingSession(course_id=course.id, position=outline.position, day=day, begins=form.begins.data, minutes=outline.minutes))
        ledger.mark(day)
    write_agenda(course, trainers=_chosen(form))


def _chosen(form: GroupForm) -> list[UUID]:
    ids = set(form.trainers.data or [])
    return [each.user_id for each in db.session.scalars(members()) if str(each.id) in ids]


@bp.get("/<uuid:course_id>/modifier")
@may("run a course")
def edit(course_id: UUID) -> ResponseReturnValue:
    """Where, with whom, for how many."""
    course = found(Course, course_id)
    trainers = [str(each.id) for each in db.session.scalars(trainers_of(course.id))]
    form = _with_trainers(GroupForm(formdata=None, place=course.place, trainers=trainers, minimum=course.minimum, maximum=course.maximum))
    return page("training/edit_course.html", course=course, form=form)


@bp.post("/<uuid:course_id>/modifier")
@may("run a course")
def update(course_id: UUID) -> ResponseReturnValue:
    """Write it; with more places, those first in line move up."""
    course, form = found(Course, course_id), _with_trainers(GroupForm())
    if not form.validate_on_submit():
        return page("training/edit_course.html", course=course, form=form), 422
    course.place, course.minimum, course.maximum = form.place.data, cast(int, form.minimum.data), cast(int, form.maximum.data)
    group = standings(course, db.session.get_one(CoursePlan, course.plan_id).needed)
    write_agenda(course, sum(each.is_out_of_reach for each in group.values()), _chosen(form))
    move_up(fill_places(course))
    mark_course(course)
    journal.note("changed", "course", course.id)
    flash(_("C’est enregistré."))
    return redirect(url_for("workspace.training.show", course_id=course.id))


@bp.get("/<uuid:course_id>")
@may("run a course")
def show(course_id: UUID) -> ResponseReturnValue:
    """Dates, people, and what to do next."""
    course = found(Course, course_id)
    plan = db.session.get_one(CoursePlan, course.plan_id)
    sessions = list(db.session.scalars(sessions_of_course(course.id)))
    group, today = standings(course, plan.needed, sessions), today_in(g.collective.time_zone)
    people_in = by_name(db.session.scalars(enrolled(course.id)).all())
    return page(
        "training/show.html",
        course=course,
        plan=plan,
        sessions=sessions,
        titles={each.position: each for each in db.session.scalars(sessions_of(plan.id))},
        notes={each.id: _note_on(each) for each in sessions},
        school_known=all(knows_school(each.day, g.collective.department) for each in sessions),
        trainers=db.session.scalars(trainers_of(course.id)).all(),
        people_in=people_in,
        without_mail=sum(not each.mail for each in people_in),
        line=db.session.scalars(in_line(course.id)).all(),
        standings=group,
        chances=chances_of(course, group, today) if course.completed_at is None else {},
        kinds=KIND_NAMES,
        today=today,
        link=_link(course) if course.enrolling else None,
        may_complete=all(each.state != SessionState.planned for each in sessions),
    )


def _note_on(session: TrainingSession) -> str:
    if session.state != SessionState.planned:
        return ""
    if is_public_holiday(session.day, g.collective.department):
        return _("jour férié")
    return _("vacances scolaires") if is_school_holiday(session.day, g.collective.department) else ""


def _link(course: Course) -> str:
    return current_app.config["PUBLIC_URL"].rstrip("/") + url_for("enrolment.new", token=enrolment_token(here(), course.id))


@bp.post("/<uuid:course_id>/lien")
@may("run a course")
def update_enrolling(course_id: UUID) -> ResponseReturnValue:
    """Open the enrolling link, or take it back."""
    course = found(Course, course_id)
    course.enrolling = not course.enrolling and course.completed_at is None
    journal.note("opened enrolling" if course.enrolling else "closed enrolling", "course", course.id)
    flash(_("Le lien d’inscription est ouvert.") if course.enrolling else _("Le lien d’inscription ne sert plus."))
    return redirect(url_for("workspace.training.show", course_id=course.id))


@bp.post("/<uuid:course_id>/fin")
@may("run a course")
def create_completion(course_id: UUID) -> ResponseReturnValue:
    """Say that a course is over; every session was held or cancelled."""
    course = found(Course, course_id)
    sessions = list(db.session.scalars(sessions_of_course(course.id)))
    if any(each.state == SessionState.planned for each in sessions):
        flash(_("Une séance attend encore ses présences. Notez-les, ou annulez la séance."), "warning")
    elif course.completed_at is None:
        course.completed_at, course.enrolling = now(), False
        settle_kind("unreported")
        journal.note("completed", "course", course.id)
        ledger.mark(today_in(g.collective.time_zone))
        flash(_("Le parcours est terminé."))
    return redirect(url_for("workspace.training.show", course_id=course.id))
