"""How outreach counts its indicators."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Select, func, select

from app.outreach.encounters import ANSWERED, CONVERSATIONS, Encounter, Outcome
from app.outreach.models import Round, RoundMember, RoundState
from app.outreach.phoning import count_calls
from app.outreach.queries import standing
from tenants import ledger
from tenants.counting import PERIODS, PeriodCounter, at_present, by_period, within

EPOCH = date(1970, 1, 1)


@ledger.counts
@PeriodCounter
def count_doors() -> Select[Any]:
    """Doors of the rounds of the period, by what stands at each."""
    of_periods = select(Round.id).join(PERIODS, within(Round.day))
    rows = standing(Encounter.round_id.in_(of_periods)).subquery()
    # Added up by round first: a round has hundreds of doors, and each would look for its period.
    tally = func.sum(rows.c.tally)
    by_round = (
        select(rows.c.round_id, *(tally.filter(rows.c.outcome == each).label(each.value) for each in Outcome)).group_by(rows.c.round_id).subquery()
    )

    def doors(*outcomes: Outcome) -> Any:
        return func.sum(sum(func.coalesce(by_round.c[each.value], 0) for each in outcomes))

    counted = by_period(
        doors(*Outcome).label("doors"),
        doors(*ANSWERED).label("doors_answered"),
        doors(*CONVERSATIONS).label("conversations"),
        doors(Outcome.refused).label("refusals"),
        doors(Outcome.isolation).label("situations"),
    )
    return counted.join(Round, within(Round.day)).join(by_round, by_round.c.round_id == Round.id)


ledger.counts(count_calls)


@ledger.counts
@PeriodCounter
def count_rounds() -> Select[Any]:
    """Closed rounds of the period, and what their teams gave: minutes times people."""
    members = (
        select(func.count())
        .select_from(RoundMember)
        .where(RoundMember.round_id == Round.id, RoundMember.collective_id == Round.collective_id)
        .correlate(Round)
        .scalar_subquery()
    )
    minutes = func.coalesce(func.sum(Round.minutes * (members + Round.companions)), 0)
    return (
        by_period(func.count().label("rounds"), minutes.label("volunteer_minutes"))
        .join(Round, within(Round.day))
        .where(Round.state == RoundState.closed)
    )


@ledger.counts_once
@PeriodCounter
def count_volunteers() -> Select[Any]:
    """Members who went on closed rounds of the period, each once. Companions without account have no name to be told apart by."""
    joined = sa.and_(Round.collective_id == RoundMember.collective_id, Round.id == RoundMember.round_id)
    members = by_period(func.count(RoundMember.membership_id.distinct()).label("volunteers_active"))
    return members.join(Round, within(Round.day)).join(RoundMember, joined).where(Round.state == RoundState.closed)


@ledger.counts
@PeriodCounter
def find_last_activity() -> Select[Any]:
    """The last local date of a round in which something was noted, in days since 1970; absent if there is none."""
    return at_present((func.max(Round.day) - EPOCH).label("last_activity")).select_from(Round).where(Round.started_at.is_not(None))
