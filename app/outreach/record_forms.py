"""Forms of visits, rides and projects."""

from uuid import UUID

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.fields import DayField, NumberField
from app.outreach.forms import FURTHEST as FURTHEST_DAY
from app.outreach.forms import NUMERIC
from app.outreach.projects import OVER, ProjectState
from app.outreach.rides import FURTHEST, MOST_CARRIED
from app.outreach.visits import VisitOutcome
from tenants.months import today_in

NEW = "new"
SOMEONE = "someone"
READ = _l("La personne peut lire ce texte. Pas de santé, pas d’opinion.")
VISIT_NAMES = {
    VisitOutcome.good: _l("Un bon moment"),
    VisitOutcome.short: _l("Quelques mots sur le pas de la porte"),
    VisitOutcome.absent: _l("Personne n’était là"),
    VisitOutcome.declined: _l("La personne n’en souhaitait pas"),
}
PROJECT_NAMES = {
    ProjectState.idea: _l("une idée"),
    ProjectState.building: _l("en construction"),
    ProjectState.happened: _l("a eu lieu"),
    ProjectState.given_up: _l("abandonné"),
}


def strip(text: str | None) -> str:
    """What was typed, without the spaces around it."""
    return (text or "").strip()


def _at_most(most: int) -> Length:
    return Length(max=most, message=_l("%(most)d caractères au plus.", most=most))


class VisitForm(FlaskForm):
    """To whom, and how it went."""

    id = HiddenField()
    to_whom = StringField(
        _l("Chez qui ?"),
        [DataRequired(_l("Il manque un prénom ou un immeuble.")), _at_most(60)],
        description=_l("Un prénom ou un immeuble, pas de nom de famille."),
        filters=[strip],
    )
    how = RadioField(
        _l("Comment cela s’est passé ?"),
        choices=[(each.value, name) for each, name in VISIT_NAMES.items()],
        validators=[InputRequired(_l("Dites comment cela s’est passé."))],
    )
    went = SelectMultipleField(
        _l("Qui y est allé ?"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    others = StringField(
        _l("D’autres y sont allés, sans compte ?"),
        [_at_most(80)],
        description=_l("Leurs prénoms seulement, séparés par une virgule. Ils s’effacent trente jours après la tournée."),
        filters=[strip],
    )
    note = TextAreaField(_l("Quelque chose à retenir"), [_at_most(300)], description=READ, filters=[strip])

    def validate_went(self, field: Field) -> None:
        """Someone went: a member, or who is named beside them."""
        if not field.data and not self.others.data:
            raise ValidationError(_("Dites qui y est allé."))


class RideForm(FlaskForm):
    """From where to where, how far, who drove, how many were carried."""

    id = HiddenField()
    origin = StringField(
        _l("D’où ?"), [DataRequired(_l("Il manque le départ.")), _at_most(80)], description=_l("Un quartier ou un lieu, sans nom."), filters=[strip]
    )
    destination = StringField(
        _l("Vers où ?"),
        [DataRequired(_l("Il manque l’arrivée.")), _at_most(80)],
        description=_l("Le marché, la gare. Pas de lieu de soin."),
        filters=[strip],
    )
    kilometres = NumberField(_l("Combien de kilomètres, pour l’aller ?"), [InputRequired(_l("Il manque les kilomètres."))], render_kw=NUMERIC)
    return_trip = BooleanField(_l("Aller et retour : les kilomètres comptent deux fois"))
    driver = SelectField(_l("Qui conduisait ?"), [InputRequired(_l("Dites qui conduisait."))])
    driver_name = StringField(
        _l("Le prénom de qui conduisait sans compte"),
        [_at_most(40)],
        description=_l("Seulement si vous avez choisi « Quelqu’un sans compte ». Un prénom, pas de nom de famille."),
        filters=[strip],
    )
    carried = NumberField(
        _l("Combien de personnes transportées ?"),
        [NumberRange(1, MOST_CARRIED, _l("De 1 à %(most)d personnes, sans la personne qui conduit.", most=MOST_CARRIED))],
        default=1,
        render_kw=NUMERIC,
    )

    @property
    def member(self) -> UUID | None:
        """The member who drove; None if it was someone without an account."""
        return None if self.driver.data == SOMEONE else UUID(self.driver.data)

    def validate_driver_name(self, field: Field) -> None:
        """Who has no account has a first name; who has one is not named twice."""
        if self.driver.data == SOMEONE and not field.data:
            raise ValidationError(_("Il manque le prénom de qui conduisait."))
        if self.driver.data and self.driver.data != SOMEONE and field.data:
            raise ValidationError(_("Choisissez « Quelqu’un sans compte » au-dessus, ou laissez ce prénom vide."))

    def validate_kilometres(self, field: Field) -> None:
        """At most three hundred: beyond, there is a nought too many."""
        if field.data is not None and field.data > FURTHEST:
            raise ValidationError(_("Plus de %(most)d kilomètres pour un aller : n’y a-t-il pas un zéro de trop ?", most=FURTHEST))
        if field.data is not None and field.data < 1:
            raise ValidationError(_("Un kilomètre au moins."))


class StepForm(FlaskForm):
    """Which project, how far it is, what comes next."""

    id = HiddenField()
    project = SelectField(_l("Quel projet ?"), default=NEW)
    title = StringField(
        _l("Titre du nouveau projet"), [_at_most(120)], description=_l("Par exemple : le jardin derrière l’école. Pas de nom."), filters=[strip]
    )
    carriers = StringField(
        _l("Qui le porte ?"), [_at_most(120)], description=_l("Des prénoms seulement. Laissé vide, rien ne change."), filters=[strip]
    )
    state = RadioField(
        _l("Où en est-il ?"),
        choices=[(each.value, name) for each, name in PROJECT_NAMES.items()],
        validators=[InputRequired(_l("Dites où en est le projet."))],
    )
    next_step = StringField(
        _l("La prochaine étape"),
        [_at_most(200)],
        description=_l("Par exemple : demander la salle à la mairie. Pas de nom. Laissée vide, celle qui est notée reste."),
        filters=[strip],
    )
    no_next = BooleanField(_l("Il n’y a plus de prochaine étape : effacer celle qui est notée"))
    next_on = DayField(_l("Pour quand ?"), [Optional()])
    note = TextAreaField(_l("Quelque chose à retenir"), [_at_most(300)], description=READ, filters=[strip])

    @property
    def chosen(self) -> UUID | None:
        """The project that was picked; None for a new one."""
        return None if self.project.data == NEW else UUID(self.project.data)

    def validate_title(self, field: Field) -> None:
        """A new project has a title."""
        if self.project.data == NEW and not (field.data or "").strip():
            raise ValidationError(_("Il manque le titre du projet."))

    def validate_next_step(self, field: Field) -> None:
        """A next step, or none any more."""
        if field.data and self.no_next.data:
            raise ValidationError(_("Vous dites aussi qu’il n’y a plus de prochaine étape. Gardez l’un des deux."))

    def validate_next_on(self, field: Field) -> None:
        """A date ahead, for a project that goes on."""
        today = today_in(g.collective.time_zone)
        if field.data and self.state.data in set(OVER):
            raise ValidationError(_("Un projet fini n’a plus de prochaine étape. Laissez la date vide."))
        if field.data and not today <= field.data <= today + FURTHEST_DAY:
            raise ValidationError(_("Une date d’aujourd’hui à dans un an."))
