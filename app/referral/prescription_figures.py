"""How prescriptions are counted: those that arrived, by kind of partner, and the people whom they led to."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy import select

from app.db import db
from app.people.models import Stage
from app.people.path import PathStep
from app.referral.partners import Partner, PartnerKind
from app.referral.prescriptions import Decision, Prescription
from tenants import ledger


@ledger.counts
def count_prescriptions(start: date, end: date) -> dict[str, int]:
    """Prescriptions that arrived in the period; what was forgotten of them counts as before."""
    joined = sa.and_(Partner.collective_id == Prescription.collective_id, Partner.id == Prescription.partner_id)
    of_period = (Prescription.received_on >= start, Prescription.received_on < end)
    number = sa.func.count()
    rows = db.session.execute(select(Partner.kind, number).select_from(Prescription).join(Partner, joined).where(*of_period).group_by(Partner.kind))
    by_kind = {PartnerKind(kind): count for kind, count in rows}
    counted = {f"prescriptions_{kind.value}": by_kind.get(kind, 0) for kind in PartnerKind}
    return {"prescriptions": sum(by_kind.values()), **counted}


@ledger.counts_once
def count_led_to_meeting(start: date, end: date) -> dict[str, int]:
    """People first met in the period whose file was opened by a prescription. Whoever was known before is not among them."""
    reported = select(Prescription.person_id).where(Prescription.decision == Decision.meet)
    first = (
        select(sa.func.min(PathStep.on).label("on"))
        .where(PathStep.stage == Stage.met, PathStep.taken_back_at.is_(None), PathStep.person_id.in_(reported))
        .group_by(PathStep.person_id)
        .subquery()
    )
    met = select(sa.func.count()).select_from(first).where(first.c.on >= start, first.c.on < end)
    return {"prescriptions_met": db.session.scalar(met) or 0}
