"""Paper both ways: the sheet that is printed, its code, and the grid it is typed back into."""

from datetime import timedelta
from uuid import UUID

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.db import db, new_id
from app.outreach import bp
from app.outreach.encounters import unwanted_doors
from app.outreach.models import OutreachKind, Round
from app.outreach.paper import COLUMNS, KEYS, Sheet, held, read_sheet, round_code, rounds_with_code
from app.outreach.queries import buildings_of, team_of
from app.outreach.views import closed_to_notes, in_team, own_round, too_late
from app.pages import id_from, page
from tenants.access import may, refuse
from tenants.months import today_in
from tenants.rows import found

# Sheets found in a drawer: beyond a year their code says nothing any more.
KEPT = timedelta(days=366)


@bp.get("/tournees/<uuid:round_id>/feuille")
@may("see rounds")
def show_sheet(round_id: UUID) -> ResponseReturnValue:
    """The sheet to print and to write on."""
    round_ = found(Round, round_id)
    if round_.kind != OutreachKind.door_to_door and round_.kind not in COLUMNS:
        refuse("no paper for this kind")
    buildings = db.session.scalars(buildings_of(round_.id)).all()
    return page(
        "outreach/paper_sheet.html",
        round=round_,
        team=team_of(round_.id)[round_.id],
        code=f"{g.collective.short_code}-{round_code(round_.id)}",
        buildings=[(each, unwanted_doors(each) if each.size() else set()) for each in buildings],
        columns=COLUMNS.get(round_.kind),
        keys=KEYS,
    )


@bp.get("/feuilles")
@may("see rounds")
def find_sheet() -> ResponseReturnValue:
    """The round of a code, to type its sheet in. No such code here, or the code of elsewhere: the same words."""
    code = (request.args.get("code") or "").strip()[:40]
    if not code:
        return page("outreach/paper_code.html", code=code, rounds=[], trouble=None)
    rounds = rounds_with_code(code, g.collective.short_code, today_in(g.collective.time_zone) - KEPT)
    if len(rounds) == 1:
        return redirect(_typing_place(rounds[0]))
    trouble = None if rounds else _("Aucune tournée n’a ce code. Il est en haut de la feuille, en deux morceaux.")
    return page("outreach/paper_code.html", code=code, rounds=rounds, trouble=trouble), 200 if rounds else 404


def _typing_place(round_: Round) -> str:
    grid = round_.kind == OutreachKind.door_to_door and in_team(round_)
    return url_for("workspace.outreach.edit_sheet" if grid else "workspace.outreach.show", round_id=round_.id)


def round_of_doors(round_id: UUID) -> Round:
    """A door-to-door round one may note in; 404 for one of another kind."""
    round_ = own_round(round_id)
    if round_.kind != OutreachKind.door_to_door:
        refuse("not a round of doors")
    return round_


def _closed_to_typing(round_: Round, sent: bool = False) -> str | None:
    if round_.forgotten_at:
        return _("Les portes de cette tournée sont effacées, ses nombres restent. La recopier les compterait deux fois.")
    return too_late(round_) if sent else closed_to_notes(round_)


def _grid(sheet: Sheet, gesture: UUID, trouble: str | None) -> str:
    # What was typed while someone closed the round stays on the page.
    shown = sheet.typed or _closed_to_typing(sheet.round) is None
    return page("outreach/paper_typing.html", round=sheet.round, sheet=sheet, shown=shown, gesture=gesture, trouble=trouble, keys=KEYS)


@bp.get("/tournees/<uuid:round_id>/saisie")
@may("log an encounter")
def edit_sheet(round_id: UUID) -> ResponseReturnValue:
    """One line a door, one letter a line."""
    round_ = round_of_doors(round_id)
    return _grid(read_sheet(round_, {}), new_id(), _closed_to_typing(round_))


@bp.post("/tournees/<uuid:round_id>/saisie")
@may("log an encounter")
def update_sheet(round_id: UUID) -> ResponseReturnValue:
    """Note what differs from what stands; with one unreadable line, nothing."""
    round_ = held(round_of_doors(round_id))
    sheet = read_sheet(round_, request.form)
    gesture = id_from(request.form.get("gesture"))
    trouble = _closed_to_typing(round_, sent=True)
    if trouble is None and not sheet.typed:
        trouble = _("Rien n’est tapé. Une lettre par porte suffit.")
    if trouble or sheet.troubles:
        return _grid(sheet, gesture, trouble), 422
    noted = sheet.log(gesture)
    said = ngettext("Une porte recopiée.", "%(num)d portes recopiées.", noted) if noted else _("Tout était déjà noté : rien ne compte deux fois.")
    flash(said)
    return redirect(url_for("workspace.outreach.show", round_id=round_.id))
