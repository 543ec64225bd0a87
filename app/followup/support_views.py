"""Support permanences, as the collective's team sees them."""

from typing import Any
from uuid import UUID

from flask import g, url_for
from flask.typing import ResponseReturnValue

from app.followup import bp
from app.followup import support_acts as acts
from app.followup import support_months as months
from app.followup.support import Side, SupportMeeting, meeting_of
from tenants.access import allowed, may
from tenants.months import today_in
from tenants.rows import found


def _address(name: str, **values: object) -> str:
    return url_for(f"workspace.followup.{name}", **values)  # type: ignore[arg-type]  # ids


def _seat() -> acts.Seat:
    return acts.Seat(Side.collective, g.membership.display_name, today_in(g.collective.time_zone), "followup", _address)


def _more() -> dict[str, Any]:
    return {"subject": g.collective, "writes": allowed("speak with the network")}


@bp.get("/soutien/")
@may("see the follow-up")
def index_support() -> ResponseReturnValue:
    """All meetings, the latest month first."""
    return acts.index_page(_seat(), **_more())


@bp.post("/soutien/")
@may("speak with the network")
def create_support() -> ResponseReturnValue:
    """Propose dates."""
    return acts.propose_dates(_seat(), **_more())


@bp.get("/soutien/mois")
@may("speak with the network")
def new_support_month() -> ResponseReturnValue:
    """Whether the meeting of ?mois= took place."""
    month = months.month_asked(_seat(), g.collective)
    return months.month_page(_seat(), month, meeting_of(month), **_more()) if month else months.no_such_month(_seat())


@bp.post("/soutien/mois")
@may("speak with the network")
def create_support_month() -> ResponseReturnValue:
    """Say so."""
    month = months.month_asked(_seat(), g.collective)
    return months.tell_month(_seat(), month, meeting_of(month), **_more()) if month else months.no_such_month(_seat())


@bp.get("/soutien/<uuid:support_id>")
@may("see the follow-up")
def show_support(support_id: UUID) -> ResponseReturnValue:
    """One meeting: dates, note, decisions, signatures."""
    return acts.show_page(_seat(), found(SupportMeeting, support_id), **_more())


@bp.post("/soutien/<uuid:support_id>/date")
@may("speak with the network")
def create_choice(support_id: UUID) -> ResponseReturnValue:
    """This day suits us."""
    return acts.choose_date(_seat(), found(SupportMeeting, support_id))


@bp.post("/soutien/<uuid:support_id>/date/retrait")
@may("speak with the network")
def delete_choice(support_id: UUID) -> ResponseReturnValue:
    """This day does not suit us after all."""
    return acts.unchoose_date(_seat(), found(SupportMeeting, support_id))


@bp.post("/soutien/<uuid:support_id>/note")
@may("speak with the network")
def update_support(support_id: UUID) -> ResponseReturnValue:
    """Write the note."""
    return acts.write_note(_seat(), found(SupportMeeting, support_id), **_more())


@bp.post("/soutien/<uuid:support_id>/signature")
@may("speak with the network")
def create_signature(support_id: UUID) -> ResponseReturnValue:
    """The note says what was said."""
    return acts.sign_note(_seat(), found(SupportMeeting, support_id), **_more())


@bp.post("/soutien/<uuid:support_id>/decisions")
@may("speak with the network")
def create_decision(support_id: UUID) -> ResponseReturnValue:
    """What, who, until when."""
    return acts.decide(_seat(), found(SupportMeeting, support_id), **_more())


@bp.post("/soutien/<uuid:support_id>/decisions/<uuid:decision_id>/retrait")
@may("speak with the network")
def delete_decision(support_id: UUID, decision_id: UUID) -> ResponseReturnValue:
    """Not to be done after all."""
    return acts.undecide(_seat(), found(SupportMeeting, support_id), decision_id)


@bp.post("/soutien/<uuid:support_id>/decisions/<uuid:decision_id>/fait")
@may("speak with the network")
def update_decision(support_id: UUID, decision_id: UUID) -> ResponseReturnValue:
    """Done, or not after all."""
    meeting = found(SupportMeeting, support_id)
    return acts.finish_decision(_seat(), meeting, acts.decision_of(meeting, decision_id))
