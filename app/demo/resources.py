"""Places of the demonstration: plausible and invented, with invented numbers and addresses that reach nobody."""

from datetime import date
from typing import Any

from app.db import db, new_id, now
from app.referral.resources import Resource, ResourceService, own_source
from tenants.communes import commune
from tenants.models import Collective

SOCIAL, CULTURE, USEFUL = (f"remobilisation--{each}" for each in ("lien-social", "activites-sportives-et-culturelles", "benevolat-action-citoyenne"))
FOOD, HOME, CLOTHES = (f"equipement-et-alimentation--{each}" for each in ("alimentation", "aide-menagere", "habillement"))
PAPERS = "difficultes-administratives-ou-juridiques--accompagnement-aux-demarches-administratives"
RIDES, SCREENS, FRENCH = (
    "mobilite--etre-accompagne-dans-son-parcours-mobilite",
    "numerique--maitriser-les-fondamentaux-du-numerique",
    "lecture-ecriture-calcul--maitriser-le-francais",
)
Offer = tuple[str, str, list[str], list[str], str | None]
# Name, street, position, mail, phone, and what is offered: name, description, themes, publics, fee.
SAINT_MARS: tuple[tuple[str, str, tuple[float, float], str | None, str, tuple[Offer, ...]], ...] = (
    (
        "Le Fil d’Or",
        "4 rue du Lavoir",
        (47.3661, -1.4069),
        "accueil@lefildor.example.org",
        "02 61 91 20 40",
        (
            ("Atelier couture du jeudi", "Une machine pour chacun, un café pour tous. ", [SOCIAL, CULTURE], ["tous-publics"], "gratuit"),
            ("Retouches solidaires", "On recoud ensemble ce qui peut encore servir.", [CLOTHES, SOCIAL], ["tous-publics"], "payant"),
        ),
    ),
    ("Maison des Possibles", "12 place de l’Église", (47.3655, -1.4080), "bonjour@maisondespossibles.example.org", "02 61 91 20 41", (
        ("Café partagé du mardi", "Une table, du café, des jeux. On reste dix minutes ou tout l’après-midi.", [SOCIAL], ["tous-publics"], "gratuit"),
        ("Aide aux papiers", "Un courrier, un formulaire, un compte en ligne : on regarde à deux.", [PAPERS, SCREENS], ["tous-publics"], "gratuit"),
    )),
    ("Épicerie de l’Étang", "7 rue de l’Étang", (47.3622, -1.4104), "epicerie.etang@example.org", "02 61 91 20 42", (
        ("Colis du vendredi", "Des produits frais à petit prix, et un coin pour s’asseoir.", [FOOD], ["tous-publics"], "payant"),
    )),
    ("Jardins du Plessis", "chemin des Vignes", (47.3712, -1.4011), "jardins.plessis@example.org", "02 61 91 20 43", (
        ("Jardin à plusieurs mains", "Bêcher, semer, récolter, à son rythme.", [SOCIAL, USEFUL], ["tous-publics"], "gratuit"),
    )),
    ("Club du Bel Âge", "salle des Cèdres", (47.3668, -1.4055), None, "02 61 91 20 44", (
        ("Jeux et goûter du mercredi", "Belote, tarot, et un goûter que chacun apporte à son tour.", [SOCIAL, CULTURE], ["seniors"], "payant"),
        ("Sorties d’une journée", "Un car, un château ou la mer, quatre fois par an.", [CULTURE, SOCIAL], ["seniors"], "payant"),
    )),
    ("Roule avec nous", "3 rue du Moulin", (47.3640, -1.4032), "trajets@rouleavecnous.example.org", "02 61 91 20 45", (
        ("Trajets à la demande", "Un chauffeur bénévole pour un rendez-vous, le marché, une visite.", [RIDES], ["seniors"], "payant"),
    )),
    ("Médiathèque de l’Alouette", "1 place du Marché", (47.3658, -1.4064), "mediatheque@example.org", "02 61 91 20 46", (
        ("Lecture à voix haute", "Une heure d’histoires pour grandes personnes, le samedi matin.", [CULTURE, SOCIAL], ["tous-publics"], "gratuit"),
        ("Premiers pas sur l’ordinateur", "Six séances, quatre personnes, beaucoup de patience.", [SCREENS], ["tous-publics"], "gratuit"),
    )),
    ("Coup de balai", "18 rue des Tilleuls", (47.3647, -1.4090), "contact@coupdebalai.example.org", "02 61 91 20 47", (
        ("Aide à la maison", "Deux heures par semaine, toujours la même personne.", [HOME], ["seniors", "familles"], "payant"),
    )),
    ("Atelier des Mots", "Maison des Possibles, 1er étage", (47.3655, -1.4080), "ateliermots@example.org", "02 61 91 20 48", (
        ("Parler français autour d’un thé", "Sans cahier ni note : on parle de la semaine.", [FRENCH, SOCIAL], ["personnes-exilees"], "gratuit"),
    )),
    ("Les Cyclos réparateurs", "2 allée des Acacias", (47.3675, -1.4120), None, "02 61 91 20 49", (
        ("Atelier vélo du samedi", "On répare, on apprend à réparer, on repart ensemble.", [USEFUL, SOCIAL], ["tous-publics"], "gratuit"),
    )),
)  # fmt: skip
# Elsewhere a smaller directory, the same in each place but for its name.
ELSEWHERE: tuple[tuple[str, str, tuple[Offer, ...]], ...] = (
    ("Maison de quartier", "place centrale", (("Café des voisins", "Le mardi, une table ouverte.", [SOCIAL], ["tous-publics"], "gratuit"),)),
    ("Point écoute de la mairie", "mairie", (("Aide aux démarches", "On remplit les papiers à deux.", [PAPERS], ["tous-publics"], "gratuit"),)),
)


def list_places(collective: Collective, today: date) -> list[tuple[Resource, list[ResourceService]]]:
    """Put the places of a demonstration collective into its directory."""
    if collective.slug == "saint-mars-du-desert":
        return [_place(collective, today, *each) for each in SAINT_MARS]
    slug = collective.slug
    return [
        _place(collective, today, name, street, None, f"{slug}.{number}@example.org", "02 61 91 20 50", offers)
        for number, (name, street, offers) in enumerate(ELSEWHERE)
    ]


def _place(
    collective: Collective,
    today: date,
    name: str,
    street: str,
    position: tuple[float, float] | None,
    email: str | None,
    phone: str,
    offers: tuple[Offer, ...],
) -> tuple[Resource, list[ResourceService]]:
    where, resource_id = commune(collective.insee_code), new_id()
    record: dict[str, Any] = {
        "source": own_source(),
        "id": f"essaimage--{resource_id}",
        "nom": name,
        "date_maj": min(today, now().date()).isoformat(),
        "adresse": street,
        "code_postal": where.postal_codes[0],
        "commune": where.name,
        "code_insee": where.insee_code,
        "telephone": phone,
        **({"courriel": email} if email else {}),
        **({"latitude": position[0], "longitude": position[1]} if position else {}),
    }
    resource = Resource(id=resource_id)
    resource.take(record)
    db.session.add(resource)
    # Services point at the resource.
    db.session.flush()
    services = [_service(resource, today, *each) for each in offers]
    db.session.add_all(services)
    db.session.flush()
    return resource, services


def _service(resource: Resource, today: date, name: str, description: str, themes: list[str], publics: list[str], fee: str | None) -> ResourceService:
    service_id = new_id()
    service = ResourceService(id=service_id, resource_id=resource.id)
    service.take(
        {
            "source": resource.source,
            "structure_id": resource.external_id,
            "id": f"essaimage--{service_id}",
            "nom": name,
            "description": description,
            "date_maj": min(today, now().date()).isoformat(),
            "thematiques": sorted(themes),
            "publics": publics,
            **({"frais": fee} if fee else {}),
        }
    )
    return service
