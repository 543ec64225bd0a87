"""Forms of a yearly report."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, Field, HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from tenants.documents import LARGEST

LONG = Length(max=3000, message=_l("Trois mille caractères au plus."))
ROWS = {"rows": 6}
# How the files begin that every browser can show; what they hold is looked at by a worker.
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")


class TextsForm(FlaskForm):
    """The chosen words."""

    opening = TextAreaField(_l("Un mot pour commencer"), [LONG], render_kw=ROWS, description=_l("Ce qu’a été l’année, en quelques phrases."))
    moments = TextAreaField(
        _l("Les moments de l’année"), [LONG], render_kw=ROWS, description=_l("Tout le monde le lira : aucun nom d’habitant, rien qui dise chez qui.")
    )
    ahead = TextAreaField(_l("Et après ?"), [LONG], render_kw=ROWS, description=_l("Ce que vous préparez, ce qui vous aiderait."))


class EditionForm(FlaskForm):
    """One click. A correction says what it corrects."""

    corrects = False
    id = HiddenField()
    correction = StringField(_l("Que corrige cette édition ?"), [Length(max=300, message=_l("Trois cents caractères au plus."))])

    def correct(self) -> None:
        """There is an edition already."""
        self.corrects = self.correction.flags.required = True

    def validate_correction(self, field: Field) -> None:
        """Whoever has read the first edition learns why there is another."""
        if self.corrects and not (field.data or "").strip():
            raise ValidationError(_("Dites en une phrase ce qui a changé."))


TOO_HEAVY = _l("Cette photo dépasse 10 Mo. Choisissez-en une plus petite.")


class PhotoForm(FlaskForm):
    """A photo, what is on it, and that those on it agree."""

    id = HiddenField()
    photo = FileField(
        _l("La photo"),
        [FileRequired(_l("Choisissez une photo."))],
        description=_l("JPEG, PNG ou WebP, 10 Mo au plus. Le lieu et la date que l’appareil y écrit sont effacés."),
        render_kw={"data-most": LARGEST, "data-heavy": TOO_HEAVY},
    )
    caption = StringField(
        _l("Ce qu’on y voit"),
        [DataRequired(_l("Il manque la phrase qui dit ce qu’on voit.")), Length(max=200, message=_l("Deux cents caractères au plus."))],
        description=_l("Lue à voix haute à qui ne voit pas la photo."),
    )
    agreed = BooleanField(_l("Les personnes qu’on reconnaît sont d’accord pour paraître"))

    content: bytes = b""

    def validate_photo(self, field: Field) -> None:
        """A picture of ten megabytes at most."""
        self.content = field.data.read(LARGEST + 1) if field.data else b""
        if not self.content:
            raise ValidationError(_("Choisissez une photo."))
        if len(self.content) > LARGEST:
            raise ValidationError(str(TOO_HEAVY))
        if not self.content.startswith(PICTURES):
            raise ValidationError(_("Ce fichier n’est pas une photo JPEG, PNG ou WebP."))

    def validate_agreed(self, field: Field) -> None:
        """Nobody is shown who did not say yes."""
        if not field.data:
            raise ValidationError(_("Sans leur accord, choisissez une autre photo."))


def cleaned(form: FlaskForm, names: tuple[str, ...]) -> dict[str, Any]:
    """The texts as they are kept: one kind of line ends, nothing where nothing was written."""
    return {name: (form[name].data or "").replace("\r\n", "\n").strip() or None for name in names}
