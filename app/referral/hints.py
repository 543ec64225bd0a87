"""Who may be meant by a prescription: people and other prescriptions of this collective, shown to its coordination alone."""

from flask_babel import gettext as _
from sqlalchemy import select

from app.db import db
from app.people.models import Person
from app.people.queries import by_name
from app.phone_numbers import first_in
from app.referral.prescriptions import Prescription, undecided
from tenants.communes import name_key

# Shorter words are titles and particles.
SHORTEST = 3
TITLES = {"madame", "monsieur", "mme", "mlle", "melle"}


def _words(text: str | None) -> set[str]:
    return {word for word in name_key(text or "").replace("-", " ").split() if len(word) >= SHORTEST and word not in TITLES}


def resembling(prescription: Prescription) -> list[tuple[str, Person]]:
    """People who have the phone number that was given, or a name in common. Their names are opened in memory, as for the list of people."""
    words, phone = _words(prescription.whom), first_in(prescription.reached)
    people = by_name(db.session.scalars(select(Person)).all())
    return [(name, each) for name, each in people if _words(name) & words or (phone and each.phone == phone)]


def twins(prescription: Prescription) -> list[Prescription]:
    """Other prescriptions that wait and may be of the same person."""
    words, phone = _words(prescription.whom), first_in(prescription.reached)
    others = [each for each in db.session.scalars(undecided()) if each.id != prescription.id]
    return [each for each in others if _words(each.whom) & words or (phone and first_in(each.reached) == phone)]


def choices_of(prescription: Prescription) -> list[tuple[str, str]]:
    """All people as choices, those who resemble first; their street tells apart those of one name."""
    first = resembling(prescription)
    among = {each.id for _name, each in first}
    others = [(name, each) for name, each in by_name(db.session.scalars(select(Person)).all()) if each.id not in among]
    named = [(str(each.id), f"{name}, {each.street}" if each.street else name) for name, each in [*first, *others]]
    return [("", _("Choisissez une personne")), *named]
