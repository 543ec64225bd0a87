"""Forms of a person's file. A first name is enough; each free text says what does not belong there."""

from datetime import timedelta
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.fields import DayField
from app.people.health import health_words
from app.people.words import AGE_NAMES, FOUND_NAMES, NEED_NAMES, language_choices
from app.phone_numbers import normalised
from tenants.models import Role, members
from tenants.months import today_in

READ = _l("La personne peut lire ce texte. Pas de santé, pas d’opinion.")
LONG_AGO = timedelta(days=3 * 366)


def strip(text: str | None) -> str:
    """What was typed, without the spaces around it."""
    return (text or "").strip()


def not_optional(*fields: Field) -> None:
    """A list whose first word is already an answer is not called optional."""
    for field in fields:
        field.flags.required = True


def at_most(most: int) -> Length:
    """So many characters at most."""
    return Length(max=most, message=_l("%(most)d caractères au plus.", most=most))


class Ticks(SelectMultipleField):
    """Several of a list, each a box to tick."""

    def __init__(self, label: Any, **values: Any) -> None:
        super().__init__(label, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), **values)


# Names, streets and numbers are no story: « rue de l’Hôpital » says nothing of anybody.
NO_STORY = frozenset({"name", "street", "phone", "whom", "called", "reporter", "answer_at"})


class GentleForm(FlaskForm):
    """A form that asks once about words that look like health, in whatever text it takes, and then keeps them if that is wished."""

    keep_words = BooleanField(_l("Garder ces mots tels quels"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask about every text that has no other fault."""
        valid = bool(super().validate(extra_validators))
        for field in self.stories():
            try:
                if not field.errors:
                    self.gently(field)
            except ValidationError as error:
                field.errors, valid = [str(error)], False
        return valid

    def stories(self) -> list[StringField]:
        """The fields that tell something, areas of text included."""
        return [each for each in self if isinstance(each, StringField) and not isinstance(each, HiddenField) and each.short_name not in NO_STORY]

    def gently(self, field: Field) -> None:
        """Raises ValidationError while the words are not kept on purpose."""
        found = health_words(field.data)
        if found and not self.keep_words.data:
            words = ", ".join(f"« {each} »" for each in found)
            raise ValidationError(
                _("Ce texte parle peut-être de santé (%(words)s). Pouvez-vous le dire autrement ? Sinon, cochez la case plus bas.", words=words)
            )

    @property
    def asks(self) -> bool:
        """Whether the box that keeps the words is to be shown."""
        return bool(self.keep_words.data) or any(health_words(field.data) for field in self.stories())


def day_so_far(field: Field) -> None:
    """A day that has come, and not long ago."""
    today = today_in(g.collective.time_zone)
    if field.data and field.data > today:
        raise ValidationError(_("Ce jour n’est pas encore venu."))
    if field.data and field.data < today - LONG_AGO:
        raise ValidationError(_("Ce jour est à plus de trois ans. Est-ce la bonne année ?"))


def member_choices(*roles: Role) -> list[tuple[str, str]]:
    """Present members as choices, by name."""
    from app.db import db

    return [(str(each.id), each.display_name) for each in db.session.scalars(members(*roles))]


class FileForm(GentleForm):
    """What is known of a person. All but the name is optional."""

    id = HiddenField()
    version = HiddenField()
    name = StringField(
        _l("Prénom ou surnom"),
        [DataRequired(_l("Il manque un prénom, ou un surnom.")), at_most(60)],
        description=_l("Un prénom suffit."),
        filters=[strip],
    )
    street = StringField(_l("Rue ou immeuble"), [at_most(120)], filters=[strip], render_kw={"autocomplete": "off"})
    phone = StringField(_l("Téléphone"), [at_most(30)], filters=[strip], render_kw={"inputmode": "tel", "autocomplete": "off"})
    reached = StringField(
        _l("Comment joindre la personne"),
        [at_most(120)],
        description=_l("Par exemple : plutôt le matin, passer par la voisine du 2e."),
        filters=[strip],
    )
    age = SelectField(_l("Tranche d’âge"), default="")
    languages = Ticks(_l("Langues"))
    likes = TextAreaField(_l("Ses goûts"), [at_most(500)], description=_l("Une chose par ligne : la couture, la radio."), filters=[strip])
    gives = TextAreaField(
        _l("Ses talents, ce qui peut se partager"),
        [at_most(500)],
        description=_l("Une chose par ligne : recoudre, raconter l’école, garder un chat."),
        filters=[strip],
    )
    needs = Ticks(_l("Ses besoins"))

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.age.choices = [("", _l("Je ne sais pas")), *((each.value, name) for each, name in AGE_NAMES.items())]
        self.languages.choices = language_choices()
        self.needs.choices = list(NEED_NAMES.items())

    def validate_phone(self, field: Field) -> None:
        """A French number, kept as +33…"""
        if field.data:
            try:
                field.data = normalised(field.data)
            except ValueError as error:
                raise ValidationError(str(error)[:1].upper() + str(error)[1:] + ".") from error

    def values(self) -> dict[str, Any]:
        """What is written into the file."""
        texts = {name: self[name].data or None for name in ("street", "phone", "reached", "likes", "gives")}
        lists = {name: list(self[name].data or []) for name in ("languages", "needs")}
        return {"name": self.name.data, **texts, **lists, "age": self.age.data or None}


class OpeningForm(FileForm):
    """A new file: who it is, how they were found, and what they agreed to."""

    found_by = RadioField(_l("Comment avez-vous connu la personne ?"), validators=[InputRequired(_l("Dites comment vous avez connu la personne."))])
    found_on = DayField(_l("Quel jour ?"), [InputRequired(_l("Il manque le jour."))])
    agreed_to = SelectField(_l("À qui la personne a-t-elle dit oui ?"))
    given_on = DayField(_l("Quel jour la personne a-t-elle dit oui ?"), [InputRequired(_l("Il manque le jour."))])
    words = TextAreaField(
        _l("Dans ses mots"),
        [DataRequired(_l("Sans son accord, pas de fiche. Écrivez ce que la personne a dit.")), at_most(500)],
        description=_l("Par exemple : « Oui, vous pouvez revenir, mais pas en parler à ma fille. »"),
        filters=[strip],
    )
    sure = BooleanField(_l("C’est bien quelqu’un d’autre"))

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.found_by.choices = list(FOUND_NAMES.items())
        self.agreed_to.choices = member_choices(Role.coordinator, Role.volunteer)
        if self.agreed_to.data in (None, "None", ""):
            self.agreed_to.data = str(g.membership.id)
        not_optional(self.agreed_to)

    def validate_found_on(self, field: Field) -> None:
        """A day that has come."""
        day_so_far(field)

    validate_given_on = validate_found_on


class AgreementForm(GentleForm):
    """What a person agrees to now."""

    id = HiddenField()
    agreed_to = SelectField(_l("À qui la personne l’a-t-elle dit ?"))
    given_on = DayField(_l("Quel jour ?"), [InputRequired(_l("Il manque le jour."))])
    words = TextAreaField(
        _l("Dans ses mots"), [DataRequired(_l("Écrivez ce que la personne a dit.")), at_most(500)], description=READ, filters=[strip]
    )
    ask_again_on = DayField(_l("À redemander quand ?"), [Optional()])

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.agreed_to.choices = member_choices(Role.coordinator, Role.volunteer)
        if self.agreed_to.data in (None, "None", ""):
            self.agreed_to.data = str(g.membership.id)
        not_optional(self.agreed_to)

    def validate_given_on(self, field: Field) -> None:
        """A day that has come."""
        day_so_far(field)
