"""How referrals are counted: acts, each in the month in which it happened; and the resources of the directory as they stand."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func

from app.referral.referrals import Outcome, Referral, ReferralState
from app.referral.resources import Resource
from tenants import ledger
from tenants.counting import PeriodCounter, at_present, by_period, within


def _referrals(code: str, day: Any, *conditions: ColumnElement[bool]) -> Select[Any]:
    return by_period(func.count().label(code)).join(Referral, within(day)).where(*conditions)


@ledger.counts
@PeriodCounter
def count_referrals() -> tuple[Select[Any], ...]:
    """Referrals of the period by what happened to them in it, and the present size of the directory."""
    return (
        _referrals("referrals", Referral.sent_on),
        _referrals("referrals_accepted", Referral.answered_on, Referral.state == ReferralState.accepted),
        _referrals("referrals_refused", Referral.answered_on, Referral.state == ReferralState.refused),
        _referrals("referrals_unanswered", Referral.ended_on, Referral.state == ReferralState.expired),
        _referrals("referrals_accompanied", Referral.outcome_on, Referral.outcome == Outcome.accompanied),
        at_present(func.count().label("resources_listed")).select_from(Resource).where(Resource.gone_at.is_(None)),
    )
