"""What someone wants to remember."""

from datetime import timedelta

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired

from app.fields import DayField
from app.people.forms import at_most, strip
from tenants.months import today_in

FAR = timedelta(days=2 * 366)


class TaskForm(FlaskForm):
    """A sentence, a day, someone of the team."""

    id = HiddenField()
    words = StringField(
        _l("À faire"),
        filters=[strip],
        validators=[DataRequired(_l("Écrivez en quelques mots ce qu’il y a à faire.")), at_most(200)],
        description=_l("Par exemple : appeler la maison de quartier pour la salle. Ne nommez aucune personne accompagnée."),
    )
    due_on = DayField(_l("Pour quand"), validators=[InputRequired(_l("Choisissez un jour."))])
    member = SelectField(_l("Pour qui"), validators=[DataRequired(_l("Choisissez quelqu’un de l’équipe."))])

    def validate_due_on(self, field: Field) -> None:
        """A day from today on, within two years."""
        today = today_in(g.collective.time_zone)
        if field.data is None:
            return
        if field.data < today:
            raise ValidationError(_("Ce jour est passé. Choisissez aujourd’hui ou un jour à venir."))
        if field.data > today + FAR:
            raise ValidationError(_("C’est trop loin : deux ans au plus."))
