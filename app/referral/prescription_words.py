"""The words of prescriptions: kinds of partners, what the person knows, decisions, and the four answers that a partner reads."""

from flask_babel import lazy_gettext as _l

from app.referral.partners import PartnerKind
from app.referral.prescriptions import Answer, Decision, InformedHow, Knows

PARTNER_NAMES = {
    PartnerKind.ccas: _l("CCAS"),
    PartnerKind.landlord: _l("bailleur"),
    PartnerKind.school: _l("école, collège, lycée"),
    PartnerKind.health: _l("soin : médecin, infirmière, pharmacie"),
    PartnerKind.association: _l("association"),
    PartnerKind.commune: _l("service de la commune"),
    PartnerKind.other: _l("autre"),
}
# As the partner is asked.
KNOWS_CHOICES = {
    Knows.agrees: _l("Oui, et la personne est d’accord"),
    Knows.knows: _l("La personne le sait, sans avoir encore dit oui"),
    Knows.unaware: _l("Non, la personne ne le sait pas"),
}
# As the coordination reads it.
KNOWS_NAMES = {
    Knows.agrees: _l("la personne le sait, et elle est d’accord"),
    Knows.knows: _l("la personne le sait, sans avoir encore dit oui"),
    Knows.unaware: _l("la personne ne le sait pas"),
}
HOW_NAMES = {
    InformedHow.phone: _l("par téléphone"),
    InformedHow.visit: _l("de vive voix, à son domicile"),
    InformedHow.letter: _l("par un courrier"),
    InformedHow.partner: _l("par le partenaire"),
}
DECISION_NAMES = {
    Decision.meet: _l("nous allons la rencontrer"),
    Decision.already_known: _l("nous la connaissons déjà"),
    Decision.passed_on: _l("un autre lieu prend le relais"),
    Decision.not_reachable: _l("nous n’avons pas pu la joindre"),
    Decision.no_wish: _l("la personne ne le souhaite pas"),
    Decision.died: _l("la personne est décédée"),
}
ANSWER_NAMES = {
    Answer.received: _l("reçue"),
    Answer.underway: _l("en cours"),
    Answer.followed: _l("suite donnée"),
    Answer.ended: _l("sans suite"),
}
ANSWER_SENTENCES = {
    Answer.received: _l("Elle est bien arrivée. L’équipe va la lire."),
    Answer.underway: _l("L’équipe l’a lue et s’en occupe."),
    Answer.followed: _l("L’équipe a fait le nécessaire. Merci de votre attention."),
    Answer.ended: _l("L’équipe n’a pas pu y donner suite. Merci de votre attention."),
}
