"""How referrals are counted: acts, each in the month in which it happened; and the resources of the directory as they stand."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from app.db import db
from app.referral.referrals import Outcome, Referral, ReferralState
from app.referral.resources import listed
from tenants import ledger


def _count(*conditions: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(select(sa.func.count()).select_from(Referral).where(*conditions)) or 0


@ledger.counts
def count_referrals(start: date, end: date) -> dict[str, int]:
    """Referrals of the period by what happened to them in it, and the present size of the directory."""

    def within(day: Any) -> sa.ColumnElement[bool]:
        return sa.and_(day >= start, day < end)

    return {
        "referrals": _count(within(Referral.sent_on)),
        "referrals_accepted": _count(within(Referral.answered_on), Referral.state == ReferralState.accepted),
        "referrals_refused": _count(within(Referral.answered_on), Referral.state == ReferralState.refused),
        "referrals_unanswered": _count(within(Referral.ended_on), Referral.state == ReferralState.expired),
        "referrals_accompanied": _count(within(Referral.outcome_on), Referral.outcome == Outcome.accompanied),
        "resources_listed": db.session.scalar(listed()) or 0,
    }
