"""Forgetting numbers: thirty days after a phoning round was closed, nothing is left but what can be counted."""

import sqlalchemy as sa
from sqlalchemy import select, update

from app.db import db, now
from app.outreach.models import KEPT, Round
from app.outreach.phoning import Call, PhoneNumber
from workers.queue import job


@job
def forget_numbers() -> None:
    """Empty the numbers of the present collective's rounds that were closed more than thirty days ago.

    A round nobody closed counts as over thirty days after the last of its numbers was due.
    """
    precise = select(PhoneNumber.round_id).where(PhoneNumber.number_sealed.is_not(None))
    due = select(PhoneNumber.round_id).where(PhoneNumber.not_before > now() - KEPT)
    over = sa.or_(Round.closed_at < now() - KEPT, sa.and_(Round.is_past(), Round.id.not_in(due)))
    old = select(Round).where(over, Round.id.in_(precise)).limit(200)
    for round_ in db.session.scalars(old).all():
        loose = {"synchronize_session": False}
        emptied = update(PhoneNumber).where(PhoneNumber.round_id == round_.id)
        gone = {"number_sealed": sa.null(), "mark": sa.null(), "held_by": sa.null(), "held_until": sa.null()}
        db.session.execute(emptied.values(gone).execution_options(**loose))
        # When to call back is about somebody; who called is about a volunteer. Neither is needed to count.
        callers = update(Call).where(Call.round_id == round_.id).values(by_user=sa.null(), call_back_on=sa.null())
        db.session.execute(callers.execution_options(**loose))
        round_.forgotten_at, round_.reopened_because = now(), None
