"""Forms of partners and prescriptions."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired

from app.fields import DayField
from app.people.forms import AgreementForm, FileForm, GentleForm, at_most, day_so_far, strip
from app.phone_numbers import normalised
from app.referral.prescription_words import DECISION_NAMES, HOW_NAMES, KNOWS_CHOICES, PARTNER_NAMES
from app.referral.prescriptions import WITHOUT_FILE, Decision, InformedHow, Knows, Prescription

TEXTS = ("whom", "reached", "noticed", "reporter", "answer_at")


class PartnerForm(FlaskForm):
    """Who may report people."""

    id = HiddenField()
    kind = SelectField(_l("Quel partenaire ?"), validators=[InputRequired(_l("Dites quel partenaire c’est."))])
    name = StringField(
        _l("Son nom"),
        [DataRequired(_l("Il manque le nom du partenaire.")), at_most(80)],
        description=_l("Par exemple : CCAS de la commune, cabinet infirmier du Port."),
        filters=[strip],
    )
    contact = StringField(_l("Qui joindre là-bas"), [at_most(120)], description=_l("Un prénom, un téléphone ou un mail."), filters=[strip])

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.kind.choices = [(each.value, name) for each, name in PARTNER_NAMES.items()]


class PhoneForm(FlaskForm):
    """The number of the collective itself."""

    collective_phone = StringField(
        _l("Le téléphone du collectif"),
        [at_most(30)],
        description=_l("Il est dit aux partenaires, et à qui ouvre un lien qui ne sert plus."),
        filters=[strip],
        render_kw={"inputmode": "tel", "autocomplete": "off"},
    )

    def validate_collective_phone(self, field: Field) -> None:
        """A French number, kept as +33…"""
        if field.data:
            try:
                field.data = normalised(field.data)
            except ValueError as error:
                raise ValidationError(str(error)[:1].upper() + str(error)[1:] + ".") from error


class PrescriptionForm(GentleForm):
    """What a partner says of someone, in two minutes."""

    id = HiddenField()
    whom = StringField(
        _l("De qui s’agit-il ?"),
        [DataRequired(_l("Il manque un prénom, ou un surnom.")), at_most(60)],
        description=_l("Un prénom ou un surnom suffit."),
        filters=[strip],
        render_kw={"autocomplete": "off"},
    )
    reached = StringField(
        _l("Comment joindre la personne ?"),
        [DataRequired(_l("Sans cela, nous ne la trouverons pas.")), at_most(120)],
        description=_l("Un téléphone, une adresse, ou quelqu’un qui peut nous présenter."),
        filters=[strip],
        render_kw={"autocomplete": "off"},
    )
    noticed = TextAreaField(
        _l("Qu’avez-vous remarqué ?"),
        [DataRequired(_l("Écrivez une phrase au moins.")), at_most(1000)],
        description=_l("Deux phrases suffisent. La personne peut les lire. Pas de santé, pas d’opinion."),
        filters=[strip],
        render_kw={"rows": "4"},
    )
    knows = RadioField(
        _l("La personne sait-elle que vous nous parlez d’elle ?"),
        validators=[InputRequired(_l("Choisissez une réponse. Les trois sont possibles."))],
        description=_l("Si la personne ne le sait pas, vous pouvez quand même envoyer. Nous le lui dirons nous-mêmes, dans le mois."),
    )
    reporter = StringField(
        _l("Votre nom"), [DataRequired(_l("Il manque votre nom.")), at_most(80)], filters=[strip], render_kw={"autocomplete": "name"}
    )
    answer_at = StringField(
        _l("Où vous répondre ?"),
        [DataRequired(_l("Il manque un téléphone ou un mail.")), at_most(120)],
        description=_l("Votre téléphone ou votre mail, si l’équipe a une question."),
        filters=[strip],
        render_kw={"autocomplete": "email"},
    )

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.knows.choices = [(each.value, name) for each, name in KNOWS_CHOICES.items()]

    def texts(self) -> dict[str, str]:
        """What is kept sealed."""
        return {name: self[name].data for name in TEXTS}

    @property
    def said(self) -> Knows:
        """What the person knows."""
        return Knows(self.knows.data)


class InformedForm(FlaskForm):
    """The person was told that a partner spoke of them: when, and how."""

    informed_on = DayField(_l("Quel jour ?"), [InputRequired(_l("Il manque le jour."))])
    informed_how = RadioField(_l("Comment la personne l’a-t-elle appris ?"), validators=[InputRequired(_l("Dites comment."))])

    def __init__(self, prescription: Prescription, **values: Any) -> None:
        super().__init__(**values)
        self.prescription = prescription
        self.informed_how.choices = [(each.value, name) for each, name in HOW_NAMES.items()]

    def validate_informed_on(self, field: Field) -> None:
        """A day that has come. Before the prescription only the partner can have told."""
        day_so_far(field)
        if field.data and field.data < self.prescription.received_on and self.informed_how.data != InformedHow.partner:
            raise ValidationError(_("La prescription n’était pas encore arrivée ce jour-là."))


class MatchForm(FlaskForm):
    """Someone whom the collective knows already."""

    person = SelectField(_l("Qui est-ce ?"), validators=[InputRequired(_l("Choisissez une personne."))])


class DecisionForm(FlaskForm):
    """An end without a file."""

    decision = RadioField(_l("Que s’est-il passé ?"), validators=[InputRequired(_l("Choisissez une réponse."))])
    passed_to = StringField(_l("Quel lieu prend le relais ?"), [at_most(120)], description=_l("Seulement dans ce cas."), filters=[strip])

    def __init__(self, prescription: Prescription, **values: Any) -> None:
        super().__init__(**values)
        self.prescription = prescription
        self.decision.choices = [(each.value, DECISION_NAMES[each]) for each in WITHOUT_FILE]

    def validate_passed_to(self, field: Field) -> None:
        """To whom; and not behind the person's back: whoever is told of them further on is told after they were (RGPD art. 14)."""
        if self.decision.data == Decision.passed_on and not field.data:
            raise ValidationError(_("Dites quel lieu prend le relais."))

    @property
    def relay(self) -> str | None:
        """Which place takes over, where that is the decision."""
        return self.passed_to.data if self.decision.data == Decision.passed_on else None

    def validate_decision(self, field: Field) -> None:
        """The person knows before anyone else is told."""
        if field.data == Decision.passed_on and not self.prescription.is_told:
            raise ValidationError(_("On ne parle pas d’elle plus loin sans qu’elle le sache. Dites-le-lui d’abord, et notez-le plus haut."))


class MeetForm(FileForm, AgreementForm):
    """The file that a prescription opens: who it is, and what they agreed to, in their words."""

    ask_again_on = None  # type: ignore[assignment]  # how WTForms leaves out a field of a parent
