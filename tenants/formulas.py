"""How each indicator is worked out within one month of one collective, in words; the counters of the rooms do it (`@ledger.counts`)."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

STEP = _l("Personnes qui ont au moins une étape de ce nom dans la période. Une étape retirée ne compte pas.")
ENDING = _l("Personnes dont le chemin a été clos pour ce motif dans la période. Une fin retirée ne compte pas.")
DELAY = _l("Jours entre la date où la personne a été repérée et sa première étape « rencontrée ». Elle compte dans la période de cette étape.")
FROM_KIND = _l("Une par envoi d’un partenaire de ce genre, au mois de l’envoi.")
COUNTER = _l("Total du compteur, sans les gestes annulés. Seulement là où cela a eu lieu.")
TICKED = _l("Une par personne cochée. Seulement là où cela a eu lieu.")
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
    **dict.fromkeys(("people_noticed", "people_met", "people_accompanied", "people_engaged", "people_autonomous"), STEP),
    **{f"people_closed_{each}": ENDING for each in ("on_their_own", "moved", "no_wish", "passed_on", "out_of_sight", "mistake", "died")},
    **dict.fromkeys(("met_within_7", "met_within_14", "met_within_30", "met_within_60", "met_later"), DELAY),
    "circles_again": _l("Personnes mesurées deux fois ou plus, dont la dernière mesure tombe dans la période."),
    "circles_wider": _l(
        "Parmi elles, celles dont les fréquences de la dernière mesure, additionnées, dépassent celles de la première. "
        "Seuls les cercles renseignés les deux fois sont comparés."
    ),
    "heart_bonds_begun": _l("Un par lien, au mois où il a commencé, même s’il a fini depuis."),
    "heart_bonds_now": _l("Liens qui n’ont pas de date de fin."),
    "people_silent": _l(
        "Personnes repérées, rencontrées, accompagnées ou engagées dont le dernier contact, ou à défaut le repérage, date de plus de soixante jours."
    ),
    "home_meetings": _l("Une par rencontre notée comme ayant eu lieu, au mois de son jour."),
    "people_now": _l("Personnes dont le chemin en est aujourd’hui à « accompagnée » ou « engagée »."),
    "prescriptions": _l("Une par envoi d’un partenaire ; le même envoi reçu deux fois compte une fois. Ce qui est effacé ensuite reste compté."),
    "prescriptions_met": _l(
        "Fiches ouvertes par une prescription dont la première étape « rencontrée » tombe dans la période. Qui était déjà connu n’est pas compté."
    ),
    **{f"prescriptions_{each}": FROM_KIND for each in ("ccas", "landlord", "school", "health", "association", "commune", "other")},
    "rounds": _l("Une par tournée terminée, au mois de sa date."),
    "volunteers_active": _l("Membres notés dans l’équipe d’au moins une tournée terminée. Qui accompagne sans compte n’est pas compté."),
    "volunteer_minutes": _l("Minutes de chaque tournée terminée × nombre de personnes de l’équipe, additionnées, puis montrées en heures."),
    "referrals": _l("Une par demande partie, au mois de l’envoi ou de l’appel."),
    "referrals_accepted": _l("Demandes acceptées, au mois de la réponse."),
    "referrals_accompanied": _l("Suites notées « accompagnée », au mois de la venue."),
    "referrals_refused": _l("Demandes refusées, au mois de la réponse."),
    "referrals_unanswered": _l("Demandes closes sans réponse, au mois où l’on cesse d’attendre."),
    "resources_listed": _l("Lieux de l’annuaire, sans ceux qui ont disparu du dernier fichier apporté."),
    "courses_started": _l("Un par parcours, au mois de sa première séance."),
    "courses_completed": _l("Un par parcours, au mois où l’équipe l’a déclaré terminé."),
    "sessions_planned": _l("Une par séance du calendrier, au mois de son jour. Les séances à venir comptent déjà."),
    "sessions_held": _l("Une par séance tenue, au mois de son jour."),
    "certificates": _l("Une par personne, au mois où son attestation est délivrée."),
    "participants": _l("Personnes qui ont une place, sans la liste d’attente ni celles qui se sont désinscrites, au mois de la première séance."),
    "completions": _l("Celles qui ont suivi autant de séances que le plan en demande, rattrapages compris, au mois de la première séance."),
    "volunteers_trained": _l("Personnes inscrites comme bénévoles, au mois de la séance qui atteint le nombre demandé par le plan."),
    "volunteers_trained_active": _l(
        "Parmi elles, celles de l’équipe d’une tournée terminée dans les 92 jours qui suivent, reconnues par leur adresse mail ou par leur nom."
    ),
    "presences": _l("« Présent » + « en retard », à toutes les séances tenues."),
    "presences_expected": _l("Tout ce qui est noté aux séances tenues : présent, en retard, excusé, absent."),
    "drop_ins_planned": _l("Une par permanence dont le jour est là ou passé, quoi qu’elle soit devenue."),
    "drop_ins_held": _l("Une par permanence notée « a eu lieu », au mois de son jour."),
    "drop_in_known": TICKED,
    "drop_in_anonymous": COUNTER,
    "support_due": _l("Une par mois commencé depuis la création du collectif, celui-ci compris."),
    "support_held": _l("Une par mois dont la note dit comment va l’équipe."),
    "activities": _l("Une par activité notée « a eu lieu », au mois de son jour."),
    "activity_known": TICKED,
    "activity_others": COUNTER,
    "activities_carried": _l("Activités qui ont eu lieu et que porte au moins une personne accompagnée."),
    "activity_carriers": _l("Personnes différentes qui portent une activité qui a eu lieu."),
    "last_activity": _l("La date la plus récente parmi les tournées commencées."),
    "coordinators": _l("Membres de l’équipe dont le rôle est la coordination, aujourd’hui."),
}
