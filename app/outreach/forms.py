"""Forms of outreach. Each message says what to do, in the words of the page."""

from datetime import timedelta
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from app.fields import DayField, NumberField
from app.outreach.buildings import MOST_DOORS, MOST_FLOORS, MOST_NUMBERS, Building, Shape
from app.outreach.models import SMALLEST_TEAM, OutreachKind, Round
from tenants.months import today_in

FURTHEST = timedelta(days=366)
EARLIEST = timedelta(days=3 * 366)
NUMERIC = {"inputmode": "numeric", "autocomplete": "off"}


class RoundForm(FlaskForm):
    """Area, date and team of a round."""

    # Whether something was noted in the round already.
    begun = False
    id = HiddenField()
    kind = RadioField(
        _l("Comment y va-t-on ?"), default=OutreachKind.door_to_door.value, validators=[InputRequired(_l("Il manque la façon d’y aller."))]
    )
    area = StringField(
        _l("Où allez-vous ?"),
        [DataRequired(_l("Il manque la rue ou le quartier.")), Length(max=120, message=_l("Cent vingt caractères au plus."))],
        description=_l("Une rue, un immeuble, un quartier. Pas le nom d’une personne : ce texte reste."),
    )
    day = DayField(_l("Quel jour ?"), [InputRequired(_l("Il manque le jour."))])
    team = SelectMultipleField(
        _l("Qui y va ?"), coerce=str, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), validate_choice=True
    )
    companions = NumberField(
        _l("D’autres personnes, sans compte"),
        [NumberRange(0, 30, _l("Un nombre de 0 à 30."))],
        default=0,
        description=_l("Elles comptent dans l’équipe et dans les heures."),
        render_kw=NUMERIC,
    )

    def validate_day(self, field: Field) -> None:
        """A day within reach: rounds are planned ahead, and paper is typed in afterwards."""
        today = today_in(g.collective.time_zone)
        if field.data and field.data > today + FURTHEST:
            raise ValidationError(_("Ce jour est à plus d’un an. Est-ce la bonne année ?"))
        if field.data and field.data > today and self.begun:
            raise ValidationError(_("Cette tournée a déjà commencé : son jour ne peut pas être à venir."))
        if field.data and field.data < today - EARLIEST:
            raise ValidationError(_("Ce jour est à plus de trois ans. Est-ce la bonne année ?"))

    def validate_team(self, field: Field) -> None:
        """Two or more, with those who have no account."""
        if len(set(field.data or [])) + (self.companions.data or 0) < SMALLEST_TEAM:
            raise ValidationError(_("On part toujours à deux : il manque quelqu’un."))
        if not field.data:
            raise ValidationError(_("Une personne de l’équipe au moins doit avoir un compte, pour noter."))


class BuildingForm(FlaskForm):
    """A building with floors, a street with numbers, or a place to count."""

    id = HiddenField()
    label = StringField(
        _l("Nom ou adresse"),
        [DataRequired(_l("Il manque le nom ou l’adresse.")), Length(max=120, message=_l("Cent vingt caractères au plus."))],
        description=_l("Par exemple : Les Tilleuls, entrée B. Pas le nom d’une personne."),
    )
    shape = RadioField(
        _l("Qu’est-ce que c’est ?"),
        choices=[
            (Shape.floors.value, _l("Un immeuble, porte par porte")),
            (Shape.street.value, _l("Une rue, numéro par numéro")),
            (Shape.counted.value, _l("Un lieu où l’on compte seulement, sans noter les portes")),
        ],
        default=Shape.floors.value,
    )
    floors = NumberField(_l("Étages au-dessus du rez-de-chaussée"), default=4, render_kw=NUMERIC)
    per_floor = NumberField(_l("Portes par étage"), default=4, render_kw=NUMERIC)
    ground = NumberField(_l("Portes au rez-de-chaussée"), default=2, render_kw=NUMERIC)
    first = NumberField(_l("Premier numéro"), default=1, render_kw=NUMERIC)
    last = NumberField(_l("Dernier numéro"), default=20, render_kw=NUMERIC)
    step = RadioField(_l("Quels côtés ?"), choices=[("1", _l("Les deux côtés")), ("2", _l("Un seul côté, un numéro sur deux"))], default="1")

    def validate_floors(self, field: Field) -> None:
        """At most fifty: beyond, it is a slip of the finger."""
        if self.shape.data == Shape.floors.value and not 0 <= (field.data or 0) <= MOST_FLOORS:
            raise ValidationError(_("Entre 0 et %(most)d étages. Pour une tour plus haute, ajoutez-la en deux fois.", most=MOST_FLOORS))

    def _doors(self, field: Field) -> None:
        if self.shape.data == Shape.floors.value and not 0 <= (field.data or 0) <= MOST_DOORS:
            raise ValidationError(_("Entre 0 et %(most)d portes.", most=MOST_DOORS))

    validate_per_floor = _doors

    def validate_ground(self, field: Field) -> None:
        """Doors somewhere, at least one."""
        self._doors(field)
        if self.shape.data == Shape.floors.value and not (field.data or 0) + (self.floors.data or 0) * (self.per_floor.data or 0):
            raise ValidationError(_("Il faut au moins une porte, à un étage ou au rez-de-chaussée."))

    def validate_last(self, field: Field) -> None:
        """A street runs from a number to a greater one."""
        if self.shape.data != Shape.street.value:
            return
        first, last = self.first.data or 0, field.data or 0
        if not 1 <= first <= last <= 9999:
            raise ValidationError(_("Le dernier numéro vient après le premier, entre 1 et 9999."))
        if (last - first) // (2 if self.step.data == "2" else 1) >= MOST_NUMBERS:
            raise ValidationError(_("Plus de %(most)d portes : coupez la rue en deux.", most=MOST_NUMBERS))

    def fill(self, building: Building) -> None:
        """Put into a building only what its shape has."""
        building.label, building.shape = (self.label.data or "").strip(), Shape(self.shape.data)
        if building.shape == Shape.floors:
            building.floors, building.per_floor, building.ground = self.floors.data or 0, self.per_floor.data or 0, self.ground.data or 0
        if building.shape == Shape.street:
            building.first, building.last, building.step = self.first.data or 1, self.last.data or 1, int(self.step.data or 1)


class CountsForm(FlaskForm):
    """How many doors had which outcome, in a place where doors are not named."""

    gesture = HiddenField()
    nobody = NumberField(_l("Personne n’a ouvert"), default=0, render_kw=NUMERIC)
    refused = NumberField(_l("Préfèrent qu’on ne repasse pas"), default=0, render_kw=NUMERIC)
    talked = NumberField(_l("Une conversation"), default=0, render_kw=NUMERIC)
    again = NumberField(_l("Souhaitent qu’on repasse"), default=0, render_kw=NUMERIC)
    isolation = NumberField(_l("Un isolement remarqué"), default=0, render_kw=NUMERIC)

    def _tally(self, field: Field) -> None:
        if not 0 <= (field.data or 0) <= 2000:
            raise ValidationError(_("Un nombre de 0 à 2000."))

    validate_nobody = validate_refused = validate_talked = validate_again = _tally

    def validate_isolation(self, field: Field) -> None:
        """At least one door in all."""
        self._tally(field)
        if not any(each.data for each in (self.nobody, self.refused, self.talked, self.again, field)):
            raise ValidationError(_("Tout est à zéro : il n’y a rien à noter."))


class ClosureForm(FlaskForm):
    """How long the outing took."""

    minutes = NumberField(
        _l("Combien de temps, en minutes ?"),
        [InputRequired(_l("Il manque la durée.")), NumberRange(1, 1440, _l("Entre 1 et 1440 minutes."))],
        render_kw=NUMERIC,
    )

    def __init__(self, round_: Round, **values: Any) -> None:
        super().__init__(**values)
        self.round = round_

    def validate_minutes(self, field: Field) -> None:
        """A round is closed on its day or after."""
        if self.round.day > today_in(g.collective.time_zone):
            raise ValidationError(_("Cette tournée est prévue pour plus tard. Elle se termine le jour où elle a lieu."))


class ReopeningForm(FlaskForm):
    """Why a closed round is opened again."""

    reason = TextAreaField(
        _l("Pourquoi la rouvrir ?"),
        [DataRequired(_l("Dites pourquoi en quelques mots.")), Length(max=300, message=_l("Trois cents caractères au plus."))],
        description=_l("Par exemple : une feuille de papier retrouvée. Pas de nom, pas de santé."),
    )


KIND_NAMES = {
    OutreachKind.door_to_door: _l("porte-à-porte"),
    OutreachKind.phoning: _l("phoning social"),
    OutreachKind.street_walk: _l("déambulation"),
    OutreachKind.courtesy_visit: _l("visite de courtoisie"),
    OutreachKind.solidarity_ride: _l("mobilité solidaire"),
    OutreachKind.project_support: _l("accompagnement de porteurs de projets"),
}
KIND_SIGNS = {
    OutreachKind.door_to_door: "door",
    OutreachKind.phoning: "phone",
    OutreachKind.street_walk: "pin",
    OutreachKind.courtesy_visit: "home",
    OutreachKind.solidarity_ride: "car",
    OutreachKind.project_support: "sprout",
}
# What goes thirty days after a round, in the words of its page.
PRECISE = {
    OutreachKind.door_to_door: _l("les portes, les tout petits lieux et qui les a notés"),
    OutreachKind.phoning: _l("les numéros et qui les a appelés"),
    OutreachKind.street_walk: _l("qui a compté"),
    OutreachKind.courtesy_visit: _l("les prénoms, les notes, qui y est allé et qui l’a noté"),
    OutreachKind.solidarity_ride: _l("les départs, les arrivées, le prénom de qui conduisait sans compte et qui les a notés"),
    OutreachKind.project_support: _l("les notes et, pour un projet fini, les prénoms"),
}
