"""Form fields of our own, where the library's answer is not in our words."""

from flask_babel import gettext as _
from wtforms import DateField, IntegerField

MOST = 1_000_000


class NumberField(IntegerField):
    """A whole number; left empty it is 0, unless the field is required."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; anything else keeps what was typed and says what is expected."""
        text = (valuelist[0] if valuelist else "").replace("\u202f", "").replace("\u00a0", "").replace(" ", "")
        if not text:
            self.data = None if self.flags.required else 0
            return
        try:
            self.data = int(text)
        except ValueError as error:
            self.data = None
            raise ValueError(_("Écrivez un nombre, par exemple 4.")) from error
        if abs(self.data) > MOST:
            self.data = None
            raise ValueError(_("Ce nombre est trop grand."))


class DayField(DateField):
    """A date, from the device's calendar or typed as 28/02/2026."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, format=["%Y-%m-%d", "%d/%m/%Y"], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the date, or say how one is written."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Ce jour n’existe pas. Écrivez par exemple 28/02/2026.")) from error
