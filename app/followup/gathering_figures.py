"""How permanences, support permanences and activities are counted, each in the month of its day."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import func, select

from app.db import db
from app.followup.activities import Activity, Carrier
from app.followup.attendance import TABLES
from app.followup.drop_ins import DropIn
from app.followup.gatherings import GatheringState
from app.followup.support import SupportMeeting, meetings
from tenants import ledger
from tenants.models import Collective
from tenants.months import month_of, today_in
from tenants.scope import here

DAY = timedelta(days=1)


def _today() -> date:
    return today_in(db.session.get_one(Collective, here()).time_zone)


def _count(query: sa.Select[int]) -> int:
    return int(db.session.scalar(query) or 0)


def _within(kind: Any, start: date, end: date, *states: GatheringState) -> sa.Select[UUID]:
    query = select(kind.id).where(kind.day >= start, kind.day < end)
    return query.where(kind.state.in_(states)) if states else query


def _came(kind: Any, start: date, end: date) -> tuple[int, int]:
    visit, tallies, key = TABLES[kind.noun]
    held = _within(kind, start, end, GatheringState.held)
    known = _count(select(func.count()).select_from(visit).where(getattr(visit, key).in_(held)))
    others = _count(select(func.sum(tallies.number)).where(getattr(tallies, key).in_(held), tallies.undone_at.is_(None)))
    return known, others


@ledger.counts
def count_drop_ins(start: date, end: date) -> dict[str, int]:
    """Permanences laid out and held, and who came to those held."""
    known, others = _came(DropIn, start, end)
    return {
        # A permanence that is still to come has not been missed.
        "drop_ins_planned": _count(select(func.count()).select_from(_within(DropIn, start, min(end, _today() + DAY)).subquery())),
        "drop_ins_held": _count(select(func.count()).select_from(_within(DropIn, start, end, GatheringState.held).subquery())),
        "drop_in_known": known,
        "drop_in_anonymous": others,
    }


@ledger.counts
def count_activities(start: date, end: date) -> dict[str, int]:
    """Activities held, who took part, and how many of them someone who is accompanied carried."""
    known, others = _came(Activity, start, end)
    held = _within(Activity, start, end, GatheringState.held)
    return {
        "activities": _count(select(func.count()).select_from(held.subquery())),
        "activity_known": known,
        "activity_others": others,
        "activities_carried": _count(select(func.count(sa.distinct(Carrier.activity_id))).where(Carrier.activity_id.in_(held))),
    }


@ledger.counts_once
def count_carriers(start: date, end: date) -> dict[str, int]:
    """People who carried an activity that was held, each once."""
    held = _within(Activity, start, end, GatheringState.held)
    return {"activity_carriers": _count(select(func.count(sa.distinct(Carrier.person_id))).where(Carrier.activity_id.in_(held)))}


@ledger.counts
def count_support(start: date, end: date) -> dict[str, int]:
    """One meeting with the network is due in each month since the collective was founded; it was held once there is a note."""
    month = month_of(start)
    held = _count(select(func.count()).select_from(meetings().where(SupportMeeting.month == month, SupportMeeting.mood.is_not(None)).subquery()))
    founded = db.session.get_one(Collective, here()).created_at.date()
    return {"support_due": int(bool(held) or (founded < end and start <= _today())), "support_held": held}
