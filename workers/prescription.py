"""The word that a prescription has arrived, and the forgetting of those that led to no file."""

from datetime import timedelta
from uuid import UUID

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.models import User
from app.db import db
from app.referral.prescription_tasks import ask_again
from app.referral.prescriptions import WITHOUT_FILE, Prescription
from tenants.models import Collective, Role, members
from tenants.months import today_in
from tenants.scope import here
from workers.accounts import address, send
from workers.queue import job

KEPT = timedelta(days=30)


@job
def send_prescription_notice(prescription_id: str) -> None:
    """Put what has arrived on the list of what waits, and tell the coordination. The mail names nobody: a mailbox is not a sealed place."""
    ask_again()
    prescription = db.session.get(Prescription, (here(), UUID(prescription_id)))
    if prescription is None or prescription.decision is not None:
        return
    collective = db.session.get_one(Collective, here())
    link = address("workspace.referral.show_prescription", collective=collective.slug, prescription_id=prescription_id)
    for member in db.session.scalars(members(Role.coordinator)):
        user = db.session.get_one(User, member.user_id)
        with force_locale(user.language.value):
            subject = _("Un partenaire nous parle de quelqu’un")
            send(user.email, subject, "prescription", user=user, collective=collective, link=link, inform_by=prescription.inform_by)


@job
def forget_prescriptions() -> None:
    """Empty everything that names in the present collective's prescriptions that led to no file, thirty days after their decision."""
    today = today_in(db.session.get_one(Collective, here()).time_zone)
    over = select(Prescription).where(
        Prescription.decision.in_(WITHOUT_FILE), Prescription.decided_on < today - KEPT, Prescription.forgotten_at.is_(None)
    )
    for prescription in db.session.scalars(over).all():
        prescription.forget()
