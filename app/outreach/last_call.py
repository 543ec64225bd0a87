"""A call that was noted by a slip of the finger: its caller takes it back and has the number in hand again."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import select

from app.db import db, now
from app.outreach.models import Round
from app.outreach.phoning import FINAL, HELD, Call, CallOutcome, PhoneNumber
from app.outreach.records import remove
from app.outreach.wishes import ONE_REQUEST, WishKind, take_back
from tenants.rows import found
from tenants.scope import here, place


def last_call(round_: Round, user_id: UUID) -> Call | None:
    """The latest call someone noted in a round, while it can be taken back: nobody called that number since, and it is not forgotten."""
    query = select(Call).where(Call.round_id == round_.id, Call.by_user == user_id).order_by(Call.at.desc(), Call.id.desc())
    call = None if round_.is_closed or round_.forgotten_at else db.session.scalar(query.limit(1))
    if call is None:
        return None
    later = select(Call.id).where(Call.phone_number_id == call.phone_number_id, sa.tuple_(Call.at, Call.id) > sa.tuple_(call.at, call.id))
    return None if db.session.scalar(later.limit(1)) else call


def take_back_call(round_: Round, call_id: UUID) -> PhoneNumber | None:
    """Take one's last call back; a wish that it said goes with it. Returns the number, handed to its caller again; None if it is not the last.

    Sent twice it answers alike: with the number in hand.
    """
    me = place().user_id
    call = last_call(round_, me) if me and db.session.get(Call, (here(), call_id)) else None
    if call is None or call.id != call_id:
        mine = (PhoneNumber.round_id == round_.id, PhoneNumber.held_by == me, PhoneNumber.held_until >= now(), PhoneNumber.done.is_(False))
        return db.session.scalar(select(PhoneNumber).where(*mine).limit(1))
    number = found(PhoneNumber, call.phone_number_id)
    others = db.session.scalars(select(Call.outcome).where(Call.phone_number_id == number.id, Call.id != call.id)).all()
    number.attempts, number.done = len(others), any(each in FINAL for each in others)
    number.not_before, number.held_by, number.held_until = now(), me, now() + HELD
    if call.outcome == CallOutcome.refused and number.mark:
        # One that was said before, or anew since, was someone's and not this call's: it stands.
        take_back(WishKind.no_call, number.mark, since=call.at, until=call.at + ONE_REQUEST)
    remove(round_, call)
    return number
