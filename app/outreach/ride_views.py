"""Solidarity rides, noted one by one."""

from typing import Any
from uuid import UUID

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy.orm import joinedload

from app.db import db, new_id
from app.outreach import bp
from app.outreach.kinds import shows
from app.outreach.models import OutreachKind, Round
from app.outreach.queries import team_of
from app.outreach.record_forms import SOMEONE, RideForm
from app.outreach.records import record, remove
from app.outreach.rides import Ride, rides_of
from app.outreach.views import closed_to_notes, own_round, too_late
from app.pages import id_from, page
from tenants import journal
from tenants.access import may, refuse
from tenants.models import Role, members

RIDE = OutreachKind.solidarity_ride


@shows(RIDE)
def gather_rides(round_: Round) -> dict[str, Any]:
    """The rides, with kilometres and people carried in all."""
    rides = db.session.scalars(rides_of(round_.id).options(joinedload(Ride.driver))).all()
    kilometres, carried = sum(each.driven for each in rides), sum(each.carried for each in rides)
    there = ngettext("%(num)d trajet", "%(num)d trajets", len(rides))
    said = _("%(rides)s, %(kilometres)s.", rides=there, kilometres=ngettext("%(num)d kilomètre", "%(num)d kilomètres", kilometres))
    return {"summary": said, "rides": rides, "kilometres": kilometres, "carried": carried}


def _form(round_: Round, **values: Any) -> RideForm:
    form = RideForm(**values)
    # Whoever went along may have left the collective since.
    drivers = {each.id: each for each in [*team_of(round_.id)[round_.id], *db.session.scalars(members(Role.coordinator, Role.volunteer))]}
    form.driver.choices = [*((str(each.id), each.display_name) for each in drivers.values()), (SOMEONE, _("Quelqu’un sans compte"))]
    if form.driver.data is None and g.membership.id in drivers:
        form.driver.data = str(g.membership.id)
    return form


@bp.get("/tournees/<uuid:round_id>/trajets/nouveau")
@may("log an encounter")
def new_ride(round_id: UUID) -> ResponseReturnValue:
    """From where to where, and who drove."""
    round_ = own_round(round_id, RIDE)
    form = _form(round_, formdata=None, id=str(new_id()))
    return page("outreach/new_ride.html", form=form, round=round_, trouble_now=closed_to_notes(round_))


@bp.post("/tournees/<uuid:round_id>/trajets")
@may("log an encounter")
def create_ride(round_id: UUID) -> ResponseReturnValue:
    """Note a ride."""
    round_ = own_round(round_id, RIDE)
    form = _form(round_)
    closed = too_late(round_)
    if closed or not form.validate_on_submit():
        return page("outreach/new_ride.html", form=form, round=round_, trouble_now=closed), 422
    ride = Ride(id=id_from(form.id.data), round_id=round_.id, driver_id=form.member, by_user=current_user.id)
    ride.kilometres, ride.carried, ride.return_trip = form.kilometres.data or 0, form.carried.data or 0, bool(form.return_trip.data)
    ride.origin, ride.destination, ride.driver_name = form.origin.data, form.destination.data, form.driver_name.data or None
    record(round_, ride)
    flash(_("C’est noté."))
    return redirect(url_for("workspace.outreach.show", round_id=round_.id))


@bp.post("/tournees/<uuid:round_id>/trajets/<uuid:ride_id>/retrait")
@may("log an encounter")
def delete_ride(round_id: UUID, ride_id: UUID) -> ResponseReturnValue:
    """Take a line back that was noted by mistake."""
    round_ = own_round(round_id, RIDE)
    ride = journal.found_or_removed(Ride, ride_id)
    if ride and ride.round_id != round_.id:
        refuse("a ride of another round")
    closed = closed_to_notes(round_)
    if ride and closed is None:
        remove(round_, ride)
    flash(closed or _("C’est retiré."), "warning" if closed else "message")
    return redirect(url_for("workspace.outreach.show", round_id=round_.id))
