"""The page of a street walk: two large buttons, undo, and what was noticed."""

from typing import Any
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_login import current_user

from app.db import db, new_id
from app.outreach import bp
from app.outreach.kinds import shows
from app.outreach.models import OutreachKind, Round
from app.outreach.street import MOST_AT_ONCE, Meeting, StreetMeeting, crossed_in, last_meeting, meet, notice, noticed_in, take_back
from app.outreach.views import in_team, own_round, too_late, why_not
from app.pages import FRAGMENT, id_from, page
from tenants.access import may, refuse
from tenants.rows import found
from tenants.street_signs import StreetSign, signs

WALK = OutreachKind.street_walk


@shows(WALK)
def gather_street(round_: Round) -> dict[str, Any]:
    """People met and talked with, and what was noticed."""
    crossed = crossed_in(StreetMeeting.round_id == round_.id)
    said = _(
        "%(met)s, dont %(talked)s.",
        met=ngettext("%(num)d personne rencontrée", "%(num)d personnes rencontrées", crossed.met),
        talked=ngettext("%(num)d échange", "%(num)d échanges", crossed.talked),
    )
    return {"summary": said, "crossed": crossed, "noticed": [name for _code, name, seen in _signs(round_) if seen]}


def _signs(round_: Round) -> list[tuple[str, str, bool]]:
    """(code, name, noticed) of the signs on offer, and of those noticed before they were retired."""
    noticed = set(db.session.scalars(noticed_in(round_.id)))
    language = get_locale().language
    offered: list[StreetSign] = [each for each in db.session.scalars(signs()) if each.retired_at is None or each.code in noticed]
    return [(each.code, each.name(language), each.code in noticed) for each in offered]


def _street(round_: Round, trouble: str | None = None) -> str:
    return page(
        "outreach/street.html",
        round=round_,
        crossed=crossed_in(StreetMeeting.round_id == round_.id),
        signs=_signs(round_),
        last=last_meeting(round_.id, current_user.id),
        gesture=new_id(),
        most=MOST_AT_ONCE,
        trouble=trouble,
        mine=in_team(round_),
        why=(why := why_not(round_)),
        writable=why is None,
    )


def _answer(round_: Round, trouble: str | None, anchor: str | None = None) -> ResponseReturnValue:
    if trouble:
        return _street(round_, trouble), 422
    if request.headers.get(FRAGMENT):
        return _street(round_)
    return redirect(url_for("workspace.outreach.show_street", round_id=round_.id, _anchor=anchor))


@bp.get("/tournees/<uuid:round_id>/rue")
@may("see rounds")
def show_street(round_id: UUID) -> ResponseReturnValue:
    """The counter of a walk."""
    round_ = found(Round, round_id)
    if round_.kind != WALK:
        refuse("a round of another kind")
    return _street(round_)


@bp.post("/tournees/<uuid:round_id>/rue/rencontres")
@may("log an encounter")
def create_meeting(round_id: UUID) -> ResponseReturnValue:
    """Note one person met or talked with, or several at once."""
    round_ = own_round(round_id, WALK)
    trouble = too_late(round_)
    what, text = request.form.get("what", ""), request.form.get("number", "1").strip()
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
    if trouble is None and (what not in set(Meeting) or not 1 <= number <= MOST_AT_ONCE):
        trouble = _("Un nombre de 1 à %(most)d, puis l’un des deux boutons.", most=MOST_AT_ONCE)
    if trouble is None:
        meet(round_, Meeting(what), number, id_from(request.form.get("gesture")))
    return _answer(round_, trouble)


@bp.post("/tournees/<uuid:round_id>/rue/annulation")
@may("log an encounter")
def create_meeting_undo(round_id: UUID) -> ResponseReturnValue:
    """Take one's last tap back. The tap is named, so that undoing twice does not undo two."""
    round_ = own_round(round_id, WALK)
    trouble = too_late(round_)
    if trouble is None:
        take_back(round_, id_from(request.form.get("undone")))
    return _answer(round_, trouble)


@bp.post("/tournees/<uuid:round_id>/rue/reperes")
@may("log an encounter")
def create_notice(round_id: UUID) -> ResponseReturnValue:
    """Tick or untick a sign."""
    round_ = own_round(round_id, WALK)
    trouble = too_late(round_)
    sign = request.form.get("sign", "")
    if trouble is None and sign not in {code for code, _name, _seen in _signs(round_)}:
        trouble = _("Ce repère n’est plus dans la liste.")
    if trouble is None:
        notice(round_, sign, seen=request.form.get("seen") != "0")
    return _answer(round_, trouble, anchor="reperes")
