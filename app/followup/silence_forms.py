"""How a call ended, and how long a silence is."""

from datetime import timedelta
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, RadioField, StringField, ValidationError
from wtforms.validators import InputRequired, NumberRange, Optional

from app.fields import DayField, NumberField
from app.followup.care_words import OUTCOME_WORDS
from app.followup.silence import LEAST, MOST
from app.people.forms import GentleForm, at_most, strip
from tenants.months import today_in

FURTHEST = timedelta(days=366)
RANGE = _l("De %(least)d à %(most)d jours.", least=LEAST, most=MOST)


class CheckInForm(FlaskForm):
    """One of four outcomes, each a button."""

    id = HiddenField()
    outcome = RadioField(_l("Comment ça s’est passé ?"), validators=[InputRequired(_l("Dites comment l’appel s’est passé."))])

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.outcome.choices = [(each.value, name) for each, name in OUTCOME_WORDS.items()]


class SilenceDefaultForm(FlaskForm):
    """For all who have no days of their own."""

    days = NumberField(
        _l("Après combien de jours sans nouvelles ?"), [InputRequired(_l("Il manque un nombre de jours.")), NumberRange(LEAST, MOST, RANGE)]
    )


class SilenceRuleForm(GentleForm):
    """What is different for one person. Both are optional; a pause says why."""

    days = NumberField(
        _l("Après combien de jours sans nouvelles ?"),
        description=_l("Laissez vide pour faire comme pour tout le monde."),
    )
    paused_until = DayField(_l("En pause jusqu’au"), [Optional()], description=_l("Pendant la pause, personne n’est invité à appeler."))
    paused_because = StringField(
        _l("Pourquoi cette pause ?"),
        [at_most(200)],
        description=_l("Par exemple : chez sa fille jusqu’en mars. La personne peut lire ce texte."),
        filters=[strip],
    )

    def validate_days(self, field: Field) -> None:
        """Within reason, or as for everybody."""
        if field.data and not LEAST <= field.data <= MOST:
            raise ValidationError(str(RANGE))

    def validate_paused_until(self, field: Field) -> None:
        """From today to a year ahead."""
        today = today_in(g.collective.time_zone)
        if field.data and field.data < today:
            raise ValidationError(_("Ce jour est passé. Laissez vide pour finir la pause."))
        if field.data and field.data > today + FURTHEST:
            raise ValidationError(_("Une pause dure un an au plus. On pourra la prolonger."))

    def validate_paused_because(self, field: Field) -> None:
        """A pause says why."""
        if self.paused_until.data and not field.data:
            raise ValidationError(_("Dites pourquoi en quelques mots."))
