"""Keeping a file longer, and erasing one at once."""

from datetime import timedelta

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired

from app.fields import DayField
from app.people.forms import READ, GentleForm, at_most, strip
from app.people.models import lines
from tenants.months import today_in

# A reason is looked at again after two years at the latest.
FURTHEST = timedelta(days=2 * 366)
# Two letters make a first name already; one makes a word of any text.
SHORTEST = 2
NOTHING = _l("Pour effacer, écrivez le mot EFFACER. Rien n’a été effacé.")


class KeepingForm(GentleForm):
    """Until when, and why."""

    kept_until = DayField(_l("Garder la fiche jusqu’au"), [InputRequired(_l("Il manque le jour."))])
    kept_because = TextAreaField(
        _l("Pourquoi la garder ?"),
        [DataRequired(_l("Sans raison écrite, une fiche ne se garde pas.")), at_most(300)],
        description=READ,
        filters=[strip],
    )

    def validate_kept_until(self, field: Field) -> None:
        """A day to come, within two years."""
        today = today_in(g.collective.time_zone)
        if field.data and field.data <= today:
            raise ValidationError(_("Choisissez un jour à venir."))
        if field.data and field.data > today + FURTHEST:
            raise ValidationError(_("C’est trop loin : deux ans au plus, puis on en décide de nouveau."))


class ErasureForm(FlaskForm):
    """A word typed by hand: nothing brings a file back."""

    id = HiddenField()
    spellings = TextAreaField(
        _l("Autres façons dont ce nom a pu être écrit"),
        [at_most(800)],
        description=_l(
            "Une par ligne : un diminutif, une autre orthographe, un nom de famille. Les accents et les majuscules ne comptent pas. "
            "Une photo dont l’accord dit l’un de ces noms disparaît, et une idée d’activité oublie de qui elle venait. Rien de ceci n’est gardé."
        ),
        filters=[strip],
        render_kw={"rows": 3, "autocomplete": "off"},
    )
    confirmation = StringField(
        _l("Écrivez EFFACER pour confirmer"),
        [InputRequired(NOTHING)],
        filters=[strip],
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )

    @property
    def names(self) -> list[str]:
        """The other spellings, one a line."""
        return lines(self.spellings.data)

    def validate_spellings(self, field: Field) -> None:
        """Names: a single letter would find everybody."""
        short = [each for each in self.names if sum(sign.isalpha() for sign in each) < SHORTEST]
        if short:
            raise ValidationError(_("« %(name)s » est trop court : il se trouverait dans trop de textes.", name=short[0]))

    def validate_confirmation(self, field: Field) -> None:
        """The word of the page, in either language and any case."""
        if (field.data or "").upper() not in ("EFFACER", "ERASE"):
            raise ValidationError(str(NOTHING))
