"""How bonds and silences are counted."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy import select

from app.db import db, now
from app.followup.bonds import HeartBond
from app.followup.silence import WATCHED
from app.people.models import Person
from tenants import ledger

LONG = 60


@ledger.counts
def count_bonds(start: date, end: date) -> dict[str, int]:
    """Bonds that began in the period, and those that stand now, whatever the month."""
    bonds = select(sa.func.count()).select_from(HeartBond)
    return {
        "heart_bonds_begun": db.session.scalar(bonds.where(HeartBond.began_on >= start, HeartBond.began_on < end)) or 0,
        "heart_bonds_now": db.session.scalar(bonds.where(HeartBond.ended_on.is_(None))) or 0,
    }


@ledger.counts
def count_silent(start: date, end: date) -> dict[str, int]:
    """People whom nobody has seen for more than sixty days, whatever the month."""
    seen = sa.func.coalesce(Person.last_seen_on, Person.found_on)
    query = select(sa.func.count(Person.id)).where(Person.stage.in_(WATCHED), seen < now().date() - sa.literal(LONG))
    return {"people_silent": db.session.scalar(query) or 0}
