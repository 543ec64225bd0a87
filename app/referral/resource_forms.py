"""Forms of the directory: what is looked for, and a place with its services as it is typed in here."""

import re
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, Form, HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Email, Length, Optional

from app.people.forms import Ticks, at_most, strip
from app.phone_numbers import normalised
from app.referral.resources import Resource, ResourceService, changed_on, own_source
from app.referral.search import DISTANCES, Wanted
from app.referral.themes import FEE_NAMES, PUBLIC_NAMES, theme_groups
from tenants.communes import commune_at

ANY = ("", _l("Peu importe"))
POSITION = re.compile(r"\s*(-?\d{1,2}[.,]?\d*)\s*[,; ]\s*(-?\d{1,3}[.,]?\d*)\s*")


class SearchForm(Form):
    """What is looked for. Its fields stand in the address of the page, so that a search can be kept and sent."""

    recherche = StringField(_l("Mots"), filters=[strip])
    theme = SelectField(_l("Thème"), default="", validate_choice=False)
    public = SelectField(_l("Pour qui"), default="", validate_choice=False)
    frais = SelectField(_l("Prix"), default="", validate_choice=False)
    lieu = SelectField(_l("Où"), default="", validate_choice=False)

    def __init__(self, *args: Any, measured: bool = False, **values: Any) -> None:
        super().__init__(*args, **values)
        self.groups = theme_groups()
        self.theme.choices = []
        self.public.choices = [ANY, *PUBLIC_NAMES.items()]
        self.frais.choices = [ANY, *FEE_NAMES.items()]
        near = [(str(each), _("à %(number)d km au plus", number=each)) for each in DISTANCES] if measured else []
        self.lieu.choices = [ANY, ("commune", _("dans la commune")), *near, ("department", _("dans le département"))]

    @property
    def wanted(self) -> Wanted:
        """What to search; a word that no list knows means any."""
        where = self.lieu.data or ""
        return Wanted(
            words=(self.recherche.data or "")[:80],
            theme=self.theme.data or "",
            public=self.public.data if self.public.data in PUBLIC_NAMES else "",
            fee=self.frais.data if self.frais.data in FEE_NAMES else "",
            where=where if where in ("commune", "department") else "",
            within=int(where) if where.isdigit() and int(where) in DISTANCES else None,
        )

    @property
    def said(self) -> dict[str, str]:
        """What is asked for, as it stands in an address."""
        return {field.name: field.data for field in self if field.data}


def _phone(field: Field) -> None:
    if field.data:
        try:
            field.data = normalised(field.data)
        except ValueError as error:
            raise ValidationError(str(error)[:1].upper() + str(error)[1:] + ".") from error


class ServiceForm(FlaskForm):
    """One thing that a place offers."""

    id = HiddenField()
    service_name = StringField(
        _l("Ce que ce lieu propose"),
        [DataRequired(_l("Dites en quelques mots ce que ce lieu propose.")), Length(3, 150, _l("De 3 à 150 caractères."))],
        description=_l("Par exemple : atelier couture du jeudi, aide aux papiers."),
        filters=[strip],
    )
    description = TextAreaField(
        _l("Comment cela se passe"),
        [DataRequired(_l("Décrivez-le en une phrase.")), Length(5, 2000, _l("De 5 à 2 000 caractères."))],
        description=_l("Qui accueille, quand, ce qu’on y fait."),
        filters=[strip],
    )
    themes = Ticks(_l("Thèmes"))
    publics = Ticks(_l("Pour qui"))
    fee = SelectField(_l("Prix"), default="")
    fee_detail = StringField(_l("Précision sur le prix"), [at_most(200)], filters=[strip])
    hours = StringField(_l("Jours et heures"), [at_most(200)], description=_l("Par exemple : le jeudi de 14 h à 17 h."), filters=[strip])
    gone = BooleanField(_l("Ce n’est plus proposé"))

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.themes.choices = [pair for _group, themes in theme_groups() for pair in themes]
        self.publics.choices = list(PUBLIC_NAMES.items())
        self.fee.choices = [("", _("Je ne sais pas")), *FEE_NAMES.items()]

    def validate_publics(self, field: Field) -> None:
        """Everybody, or some: not both, says the schema."""
        if "tous-publics" in (field.data or []) and len(field.data) > 1:
            raise ValidationError(_("« Tous publics » se coche seul."))

    def service_record(self, service_id: str, resource: Resource) -> dict[str, Any]:
        """What data·inclusion writes of it."""
        record = {
            "source": own_source(),
            "structure_id": resource.external_id,
            "id": service_id,
            "nom": self.service_name.data,
            "description": self.description.data,
            "date_maj": changed_on(g.collective.time_zone),
            "thematiques": sorted(self.themes.data or []),
            "publics": sorted(self.publics.data or []),
            "frais": self.fee.data,
            "frais_precisions": self.fee_detail.data,
            # Opening hours have a grammar of their own in the schema; what people write of them is said here.
            "mobilisation_precisions": self.hours.data,
        }
        return {name: value for name, value in record.items() if value}


class PlaceForm(FlaskForm):
    """A place: its name, where it is, how it is reached."""

    id = HiddenField()
    name = StringField(
        _l("Nom du lieu"), [DataRequired(_l("Il manque le nom du lieu.")), Length(3, 150, _l("De 3 à 150 caractères."))], filters=[strip]
    )
    address = StringField(_l("Adresse"), [at_most(150)], filters=[strip])
    postal_code = StringField(_l("Code postal"), [at_most(5)], filters=[strip], render_kw={"inputmode": "numeric"})
    town = StringField(_l("Commune"), [DataRequired(_l("Il manque la commune.")), at_most(100)], filters=[strip])
    phone = StringField(_l("Téléphone"), [at_most(30)], filters=[strip], render_kw={"inputmode": "tel"})
    email = StringField(
        _l("Mail"),
        [Optional(), Email(_l("Cette adresse mail n’est pas complète.")), at_most(200)],
        description=_l("C’est là que partent les demandes. Sans mail, on téléphone."),
        filters=[strip],
        render_kw={"inputmode": "email", "autocomplete": "off"},
    )
    website = StringField(_l("Site"), [at_most(300)], filters=[strip], render_kw={"inputmode": "url"})
    position = StringField(
        _l("Position sur la carte"),
        [at_most(60)],
        description=_l("Latitude puis longitude, comme une carte en ligne les donne : 47.3655, -1.4072. Sert à mesurer les distances."),
        filters=[strip],
    )

    def validate_phone(self, field: Field) -> None:
        """A French number."""
        _phone(field)

    def validate_town(self, field: Field) -> None:
        """A commune of the official list, at that postal code if one is given."""
        self.commune = commune_at(field.data or "", self.postal_code.data or "") if field.data else None
        if field.data and self.commune is None:
            raise ValidationError(_("Cette commune n’est pas sur la liste officielle, ou pas à ce code postal."))

    def validate_website(self, field: Field) -> None:
        """A whole address."""
        if field.data and not re.fullmatch(r"https?://[^\s/.]+\.[^\s]+", field.data):
            raise ValidationError(_("Une adresse complète, qui commence par https://."))

    def validate_position(self, field: Field) -> None:
        """Two numbers, on this earth."""
        if field.data and self._point is None:
            raise ValidationError(_("Deux nombres : la latitude, puis la longitude. Par exemple 47.3655, -1.4072."))

    @property
    def _point(self) -> tuple[float, float] | None:
        match = POSITION.fullmatch(self.position.data or "")
        latitude, longitude = (float(each.replace(",", ".")) for each in match.groups()) if match else (91.0, 0.0)
        return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None

    def place_record(self, resource_id: str) -> dict[str, Any]:
        """What data·inclusion writes of it."""
        latitude, longitude = self._point or (None, None)
        record = {
            "source": own_source(),
            "id": resource_id,
            "nom": self.name.data,
            "date_maj": changed_on(g.collective.time_zone),
            "adresse": self.address.data,
            "code_postal": self.postal_code.data or (self.commune.postal_codes[0] if self.commune and len(self.commune.postal_codes) == 1 else None),
            "commune": self.commune.name if self.commune else None,
            "code_insee": self.commune.insee_code if self.commune else None,
            "telephone": self.phone.data,
            "courriel": self.email.data,
            "site_web": self.website.data,
            "latitude": latitude,
            "longitude": longitude,
        }
        return {name: value for name, value in record.items() if value not in (None, "")}


class NewResourceForm(PlaceForm, ServiceForm):
    """A place with the first thing it offers."""


def place_values(resource: Resource) -> dict[str, Any]:
    """A place as its form shows it again."""
    position = f"{resource.latitude}, {resource.longitude}" if resource.latitude is not None else ""
    words = {"name": "nom", "address": "adresse", "postal_code": "code_postal", "town": "commune", "phone": "telephone", "email": "courriel"}
    return {name: resource.word(column) for name, column in words.items()} | {"website": resource.word("site_web"), "position": position}


def service_values(service: ResourceService) -> dict[str, Any]:
    """A service as its form shows it again."""
    words = {"service_name": "nom", "description": "description", "fee_detail": "frais_precisions", "hours": "mobilisation_precisions"}
    return {name: service.word(column) for name, column in words.items()} | {
        "id": str(service.id),
        "gone": service.gone_at is not None,
        "themes": service.themes,
        "publics": service.publics,
        "fee": service.fee or "",
    }
