"""A partner of a crawled collective with its link, and a prescription that carries the collective's secret."""

from uuid import UUID

from app.db import db, new_id
from app.referral.partners import Partner, PartnerKind, add_partner
from app.referral.prescriptions import Knows, Prescription
from tenants.models import Membership
from tenants.months import today_in


def report(coordinator: Membership, secret: str) -> dict[str, UUID]:
    """Returns what addresses and forms name."""
    partner = Partner(kind=PartnerKind.ccas, name=f"CCAS {secret}", contact=f"{secret} au guichet", added_by=coordinator.user_id)
    add_partner(partner)
    # The prescription points at the partner.
    db.session.flush()
    texts = {name: f"{name} {secret}" for name in ("whom", "reached", "noticed", "reporter", "answer_at")}
    prescription = Prescription.receive(partner, new_id(), texts, Knows.agrees, today_in("Europe/Paris"))
    assert partner.link is not None
    return {"partner_id": partner.id, "partner_link_id": partner.link, "prescription_id": prescription.id}
