"""Mails, papers and photos of the follow-up. The mails name nobody who is accompanied: a mailbox is not a sealed place."""

import io
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.models import User
from app.db import db, now
from app.followup.activities import Activity
from app.followup.drop_ins import DropIn, expected, lay_out
from app.followup.gatherings import GatheringState
from app.followup.photos import ActivityPhoto, PhotoState
from app.followup.rules import DropInRule, rules
from app.followup.support import SupportMeeting
from app.followup.words import BECAUSE_NAMES, KIND_NAMES, hours, rule_words
from app.languages import of, written_date
from app.phone_numbers import spoken
from tenants import ledger
from tenants.documents import Document
from tenants.models import Collective, Membership, Role, members
from tenants.months import bounds, month_of, today_in
from tenants.scope import here
from workers.accounts import address, send
from workers.papers import typeset
from workers.queue import job, later

REMINDED_BEFORE = timedelta(days=3)
ON_POSTER = 6
# A photo is shown on a phone and printed in a report; more pixels than these are weight alone.
LONGEST_SIDE = 1600
QUALITY = 82
# A picture of a few kilobytes may claim to be of a thousand million points.
MOST_POINTS = 60_000_000


def _collective() -> Collective:
    return db.session.get_one(Collective, here())


def _team(*ids: UUID) -> Iterator[User]:
    """The team, or some of it, each in their own language while it is their turn."""
    for member in db.session.scalars(members(Role.coordinator, Role.volunteer)).all():
        user = db.session.get(User, member.user_id)
        if user is not None and (not ids or member.id in ids):
            with force_locale(user.language.value):
                yield user


@job
def send_rule_notice(rule_id: str) -> None:
    """Tell the team that the rule of the permanences changed, with the next days."""
    rule, collective = db.session.get_one(DropInRule, (here(), UUID(rule_id))), _collective()
    coming = db.session.scalars(expected(today_in(collective.time_zone)).where(DropIn.rule_id == rule.id).limit(3)).all()
    for user in _team():
        days = [written_date(each.day, "EEEE d MMMM") for each in coming]
        send(user.email, _("Nos permanences changent"), "rule_notice", name=user.name, words=rule_words(rule), days=days, collective=collective)


@job
def send_drop_in_notice(drop_in_id: str) -> None:
    """Tell the team that one permanence was moved or cancelled."""
    drop_in, collective = db.session.get_one(DropIn, (here(), UUID(drop_in_id))), _collective()
    cancelled = drop_in.state == GatheringState.cancelled
    link = address("workspace.followup.show_drop_in", collective=collective.slug, drop_in_id=str(drop_in.id))
    for user in _team():
        day = written_date(drop_in.day, "EEEE d MMMM")
        subject = _("Permanence annulée : %(day)s", day=day) if cancelled else _("Permanence déplacée : %(day)s", day=day)
        why = str(BECAUSE_NAMES[drop_in.because]) if drop_in.because else ""
        values = {"day": day, "hours": hours(drop_in.begins, drop_in.ends), "where": drop_in.where, "why": why, "cancelled": cancelled}
        send(user.email, subject, "drop_in_notice", name=user.name, link=link, collective=collective, **values)


def _tell_of(activity: Activity, changed: bool) -> None:
    collective, cancelled = _collective(), activity.state == GatheringState.cancelled
    link = address("workspace.followup.show_activity", collective=collective.slug, activity_id=str(activity.id))
    if activity.day is None:
        return
    for user in _team():
        day = written_date(activity.day, "EEEE d MMMM")
        subject = (
            _("Activité annulée : %(title)s", title=activity.title)
            if cancelled
            else _("%(what)s : %(title)s", what=KIND_NAMES[activity.kind], title=activity.title)
        )
        subject = _("Changement : %(title)s", title=activity.title) if changed and not cancelled else subject
        values = {"day": day, "hours": hours(activity.begins, activity.ends), "cancelled": cancelled, "changed": changed}
        send(user.email, subject, "activity", name=user.name, activity=activity, link=link, collective=collective, **values)


@job
def send_activity_invitation(activity_id: str) -> None:
    """Invite the team to an activity."""
    _tell_of(db.session.get_one(Activity, (here(), UUID(activity_id))), changed=False)


@job
def send_activity_notice(activity_id: str) -> None:
    """Tell the team, which was invited, that an activity was moved or cancelled."""
    _tell_of(db.session.get_one(Activity, (here(), UUID(activity_id))), changed=True)


@job
def remind_hosts() -> None:
    """Three days before a permanence, remind its hosts; once for each day that it has."""
    collective = _collective()
    today = today_in(collective.time_zone)
    soon = expected(today + timedelta(days=1)).where(DropIn.day <= today + REMINDED_BEFORE, DropIn.reminded_at.is_(None))
    for drop_in in db.session.scalars(soon.where(DropIn.state == GatheringState.planned)).all():
        link = address("workspace.followup.show_drop_in", collective=collective.slug, drop_in_id=str(drop_in.id))
        names = {each.id: each.display_name for each in db.session.scalars(members().where(Membership.id.in_(drop_in.hosts)))}
        for user in _team(*drop_in.hosts) if drop_in.hosts else ():
            day = written_date(drop_in.day, "EEEE d MMMM")
            values = {"day": day, "hours": hours(drop_in.begins, drop_in.ends), "where": drop_in.where, "hosts": list(names.values())}
            send(user.email, _("Vous accueillez %(day)s", day=day), "drop_in_reminder", name=user.name, link=link, collective=collective, **values)
        drop_in.reminded_at = now()


@job
def tend_permanences() -> None:
    """At night: the rules reach half a year ahead again; the day that is over counts, and so does a month that begins."""
    collective = _collective()
    today = today_in(collective.time_zone)
    for rule in db.session.scalars(rules(today)).all():
        lay_out(rule, today, collective.department)
    later("announce_permanences")
    yesterday = today - timedelta(days=1)
    if db.session.scalar(select(DropIn.id).where(DropIn.day == yesterday).limit(1)):
        ledger.mark(yesterday)
    # The meeting with the network is due in this month even where nothing else happens in it.
    month = month_of(today)
    counted = select(ledger.Figure.value).where(ledger.Figure.period == month, ledger.Figure.indicator == "support_due")
    if not db.session.scalar(counted) and not db.session.scalar(select(SupportMeeting.id).where(SupportMeeting.month == month).limit(1)):
        ledger.mark(bounds(month)[0])


@job
def make_poster(document_id: str) -> None:
    """Make the poster of a rule that someone asked for."""
    document = db.session.get(Document, (here(), UUID(document_id)))
    if document is None or document.ready_at is not None:
        return
    user = db.session.get(User, document.asked_by) if document.asked_by else None
    language = user.language.value if user else "fr"
    with force_locale(language):
        document.fill(typeset("poster.typ", poster(document.about_id, language)))


def poster(rule_id: UUID, language: str) -> dict[str, object]:
    """The words of a poster: the rule, the next days, and the number to call in large type."""
    rule, collective = db.session.get_one(DropInRule, (here(), rule_id)), _collective()
    coming = db.session.scalars(expected(today_in(collective.time_zone)).where(DropIn.rule_id == rule_id).limit(ON_POSTER)).all()
    words = rule_words(rule)
    return {
        "lang": language,
        "title": _("Permanence %(of_name)s", of_name=of(collective.name)),
        "collective": collective.name,
        "heading": _("La porte est ouverte"),
        "lead": _("Pour parler, demander un coup de main, ou boire un café. Sans rendez-vous, sans papier à remplir, et c’est gratuit."),
        "words": words,
        "where": rule.where,
        "days_title": _("Les prochaines fois"),
        "days": [
            f"{written_date(each.day, 'EEEE d MMMM')}, {hours(each.begins, each.ends)}" + (f", {each.where}" if each.where != rule.where else "")
            for each in coming
        ],
        "call": _("Ou appelez-nous") if rule.phone else "",
        "phone": spoken(rule.phone) if rule.phone else "",
        "foot": f"{collective.name} · Essaimage",
    }


@job
def make_photo(photo_id: str) -> None:
    """Make a photo anew: upright, smaller, without place, hour, camera or anything else that was written into it."""
    photo = db.session.get(ActivityPhoto, (here(), UUID(photo_id)))
    if photo is None or photo.state != PhotoState.waiting:
        return
    document = db.session.get_one(Document, (here(), photo.document_id))
    made = cleaned(document.read())
    # What came is not kept in either case: filling replaces every piece.
    document.fill(made or b"")
    photo.state = PhotoState.ready if made else PhotoState.broken


def cleaned(content: bytes) -> bytes | None:
    """A JPEG with nothing but its points; None if the picture cannot be read."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > MOST_POINTS:
                return None
            upright = ImageOps.exif_transpose(picture)
            flat = Image.new("RGB", upright.size, "white")
            rgba = upright.convert("RGBA")
            flat.paste(rgba, mask=rgba.getchannel("A"))
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None
    flat.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
