"""Forgetting: thirty days after a round its doors are emptied and only numbers stay."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy import select, update

from app.db import db, now
from app.outreach.encounters import Encounter
from app.outreach.models import Round
from workers.queue import job

KEPT = timedelta(days=30)


@job
def forget_doors() -> None:
    """Empty the doors of the present collective's rounds of more than thirty days, keeping every count as it stands."""
    # Asked of the encounters, not of `forgotten_at`: paper may be typed in long after its round.
    precise = select(Encounter.round_id).where(Encounter.door.is_not(None))
    rounds = db.session.scalars(select(Round).where(Round.day < (now() - KEPT).date(), Round.id.in_(precise)).limit(200)).all()
    for round_ in rounds:
        forget(round_)


def forget(round_: Round) -> None:
    """Of several notes on one door keep the last as counted, then empty door and author of all."""
    latest = (
        select(Encounter.id)
        .distinct(Encounter.building_id, Encounter.floor, Encounter.door)
        .where(Encounter.round_id == round_.id, Encounter.door.is_not(None), Encounter.undone_at.is_(None))
        .order_by(Encounter.building_id, Encounter.floor, Encounter.door, Encounter.at.desc(), Encounter.id.desc())
    )
    loose = {"synchronize_session": False}
    outdated = update(Encounter).where(Encounter.round_id == round_.id, Encounter.door.is_not(None), Encounter.id.not_in(latest))
    db.session.execute(outdated.values(counted=False).execution_options(**loose))
    emptied = update(Encounter).where(Encounter.round_id == round_.id).values(floor=sa.null(), door=sa.null(), by_user=sa.null())
    db.session.execute(emptied.execution_options(**loose))
    round_.forgotten_at = now()
