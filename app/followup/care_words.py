"""The words of this room: outcomes of a call, moments and ends of a bond, and what an erasure took away."""

from flask_babel import lazy_gettext as _l

from app.followup.bonds import BondEnd, MomentKind
from app.followup.silence import CallOutcome

OUTCOME_WORDS = {
    CallOutcome.well: _l("On s’est parlé, tout va bien"),
    CallOutcome.needs: _l("On s’est parlé, il y a besoin de quelque chose"),
    CallOutcome.no_answer: _l("Pas de réponse"),
    CallOutcome.message: _l("J’ai laissé un message"),
}
OUTCOME_TOLD = {
    CallOutcome.well: _l("Un appel : tout va bien"),
    CallOutcome.needs: _l("Un appel : il y a besoin de quelque chose"),
    CallOutcome.no_answer: _l("Un appel, sans réponse"),
    CallOutcome.message: _l("Un appel, un message laissé"),
}
MOMENT_NAMES = {
    MomentKind.meeting: _l("Une rencontre accompagnée"),
    MomentKind.month_1: _l("Après un mois"),
    MomentKind.months_3: _l("Après trois mois"),
    MomentKind.months_12: _l("Après un an"),
}
END_NAMES = {
    BondEnd.faded: _l("Les rencontres se sont espacées"),
    BondEnd.wished: _l("L’un des deux l’a souhaité"),
    BondEnd.moved: _l("L’un des deux habite ailleurs"),
    BondEnd.died: _l("L’un des deux est décédé"),
    BondEnd.erased: _l("La fiche de l’un des deux a été effacée"),
}
# What one may choose: a death is noted on the person's page, an erasure ends it by itself.
CHOSEN_ENDS = (BondEnd.faded, BondEnd.wished, BondEnd.moved)
# What the rows of each table are to whoever reads what an erasure did. A table that is not here is "anything else".
ROWS_CALLED = {
    "path_steps": _l("étapes du chemin (les dates restent, sans nom, pour les chiffres)"),
    "contact_circles": _l("mesures des cercles (elles restent, sans nom, pour les chiffres)"),
    "home_meetings": _l("rencontres à domicile (leur nombre reste, sans nom ni récit)"),
    "heart_bonds": _l("liens de cœur (leur nombre reste, sans nom ni récit)"),
    "agreements": _l("accords"),
    "pairs": _l("binômes"),
    "tellings": _l("récits"),
    "tasks": _l("tâches"),
    "referrals": _l("orientations (leur nombre reste, sans nom ni motif)"),
    "prescriptions": _l("prescriptions de partenaires (leur nombre reste, sans nom)"),
    "check_ins": _l("appels"),
    "silence_rules": _l("réglages de veille"),
    "file_endings": _l("annonces de fin de conservation"),
}
