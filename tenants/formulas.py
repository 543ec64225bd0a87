"""How each indicator is worked out within one month of one collective, in words; the counters of the rooms do it (`@ledger.counts`)."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

PROJECTS = _l("Projets accompagnés dans le mois, rangés d’après leur dernière étape notée. Un projet suivi trois mois compte dans chacun des trois.")

FORMULAS: dict[str, LazyString] = {
    "doors": _l("Personne + refus + échange + à revoir + isolement. À chaque porte d’une tournée, seule la dernière réponse compte."),
    "doors_answered": _l("Refus + échange + à revoir + isolement."),
    "conversations": _l("Échange + à revoir + isolement."),
    "refusals": _l("Portes dont la dernière réponse est « refus »."),
    "situations": _l("Portes dont la dernière réponse est « isolement »."),
    "phone_attempts": _l("Tous les appels notés, y compris sans réponse, occupés ou sur un mauvais numéro."),
    "phone_contacts": _l("Numéros où l’on a parlé, refusé, ou demandé de rappeler."),
    "street_met": _l("Personnes croisées + personnes avec qui l’on a parlé."),
    "street_talked": _l("Seulement les personnes avec qui l’on a parlé."),
    "visits": _l("« Un bon moment » + « quelques mots sur le pas de la porte »."),
    "rides": _l("Un par trajet noté, avec ou sans retour."),
    "kilometres": _l("Kilomètres de chaque trajet, multipliés par deux s’il y a un retour, puis additionnés."),
    "people_carried": _l("Places occupées de chaque trajet, additionnées. Une personne conduite deux fois compte deux fois."),
    "projects_idea": PROJECTS,
    "projects_building": PROJECTS,
    "projects_happened": PROJECTS,
    "projects_given_up": PROJECTS,
    "prescriptions": _l("Une par envoi d’un partenaire ; le même envoi reçu deux fois compte une fois. Ce qui est effacé ensuite reste compté."),
    "prescriptions_met": _l(
        "Fiches ouvertes par une prescription dont la première étape « rencontrée » tombe dans la période. Qui était déjà connu n’est pas compté."
    ),
    "rounds": _l("Une par tournée terminée, au mois de sa date."),
    "volunteer_minutes": _l("Minutes de chaque tournée terminée × nombre de personnes de l’équipe, additionnées, puis montrées en heures."),
    "last_activity": _l("La date la plus récente parmi les tournées commencées."),
    "coordinators": _l("Membres de l’équipe dont le rôle est la coordination, aujourd’hui."),
}
