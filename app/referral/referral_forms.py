"""Forms of a referral: what is asked and with whose agreement, what was answered, what became of it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Optional

from app.db import db
from app.fields import DayField
from app.languages import written_date
from app.people.beside import differing
from app.people.forms import READ, GentleForm, at_most, day_so_far, member_choices, not_optional, strip
from app.referral.referrals import Outcome, Referral, Way
from app.referral.resources import Resource, contact_of, services_of
from app.referral.words import OUTCOME_NAMES, WAY_NAMES
from tenants.models import Role
from tenants.months import today_in

SHOWN = _l("Le lieu lira ces mots. Pas de santé, pas d’opinion.")
TEXTS, DAYS = ("reason", "called", "reached", "agreed_words", "override_because"), ("agreed_on", "goes_on")
CHOSEN = ("service", "agreed", "companion", "way")
AGREED, NOT_AGREED = "yes", "no"
FURTHEST = timedelta(days=366)


class ReferralForm(GentleForm):
    """To which service, why, what the resource may read of the person, with whose agreement, and who goes along."""

    id = HiddenField()
    version = HiddenField()
    service = SelectField(_l("Quel service ?"))
    reason = TextAreaField(
        _l("Que cherche la personne ?"),
        [DataRequired(_l("Dites en une phrase ce que la personne cherche.")), at_most(800)],
        description=_l(
            "Par exemple : elle aime coudre et voudrait rencontrer du monde le jeudi. Le lieu lira ces mots. Pas de santé, pas d’opinion."
        ),
        filters=[strip],
    )
    called = StringField(
        _l("Comment la nommer auprès du lieu"), [at_most(60)], description=_l("Vide : le mail ne la nomme pas. Un prénom suffit."), filters=[strip]
    )
    reached = StringField(
        _l("Comment le lieu peut la joindre"),
        [at_most(160)],
        description=_l("Vide : le lieu vous répond à vous. Seulement ce que la personne accepte de donner."),
        filters=[strip],
    )
    agreed = RadioField(
        _l("La personne est-elle d’accord ?"),
        choices=[(AGREED, _l("Oui, elle me l’a dit")), (NOT_AGREED, _l("Pas encore"))],
        validators=[InputRequired(_l("Dites si la personne est d’accord."))],
    )
    agreed_on = DayField(_l("Quel jour la personne l’a-t-elle dit ?"), [Optional()])
    agreed_words = TextAreaField(_l("Dans ses mots"), [at_most(300)], description=_l("Le lieu ne lit pas ceci."), filters=[strip])
    override_because = TextAreaField(
        _l("Si cela ne peut pas attendre son accord, pourquoi ?"),
        [at_most(300)],
        description=_l("La coordination et la personne peuvent lire cette raison. Le lieu ne la lit pas."),
        filters=[strip],
    )
    companion = SelectField(_l("Qui l’accompagne ?"))
    goes_on = DayField(_l("Quel jour ?"), [Optional()])
    way = RadioField(_l("Comment demander ?"), validators=[InputRequired(_l("Choisissez comment demander."))])

    def __init__(self, resource: Resource, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        services = db.session.scalars(services_of(resource.id)).all()
        self.mails = {str(each.id): contact_of(resource, each, "courriel") for each in services} | {"": contact_of(resource, None, "courriel")}
        self.service.choices = [(str(each.id), each.name) for each in services] or [("", _("L’accueil du lieu"))]
        self.companion.choices = [("", _("Personne ne l’accompagne")), *member_choices(Role.coordinator, Role.volunteer)]
        not_optional(self.service)
        any_mail = any(self.mails.values())
        self.way.choices = [(each.value, name) for each, name in WAY_NAMES.items() if any_mail or each == Way.phone]
        if self.way.data in (None, "None"):
            self.way.data = (Way.mail if any_mail else Way.phone).value

    def validate_agreed(self, field: Field) -> None:
        """Without an agreement it is not sent, unless it is said why."""
        if field.data == NOT_AGREED and not self.override_because.data:
            raise ValidationError(_("Sans son accord, on n’oriente pas. Demandez-lui, ou dites plus bas pourquoi cela ne peut pas attendre."))
        if field.data == AGREED and not self.agreed_on.data and not self.agreed_on.errors:
            raise ValidationError(_("Il manque le jour où elle l’a dit."))

    def validate_agreed_on(self, field: Field) -> None:
        """A day that has come."""
        day_so_far(field)

    def validate_goes_on(self, field: Field) -> None:
        """A day from today to a year ahead."""
        today = today_in(g.collective.time_zone)
        if field.data and not today <= field.data <= today + FURTHEST:
            raise ValidationError(_("Une date d’aujourd’hui à dans un an."))

    def validate_way(self, field: Field) -> None:
        """A mail needs an address."""
        if field.data == Way.mail and not self.mails.get(self.service.data or "", ""):
            raise ValidationError(_("Ce service n’a pas d’adresse mail. Demandez par téléphone."))

    def values(self) -> dict[str, Any]:
        """What is written into the referral."""
        agreed = self.agreed.data == AGREED
        return {
            "service_id": UUID(self.service.data) if self.service.data else None,
            "reason": self.reason.data,
            "called": self.called.data or None,
            "reached": self.reached.data or None,
            "agreed_on": self.agreed_on.data if agreed else None,
            "agreed_words": (self.agreed_words.data or None) if agreed else None,
            "override_because": None if agreed else self.override_because.data,
            "companion_id": UUID(self.companion.data) if self.companion.data else None,
            "goes_on": self.goes_on.data,
            "way": Way(self.way.data),
        }


def values_of(referral: Referral) -> dict[str, Any]:
    """A referral as its form shows it again, and in `version` what the form was opened on."""
    return {name: getattr(referral, name) for name in (*TEXTS, *DAYS)} | {
        "service": str(referral.service_id or ""),
        "agreed": AGREED if referral.agreed_on else NOT_AGREED,
        "companion": str(referral.companion_id or ""),
        "way": referral.way.value,
        "id": str(referral.id),
        "version": str(referral.version),
    }


def differing_draft(referral: Referral, form: ReferralForm) -> list[tuple[str, str]]:
    """Label and present words of each part of a draft that would be written otherwise by this form."""
    stands, typed = values_of(referral), form.values()
    changed = differing(referral, form, [name for name in TEXTS if (getattr(referral, name) or None) != (typed[name] or None)])
    for name in CHOSEN:
        if stands[name] != (form[name].data or ""):
            words = {str(value): str(label) for value, label in form[name].choices}
            changed.append((str(form[name].label.text), words.get(stands[name], "")))
    for name in DAYS:
        if getattr(referral, name) != typed[name]:
            changed.append((str(form[name].label.text), written_date(getattr(referral, name), "d MMMM y") if getattr(referral, name) else ""))
    return changed


class AnswerForm(GentleForm):
    """What a resource answers."""

    answer = RadioField(
        _l("Votre réponse"),
        choices=[
            ("yes", _l("Oui, nous pouvons accueillir cette personne")),
            ("no", _l("Non, pas chez nous")),
            ("later", _l("Je répondrai plus tard")),
        ],
        validators=[InputRequired(_l("Choisissez une réponse."))],
    )
    words = TextAreaField(
        _l("Quelques mots"),
        [at_most(500)],
        description=_l("Oui : quand venir, qui demander. Non : pourquoi, ou vers qui nous tourner. Pas de santé."),
        filters=[strip],
    )

    def validate_words(self, field: Field) -> None:
        """A refusal says why."""
        if self.answer.data == "no" and not field.data:
            raise ValidationError(_("Dites pourquoi en quelques mots : cela nous aide à chercher ailleurs."))


class NotedAnswerForm(GentleForm):
    """What a resource answered on the phone, or in a mail."""

    answer = RadioField(
        _l("Qu’a répondu le lieu ?"),
        choices=[("yes", _l("Oui, il peut l’accueillir")), ("no", _l("Non"))],
        validators=[InputRequired(_l("Choisissez une réponse."))],
    )
    words = TextAreaField(_l("Quelques mots"), [at_most(500)], description=READ, filters=[strip])

    def validate_words(self, field: Field) -> None:
        """A refusal says why."""
        if self.answer.data == "no" and not field.data:
            raise ValidationError(_("Pour un refus, dites pourquoi en quelques mots."))


class OutcomeForm(GentleForm):
    """What became of an acceptance."""

    outcome = RadioField(
        _l("La personne y est-elle allée ?"),
        choices=[(each.value, name) for each, name in OUTCOME_NAMES.items()],
        validators=[InputRequired(_l("Dites ce qui s’est passé."))],
    )
    on = DayField(_l("Quel jour ?"), [InputRequired(_l("Il manque le jour."))])
    words = TextAreaField(_l("Racontez"), [at_most(800)], description=READ, filters=[strip])

    def validate_on(self, field: Field) -> None:
        """A day that has come."""
        day_so_far(field)

    @property
    def chosen(self) -> Outcome:
        """What happened."""
        return Outcome(self.outcome.data)
