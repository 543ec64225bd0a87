"""Forms of what comes after a course: the questionnaire, and the trainer's report."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import Length

from app.training.forms import strip
from app.training.questionnaire import QUESTIONS

# The better answers first, as they are counted; leaving a question out is an answer that one may come back to.
ANSWER_NAMES = {4: _l("Oui"), 3: _l("Plutôt oui"), 2: _l("Plutôt non"), 1: _l("Non")}
QUESTION_NAMES = {
    "useful": _l("Ces séances vous ont-elles été utiles ?"),
    "at_ease": _l("Étiez-vous à l’aise dans le groupe ?"),
    "ready": _l("Oseriez-vous maintenant aller vers une personne isolée ?"),
    "recommend": _l("Conseilleriez-vous ce parcours à quelqu’un ?"),
}
SHORT_NAMES = {"useful": _l("utiles"), "at_ease": _l("à l’aise"), "ready": _l("oseraient aller vers"), "recommend": _l("le conseilleraient")}
REMARK = _l("Un mot de plus, une idée pour la suite ?")
REMARK_HINT = _l(
    "Ne nommez personne, ni vous ni quelqu’un d’autre. La coordination et les personnes qui animent lisent ces mots sans savoir de qui ils sont."
)
LONG = Length(max=2000, message=_l("Deux mille caractères au plus."))


def _question(name: str) -> RadioField:
    choices = [(str(value), label) for value, label in ANSWER_NAMES.items()]
    return RadioField(QUESTION_NAMES[name], choices=[*choices, ("", _l("Je passe"))], default="")


class AnswerForm(FlaskForm):
    """Four questions and a remark; one of them is enough."""

    id = HiddenField()
    useful = _question("useful")
    at_ease = _question("at_ease")
    ready = _question("ready")
    recommend = _question("recommend")
    remark = TextAreaField(REMARK, [LONG], description=REMARK_HINT, filters=[strip], render_kw={"rows": 4})

    def validate(self, extra_validators: Any = None) -> bool:
        """An empty form is no answer."""
        valid = bool(super().validate(extra_validators))
        if valid and not self.remark.data and not any(self.scores().values()):
            self.useful.errors = [_("Répondez à une question au moins.")]
            return False
        return valid

    def scores(self) -> dict[str, int | None]:
        """What was chosen, by question; None where it was left out."""
        return {name: int(self[name].data) if self[name].data else None for name in QUESTIONS}


PART_NAMES = {
    "went_well": _l("Ce qui a bien marché"),
    "was_hard": _l("Ce qui a été difficile"),
    "next_time": _l("Un conseil pour le prochain parcours"),
}
NO_NAMES = _l("Pas de nom, pas de santé : parlez du groupe et des séances.")


def _part(name: str) -> TextAreaField:
    return TextAreaField(PART_NAMES[name], [LONG], description=NO_NAMES, filters=[strip], render_kw={"rows": 5})


class ReportForm(FlaskForm):
    """What the trainer keeps of a whole course."""

    version = HiddenField()
    went_well = _part("went_well")
    was_hard = _part("was_hard")
    next_time = _part("next_time")
