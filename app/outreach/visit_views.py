"""Courtesy visits, noted one by one."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import select

from app.db import db, new_id
from app.outreach import bp
from app.outreach.kinds import shows
from app.outreach.models import OutreachKind, Round
from app.outreach.queries import team_of
from app.outreach.record_forms import VISIT_NAMES, VisitForm
from app.outreach.records import record, remove
from app.outreach.views import closed_to_notes, own_round, too_late
from app.outreach.visits import CourtesyVisit, VisitOutcome, first_names, visits_of
from app.pages import id_from, page
from tenants import journal
from tenants.access import may, refuse
from tenants.models import Membership

VISIT = OutreachKind.courtesy_visit


@shows(VISIT)
def gather_visits(round_: Round) -> dict[str, Any]:
    """The visits, and how many found someone in."""
    visits = db.session.scalars(visits_of(round_.id)).all()
    paid = sum(each.how in (VisitOutcome.good, VisitOutcome.short) for each in visits)
    said = ngettext("%(num)d visite.", "%(num)d visites.", paid)
    names = {str(each.id): each.display_name for each in db.session.scalars(select(Membership))}
    return {
        "summary": said,
        "visits": visits,
        "paid": paid,
        "visit_names": VISIT_NAMES,
        "went": {each.id: [names[one] for one in each.went or [] if one in names] for each in visits},
        "named": first_names,
    }


def _form(round_: Round, **values: Any) -> VisitForm:
    form = VisitForm(**values)
    team = team_of(round_.id)[round_.id]
    form.went.choices = [(str(each.id), each.display_name) for each in team]
    if not form.is_submitted():
        form.went.data = [str(each.id) for each in team]
    return form


@bp.get("/tournees/<uuid:round_id>/visites/nouvelle")
@may("log an encounter")
def new_visit(round_id: UUID) -> ResponseReturnValue:
    """To whom, and how it went."""
    round_ = own_round(round_id, VISIT)
    return page("outreach/new_visit.html", form=_form(round_, formdata=None, id=str(new_id())), round=round_, trouble_now=closed_to_notes(round_))


@bp.post("/tournees/<uuid:round_id>/visites")
@may("log an encounter")
def create_visit(round_id: UUID) -> ResponseReturnValue:
    """Note a visit."""
    round_ = own_round(round_id, VISIT)
    form = _form(round_)
    closed = too_late(round_)
    if closed or not form.validate_on_submit():
        return page("outreach/new_visit.html", form=form, round=round_, trouble_now=closed), 422
    visit = CourtesyVisit(id=id_from(form.id.data), round_id=round_.id, how=VisitOutcome(form.how.data), by_user=current_user.id)
    visit.to_whom, visit.note, visit.went = form.to_whom.data, form.note.data or None, list(form.went.data or [])
    visit.others = form.others.data or None
    record(round_, visit)
    flash(_("C’est noté."))
    return redirect(url_for("workspace.outreach.show", round_id=round_.id))


@bp.post("/tournees/<uuid:round_id>/visites/<uuid:visit_id>/retrait")
@may("log an encounter")
def delete_visit(round_id: UUID, visit_id: UUID) -> ResponseReturnValue:
    """Take a line back that was noted by mistake."""
    round_ = own_round(round_id, VISIT)
    visit = journal.found_or_removed(CourtesyVisit, visit_id)
    if visit and visit.round_id != round_.id:
        refuse("a visit of another round")
    closed = closed_to_notes(round_)
    if visit and closed is None:
        remove(round_, visit)
    flash(closed or _("C’est retiré."), "warning" if closed else "message")
    return redirect(url_for("workspace.outreach.show", round_id=round_.id))
