"""The words of data·inclusion, schema v1: themes, publics and fees. Written out here, so that a page needs no schema to say them."""

from flask_babel import lazy_gettext as _l

# The part of a theme's code before the two dashes.
CATEGORY_NAMES = {
    "choisir-un-metier": _l("Choisir un métier"),
    "creer-une-entreprise": _l("Créer une entreprise"),
    "difficultes-administratives-ou-juridiques": _l("Difficultés administratives ou juridiques"),
    "difficultes-financieres": _l("Difficultés financières"),
    "equipement-et-alimentation": _l("Équipement et alimentation"),
    "famille": _l("Famille"),
    "lecture-ecriture-calcul": _l("Lecture, écriture et calcul"),
    "logement-hebergement": _l("Logement et hébergement"),
    "mobilite": _l("Mobilité"),
    "numerique": _l("Numérique"),
    "preparer-sa-candidature": _l("Préparer sa candidature"),
    "remobilisation": _l("Remobilisation"),
    "sante": _l("Santé"),
    "se-former": _l("Se former"),
    "souvrir-a-linternational": _l("S’ouvrir à l’international"),
    "trouver-un-emploi": _l("Trouver un emploi"),
}
THEME_NAMES = {
    "choisir-un-metier--confirmer-son-choix-de-metier": _l("Confirmer son choix de métier"),
    "choisir-un-metier--connaitre-les-opportunites-demploi": _l("Connaître les opportunités d’emploi"),
    "choisir-un-metier--decouvrir-un-metier-ou-un-secteur-dactivite": _l("Découvrir un métier ou un secteur d’activité"),
    "choisir-un-metier--identifier-ses-points-forts-et-ses-competences": _l("Identifier ses points forts et ses compétences"),
    "creer-une-entreprise--definir-son-projet-de-creation-dentreprise": _l("Définir son projet de création d’entreprise"),
    "creer-une-entreprise--developper-son-entreprise": _l("Développer son entreprise"),
    "creer-une-entreprise--structurer-son-projet-de-creation-dentreprise": _l("Structurer son projet de création d’entreprise"),
    "difficultes-administratives-ou-juridiques--accompagnement-aux-demarches-administratives": _l("Accompagnement aux démarches administratives"),
    "difficultes-administratives-ou-juridiques--accompagnement-pour-lacces-a-la-citoyennete": _l("Accompagnement pour l’accès à la citoyenneté"),
    "difficultes-administratives-ou-juridiques--accompagnement-pour-lacces-aux-droits": _l("Accompagnement pour l’accès aux droits"),
    "difficultes-administratives-ou-juridiques--beneficier-dune-mesure-daccompagnement-adapte": _l("Bénéficier d’une mesure d’accompagnement adapté"),
    "difficultes-administratives-ou-juridiques--connaitre-ses-droits-face-a-une-discrimination": _l("Connaître ses droits face à une discrimination"),
    "difficultes-administratives-ou-juridiques--prendre-en-compte-une-problematique-judiciaire": _l("Prendre en compte une problématique judiciaire"),
    "difficultes-financieres--acquerir-une-autonomie-budgetaire": _l("Acquérir une autonomie budgétaire"),
    "difficultes-financieres--ameliorer-sa-gestion-budgetaire": _l("Améliorer sa gestion budgétaire"),
    "difficultes-financieres--mettre-en-place-une-mesure-de-protection-financiere": _l("Mettre en place une mesure de protection financière"),
    "difficultes-financieres--prevenir-une-degradation-de-la-situation-financiere": _l("Prévenir une dégradation de la situation financière"),
    "difficultes-financieres--situation-dendettement-surendettement": _l("Situation d’endettement ou de surendettement"),
    "equipement-et-alimentation--aide-menagere": _l("Aide ménagère"),
    "equipement-et-alimentation--alimentation": _l("Alimentation"),
    "equipement-et-alimentation--electromenager": _l("Électroménager"),
    "equipement-et-alimentation--habillement": _l("Habillement"),
    "famille--garde-denfants": _l("Garde d’enfants"),
    "famille--prise-en-charge-personne-dependante": _l("Prise en charge d’une personne dépendante"),
    "famille--soutien-a-la-parentalite-et-a-leducation": _l("Soutien à la parentalité et à l’éducation"),
    "famille--soutien-aidants": _l("Soutien aux aidants"),
    "famille--surmonter-conflits-separation-violence": _l("Surmonter les conflits liés à la séparation ou à la violence"),
    "lecture-ecriture-calcul--maitriser-le-calcul": _l("Maîtriser le calcul"),
    "lecture-ecriture-calcul--maitriser-le-francais": _l("Maîtriser le français"),
    "logement-hebergement--acheter-un-logement": _l("Acheter un logement"),
    "logement-hebergement--changer-de-logement": _l("Changer de logement"),
    "logement-hebergement--louer-un-logement": _l("Louer un logement"),
    "logement-hebergement--rechercher-une-solution-dhebergement-temporaire": _l("Rechercher une solution d’hébergement temporaire"),
    "logement-hebergement--reduire-les-impayes-de-loyer": _l("Réduire les impayés de loyer"),
    "logement-hebergement--se-maintenir-dans-le-logement": _l("Se maintenir dans le logement"),
    "logement-hebergement--sinformer-sur-les-demarches-liees-a-lacces-au-logement": _l("S’informer sur les démarches liées à l’accès au logement"),
    "mobilite--acceder-a-un-vehicule": _l("Accéder à un véhicule"),
    "mobilite--entretenir-reparer-son-vehicule": _l("Entretenir et réparer son véhicule"),
    "mobilite--etre-accompagne-dans-son-parcours-mobilite": _l("Être accompagné dans son parcours mobilité"),
    "mobilite--financer-ma-mobilite": _l("Financer ma mobilité"),
    "mobilite--preparer-un-permis": _l("Préparer un permis"),
    "mobilite--mobilite-douce-partagee-collective": _l("Utiliser des services de mobilité douce, partagée ou collective"),
    "numerique--acceder-a-des-services-en-ligne": _l("Accéder à des services en ligne"),
    "numerique--acceder-a-une-connexion-internet": _l("Accéder à une connexion Internet"),
    "numerique--acquerir-un-equipement": _l("Acquérir un équipement"),
    "numerique--maitriser-les-fondamentaux-du-numerique": _l("Maîtriser les fondamentaux du numérique"),
    "preparer-sa-candidature--developper-son-reseau": _l("Développer son réseau"),
    "preparer-sa-candidature--organiser-ses-demarches-de-recherche-demploi": _l("Organiser ses démarches de recherche d’emploi"),
    "preparer-sa-candidature--realiser-un-cv-et-ou-une-lettre-de-motivation": _l("Réaliser un CV et/ou une lettre de motivation"),
    "preparer-sa-candidature--valoriser-ses-competences": _l("Valoriser ses compétences"),
    "remobilisation--activites-sportives-et-culturelles": _l("Activités sportives et culturelles"),
    "remobilisation--benevolat-action-citoyenne": _l("Bénévolat et action citoyenne"),
    "remobilisation--bien-etre-confiance-en-soi": _l("Bien-être et confiance en soi"),
    "remobilisation--lien-social": _l("Lien social"),
    "sante--acces-aux-soins": _l("Accès aux soins"),
    "sante--addictions": _l("Addictions"),
    "sante--constituer-un-dossier-mdph-invalidite": _l("Constituer un dossier MDPH pour invalidité"),
    "sante--sante-mentale": _l("Santé mentale"),
    "sante--sante-sexuelle": _l("Santé sexuelle"),
    "se-former--monter-son-dossier-de-formation": _l("Monter son dossier de formation"),
    "se-former--trouver-sa-formation": _l("Trouver sa formation"),
    "souvrir-a-linternational--connaitre-les-opportunites-demploi-a-letranger": _l("Connaître les opportunités d’emploi à l’étranger"),
    "souvrir-a-linternational--sinformer-sur-les-aides-pour-travailler-a-letranger": _l("S’informer sur les aides pour travailler à l’étranger"),
    "souvrir-a-linternational--sorganiser-suite-a-son-retour-en-france": _l("S’organiser suite à son retour en France"),
    "trouver-un-emploi--convaincre-un-recruteur-en-entretien": _l("Convaincre un recruteur en entretien"),
    "trouver-un-emploi--faire-des-candidatures-spontanees": _l("Faire des candidatures spontanées"),
    "trouver-un-emploi--maintien-dans-lemploi": _l("Maintien dans l’emploi"),
    "trouver-un-emploi--repondre-a-des-offres-demploi": _l("Répondre à des offres d’emploi"),
    "trouver-un-emploi--suivre-ses-candidatures-et-relancer-les-employeurs": _l("Suivre ses candidatures et relancer les employeurs"),
}
PUBLIC_NAMES = {
    "tous-publics": _l("Tous publics"),
    "actifs": _l("Actifs"),
    "beneficiaires-des-minimas-sociaux": _l("Bénéficiaires des minimas sociaux"),
    "demandeurs-emploi": _l("Demandeurs d’emploi"),
    "etudiants": _l("Étudiants"),
    "familles": _l("Familles"),
    "femmes": _l("Femmes"),
    "jeunes": _l("Jeunes"),
    "personnes-en-situation-de-handicap": _l("Personnes en situation de handicap"),
    "personnes-en-situation-durgence": _l("Personnes en situation d’urgence"),
    "personnes-en-situation-juridique-specifique": _l("Personnes en situation juridique spécifique"),
    "personnes-exilees": _l("Personnes exilées"),
    "residents-qpv-frr": _l("Résidents en QPV ou FRR"),
    "seniors": _l("Séniors"),
}
FEE_NAMES = {
    "gratuit": _l("Gratuit"),
    "payant": _l("Payant"),
}


def theme_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """Themes by category, as a list to choose from shows them."""
    groups: dict[str, list[tuple[str, str]]] = {code: [] for code in CATEGORY_NAMES}
    for code, name in THEME_NAMES.items():
        groups[code.partition("--")[0]].append((code, str(name)))
    return [(str(CATEGORY_NAMES[code]), themes) for code, themes in groups.items()]


def theme_name(code: str) -> str:
    """A theme in words; its code where the schema has learnt a new one since."""
    return str(THEME_NAMES.get(code, code))
