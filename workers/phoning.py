"""Forgetting numbers: thirty days after a phoning round was closed, nothing is left but what can be counted."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy import select, update

from app.db import db, now
from app.outreach.models import Round
from app.outreach.phoning import Call, PhoneNumber
from workers.queue import job

KEPT = timedelta(days=30)


@job
def forget_numbers() -> None:
    """Empty the numbers of the present collective's rounds that were closed more than thirty days ago."""
    precise = select(PhoneNumber.round_id).where(PhoneNumber.number_sealed.is_not(None))
    old = select(Round).where(Round.closed_at < now() - KEPT, Round.id.in_(precise)).limit(200)
    for round_ in db.session.scalars(old).all():
        loose = {"synchronize_session": False}
        emptied = update(PhoneNumber).where(PhoneNumber.round_id == round_.id)
        gone = {"number_sealed": sa.null(), "mark": sa.null(), "held_by": sa.null(), "held_until": sa.null()}
        db.session.execute(emptied.values(gone).execution_options(**loose))
        # When to call back is about somebody; who called is about a volunteer. Neither is needed to count.
        callers = update(Call).where(Call.round_id == round_.id).values(by_user=sa.null(), call_back_on=sa.null())
        db.session.execute(callers.execution_options(**loose))
        round_.forgotten_at = now()
