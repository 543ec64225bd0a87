"""Forms of accounts."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, PasswordField, RadioField, StringField
from wtforms.validators import DataRequired, Email, EqualTo, InputRequired, Length

from app.accounts.passwords import SHORTEST
from tenants.models import Role

Address = [
    InputRequired(_l("Il manque l’adresse.")),
    Email(_l("Cette adresse n’est pas complète. Elle ressemble à prenom.nom@exemple.fr.")),
    Length(max=254, message=_l("Cette adresse est trop longue.")),
]
NewPassword = [
    InputRequired(_l("Il manque le mot de passe.")),
    Length(min=SHORTEST, max=200, message=_l("Il faut au moins 12 caractères. Une phrase de quatre mots va très bien.")),
]
Name = [DataRequired(_l("Il manque le nom.")), Length(max=80, message=_l("Quatre-vingts caractères au plus."))]

ROLE_NAMES = {
    Role.coordinator: _l("coordination"),
    Role.volunteer: _l("bénévole"),
    Role.trainer: _l("formation"),
    Role.observer: _l("commune"),
}


class SignInForm(FlaskForm):
    """An address and a password."""

    email = StringField(_l("Adresse mail"), Address, render_kw={"autocomplete": "username", "inputmode": "email", "type": "email"})
    password = PasswordField(_l("Mot de passe"), [InputRequired(_l("Il manque le mot de passe."))], render_kw={"autocomplete": "current-password"})
    next = HiddenField()


class ResetRequestForm(FlaskForm):
    """Where to send the link."""

    email = StringField(_l("Adresse mail"), Address, render_kw={"autocomplete": "username", "inputmode": "email", "type": "email"})


class NewPasswordForm(FlaskForm):
    """A new password, typed twice."""

    password = PasswordField(_l("Nouveau mot de passe"), NewPassword, render_kw={"autocomplete": "new-password"})
    again = PasswordField(
        _l("Le même, encore une fois"),
        [EqualTo("password", _l("Les deux mots de passe ne sont pas les mêmes."))],
        render_kw={"autocomplete": "new-password"},
    )


class JoinForm(NewPasswordForm):
    """A new account, from an invitation."""

    name = StringField(_l("Votre prénom et votre nom"), Name, render_kw={"autocomplete": "name"})
    password = PasswordField(_l("Choisissez un mot de passe"), NewPassword, render_kw={"autocomplete": "new-password"})


class JoinKnownForm(FlaskForm):
    """An account that exists joins one more collective."""

    password = PasswordField(
        _l("Votre mot de passe"), [InputRequired(_l("Il manque le mot de passe."))], render_kw={"autocomplete": "current-password"}
    )


class JoinSignedInForm(FlaskForm):
    """The invited person is already signed in: a button is enough."""


class SecondStepForm(FlaskForm):
    """Six digits, or a recovery code."""

    code = StringField(
        _l("Code à six chiffres, ou code de secours"),
        [InputRequired(_l("Il manque le code.")), Length(max=40, message=_l("Ce code est trop long."))],
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"},
    )


class GeneratorForm(FlaskForm):
    """The first code of an application, and the sealed secret it belongs to."""

    code = StringField(
        _l("Le code à six chiffres qu’elle affiche"),
        [InputRequired(_l("Il manque le code.")), Length(max=40, message=_l("Ce code est trop long."))],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )
    secret = HiddenField()


class PasskeyForm(FlaskForm):
    """What the browser answers when it has made a passkey."""

    credential = HiddenField(validators=[InputRequired()])


class ConfirmForm(FlaskForm):
    """Before something is taken away: the password once more."""

    password = PasswordField(
        _l("Votre mot de passe"), [InputRequired(_l("Il manque le mot de passe."))], render_kw={"autocomplete": "current-password"}
    )


class RemovalForm(FlaskForm):
    """Keep the second step: a button is enough."""


class LostSecondStepForm(FlaskForm):
    """Whose second step is lost."""

    email = StringField(_l("Adresse mail du compte"), Address, render_kw={"inputmode": "email", "type": "email", "autocomplete": "off"})


class ProfileForm(FlaskForm):
    """Name, language and theme."""

    name = StringField(_l("Votre prénom et votre nom"), Name, render_kw={"autocomplete": "name"})
    language = RadioField(_l("Langue"), choices=[("fr", "Français"), ("en", "English")])
    theme = RadioField(_l("Couleurs"), choices=[("auto", _l("Comme mon appareil")), ("light", _l("Claires")), ("dark", _l("Sombres"))])
    weekly_digest = BooleanField(_l("Le lundi, un mail qui dit combien de choses m’attendent, sans nommer personne"))


class DigestForm(FlaskForm):
    """Stop the weekly mail: a button is enough."""


class InvitationForm(FlaskForm):
    """Whom to invite, and as what."""

    id = HiddenField()
    email = StringField(_l("Adresse mail"), Address, render_kw={"inputmode": "email", "type": "email", "autocomplete": "off"})
    role = RadioField(
        _l("Pour faire quoi ?"),
        choices=[
            ("volunteer", _l("Bénévole : noter les portes de ses tournées")),
            ("coordinator", _l("Coordination : préparer, suivre, inviter")),
            ("trainer", _l("Formation : animer les séances du parcours")),
            ("observer", _l("Commune : lire les chiffres, rien d’autre")),
        ],
        default="volunteer",
        validators=[InputRequired(_l("Il manque le rôle."))],
    )


class CoordinationForm(FlaskForm):
    """The head invites a coordination where there is none left."""

    id = HiddenField()
    email = StringField(_l("Adresse mail"), Address, render_kw={"inputmode": "email", "type": "email", "autocomplete": "off"})
