"""Forms of permanences: the rule as a sentence to fill in, one day of it, and what became of it."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import takewhile
from typing import Any
from uuid import UUID

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Optional

from app.fields import DayField
from app.followup.rules import LOOKED_AHEAD, Nth, OnHolidays, days_of
from app.followup.words import BECAUSE_NAMES, HOLIDAY_NAMES, NTH_NAMES, month_name, weekday_name
from app.languages import written_date
from app.people.forms import Ticks, at_most, member_choices, strip
from app.phone_numbers import normalised
from app.training.dates import is_public_holiday
from app.training.forms import HourField
from tenants.models import Role
from tenants.months import today_in

FURTHEST = timedelta(days=366)
YEAR = timedelta(days=366)
NOBODY = ""
MISSING = _l("Il manque le jour.")
WHERE = _l("Écrivez-le comme vous le diriez : à la maison de quartier, 3 rue des Lilas.")


def ahead(field: Field) -> None:
    """A day from today to a year ahead."""
    today = today_in(g.collective.time_zone)
    if field.data and field.data < today:
        raise ValidationError(_("Ce jour est passé."))
    if field.data and field.data > today + FURTHEST:
        raise ValidationError(_("Une date d’aujourd’hui à dans un an."))


class HoursForm(FlaskForm):
    """From when to when, and where."""

    begins = HourField(_l("De quelle heure ?"), [InputRequired(_l("Il manque l’heure."))])
    ends = HourField(_l("À quelle heure ?"), [InputRequired(_l("Il manque l’heure."))])
    where = StringField(_l("Où ?"), [DataRequired(_l("Il manque le lieu.")), at_most(120)], description=WHERE, filters=[strip])

    def validate_ends(self, field: Field) -> None:
        """After it begins."""
        if field.data and self.begins.data and field.data <= self.begins.data:
            raise ValidationError(_("L’heure de fin vient après celle du début."))

    def values(self) -> dict[str, Any]:
        """Hours and place."""
        return {"begins": self.begins.data, "ends": self.ends.data, "where": self.where.data}


class HostsForm(HoursForm):
    """With the two who are there."""

    one = SelectField(_l("Qui accueille ?"))
    other = SelectField(_l("Et avec qui ?"))

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.one.choices = self.other.choices = [(NOBODY, _("On verra plus tard")), *member_choices(Role.coordinator, Role.volunteer)]

    def validate_other(self, field: Field) -> None:
        """Two people are two."""
        if field.data and field.data == self.one.data:
            raise ValidationError(_("Il faut deux personnes : c’est la même."))

    @property
    def hosts(self) -> tuple[UUID | None, UUID | None]:
        """Both, as far as they are known."""
        return self._member(self.one.data), self._member(self.other.data)

    def _member(self, text: str | None) -> UUID | None:
        return UUID(text) if text else None


class RuleForm(HostsForm):
    """Le [deuxième] [mardi], de … à …, [à la maison de quartier]."""

    id = HiddenField()
    nth = SelectField(_l("Lequel dans le mois ?"), [InputRequired(MISSING)])
    day_of_week = SelectField(_l("Quel jour de la semaine ?"), [InputRequired(MISSING)])
    months_off = Ticks(_l("Pas en"))
    since = DayField(_l("À partir de quel jour ?"), [InputRequired(_l("Il manque le jour."))])
    until = DayField(_l("Jusqu’à quel jour ?"), [Optional()], description=_l("Sans date, la règle continue."))
    phone = StringField(
        _l("Le numéro à appeler"),
        [at_most(30)],
        description=_l("Il est écrit en grand sur l’affiche. Sans numéro, l’affiche donne le jour et le lieu."),
        filters=[strip],
        render_kw={"inputmode": "tel", "autocomplete": "off"},
    )
    on_holidays = RadioField(_l("Et les jours fériés ?"), choices=list(HOLIDAY_NAMES.items()), validate_choice=False)

    def __init__(self, *args: Any, known_since: date | None = None, **values: Any) -> None:
        super().__init__(*args, **values)
        self.known_since = known_since
        self.nth.choices = [(each.value, name) for each, name in NTH_NAMES.items()]
        self.day_of_week.choices = [(str(number), weekday_name(number)) for number in range(7)]
        self.months_off.choices = [(str(number), month_name(number)) for number in range(1, 13)]
        # What is asked once the rule turns out to fall on a public holiday.
        self.asked: list[str] = []

    def validate_until(self, field: Field) -> None:
        """After the first day."""
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(_("Le dernier jour vient après le premier."))

    def validate_since(self, field: Field) -> None:
        """Within a year, unless the rule has begun on that day long ago."""
        if field.data and self._is_far(field.data):
            raise ValidationError(_("Une date à un an d’aujourd’hui au plus."))

    def validate_phone(self, field: Field) -> None:
        """A French number, kept as +33…"""
        if field.data:
            try:
                field.data = normalised(field.data)
            except ValueError as error:
                raise ValidationError(str(error)[:1].upper() + str(error)[1:] + ".") from error

    def validate_months_off(self, field: Field) -> None:
        """The rule falls on a day at all. Said here, because leaving months out is how it mostly comes about."""
        if self._is_whole and next(self._days(self.since.data), None) is None:
            raise ValidationError(_("Cette règle ne tombe sur aucun jour. Gardez au moins un mois, ou choisissez un autre rang dans le mois."))

    def validate_on_holidays(self, field: Field) -> None:
        """Asked, not refused: a rule may fall on a public holiday if the team says what happens then."""
        field.data = field.data if field.data in set(OnHolidays) else None
        if not self._is_whole:
            return
        start = max(self.since.data, today_in(g.collective.time_zone))
        within = takewhile(lambda day: day <= start + YEAR, self._days(start))
        falls = [day for day in within if is_public_holiday(day, g.collective.department)]
        self.asked = [written_date(day, "EEEE d MMMM y") for day in falls]
        if falls and not field.data:
            raise ValidationError(_("Cette règle tombe sur un jour férié : %(days)s. Que faites-vous ces jours-là ?", days=", ".join(self.asked)))

    @property
    def _is_whole(self) -> bool:
        if self.nth.data not in set(Nth) or self.day_of_week.data not in {str(number) for number in range(7)} or not self.since.data:
            return False
        # What lies in another century has no calendar to look into; the field says so.
        if self._is_far(self.since.data):
            return False
        return not self.until.data or self.until.data >= self.since.data

    def _is_far(self, since: date) -> bool:
        return since != self.known_since and abs(since - today_in(g.collective.time_zone)) > YEAR

    def _days(self, start: date) -> Iterator[date]:
        """All days of the rule within three years of a day, public holidays among them."""
        rank, day_of_week = Nth(self.nth.data), int(self.day_of_week.data)
        days = days_of(rank, day_of_week, self.months_off.data or [], start, self.until.data, None, g.collective.department)
        return takewhile(lambda day: day <= start + LOOKED_AHEAD, days)


class DropInForm(HostsForm):
    """One permanence: its day, hours, place, hosts."""

    id = HiddenField()
    day = DayField(_l("Quel jour ?"), [InputRequired(_l("Il manque le jour."))])
    sure = BooleanField(_l("Oui, même ce jour férié"))
    asks_sure = False

    def validate_day(self, field: Field) -> None:
        """A day ahead; a public holiday is asked about."""
        ahead(field)
        if field.data and is_public_holiday(field.data, g.collective.department):
            self.asks_sure = True
            if not self.sure.data:
                raise ValidationError(_("C’est un jour férié. Si la porte sera ouverte, cochez la case juste en dessous."))


class BecauseForm(FlaskForm):
    """Why it is cancelled, or was not held."""

    because = RadioField(_l("Pourquoi ?"), validators=[InputRequired(_l("Dites pourquoi."))])
    because_words = StringField(_l("Quelques mots"), [at_most(200)], description=_l("Ne nommez personne."), filters=[strip])

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.because.choices = [(each.value, name) for each, name in BECAUSE_NAMES.items()]
