"""Forms of support permanences, the same on both sides."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, Field, HiddenField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Optional

from app.fields import DayField
from app.followup.support import Side, SupportMeeting
from app.followup.words import MOOD_NAMES, SIDE_NAMES
from app.people.forms import GentleForm, at_most, strip
from tenants.months import bounds

FAR = timedelta(days=366)
NOBODY = _l("Rien qui concerne une personne accompagnée : ni prénom, ni situation. Les deux côtés lisent cette note.")

HOW = [("", _l("Sur place")), ("1", _l("En ligne"))]


class MomentField(DateTimeLocalField):
    """A day and an hour, from the device or typed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read them, or say how they are written."""
        try:
            super().process_formdata([each for each in valuelist if each.strip()])
        except ValueError as error:
            raise ValueError(_("Cette date n’existe pas. Écrivez par exemple 2026-12-03 14:00.")) from error


def _moment(label: Any, required: bool) -> MomentField:
    checks = [InputRequired(_l("Proposez au moins une date."))] if required else [Optional()]
    return MomentField(label, checks, format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"])


class ProposalForm(FlaskForm):
    """Up to three dates, on site or online."""

    id = HiddenField()
    first_date = _moment(_l("Une première date"), required=True)
    second_date = _moment(_l("Une deuxième"), required=False)
    third_date = _moment(_l("Une troisième"), required=False)
    online = RadioField(_l("Comment se voit-on ?"), choices=HOW, default="")
    where = StringField(
        _l("Où ?"),
        [DataRequired(_l("Il manque le lieu, ou l’adresse en ligne.")), at_most(200)],
        description=_l("Un lieu, ou l’adresse de la visio."),
        filters=[strip],
    )

    def __init__(self, *args: Any, today: Any = None, **values: Any) -> None:
        super().__init__(*args, **values)
        self.today = today

    @property
    def dates(self) -> list[datetime]:
        """The dates, in order, each once."""
        return sorted({each.data for each in (self.first_date, self.second_date, self.third_date) if each.data})

    def _ahead(self, field: Field) -> None:
        if field.data and field.data.date() < self.today:
            raise ValidationError(_("Ce jour est passé."))
        if field.data and field.data.date() > self.today + FAR:
            raise ValidationError(_("Une date d’aujourd’hui à dans un an."))
        if field.data and self.first_date.data and field.data.strftime("%Y-%m") != self.first_date.data.strftime("%Y-%m"):
            raise ValidationError(_("Une rencontre par mois : les dates sont du même mois."))

    validate_first_date = validate_second_date = validate_third_date = _ahead


class HeldForm(FlaskForm):
    """On which day of a month the meeting took place, and where."""

    day = DayField(_l("Quel jour ?"), [InputRequired(_l("Il manque le jour."))])
    online = RadioField(_l("Comment vous êtes-vous vus ?"), choices=HOW, default="")
    where = StringField(_l("Où ?"), [at_most(200)], filters=[strip])

    def __init__(self, *args: Any, month: str, today: Any = None, **values: Any) -> None:
        super().__init__(*args, **values)
        self.month, self.today = month, today

    def validate_day(self, field: Field) -> None:
        """A day of this month that has come."""
        first, after = bounds(self.month)
        if field.data and not (first <= field.data < after and field.data <= self.today):
            raise ValidationError(_("Choisissez un jour de ce mois-là, déjà venu."))


class MissedForm(FlaskForm):
    """Why it did not take place."""

    because = StringField(
        _l("Pourquoi ?"), [DataRequired(_l("Dites pourquoi, en quelques mots.")), at_most(200)], description=NOBODY, filters=[strip]
    )


class NoteForm(GentleForm):
    """How the team is, what is difficult, what it needs."""

    version = HiddenField()
    mood = RadioField(_l("Comment va l’équipe ?"), validators=[InputRequired(_l("Choisissez ce qui s’en approche le plus."))])
    difficulties = TextAreaField(_l("Ce qui est difficile"), [at_most(3000)], description=NOBODY, filters=[strip])
    needs = TextAreaField(_l("Ce dont l’équipe a besoin"), [at_most(3000)], description=NOBODY, filters=[strip])

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.mood.choices = [(each.value, name) for each, name in MOOD_NAMES.items()]


class DecisionForm(FlaskForm):
    """What, who, until when."""

    id = HiddenField()
    what = StringField(_l("Quoi ?"), [DataRequired(_l("Écrivez ce qui est décidé.")), at_most(200)], description=NOBODY, filters=[strip])
    side = RadioField(_l("De quel côté ?"), default=Side.collective.value, choices=[(each.value, name) for each, name in SIDE_NAMES.items()])
    who = StringField(
        _l("Qui s’en occupe ?"),
        [DataRequired(_l("Il manque qui s’en occupe.")), at_most(80)],
        description=_l("Quelqu’un de l’équipe ou du réseau."),
        filters=[strip],
    )
    due_on = DayField(_l("Pour quand ?"), [InputRequired(_l("Il manque le jour."))])

    def __init__(self, *args: Any, today: Any = None, **values: Any) -> None:
        super().__init__(*args, **values)
        self.today = today

    def validate_due_on(self, field: Field) -> None:
        """A day from today on, within a year."""
        if field.data and not self.today <= field.data <= self.today + FAR:
            raise ValidationError(_("Une date d’aujourd’hui à dans un an."))


def note_form(meeting: SupportMeeting) -> NoteForm:
    """The note as it stands."""
    mood = meeting.mood.value if meeting.mood else None
    return NoteForm(formdata=None, version=str(meeting.version), mood=mood, difficulties=meeting.difficulties, needs=meeting.needs)
