"""Buildings of a round and the grid of doors to tap."""

from typing import Any
from uuid import UUID

from flask import abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.db import db, new_id
from app.outreach import bp
from app.outreach.buildings import Building, Shape
from app.outreach.encounters import Door, Outcome, log_counts, log_doors, undo, unsay_refusal, unwanted_doors
from app.outreach.forms import BuildingForm, CountsForm
from app.outreach.kinds import shows
from app.outreach.models import OutreachKind, Round
from app.outreach.queries import Tally, building_of_round, buildings_of, doors_of, gesture_size, last_gesture, tallies_of
from app.outreach.views import in_team, own_round, too_late, why_not
from app.pages import FRAGMENT, id_from, page
from tenants import journal
from tenants.access import allowed, may, refuse
from tenants.rows import found
from tenants.scope import here


@shows(OutreachKind.door_to_door)
def gather_doors(round_: Round) -> dict[str, Any]:
    """Buildings with what stands in each, and all of them together."""
    tallies = tallies_of(round_.id)
    total = sum_of(tallies)
    said = _(
        "%(doors)s, dont %(answered)s, et %(talked)s.",
        doors=ngettext("%(num)d porte", "%(num)d portes", total.doors),
        answered=ngettext("%(num)d ouverte", "%(num)d ouvertes", total.answered),
        talked=ngettext("%(num)d conversation", "%(num)d conversations", total.conversations),
    )
    buildings = db.session.scalars(buildings_of(round_.id)).all()
    return {"summary": said, "total": total, "buildings": [(each, tallies.get(each.id, Tally())) for each in buildings]}


def sum_of(tallies: dict[UUID, Tally]) -> Tally:
    """All buildings together."""
    total = Tally()
    for each in tallies.values():
        for outcome in Tally.__slots__:
            setattr(total, outcome, getattr(total, outcome) + getattr(each, outcome))
    return total


def building_of(round_: Round, building_id: UUID) -> Building:
    """A building of this round; 404 for one of another."""
    building = found(Building, building_id)
    if building.round_id != round_.id:
        refuse("a building of another round")
    return building


def own_building(round_id: UUID, building_id: UUID) -> tuple[Round, Building]:
    """A round and a building of it, for those who may note there, only read; 404 as `own_round` and `building_of` give it."""
    round_, building, goes = building_of_round(round_id, building_id, g.membership.id)
    if round_ is None:
        abort(404)
    if not goes and not allowed("plan a round"):
        refuse("not in the team")
    if building is None:
        refuse("a building of another round")
    return round_, building


@bp.get("/tournees/<uuid:round_id>/immeubles/nouveau")
@may("prepare buildings")
def new_building(round_id: UUID) -> ResponseReturnValue:
    """What kind of place is it?"""
    return page("outreach/new_building.html", form=BuildingForm(id=str(new_id())), round=own_round(round_id))


@bp.post("/tournees/<uuid:round_id>/immeubles")
@may("prepare buildings")
def create_building(round_id: UUID) -> ResponseReturnValue:
    """Add a building or a street to a round."""
    round_ = own_round(round_id)
    form = BuildingForm()
    if not form.validate_on_submit():
        return page("outreach/new_building.html", form=form, round=round_), 422
    building_id = id_from(form.id.data)
    building = db.session.get(Building, (here(), building_id))
    if building is None:
        building = Building(id=building_id, round_id=round_.id)
        form.fill(building)
        db.session.add(building)
        journal.note("added", "building", building.id)
    return redirect(url_for("workspace.outreach.show_building", round_id=round_.id, building_id=building.id))


@bp.post("/tournees/<uuid:round_id>/immeubles/<uuid:building_id>/retrait")
@may("prepare buildings")
def delete_building(round_id: UUID, building_id: UUID) -> ResponseReturnValue:
    """Take a building out, as long as nothing was noted in it."""
    if journal.found_or_removed(Building, building_id) is None:
        flash(_("C’est retiré."))
        return redirect(url_for("workspace.outreach.show", round_id=own_round(round_id).id))
    round_, building = own_building(round_id, building_id)
    if building.id in tallies_of(round_.id):
        flash(_("Des portes y sont notées : cet immeuble reste."), "warning")
    else:
        db.session.delete(found(Building, building.id))
        journal.note_removal("building", building.id)
        flash(_("%(label)s ne fait plus partie de la tournée.", label=building.label))
    return redirect(url_for("workspace.outreach.show", round_id=round_.id))


@bp.get("/tournees/<uuid:round_id>/immeubles/<uuid:building_id>")
@may("see rounds")
def show_building(round_id: UUID, building_id: UUID) -> ResponseReturnValue:
    """The grid; with ?porte=3/33 the panel that asks how it went at that door."""
    round_ = found(Round, round_id)
    return _grid(round_, building_of(round_, building_id))


def _grid(round_: Round, building: Building, counts: CountsForm | None = None, trouble: str | None = None) -> str:
    last = last_gesture(round_.id, current_user.id)
    doors = doors_of(building)
    asked = read_door(building, request.args.get("porte"))
    return page(
        "outreach/building.html",
        round=round_,
        building=building,
        layout=building.layout(),
        doors=doors,
        unwanted=unwanted_doors(building),
        size=building.size(),
        tally=tallies_of(round_.id).get(building.id, Tally()),
        counts=counts or CountsForm(formdata=None, gesture=str(new_id())),
        gesture=new_id(),
        asked=asked,
        last=last,
        last_size=gesture_size(last.gesture_id) if last else 0,
        trouble=trouble,
        mine=in_team(round_),
        why=(why := why_not(round_)),
        writable=why is None,
    )


def read_door(building: Building, text: str | None) -> Door | None:
    """Floor and door from "3/33"; None if the building has no such door."""
    floor, _slash, door = (text or "").partition("/")
    if len(floor) > 3 or not floor.isdecimal() or not building.has_door(int(floor), door):
        return None
    return int(floor), door


def _answer(round_: Round, building: Building, trouble: str | None) -> ResponseReturnValue:
    if trouble:
        return _grid(round_, building, trouble=trouble), 422
    if request.headers.get(FRAGMENT):
        return _grid(round_, building)
    floor = request.form.get("floor_shown", "")
    return redirect(
        url_for(
            "workspace.outreach.show_building", round_id=round_.id, building_id=building.id, _anchor=f"etage-{floor}" if floor.isdecimal() else None
        )
    )


@bp.post("/tournees/<uuid:round_id>/immeubles/<uuid:building_id>/portes")
@may("log an encounter")
def create_encounter(round_id: UUID, building_id: UUID) -> ResponseReturnValue:
    """Note one door: `nobody=3/33`, or `talked=3/33` and the like."""
    round_, building = own_building(round_id, building_id)
    trouble = too_late(round_)
    outcome = next((each for each in Outcome if each.value in request.form), None)
    door = read_door(building, request.form.get(outcome.value)) if outcome else None
    if trouble is None and (outcome is None or door is None):
        trouble = _("Cette porte n’est pas dans l’immeuble. Touchez un numéro de la grille.")
    if trouble is None and outcome and door:
        log_doors(round_, building, [door], outcome, id_from(request.form.get("gesture")))
        # Said where a door's answer is asked for, and so never by the one tap of a door without answer.
        if "answer" in request.form and outcome != Outcome.refused:
            unsay_refusal(building, door)
    return _answer(round_, building, trouble)


@bp.post("/tournees/<uuid:round_id>/immeubles/<uuid:building_id>/personne")
@may("log an encounter")
def create_nobody(round_id: UUID, building_id: UUID) -> ResponseReturnValue:
    """Nobody opened at the doors of a floor, or of the building, that have nothing noted yet."""
    round_, building = own_building(round_id, building_id)
    trouble = too_late(round_)
    floor = request.form.get("floor", "")
    if trouble is None:
        noted = doors_of(building)
        # Where nobody is to come again, nobody knocked.
        spared = unwanted_doors(building)
        left = [(each, door) for each, doors in building.layout() for door in doors if (each, door) not in noted and (each, door) not in spared]
        chosen = left if floor == "all" else [(each, door) for each, door in left if str(each) == floor]
        log_doors(round_, building, chosen, Outcome.nobody, id_from(request.form.get("gesture")))
    return _answer(round_, building, trouble)


@bp.post("/tournees/<uuid:round_id>/immeubles/<uuid:building_id>/nombres")
@may("log an encounter")
def create_counts(round_id: UUID, building_id: UUID) -> ResponseReturnValue:
    """Note numbers for a place where doors are not named."""
    round_, building = own_building(round_id, building_id)
    form = CountsForm()
    trouble = too_late(round_)
    if trouble is None and building.shape != Shape.counted:
        trouble = _("Dans cet immeuble on note porte par porte.")
    if trouble or not form.validate_on_submit():
        return _grid(round_, building, counts=form, trouble=trouble), 422
    counts = {outcome: getattr(form, outcome.value).data or 0 for outcome in Outcome}
    log_counts(round_, building, counts, id_from(form.gesture.data))
    flash(_("C’est noté."))
    return redirect(url_for("workspace.outreach.show_building", round_id=round_.id, building_id=building.id))


@bp.post("/tournees/<uuid:round_id>/immeubles/<uuid:building_id>/annulation")
@may("log an encounter")
def create_undo(round_id: UUID, building_id: UUID) -> ResponseReturnValue:
    """Take one's last gesture back. The gesture is named, so that undoing twice does not undo two."""
    round_, building = own_building(round_id, building_id)
    trouble = too_late(round_)
    if trouble is None:
        undo(round_, id_from(request.form.get("undone")))
    return _answer(round_, building, trouble)
