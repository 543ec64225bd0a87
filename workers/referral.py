"""Jobs of resources and referrals: reading and writing exports, mails, and the nights in which nobody answered."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_mailman import EmailMessage
from sqlalchemy import select

from app.accounts.models import User
from app.db import db, now
from app.people.models import Person
from app.referral.exchange import Unreadable, csv_chunks, json_chunks
from app.referral.faults import schema
from app.referral.importing import Walk
from app.referral.imports import DOCUMENT_KIND, EXPORT_KIND, FORGOTTEN_AFTER, ImportState, ResourceImport
from app.referral.referrals import EXPIRES_AFTER, REMINDED_AFTER, Referral, ReferralState, Way, waiting
from app.referral.resources import Resource, ResourceService
from tenants import ledger
from tenants.documents import Document, TooLarge
from tenants.models import Collective, Membership, members
from tenants.months import today_in
from tenants.scope import here
from workers import progress
from workers.accounts import address, send
from workers.queue import job, later


def _today() -> Any:
    return today_in(db.session.get_one(Collective, here()).time_zone)


def _walk(import_id: str, state: ImportState, write: bool) -> ResourceImport | None:
    import_ = db.session.get(ResourceImport, (here(), UUID(import_id)))
    if import_ is None or import_.state != state:
        return None
    asker = db.session.get(User, import_.asked_by) if import_.asked_by else None
    with force_locale(asker.language.value if asker else "fr"):
        try:
            Walk(import_, write, lambda done, whole: progress.tell(import_.id, done, whole)).through()
        except Unreadable as error:
            import_.state, import_.trouble = ImportState.failed, str(error.args[0])
            import_.drop_files()
            return None
    return import_


@job
def read_import(import_id: str) -> None:
    """See what an export would change. Nothing is written but that."""
    import_ = _walk(import_id, ImportState.reading, write=False)
    if import_ is not None:
        import_.state = ImportState.ready


@job
def write_import(import_id: str) -> None:
    """Write what an export changes, all of it or nothing."""
    import_ = _walk(import_id, ImportState.writing, write=True)
    if import_ is not None:
        import_.state, import_.done_at = ImportState.done, now()
        import_.drop_files()
        ledger.mark(_today())


@job
def forget_imports() -> None:
    """Forget files that nobody confirmed within a week, and exports that are as old."""
    old = select(ResourceImport).where(ResourceImport.asked_at < now() - FORGOTTEN_AFTER, ResourceImport.state == ImportState.ready)
    for import_ in db.session.scalars(old):
        import_.state = ImportState.left
    aged = (Document.asked_at < now() - FORGOTTEN_AFTER, Document.kind.in_([DOCUMENT_KIND, EXPORT_KIND]))
    db.session.execute(sa.delete(Document).where(*aged))


@job
def make_export(document_id: str) -> None:
    """The directory as data·inclusion writes it: structures and services, packed together. What is gone is left out."""
    document = db.session.get(Document, (here(), UUID(document_id)))
    if document is None or document.ready_at is not None:
        return
    packed, sort = io.BytesIO(), "csv" if "csv" in document.filename else "json"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, of_services in (("structures", False), ("services", True)):
            with archive.open(f"{name}.{sort}", "w", force_zip64=True) as file:
                records = _records(of_services)
                for chunk in csv_chunks(records, tuple(schema(of_services).model_fields)) if sort == "csv" else json_chunks(records):
                    file.write(chunk)
    try:
        document.fill(packed.getvalue())
    except TooLarge:
        # Ready without content: the page says that it is too large.
        document.ready_at = now()


def _records(of_services: bool) -> Iterator[dict[str, Any]]:
    query = select(Resource.record).where(Resource.gone_at.is_(None)).order_by(Resource.id)
    if of_services:
        standing = select(Resource.id).where(Resource.gone_at.is_(None))
        query = select(ResourceService.record).where(ResourceService.gone_at.is_(None), ResourceService.resource_id.in_(standing))
        query = query.order_by(ResourceService.id)
    yield from db.session.scalars(query.execution_options(yield_per=500))


def _silent(referral: Referral) -> bool:
    # After a death nothing leaves any more, whatever else was still waiting.
    person = db.session.get(Person, (here(), referral.person_id))
    return person is None or person.has_died


def _post(referral: Referral, subject: str) -> None:
    reply = [referral.mail_reply] if referral.mail_reply else []
    EmailMessage(subject, referral.mail_text or "", to=[referral.mail_to or ""], reply_to=reply).send()


@job
def send_referral(referral_id: str) -> None:
    """Mail a referral to its resource, word for word as its sender saw it."""
    # Locked: staged twice by a double click, it is mailed once.
    referral = db.session.get(Referral, (here(), UUID(referral_id)), with_for_update=True)
    if referral is None or not referral.waits or referral.way != Way.mail or referral.mailed_at or _silent(referral):
        return
    _post(referral, referral.mail_subject or "")
    referral.mailed_at = now()


@job
def send_referral_reminder(referral_id: str) -> None:
    """Mail it once more: the same text, with a word before its subject."""
    referral = db.session.get(Referral, (here(), UUID(referral_id)))
    if referral is None or not referral.waits or referral.way != Way.mail or _silent(referral):
        return
    with force_locale("fr"):
        _post(referral, _("Rappel : %(subject)s", subject=referral.mail_subject))


@job
def send_referral_answer(referral_id: str) -> None:
    """Tell who sent a referral that it was answered. The mail names nobody."""
    referral = db.session.get(Referral, (here(), UUID(referral_id)))
    # Whoever has left the collective is told no more; what is to be done waits for the pair and the coordination.
    present = members().where(Membership.user_id == referral.sent_by) if referral and referral.sent_by else None
    sender = db.session.get(User, referral.sent_by) if referral and present is not None and db.session.scalar(present) else None
    if referral is None or sender is None or _silent(referral):
        return
    collective = db.session.get_one(Collective, here())
    resource = db.session.get_one(Resource, (here(), referral.resource_id))
    link = address("workspace.referral.show_referral", collective=collective.slug, referral_id=str(referral.id))
    with force_locale(sender.language.value):
        subject = _("%(name)s a répondu", name=resource.name)
        send(sender.email, subject, "referral_answer", user=sender, resource=resource, collective=collective, link=link)


@job
def tend_referrals() -> None:
    """Each night: remind the resources that have said nothing for ten days, and wait no longer than thirty."""
    moment, today = now(), _today()
    for referral in db.session.scalars(waiting(moment - EXPIRES_AFTER)).all():
        referral.end(ReferralState.expired, today)
    for referral in db.session.scalars(waiting(moment - REMINDED_AFTER).where(Referral.reminded_at.is_(None))).all():
        if _silent(referral):
            continue
        referral.reminded_at = moment
        if referral.way == Way.mail:
            later("send_referral_reminder", referral.id)


@job
def forget_drafts_of_referrals() -> None:
    """Forget referrals that were written and never sent, a month later."""
    old = sa.delete(Referral).where(Referral.state == ReferralState.draft, Referral.opened_at < now() - EXPIRES_AFTER)
    db.session.execute(old)
