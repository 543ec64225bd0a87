"""What prescriptions add to the page of a person, and to what is printed for them."""

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from app.db import db
from app.languages import written_date
from app.people.file import File
from app.people.story import Event, Rows, Section, prints, tells
from app.referral.prescription_words import HOW_NAMES, KNOWS_NAMES
from app.referral.prescriptions import Prescription, about_person
from tenants.access import allowed
from tenants.together import along


def _of(file: File) -> list[Prescription]:
    return list(db.session.scalars(about_person(file.person.id).options(joinedload(Prescription.partner))))


@tells(lambda person_id: along(about_person(person_id), Prescription.partner))
def reported(_file: File, prescriptions: Rows) -> list[Event]:
    """By whom the person was reported. What the partner wrote is for the coordination; companions read that it was so."""
    steers = allowed("decide on prescriptions")
    events = []
    for each, *_partner in prescriptions:
        link = (url_for("workspace.referral.show_prescription", prescription_id=each.id), _("Lire la prescription")) if steers else None
        events.append(
            Event(each.received_on, _("Un partenaire nous a écrit à son sujet : %(partner)s", partner=each.partner.name), _told(each), link=link)
        )
    return events


def _told(prescription: Prescription) -> str:
    if prescription.informed_on and prescription.informed_how:
        day = written_date(prescription.informed_on, "d MMMM")
        return _("La personne l’a appris le %(day)s, %(how)s.", day=day, how=HOW_NAMES[prescription.informed_how])
    sentence = str(KNOWS_NAMES[prescription.knows])
    return sentence[:1].upper() + sentence[1:] + "."


@prints
def written(file: File) -> list[Section]:
    """All that partners wrote of the person, and who they are."""
    rows = []
    for each in _of(file):
        label = _("Le %(day)s, %(partner)s", day=written_date(each.received_on, "d MMMM y"), partner=each.partner.name)
        texts = (each.whom, each.reached, each.noticed, each.reporter and _("Écrit par %(name)s.", name=each.reporter), _told(each))
        rows.append((label, "\n".join(text for text in texts if text)))
    return [Section(_("Ce que des partenaires nous ont dit de vous"), rows)] if rows else []
