"""A heart bond: between whom, how it began, and what each side said."""

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired

from app.db import db
from app.fields import DayField
from app.followup.bonds import HeartBond, MomentKind, bonds_of
from app.followup.care_words import CHOSEN_ENDS, END_NAMES, MOMENT_NAMES
from app.languages import written_date
from app.people.forms import READ, GentleForm, at_most, day_so_far, member_choices, strip
from app.people.models import Person
from app.people.queries import by_name, visible
from tenants.models import Role

NOBODY = ""
SIDES = {
    "person": _l("Quelqu’un que nous accompagnons"),
    "family": _l("Une famille"),
    "member": _l("Quelqu’un de l’équipe (grand-parent de cœur)"),
}


class BondForm(GentleForm):
    """All of it on one page: it is filled in once, with both of them at the table."""

    id = HiddenField()
    side = RadioField(_l("Avec qui ?"), choices=list(SIDES.items()), validators=[InputRequired(_l("Dites avec qui."))])
    other_person = SelectField(_l("Quelle personne ?"), validate_choice=False)
    family = StringField(_l("Quelle famille ?"), [at_most(80)], description=_l("Un prénom ou un nom suffit."), filters=[strip])
    member = SelectField(_l("Qui, dans l’équipe ?"))
    began_on = DayField(_l("Depuis quel jour ?"), [InputRequired(_l("Il manque le jour."))])
    how = TextAreaField(
        _l("Comment a-t-il commencé ?"),
        [DataRequired(_l("Racontez en une phrase comment il a commencé.")), at_most(500)],
        description=READ,
        filters=[strip],
    )
    words = TextAreaField(
        _l("Ce que la personne a dit"),
        [DataRequired(_l("Sans l’accord des deux, pas de lien. Écrivez ce qui a été dit.")), at_most(300)],
        filters=[strip],
    )
    agreed_on = DayField(_l("Quel jour la personne l’a-t-elle dit ?"), [InputRequired(_l("Il manque le jour."))])
    agreed_to = SelectField(_l("À qui la personne l’a-t-elle dit ?"), validators=[InputRequired(_l("Choisissez quelqu’un de l’équipe."))])
    other_words = TextAreaField(
        _l("Ce que l’autre a dit"),
        [DataRequired(_l("Sans l’accord des deux, pas de lien. Écrivez ce qui a été dit.")), at_most(300)],
        filters=[strip],
    )
    other_agreed_on = DayField(_l("Quel jour l’autre l’a-t-il dit ?"), [InputRequired(_l("Il manque le jour."))])
    other_agreed_to = SelectField(_l("À qui l’autre l’a-t-il dit ?"), validators=[InputRequired(_l("Choisissez quelqu’un de l’équipe."))])

    def __init__(self, person: Person, **values: Any) -> None:
        super().__init__(**values)
        self.person = person
        others = [(str(each.id), name) for name, each in by_name(db.session.scalars(visible()).all()) if each.id != person.id]
        self.other_person.choices = [(NOBODY, _("Choisir")), *others]
        team = member_choices(Role.coordinator, Role.volunteer)
        self.member.choices = [(NOBODY, _("Choisir")), *team]
        self.agreed_to.choices = self.other_agreed_to.choices = team

    def validate_other_person(self, field: Field) -> None:
        """Someone else, of those one may know of, and not twice."""
        if self.side.data != "person":
            return
        if field.data == str(self.person.id):
            raise ValidationError(_("Un lien relie deux personnes : c’est la même."))
        if not field.data or field.data not in {value for value, _name in field.choices}:
            raise ValidationError(_("Choisissez la personne."))
        standing = bonds_of(self.person.id).where(HeartBond.ended_on.is_(None))
        if UUID(field.data) in {each for bond in db.session.scalars(standing) for each in bond.people}:
            raise ValidationError(_("Ce lien existe déjà."))

    def validate_family(self, field: Field) -> None:
        """A family has a name."""
        if self.side.data == "family" and not field.data:
            raise ValidationError(_("Écrivez un nom pour cette famille."))

    def validate_member(self, field: Field) -> None:
        """Someone of the team."""
        if self.side.data == "member" and not field.data:
            raise ValidationError(_("Choisissez quelqu’un de l’équipe."))

    def validate_began_on(self, field: Field) -> None:
        """A day that has come."""
        day_so_far(field)

    validate_agreed_on = validate_other_agreed_on = validate_began_on

    def bond(self, bond_id: UUID) -> HeartBond:
        """What was filled in."""
        bond = HeartBond(id=bond_id, person_id=self.person.id, began_on=self.began_on.data)
        bond.other_person_id = UUID(self.other_person.data) if self.side.data == "person" else None
        bond.member_id = UUID(self.member.data) if self.side.data == "member" else None
        bond.family = self.family.data if self.side.data == "family" else None
        bond.how, bond.words, bond.other_words = self.how.data, self.words.data, self.other_words.data
        bond.agreed_on, bond.agreed_to_id = self.agreed_on.data, UUID(self.agreed_to.data)
        bond.other_agreed_on, bond.other_agreed_to_id = self.other_agreed_on.data, UUID(self.other_agreed_to.data)
        return bond


class MomentForm(GentleForm):
    """A first meeting that was accompanied, or how the bond goes."""

    id = HiddenField()
    told = RadioField(_l("C’était"), validators=[InputRequired(_l("Dites ce que c’était."))])
    on = DayField(_l("Quel jour ?"), [InputRequired(_l("Il manque le jour."))])
    member = SelectField(_l("Qui était avec eux ?"))
    note = TextAreaField(_l("En deux mots"), [DataRequired(_l("Deux mots suffisent.")), at_most(500)], description=READ, filters=[strip])

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.told.choices = [(each.value, name) for each, name in MOMENT_NAMES.items()]
        self.member.choices = [(NOBODY, _("Personne")), *member_choices(Role.coordinator, Role.volunteer)]

    def validate_on(self, field: Field) -> None:
        """A day that has come."""
        day_so_far(field)

    def validate_member(self, field: Field) -> None:
        """First meetings are accompanied."""
        if self.told.data == MomentKind.meeting.value and not field.data:
            raise ValidationError(_("Les premières rencontres sont accompagnées : dites par qui."))


class BondEndForm(GentleForm):
    """Why it is over, and since when."""

    ended_because = RadioField(_l("Pourquoi s’arrête-t-il ?"), validators=[InputRequired(_l("Dites pourquoi."))])
    ended_on = DayField(_l("Depuis quel jour ?"), [InputRequired(_l("Il manque le jour."))])
    ended_words = StringField(_l("Quelques mots"), [at_most(300)], description=READ, filters=[strip])

    def __init__(self, bond: HeartBond, **values: Any) -> None:
        super().__init__(**values)
        self.bond = bond
        self.ended_because.choices = [(each.value, END_NAMES[each]) for each in CHOSEN_ENDS]

    def validate_ended_on(self, field: Field) -> None:
        """A day that has come, and on which there was a bond."""
        day_so_far(field)
        if field.data and field.data < self.bond.began_on:
            raise ValidationError(
                _("Ce jour-là, le lien n’avait pas commencé : il date du %(day)s.", day=written_date(self.bond.began_on, "d MMMM y"))
            )
