"""How prescriptions are counted: those that arrived, by kind of partner, and the people whom they led to."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Select, func, select

from app.people.models import Stage
from app.people.path import PathStep
from app.referral.partners import Partner, PartnerKind
from app.referral.prescriptions import Decision, Prescription
from tenants import ledger
from tenants.counting import PeriodCounter, by_period, within


@ledger.counts
@PeriodCounter
def count_prescriptions() -> Select[Any]:
    """Prescriptions that arrived in the period; what was forgotten of them counts as before."""
    joined = sa.and_(Partner.collective_id == Prescription.collective_id, Partner.id == Prescription.partner_id)
    kinds = [func.count().filter(Partner.kind == kind).label(f"prescriptions_{kind.value}") for kind in PartnerKind]
    return by_period(func.count().label("prescriptions"), *kinds).join(Prescription, within(Prescription.received_on)).join(Partner, joined)


@ledger.counts_once
@PeriodCounter
def count_led_to_meeting() -> Select[Any]:
    """People first met in the period whose file was opened by a prescription. Whoever was known before is not among them."""
    reported = select(Prescription.person_id).where(Prescription.decision == Decision.meet)
    first = (
        select(func.min(PathStep.on).label("on"))
        .where(PathStep.stage == Stage.met, PathStep.taken_back_at.is_(None), PathStep.person_id.in_(reported))
        .group_by(PathStep.person_id)
        .subquery()
    )
    return by_period(func.count().label("prescriptions_met")).join(first, within(first.c.on))
