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
from tenants.months import today_in

# A reason is looked at again after two years at the latest.
FURTHEST = timedelta(days=2 * 366)
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

    def validate_kept_because(self, field: Field) -> None:
        """No health."""
        self.gently(field)


class ErasureForm(FlaskForm):
    """A word typed by hand: nothing brings a file back."""

    id = HiddenField()
    confirmation = StringField(
        _l("Écrivez EFFACER pour confirmer"),
        [InputRequired(NOTHING)],
        filters=[strip],
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )

    def validate_confirmation(self, field: Field) -> None:
        """The word of the page, in either language and any case."""
        if (field.data or "").upper() not in ("EFFACER", "ERASE"):
            raise ValidationError(str(NOTHING))
