"""`/_ui`: every shared macro on one page, in development and demonstration only."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, IntegerField, RadioField, SelectField, StringField, TextAreaField

from app.pages import page
from app.paging import Sheet

bp = Blueprint("parts", __name__)


class PartsForm(FlaskForm):
    """One field of each sort."""

    name = StringField("Prénom ou surnom", description="Un prénom suffit.")
    number = IntegerField("Numéro")
    day = DateField("Jour")
    note = TextAreaField("Ce qui s’est dit", description="La personne peut lire ce texte. Pas de santé, pas d’opinion.")
    age = SelectField("Tranche d’âge", choices=[("", "Je ne sais pas"), ("60", "60 à 74 ans"), ("75", "75 à 84 ans")])
    agreed = RadioField(
        "La personne est-elle d’accord ?", choices=[("yes", "Oui, elle me l’a dit"), ("no", "Pas encore, je le lui demanderai")], default="yes"
    )
    by_phone = BooleanField("Téléphoner le matin")


@bp.get("/_ui")
def index() -> ResponseReturnValue:
    """Colours, type, buttons, fields, tables, messages, empty states, pages, icons."""
    form = PartsForm()
    form.number.errors = [_("Il manque le numéro de rue.")]
    return page("_ui/parts.html", form=form, sheet=Sheet([], 2, True))
