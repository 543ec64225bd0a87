"""What this room tells of a person, prints of them, offers them, and stops when their path ends."""

import re
from datetime import date

from flask import g, url_for
from flask_babel import gettext as _

from app.db import db
from app.languages import written_date
from app.people.closings import ends
from app.people.file import File
from app.people.home_meetings import local_day
from app.people.models import Person
from app.people.story import Event, Offer, Rows, Section, offers, prints, tells
from app.referral.referrals import Referral, ReferralState, referrals_of, stop
from app.referral.words import OUTCOME_NAMES, STATE_NAMES, WAY_NAMES
from tenants.together import along

# The link is the resource's: on paper it would answer for whoever reads it.
LINK = re.compile(r"https?://\S+/reponse/\S+")
OVER = {
    ReferralState.cancelled: lambda: _("Demande annulée"),
    ReferralState.expired: lambda: _("Trente jours sans réponse : nous cherchons ailleurs"),
    ReferralState.stopped: lambda: _("Demande arrêtée"),
}


@offers
def refer(file: File) -> list[Offer]:
    """Taking the person along to a resource."""
    return [Offer(url_for("workspace.referral.choose_resource", person_id=file.person.id), _("Orienter"), "sign")]


@tells(lambda person_id: along(referrals_of(person_id), Referral.resource, Referral.service, Referral.companion))
def referred(_file: File, referrals: Rows) -> list[Event]:
    """Each referral as it went on; a draft is told of too, so that it is not forgotten."""
    return [event for each, *_others in referrals for event in _events(each)]


def _events(each: Referral) -> list[Event]:
    zone, where = g.collective.time_zone, each.resource.name
    link = (url_for("workspace.referral.show_referral", referral_id=each.id), _("Voir l’orientation"))
    if each.sent_on is None:
        if each.state != ReferralState.draft:
            return []
        return [Event(local_day(each.opened_at, zone), _("Une orientation à envoyer : %(place)s", place=where), link=link)]
    events = [Event(each.sent_on, _("Orientée vers %(place)s", place=where), each.service.name if each.service else "", link=link)]
    if each.later_at:
        events.append(Event(local_day(each.later_at, zone), _("%(place)s répondra plus tard", place=where)))
    if each.reminded_at:
        events.append(Event(local_day(each.reminded_at, zone), _("Rappel à %(place)s après dix jours", place=where)))
    if each.answered_on:
        title = _("%(place)s a dit oui", place=where) if each.state == ReferralState.accepted else _("%(place)s a dit non", place=where)
        events.append(Event(each.answered_on, title, each.answer or ""))
    if each.goes_on and each.state == ReferralState.accepted and each.outcome is None:
        events.append(Event(each.goes_on, _("Aller à %(place)s", place=where), _companion(each), upcoming=True))
    if each.outcome and each.outcome_on:
        events.append(Event(each.outcome_on, _("%(what)s : %(place)s", what=OUTCOME_NAMES[each.outcome], place=where), each.outcome_words or ""))
    if each.ended_on and each.state in OVER:
        events.append(Event(each.ended_on, _("%(what)s : %(place)s", what=OVER[each.state](), place=where), each.ended_because or ""))
    return events


def _companion(each: Referral) -> str:
    return _("Avec %(name)s.", name=each.companion.display_name) if each.companion else ""


def _day(value: date | None) -> str:
    return written_date(value, "d MMMM y") if value else ""


@prints
def referrals(file: File) -> list[Section]:
    """All that is kept of referrals, the mails word for word."""
    rows = [pair for each in db.session.scalars(referrals_of(file.person.id)) for pair in _rows(each)]
    return [Section(_("Les lieux que nous vous avons proposés"), rows)] if rows else []


def _rows(each: Referral) -> list[tuple[str, str]]:
    head = ", ".join(part for part in (each.resource.name, each.service.name if each.service else "", str(STATE_NAMES[each.state])) if part)
    outcome = f"{OUTCOME_NAMES[each.outcome]}, {_day(each.outcome_on)}" if each.outcome else ""
    rows = [
        (_day(each.sent_on) or _("Pas encore envoyé"), head),
        (_("Pourquoi"), each.reason or ""),
        (_("Le nom que nous avons donné pour vous"), each.called or ""),
        (_("Comment vous joindre"), each.reached or ""),
        (_("Votre accord, le %(day)s", day=_day(each.agreed_on)) if each.agreed_on else "", each.agreed_words or ""),
        (_("Sans attendre votre accord, parce que"), each.override_because or ""),
        (_("Comment nous avons demandé"), str(WAY_NAMES[each.way])),
        (_("Le message envoyé"), LINK.sub(_("(le lien pour répondre)"), each.mail_text or "")),
        (_("Qui y va avec vous"), each.companion.display_name if each.companion else ""),
        (_("La réponse"), each.answer or ""),
        (_("Ensuite"), " ".join(part for part in (outcome, each.outcome_words) if part)),
        (_("Pourquoi cela s’est arrêté"), each.ended_because or ""),
    ]
    return [(label, text) for label, text in rows if label and text]


@ends
def stop_referrals(person: Person, on: date) -> None:
    """Every open referral ends with the path, at once and without a mail."""
    if person.has_died:
        stop(person.id, ReferralState.stopped, on)
    else:
        stop(person.id, ReferralState.cancelled, on, _("Le chemin est terminé."))
