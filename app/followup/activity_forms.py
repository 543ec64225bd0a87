"""Forms of activities: planned or an idea, carried by someone, with a photo."""

from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional

from app.fields import DayField, NumberField
from app.followup.forms import WHERE, ahead
from app.followup.photos import sniffed
from app.followup.words import KIND_NAMES
from app.people.forms import READ, GentleForm, at_most, day_so_far, strip
from app.training.dates import is_public_holiday
from app.training.forms import HourField
from tenants.documents import LARGEST

NUMERIC = {"inputmode": "numeric", "autocomplete": "off"}
MEGABYTES = LARGEST // (1024 * 1024)
TOO_HEAVY = _l("Cette photo pèse plus de %(most)d Mo. Choisissez-en une plus petite.", most=MEGABYTES)


class IdeaForm(FlaskForm):
    """What one would like to do, and whose idea it is."""

    id = HiddenField()
    kind = RadioField(_l("Qu’est-ce que c’est ?"), validators=[InputRequired(_l("Choisissez ce que c’est."))])
    title = StringField(
        _l("En quelques mots"),
        [DataRequired(_l("Il manque un titre.")), at_most(80)],
        description=_l("Par exemple : une soupe partagée, un tour au jardin. Ne nommez personne."),
        filters=[strip],
    )
    about = TextAreaField(_l("Ce qu’on y fait, ce qu’il faut apporter"), [at_most(1000)], filters=[strip])
    idea_of = StringField(_l("L’idée vient de"), [at_most(80)], description=_l("Un prénom, une voisine, l’atelier du jeudi."), filters=[strip])

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.kind.choices = [(each.value, name) for each, name in KIND_NAMES.items()]


class ActivityForm(IdeaForm):
    """With a day, hours, a place and so many places."""

    day = DayField(_l("Quel jour ?"), [InputRequired(_l("Il manque le jour."))])
    sure = BooleanField(_l("Oui, même ce jour férié"))
    begins = HourField(_l("De quelle heure ?"), [InputRequired(_l("Il manque l’heure."))])
    ends = HourField(_l("À quelle heure ?"), [InputRequired(_l("Il manque l’heure."))])
    where = StringField(_l("Où ?"), [DataRequired(_l("Il manque le lieu.")), at_most(120)], description=WHERE, filters=[strip])
    places = NumberField(
        _l("Combien de places ?"),
        [Optional(), NumberRange(0, 500, _l("De 0 à 500 places."))],
        description=_l("Laissez vide ou 0 si on ne compte pas les places."),
        render_kw=NUMERIC,
    )
    asks_sure = False

    def validate_day(self, field: Field) -> None:
        """A day ahead; a public holiday is asked about."""
        ahead(field)
        if field.data and is_public_holiday(field.data, g.collective.department):
            self.asks_sure = True
            if not self.sure.data:
                raise ValidationError(_("C’est un jour férié. Si la porte sera ouverte, cochez la case juste en dessous."))

    def validate_ends(self, field: Field) -> None:
        """After it begins."""
        if field.data and self.begins.data and field.data <= self.begins.data:
            raise ValidationError(_("L’heure de fin vient après celle du début."))


class CarrierForm(GentleForm):
    """Who carries it, and that they agree to its being noted."""

    id = HiddenField()
    person = SelectField(_l("Qui porte cette activité ?"), [DataRequired(_l("Choisissez une personne."))])
    on = DayField(_l("Depuis quel jour ?"), [InputRequired(_l("Il manque le jour."))])
    words = TextAreaField(
        _l("Son accord, dans ses mots"),
        [DataRequired(_l("Notez en une phrase ce que la personne a dit.")), at_most(500)],
        description=READ,
        filters=[strip],
    )
    agreed = BooleanField(_l("La personne est d’accord pour que ce soit noté dans sa fiche"))

    def validate_on(self, field: Field) -> None:
        """A day that has come."""
        day_so_far(field)

    def validate_agreed(self, field: Field) -> None:
        """Without agreement nothing is noted."""
        if not field.data:
            raise ValidationError(_("Demandez-lui d’abord. Sans son accord, rien n’est noté dans sa fiche."))


class PhotoForm(FlaskForm):
    """A picture, what is on it, and the consent of those who are."""

    id = HiddenField()
    photo = FileField(
        _l("La photo"),
        [FileRequired(_l("Choisissez une photo."))],
        description=_l("JPEG, PNG ou WebP, %(most)d Mo au plus. Le lieu et l’heure que l’appareil y écrit sont effacés.", most=MEGABYTES),
        render_kw={"accept": "image/jpeg,image/png,image/webp", "data-most": LARGEST, "data-heavy": TOO_HEAVY},
    )
    caption = StringField(
        _l("Ce qu’on y voit"),
        [DataRequired(_l("Dites en quelques mots ce qu’on y voit, pour qui ne la voit pas.")), at_most(120)],
        description=_l("Ne nommez personne : une table dressée dans la cour, six assiettes."),
        filters=[strip],
    )
    consent = StringField(
        _l("Qui est dessus, et a dit oui à qui ?"),
        [DataRequired(_l("Notez qui a dit oui, ou « personne n’est reconnaissable ».")), at_most(300)],
        description=_l("Gardé sous scellés. Par exemple : Yvonne et Kader, à Maëlle, le jour même."),
        filters=[strip],
    )
    agreed = BooleanField(_l("Toutes les personnes reconnaissables sont d’accord"))
    content = b""

    def validate_photo(self, field: Field) -> None:
        """There is one, not too heavy, and a picture by its first bytes."""
        self.content = field.data.read(LARGEST + 1)
        if not self.content:
            raise ValidationError(_("Choisissez une photo."))
        if len(self.content) > LARGEST:
            raise ValidationError(str(TOO_HEAVY))
        if sniffed(self.content) is None:
            raise ValidationError(_("Ce fichier n’est pas une photo que nous savons lire. Choisissez un JPEG, un PNG ou un WebP."))

    def validate_agreed(self, field: Field) -> None:
        """Without consent no photo."""
        if not field.data:
            raise ValidationError(_("Sans l’accord de celles et ceux qui sont dessus, la photo n’est pas gardée."))
