"""How outreach counts its indicators."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy import select

from app.db import db
from app.outreach.encounters import ANSWERED, CONVERSATIONS, Encounter, Outcome
from app.outreach.models import Round, RoundMember, RoundState
from app.outreach.phoning import count_calls
from app.outreach.queries import standing
from tenants import ledger

EPOCH = date(1970, 1, 1)


@ledger.counts
def count_doors(start: date, end: date) -> dict[str, int]:
    """Doors of the rounds of the period, by what stands at each."""
    of_period = select(Round.id).where(Round.day >= start, Round.day < end)
    rows = standing(Encounter.round_id.in_(of_period)).subquery()
    counted = {
        str(outcome): int(number)
        for outcome, number in db.session.execute(select(rows.c.outcome, sa.func.sum(rows.c.tally)).group_by(rows.c.outcome))
    }
    return {
        "doors": sum(counted.values()),
        "doors_answered": sum(counted.get(outcome, 0) for outcome in ANSWERED),
        "conversations": sum(counted.get(outcome, 0) for outcome in CONVERSATIONS),
        "refusals": counted.get(Outcome.refused, 0),
        "situations": counted.get(Outcome.isolation, 0),
    }


ledger.counts(count_calls)


@ledger.counts
def count_rounds(start: date, end: date) -> dict[str, int]:
    """Closed rounds of the period, and what their teams gave: minutes times people."""
    members = (
        select(sa.func.count())
        .select_from(RoundMember)
        .where(RoundMember.round_id == Round.id, RoundMember.collective_id == Round.collective_id)
        .correlate(Round)
        .scalar_subquery()
    )
    query = select(sa.func.count(), sa.func.coalesce(sa.func.sum(Round.minutes * (members + Round.companions)), 0)).where(
        Round.state == RoundState.closed, Round.day >= start, Round.day < end
    )
    rounds, minutes = db.session.execute(query).one()
    return {"rounds": int(rounds), "volunteer_minutes": int(minutes or 0)}


@ledger.counts_once
def count_volunteers(start: date, end: date) -> dict[str, int]:
    """Members who went on closed rounds of the period, each once. Companions without account have no name to be told apart by."""
    joined = sa.and_(Round.collective_id == RoundMember.collective_id, Round.id == RoundMember.round_id)
    query = select(sa.func.count(RoundMember.membership_id.distinct())).join(Round, joined)
    return {"volunteers_active": db.session.scalar(query.where(Round.state == RoundState.closed, Round.day >= start, Round.day < end)) or 0}


@ledger.counts
def find_last_activity(start: date, end: date) -> dict[str, int]:
    """The last local date of a round in which something was noted, in days since 1970; absent if there is none."""
    last = db.session.scalar(select(sa.func.max(Round.day)).where(Round.started_at.is_not(None)))
    return {"last_activity": (last - EPOCH).days} if last else {}
