"""Projects of inhabitants, and the steps they take in rounds."""

from typing import Any
from uuid import UUID, uuid5

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy.orm import joinedload

from app.db import db, new_id
from app.outreach import bp
from app.outreach.kinds import shows
from app.outreach.models import OutreachKind, Round
from app.outreach.projects import Project, ProjectState, ProjectStep, projects, steps_of
from app.outreach.record_forms import NEW, PROJECT_NAMES, StepForm
from app.outreach.records import record
from app.outreach.views import closed_to_notes, own_round, too_late
from app.pages import id_from, page
from app.paging import sheet
from tenants import journal
from tenants.access import may
from tenants.rows import found
from tenants.scope import here

SUPPORT = OutreachKind.project_support


@shows(SUPPORT)
def gather_steps(round_: Round) -> dict[str, Any]:
    """The steps of this round with their projects."""
    steps = db.session.scalars(steps_of(round_.id).options(joinedload(ProjectStep.project))).all()
    count = len({each.project_id for each in steps})
    said = ngettext("%(num)d projet accompagné.", "%(num)d projets accompagnés.", count)
    return {"summary": said, "steps": steps, "supported": count, "project_names": PROJECT_NAMES}


def _form(**values: Any) -> StepForm:
    form = StepForm(**values)
    every = db.session.scalars(projects()).all()
    # One that is over may have ended by a slip of the finger, or begin again.
    over = [(str(each.id), f"{each.title} ({PROJECT_NAMES[each.state]})") for each in every if each.is_over]
    form.project.choices = [*((str(each.id), _called(each)) for each in every if not each.is_over), (NEW, _("Un nouveau projet")), *over]
    return form


def _called(project: Project) -> str:
    # What stands as its next step is read before one says that it stays.
    return _("%(title)s (ensuite : %(step)s)", title=project.title, step=project.next_step) if project.next_step else project.title


@bp.get("/projets")
@may("see rounds")
def index_projects() -> ResponseReturnValue:
    """All projects, those under way first."""
    return page("outreach/projects.html", sheet=sheet(projects()), names=PROJECT_NAMES)


@bp.get("/tournees/<uuid:round_id>/etapes/nouvelle")
@may("log an encounter")
def new_step(round_id: UUID) -> ResponseReturnValue:
    """Which project, and how far it is."""
    round_ = own_round(round_id, SUPPORT)
    form = _form(formdata=None, id=str(new_id()))
    return page("outreach/new_step.html", form=form, round=round_, trouble_now=closed_to_notes(round_))


@bp.post("/tournees/<uuid:round_id>/etapes")
@may("log an encounter")
def create_step(round_id: UUID) -> ResponseReturnValue:
    """Note a step of a project, which may be a new one."""
    round_ = own_round(round_id, SUPPORT)
    form = _form()
    closed = too_late(round_)
    step_id = id_from(form.id.data)
    if closed is None and db.session.get(ProjectStep, (here(), step_id)) is not None:
        # Sent twice: the first time was taken, and may have ended the project.
        return redirect(url_for("workspace.outreach.show", round_id=round_.id))
    if closed or not form.validate_on_submit():
        return page("outreach/new_step.html", form=form, round=round_, trouble_now=closed), 422
    project = _project(form, step_id)
    project.state = ProjectState(form.state.data)
    project.go_on(form.next_step.data or "", form.next_on.data, done=project.is_over or form.no_next.data)
    if form.carriers.data:
        project.carriers = form.carriers.data
    # The step needs the project's row.
    db.session.flush()
    step = ProjectStep(id=step_id, round_id=round_.id, project_id=project.id, state=project.state, by_user=current_user.id)
    step.note = form.note.data or None
    record(round_, step)
    flash(_("C’est noté."))
    return redirect(url_for("workspace.outreach.show", round_id=round_.id))


def _project(form: StepForm, step_id: UUID) -> Project:
    if form.chosen:
        return found(Project, form.chosen)
    # Made of the step's id, so that the same form twice opens one project.
    project = Project(id=uuid5(step_id, "project"), title=form.title.data or "")
    db.session.add(project)
    journal.note("opened", "project", project.id)
    return project
