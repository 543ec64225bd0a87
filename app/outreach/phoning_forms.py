"""Forms of phoning."""

from datetime import date, timedelta

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, RadioField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.validators import Optional as OptionalInput

from app.fields import DayField, NumberField
from app.outreach.phoning import MOST_ATTEMPTS, PAUSE, CallOutcome
from tenants.months import today_in

NUMERIC = {"inputmode": "numeric", "autocomplete": "off"}
CALL_NAMES = {
    CallOutcome.talked: _l("On s’est parlé"),
    CallOutcome.no_answer: _l("Pas de réponse"),
    CallOutcome.message: _l("Message laissé"),
    CallOutcome.busy: _l("Occupé"),
    CallOutcome.call_back: _l("Rappeler un autre jour"),
    CallOutcome.wrong_number: _l("Mauvais numéro"),
    CallOutcome.refused: _l("Ne plus appeler"),
}


class ListForm(FlaskForm):
    """A pasted list of numbers."""

    numbers = TextAreaField(
        _l("Les numéros, un par ligne"),
        [DataRequired(_l("Collez au moins un numéro."))],
        description=_l("Deux mille au plus à la fois. Des numéros seuls, sans nom : ils s’effacent trente jours après la tournée."),
        render_kw={"rows": 10, "inputmode": "tel"},
    )


class CallForm(FlaskForm):
    """How a call ended."""

    id = HiddenField()
    outcome = RadioField(choices=list(CALL_NAMES.items()), validators=[InputRequired(_l("Comment l’appel s’est-il terminé ?"))])
    call_back_on = DayField(_l("Quel jour rappeler ?"), [OptionalInput()])

    def validate_outcome(self, field: Field) -> None:
        """A call back needs its day, and not one that has passed."""
        today = today_in(g.collective.time_zone)
        day: date | None = self.call_back_on.data
        if field.data == CallOutcome.call_back and not self.call_back_on.errors and (day is None or not today < day <= today + timedelta(days=92)):
            raise ValidationError(_("Choisissez le jour du rappel, entre demain et dans trois mois."))


class ScriptForm(FlaskForm):
    """What is read aloud, and how often one tries."""

    text = TextAreaField(_l("Ce qu’on lit à voix haute"), [DataRequired(_l("Il manque le texte.")), Length(max=4000)])
    attempts = NumberField(_l("Essais par numéro, au plus"), [NumberRange(1, 10, _l("Entre 1 et 10."))], default=MOST_ATTEMPTS, render_kw=NUMERIC)
    pause_days = NumberField(
        _l("Jours entre deux essais, au moins"), [NumberRange(1, 30, _l("Entre 1 et 30."))], default=PAUSE.days, render_kw=NUMERIC
    )
