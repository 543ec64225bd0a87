"""Forms of home meetings: when and which two go, and what was heard."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, SelectField, StringField, TextAreaField, TimeField, ValidationError
from wtforms.validators import DataRequired, InputRequired

from app.fields import DayField
from app.people.forms import READ, GentleForm, Ticks, at_most, member_choices, not_optional, strip
from app.people.words import NEED_NAMES
from tenants.models import Role
from tenants.months import today_in

NOBODY = ""
FURTHEST = timedelta(days=366)


class MeetingForm(GentleForm):
    """When, where, and which two go."""

    id = HiddenField()
    day = DayField(_l("Quel jour ?"), [InputRequired(_l("Il manque le jour."))])
    hour = TimeField(_l("À quelle heure ?"), [InputRequired(_l("Il manque l’heure."))])
    where = StringField(_l("Où ?"), [at_most(120)], description=_l("À son domicile, si vous ne dites rien."), filters=[strip])
    one = SelectField(_l("Une première personne"))
    other = SelectField(
        _l("Une deuxième personne"), description=_l("Son binôme, ou la coordination. Pour quelqu’un d’autre, changez d’abord le binôme.")
    )
    alone_because = StringField(_l("Si personne d’autre ne peut venir, pourquoi ?"), [at_most(200)], filters=[strip])

    def __init__(self, pair: Collection[UUID], *args: Any, is_first: bool = True, **values: Any) -> None:
        super().__init__(*args, **values)
        self.is_first = is_first
        # Whoever goes must be able to open the meeting and say that they are back: no other volunteer may read of this person.
        coordination, pair_ids = dict(member_choices(Role.coordinator)), {str(each) for each in pair}
        choices = [(code, name) for code, name in member_choices(Role.coordinator, Role.volunteer) if code in pair_ids or code in coordination]
        not_optional(self.one)
        self.one.choices, self.other.choices = choices, [(NOBODY, _("Personne d’autre")), *choices]

    def validate_day(self, field: Field) -> None:
        """A day from today to a year ahead."""
        today = today_in(g.collective.time_zone)
        if field.data and field.data < today:
            raise ValidationError(_("Ce jour est passé. Une visite qui a eu lieu se raconte sur la page de la personne."))
        if field.data and field.data > today + FURTHEST:
            raise ValidationError(_("Ce jour est à plus d’un an. Est-ce la bonne année ?"))

    def validate_other(self, field: Field) -> None:
        """Two, and two different ones."""
        if field.data and field.data == self.one.data:
            raise ValidationError(_("Il faut deux personnes : c’est la même."))
        if not field.data and self.is_first and not self.alone_because.data:
            raise ValidationError(_("On ne va jamais seule à une première rencontre. Choisissez une deuxième personne, ou dites pourquoi plus bas."))

    @property
    def starts_at(self) -> datetime:
        """The instant, from the local day and hour."""
        return datetime.combine(self.day.data, self.hour.data or time(10), ZoneInfo(g.collective.time_zone))

    @property
    def second(self) -> UUID | None:
        """The second companion, if there is one."""
        return UUID(self.other.data) if self.other.data else None


class HeardForm(GentleForm):
    """What was heard at home, once, in one form."""

    # Of the file, which this form writes to.
    version = HiddenField()
    heard = TextAreaField(
        _l("Son histoire, ce que la personne a dit"),
        [DataRequired(_l("Racontez en une phrase au moins.")), at_most(3000)],
        description=READ,
        filters=[strip],
    )
    needs = Ticks(_l("Ses besoins"))
    likes = TextAreaField(_l("Ses goûts"), [at_most(500)], description=_l("Une chose par ligne."), filters=[strip])
    gives = TextAreaField(_l("Ses talents, ce qui peut se partager"), [at_most(500)], description=_l("Une chose par ligne."), filters=[strip])
    next_step = StringField(_l("Et maintenant ?"), [at_most(200)], description=_l("Par exemple : revenir jeudi avec les photos."), filters=[strip])

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.needs.choices = list(NEED_NAMES.items())
