"""Forms of the training room."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from app.fields import DayField, NumberField
from app.languages import dates
from app.training.models import Course
from app.training.participants import ParticipantKind
from app.training.presence import Presence
from tenants.months import today_in

FURTHEST = timedelta(days=366)
LARGEST = 40
NUMERIC = {"inputmode": "numeric"}
KIND_NAMES = {ParticipantKind.volunteer: _l("bénévole"), ParticipantKind.inhabitant: _l("habitante ou habitant")}
PRESENCE_NAMES = {
    Presence.present: _l("présence"),
    Presence.late: _l("en retard"),
    Presence.excused: _l("absence excusée"),
    Presence.absent: _l("absence"),
}


def strip(text: str | None) -> str:
    """What was typed, without the spaces around it."""
    return (text or "").strip()


def _at_most(most: int) -> Length:
    return Length(max=most, message=_l("%(most)d caractères au plus.", most=most))


class HourField(TimeField):
    """An hour of the day: 18:00, 18h or 18 h 30."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the hour, or say how one is written."""
        text = (valuelist[0] if valuelist else "").lower().replace(" ", "").replace("h", ":")
        text = f"{text}00" if text.endswith(":") else text
        try:
            super().process_formdata([text])
        except ValueError as error:
            raise ValueError(_("Cette heure n’existe pas. Écrivez par exemple 18:30.")) from error


def _ahead(day: date | None) -> None:
    today = today_in(g.collective.time_zone)
    if day and day < today:
        raise ValidationError(_("Ce jour est passé."))
    if day and day > today + FURTHEST:
        raise ValidationError(_("Une date d’aujourd’hui à dans un an."))


class WhenForm(FlaskForm):
    """A day and an hour."""

    day = DayField(_l("Quel jour ?"), [InputRequired(_l("Il manque le jour."))])
    begins = HourField(_l("À quelle heure ?"), [InputRequired(_l("Il manque l’heure."))])

    def validate_day(self, field: Field) -> None:
        """Not in the past, and within a year."""
        _ahead(field.data)


class GroupForm(FlaskForm):
    """Where, with whom, for how many: what may change while a course is under way."""

    place = StringField(_l("Où ?"), [DataRequired(_l("Il manque le lieu.")), _at_most(120)], filters=[strip])
    trainers = SelectMultipleField(
        _l("Qui anime ?"), [InputRequired(_l("Choisissez au moins une personne."))], widget=ListWidget(), option_widget=CheckboxInput()
    )
    minimum = NumberField(
        _l("À partir de combien de personnes ?"), [NumberRange(1, LARGEST, _l("De 1 à 40 personnes."))], default=6, render_kw=NUMERIC
    )
    maximum = NumberField(_l("Combien de places ?"), [NumberRange(1, LARGEST, _l("De 1 à 40 personnes."))], default=12, render_kw=NUMERIC)

    def validate_maximum(self, field: Field) -> None:
        """At least as many places as people needed."""
        if field.data is not None and self.minimum.data is not None and field.data < self.minimum.data:
            raise ValidationError(_("Il faut au moins autant de places que de personnes attendues."))


class CourseForm(WhenForm, GroupForm):
    """Who trains, from which evening on, where, and for how many."""

    id = HiddenField()
    day = DayField(
        _l("Première séance, quel jour ?"),
        [InputRequired(_l("Il manque le jour."))],
        description=_l("Les suivantes sont proposées une fois par semaine, hors jours fériés et vacances scolaires. Chacune peut être déplacée."),
    )


class ParticipantForm(FlaskForm):
    """A name, a way to reach them, and how they take part in the collective."""

    id = HiddenField()
    name = StringField(_l("Prénom et nom"), [DataRequired(_l("Il manque le nom.")), _at_most(80)], filters=[strip])
    contact = StringField(
        _l("Comment joindre la personne ?"),
        [_at_most(120)],
        description=_l("Une adresse mail, un téléphone ou une adresse. Sans mail, on téléphone."),
        filters=[strip],
    )
    kind = RadioField(
        _l("Cette personne est"),
        choices=[(each.value, name) for each, name in KIND_NAMES.items()],
        default=ParticipantKind.inhabitant.value,
        validators=[InputRequired(_l("Dites comment cette personne participe."))],
    )


class PersonEnrolmentForm(ParticipantForm):
    """The same, from a file: which course, and whether someone of that name is the same person."""

    course = SelectField(_l("À quel parcours ?"), [InputRequired(_l("Choisissez un parcours."))])
    same = BooleanField(_l("C’est la même personne que celle qui est déjà inscrite sous ce nom"))

    def offer(self, courses: Sequence[Course], first: Mapping[UUID, date]) -> None:
        """The courses under way, each with its place and its first day."""
        on = dates("d MMMM y")
        self.course.choices = [
            (str(each.id), _("%(place)s, à partir du %(day)s", place=each.place, day=on(first[each.id]))) for each in courses if each.id in first
        ]


class EnrolForm(ParticipantForm):
    """The same, filled in by the person."""

    name = StringField(
        _l("Prénom et nom"), [DataRequired(_l("Il manque le nom.")), _at_most(80)], filters=[strip], render_kw={"autocomplete": "name"}
    )
    contact = StringField(
        _l("Comment vous joindre ?"),
        [DataRequired(_l("Il manque un moyen de vous joindre.")), _at_most(120)],
        description=_l("Une adresse mail, un téléphone ou une adresse."),
        filters=[strip],
    )
    kind = RadioField(
        _l("Vous êtes"),
        choices=[(each.value, name) for each, name in KIND_NAMES.items()],
        default=ParticipantKind.inhabitant.value,
        validators=[InputRequired(_l("Dites comment vous participez."))],
    )


class SignInAloneForm(FlaskForm):
    """One's name, typed by oneself."""

    name = StringField(
        _l("Votre prénom et votre nom"), [DataRequired(_l("Il manque votre nom.")), _at_most(80)], filters=[strip], render_kw={"autocomplete": "name"}
    )


class NoteForm(FlaskForm):
    """What the trainers keep of a session."""

    version = HiddenField()
    note = TextAreaField(
        _l("Ce qu’il faut retenir de la séance"),
        [_at_most(2000)],
        description=_l("Lu par la coordination et les formatrices et formateurs. Pas de nom, pas de santé."),
        filters=[strip],
    )


class CatchUpForm(FlaskForm):
    """Who of another course comes to this training session."""

    participant = SelectField(_l("Qui rattrape cette séance ?"), [InputRequired(_l("Choisissez une personne."))])
