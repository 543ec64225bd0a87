"""Forms of the path, the pair, the circles and the tellings."""

from datetime import timedelta
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired

from app.fields import DayField
from app.people.circles import CIRCLES, FREQUENCIES, Moment
from app.people.forms import LONG_AGO, READ, GentleForm, Ticks, at_most, day_so_far, member_choices, not_optional, strip
from app.people.models import Person, Stage
from app.people.path import is_back
from app.people.words import (
    CIRCLE_NAMES,
    CLOSING_NAMES,
    FREQUENCY_NAMES,
    MOMENT_NAMES,
    OCCASION_NAMES,
    STAGE_NAMES,
    language_choices,
)
from tenants.models import Role
from tenants.months import today_in

FURTHEST = timedelta(days=366)


def known_so_far(field: Field, person: Person) -> None:
    """A day that has come, and not before the person was known."""
    day_so_far(field)
    if field.data and field.data < person.found_on:
        raise ValidationError(_("Vous ne la connaissiez pas encore ce jour-là."))


class StepForm(GentleForm):
    """To which stage, when, and why if it is a way back."""

    id = HiddenField()
    stage = RadioField(_l("Quelle étape ?"), validators=[InputRequired(_l("Choisissez une étape."))])
    on = DayField(_l("Depuis quel jour ?"), [InputRequired(_l("Il manque le jour."))])
    reason = TextAreaField(_l("Pourquoi"), [at_most(300)], description=READ, filters=[strip])

    def __init__(self, person: Person, **values: Any) -> None:
        super().__init__(**values)
        self.person = person
        others = [stage for stage in Stage if stage not in (Stage.closed, person.stage)]
        self.stage.choices = [(stage.value, STAGE_NAMES[stage]) for stage in others]

    def validate_on(self, field: Field) -> None:
        """A day that has come, and not before the person was known."""
        known_so_far(field, self.person)

    def validate_reason(self, field: Field) -> None:
        """A way back says why."""
        if self.stage.data and not field.data and is_back(self.person, Stage(self.stage.data)):
            raise ValidationError(_("C’est un retour en arrière : dites pourquoi en quelques mots."))


class ClosingForm(GentleForm):
    """Why the path ends, and when."""

    id = HiddenField()
    because = RadioField(_l("Pourquoi ?"), validators=[InputRequired(_l("Dites pourquoi."))])
    on = DayField(_l("Quel jour ?"), [InputRequired(_l("Il manque le jour."))])
    reason = TextAreaField(_l("Quelques mots"), [at_most(300)], description=READ, filters=[strip])

    def __init__(self, person: Person, **values: Any) -> None:
        super().__init__(**values)
        self.person = person
        self.because.choices = list(CLOSING_NAMES.items())

    def validate_on(self, field: Field) -> None:
        """A day that has come, and not before the person was known."""
        known_so_far(field, self.person)


class ReasonForm(GentleForm):
    """Why something is taken back or called off."""

    reason = TextAreaField(_l("Pourquoi"), [DataRequired(_l("Dites pourquoi en quelques mots.")), at_most(300)], description=READ, filters=[strip])


class PairForm(FlaskForm):
    """Two companions."""

    id = HiddenField()
    one = SelectField(_l("Une première personne"))
    other = SelectField(_l("Une deuxième personne"))
    since = DayField(_l("À partir de quand ?"), [InputRequired(_l("Il manque le jour."))])

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.one.choices = self.other.choices = member_choices(Role.coordinator, Role.volunteer)
        not_optional(self.one, self.other)

    def validate_since(self, field: Field) -> None:
        """A day near enough to be meant."""
        today = today_in(g.collective.time_zone)
        if field.data and not today - LONG_AGO <= field.data <= today + FURTHEST:
            raise ValidationError(_("Ce jour est trop loin. Est-ce la bonne année ?"))

    def validate_other(self, field: Field) -> None:
        """Two people are two."""
        if field.data == self.one.data:
            raise ValidationError(_("Il faut deux personnes : c’est la même."))


class CardForm(FlaskForm):
    """What a member says of themselves."""

    languages = Ticks(_l("Les langues que vous parlez"))
    likes = TextAreaField(_l("Ce que vous aimez"), [at_most(500)], description=_l("Une chose par ligne."), filters=[strip])
    street = StringField(_l("Votre rue"), [at_most(120)], filters=[strip])

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.languages.choices = language_choices()


class CirclesForm(FlaskForm):
    """Five circles, each with a frequency, or not spoken of."""

    id = HiddenField()
    moment = SelectField(_l("Quelle mesure ?"))
    on = DayField(_l("Quel jour ?"), [InputRequired(_l("Il manque le jour."))])
    family = RadioField(CIRCLE_NAMES["family"])
    friends = RadioField(CIRCLE_NAMES["friends"])
    neighbours = RadioField(CIRCLE_NAMES["neighbours"])
    associations = RadioField(CIRCLE_NAMES["associations"])
    work = RadioField(CIRCLE_NAMES["work"])

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.moment.choices = list(MOMENT_NAMES.items())
        not_optional(self.moment)
        for circle in CIRCLES:
            self[circle].choices = [("", _("pas dit")), *((str(each), FREQUENCY_NAMES[each]) for each in FREQUENCIES)]
            self[circle].data = self[circle].data or ""

    def validate_on(self, field: Field) -> None:
        """A day that has come."""
        day_so_far(field)

    def validate_work(self, field: Field) -> None:
        """At least one circle was spoken of."""
        if all(self[circle].data == "" for circle in CIRCLES):
            raise ValidationError(_("Répondez pour un cercle au moins."))

    def values(self) -> dict[str, int | None]:
        """The frequency of each circle; None where it was not spoken of."""
        return {circle: int(self[circle].data) if self[circle].data else None for circle in CIRCLES}

    @property
    def chosen(self) -> Moment:
        """Which measure it is."""
        return Moment(self.moment.data)


class TellingForm(GentleForm):
    """What happened, in a few sentences."""

    id = HiddenField()
    occasion = RadioField(_l("C’était"), default="visit")
    on = DayField(_l("Quel jour ?"), [InputRequired(_l("Il manque le jour."))])
    title = StringField(_l("En quelques mots"), [at_most(80)], description=_l("Par exemple : elle est venue à l’atelier couture."), filters=[strip])
    text = TextAreaField(_l("Racontez"), [DataRequired(_l("Racontez en une phrase au moins.")), at_most(2000)], description=READ, filters=[strip])

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.occasion.choices = list(OCCASION_NAMES.items())

    def validate_on(self, field: Field) -> None:
        """A day that has come."""
        day_so_far(field)
