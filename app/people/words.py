"""The words of people: stages, ways of being found, ages, themes, frequencies."""

from unicodedata import normalize

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from app.people.circles import Moment
from app.people.models import AgeBand, ClosingReason, FoundBy, Person, Stage
from app.people.tellings import Occasion

STAGE_NAMES = {
    Stage.spotted: _l("Repérée"),
    Stage.met: _l("Rencontrée"),
    Stage.accompanied: _l("Accompagnée"),
    Stage.engaged: _l("Engagée"),
    Stage.autonomous: _l("Autonome"),
    Stage.closed: _l("Chemin fini"),
}
FOUND_NAMES = {
    FoundBy.round: _l("lors d’une tournée"),
    FoundBy.prescription: _l("par un partenaire"),
    FoundBy.neighbour: _l("par une voisine ou un voisin"),
    FoundBy.themselves: _l("à son initiative"),
    FoundBy.commune: _l("par la commune"),
}
AGE_NAMES = {
    AgeBand.under_25: _l("moins de 25 ans"),
    AgeBand.from_25: _l("25 à 39 ans"),
    AgeBand.from_40: _l("40 à 59 ans"),
    AgeBand.from_60: _l("60 à 74 ans"),
    AgeBand.from_75: _l("75 à 84 ans"),
    AgeBand.from_85: _l("85 ans ou plus"),
}
CLOSING_NAMES = {
    ClosingReason.on_their_own: _l("La personne vole de ses propres ailes"),
    ClosingReason.moved: _l("La personne habite ailleurs"),
    ClosingReason.no_wish: _l("La personne ne le souhaite plus"),
    ClosingReason.passed_on: _l("Un autre lieu a pris le relais"),
    ClosingReason.out_of_sight: _l("Nous l’avons perdue de vue"),
    ClosingReason.mistake: _l("La fiche était ouverte par erreur"),
    ClosingReason.died: _l("La personne est décédée"),
}
OCCASION_NAMES = {
    Occasion.visit: _l("Une visite"),
    Occasion.call: _l("Un appel"),
    Occasion.outing: _l("Une activité, une sortie"),
    Occasion.chance: _l("Une rencontre par hasard"),
    Occasion.other: _l("Autre chose"),
}
CIRCLE_NAMES = {
    "family": _l("Famille"),
    "friends": _l("Amis"),
    "neighbours": _l("Voisins"),
    "associations": _l("Associations"),
    "work": _l("Travail"),
}
FREQUENCY_NAMES = [_l("jamais"), _l("moins d’une fois par mois"), _l("chaque mois"), _l("chaque semaine"), _l("presque chaque jour")]
MOMENT_NAMES = {
    Moment.entry: _l("À l’entrée"),
    Moment.months_3: _l("Après 3 mois"),
    Moment.months_6: _l("Après 6 mois"),
    Moment.months_12: _l("Après un an"),
}
# Themes of data·inclusion (schema v1) that fit what a collective does. None of its health themes: there are no health fields.
NEED_NAMES = {
    "remobilisation--lien-social": _l("rencontrer du monde"),
    "remobilisation--activites-sportives-et-culturelles": _l("activités et culture"),
    "remobilisation--benevolat-action-citoyenne": _l("se rendre utile"),
    "remobilisation--bien-etre-confiance-en-soi": _l("reprendre confiance"),
    "equipement-et-alimentation--alimentation": _l("alimentation"),
    "equipement-et-alimentation--aide-menagere": _l("aide à la maison"),
    "equipement-et-alimentation--habillement": _l("vêtements"),
    "equipement-et-alimentation--electromenager": _l("équipement de la maison"),
    "difficultes-administratives-ou-juridiques--accompagnement-aux-demarches-administratives": _l("papiers et démarches"),
    "difficultes-administratives-ou-juridiques--accompagnement-pour-lacces-aux-droits": _l("connaître ses droits"),
    "difficultes-financieres--ameliorer-sa-gestion-budgetaire": _l("budget"),
    "difficultes-financieres--situation-dendettement-surendettement": _l("dettes"),
    "famille--soutien-aidants": _l("aider un proche"),
    "famille--soutien-a-la-parentalite-et-a-leducation": _l("être parent"),
    "famille--garde-denfants": _l("garde d’enfants"),
    "famille--surmonter-conflits-separation-violence": _l("conflit ou séparation"),
    "logement-hebergement--se-maintenir-dans-le-logement": _l("rester chez soi"),
    "logement-hebergement--changer-de-logement": _l("changer de logement"),
    "mobilite--etre-accompagne-dans-son-parcours-mobilite": _l("se déplacer"),
    "numerique--maitriser-les-fondamentaux-du-numerique": _l("ordinateur et téléphone"),
    "lecture-ecriture-calcul--maitriser-le-francais": _l("parler et lire le français"),
}
LANGUAGES = (
    "fr",
    "en",
    "ar",
    "br",
    "de",
    "es",
    "fa",
    "hy",
    "it",
    "ka",
    "ku",
    "ln",
    "pl",
    "ps",
    "pt",
    "rcf",
    "ro",
    "ru",
    "sq",
    "so",
    "tr",
    "uk",
    "vi",
    "wo",
    "zh",
)

# What CLDR has no name for.
UNNAMED = {"rcf": _l("créole réunionnais")}


def language_name(code: str) -> str:
    """A language in the language of the page."""
    return str(get_locale().languages.get(code) or UNNAMED.get(code, code))


def language_choices() -> list[tuple[str, str]]:
    """The languages to choose from: French, then by their names, accents aside."""
    named = [(code, language_name(code)) for code in LANGUAGES]
    return named[:1] + sorted(named[1:], key=lambda each: normalize("NFD", each[1].casefold()))


def described(person: Person) -> str:
    """One sentence on who this is: age, street, how and when found."""
    parts = [str(AGE_NAMES[person.age])] if person.age else []
    parts += [person.street] if person.street else []
    return ", ".join(parts)
