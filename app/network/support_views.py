"""Support permanences, as the network's staff sees them: the same note, from the other side of the table.

It is read through the network's own role; writing enters the collective for that one row, as inviting a coordination does.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from flask import abort, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.db import db
from app.followup import support_acts as acts
from app.followup import support_months as months
from app.followup.support import Side, SupportMeeting, decisions_of, meeting_of, meetings_with
from app.network import bp
from app.network.queries import reading
from tenants.models import Collective
from tenants.months import today_in
from tenants.rows import found
from tenants.scope import inside


def _seat(collective: Collective) -> acts.Seat:
    def address(name: str, **values: object) -> str:
        return url_for(f"network.{name}", collective_id=collective.id, **values)  # type: ignore[arg-type]  # ids

    return acts.Seat(Side.network, current_user.name, today_in(collective.time_zone), "network", address)


@contextmanager
def _at_table(collective_id: UUID) -> Iterator[tuple[acts.Seat, dict[str, Any]]]:
    collective = db.get_or_404(Collective, collective_id)
    with inside(collective.id):
        yield _seat(collective), {"subject": collective, "writes": True}


@bp.get("/collectifs/<uuid:collective_id>/soutien/")
def index_support(collective_id: UUID) -> ResponseReturnValue:
    """All meetings with one team."""
    with reading() as session:
        collective = session.get(Collective, collective_id) or abort(404)
        rows = session.scalars(meetings_with(collective.id)).all()
    return acts.index_page(_seat(collective), rows=rows, subject=collective, writes=True)


@bp.get("/collectifs/<uuid:collective_id>/soutien/mois")
def new_support_month(collective_id: UUID) -> ResponseReturnValue:
    """Whether the meeting of ?mois= with one team took place."""
    with reading() as session:
        collective = session.get(Collective, collective_id) or abort(404)
        month = months.month_asked(_seat(collective), collective)
        row = session.scalar(meetings_with(collective.id).where(SupportMeeting.month == month))
    seat = _seat(collective)
    return months.month_page(seat, month, row, subject=collective, writes=True) if month else months.no_such_month(seat)


@bp.post("/collectifs/<uuid:collective_id>/soutien/mois")
def create_support_month(collective_id: UUID) -> ResponseReturnValue:
    """Say so."""
    with _at_table(collective_id) as (seat, more):
        month = months.month_asked(seat, more["subject"])
        return months.tell_month(seat, month, meeting_of(month), **more) if month else months.no_such_month(seat)


@bp.get("/collectifs/<uuid:collective_id>/soutien/<uuid:support_id>")
def show_support(collective_id: UUID, support_id: UUID) -> ResponseReturnValue:
    """One meeting."""
    with reading() as session:
        collective = session.get(Collective, collective_id) or abort(404)
        meeting = session.get(SupportMeeting, (collective.id, support_id)) or abort(404)
        decided = session.scalars(decisions_of(collective.id, meeting.id)).all()
    return acts.show_page(_seat(collective), meeting, decided=decided, subject=collective, writes=True)


@bp.post("/collectifs/<uuid:collective_id>/soutien/")
def create_support(collective_id: UUID) -> ResponseReturnValue:
    """Propose dates."""
    with _at_table(collective_id) as (seat, more):
        return acts.propose_dates(seat, **more)


@bp.post("/collectifs/<uuid:collective_id>/soutien/<uuid:support_id>/date")
def create_choice(collective_id: UUID, support_id: UUID) -> ResponseReturnValue:
    """This day suits us."""
    with _at_table(collective_id) as (seat, _more):
        return acts.choose_date(seat, found(SupportMeeting, support_id))


@bp.post("/collectifs/<uuid:collective_id>/soutien/<uuid:support_id>/date/retrait")
def delete_choice(collective_id: UUID, support_id: UUID) -> ResponseReturnValue:
    """This day does not suit us after all."""
    with _at_table(collective_id) as (seat, _more):
        return acts.unchoose_date(seat, found(SupportMeeting, support_id))


@bp.post("/collectifs/<uuid:collective_id>/soutien/<uuid:support_id>/note")
def update_support(collective_id: UUID, support_id: UUID) -> ResponseReturnValue:
    """Write the note."""
    with _at_table(collective_id) as (seat, more):
        return acts.write_note(seat, found(SupportMeeting, support_id), **more)


@bp.post("/collectifs/<uuid:collective_id>/soutien/<uuid:support_id>/signature")
def create_signature(collective_id: UUID, support_id: UUID) -> ResponseReturnValue:
    """The note says what was said."""
    with _at_table(collective_id) as (seat, more):
        return acts.sign_note(seat, found(SupportMeeting, support_id), **more)


@bp.post("/collectifs/<uuid:collective_id>/soutien/<uuid:support_id>/decisions")
def create_decision(collective_id: UUID, support_id: UUID) -> ResponseReturnValue:
    """What, who, until when."""
    with _at_table(collective_id) as (seat, more):
        return acts.decide(seat, found(SupportMeeting, support_id), **more)


@bp.post("/collectifs/<uuid:collective_id>/soutien/<uuid:support_id>/decisions/<uuid:decision_id>/retrait")
def delete_decision(collective_id: UUID, support_id: UUID, decision_id: UUID) -> ResponseReturnValue:
    """Not to be done after all."""
    with _at_table(collective_id) as (seat, _more):
        return acts.undecide(seat, found(SupportMeeting, support_id), decision_id)


@bp.post("/collectifs/<uuid:collective_id>/soutien/<uuid:support_id>/decisions/<uuid:decision_id>/fait")
def update_decision(collective_id: UUID, support_id: UUID, decision_id: UUID) -> ResponseReturnValue:
    """Done, or not after all."""
    with _at_table(collective_id) as (seat, _more):
        meeting = found(SupportMeeting, support_id)
        return acts.finish_decision(seat, meeting, acts.decision_of(meeting, decision_id))
