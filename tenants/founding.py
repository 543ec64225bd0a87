"""Founding a collective: its row, its key, nothing else."""

import secrets
from uuid import UUID

from sqlalchemy import select

from app.db import db, new_id
from tenants.communes import VINTAGE, commune, is_qpv, name_key, slug_of
from tenants.keys import make_key
from tenants.models import Collective
from tenants.scope import inside

# Codes are read aloud on the phone: no letter or digit that sounds or looks like another.
READABLE = "ABCDEFGHJKLMNPRSTUVWXYZ23456789"
# Of a slug that someone chooses.
SHORTEST = 2
# Departments overseas keep another time than Paris.
TIME_ZONES = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
}

# What no collective is called. Each first word of our own addresses (a test holds them against the routes: what stands behind
# /c/, /rapports/ or /decouvrir/ would lead elsewhere), and what one would take for the head of the network or for the house itself.
PLACES = (
    "a-faire agenda aller-vers attestation bootstrap c calendrier collectifs compte connexion decouvrir deconnexion demo "
    "deuxieme-etape equipe formation healthz indicateurs inscription invitation langue mail-du-lundi mot-de-passe orientation "
    "parcours personnes prescrire presence questionnaire rapports reponse reseau static suivi"
)
MISLEADING = (
    "accueil admin administration aide api assets association ces chiffres collectif collective collectives confidentialite contact "
    "cookies demonstration en essaimage exemple fr france head help login logout manou-partages mentions-legales national network reports "
    "robots security securite support test tete-de-reseau www"
)
RESERVED = frozenset(f"{PLACES} {MISLEADING}".split())


class AlreadyFounded(ValueError):
    """Raised when the slug is taken, or when the place has its collective and no other slug is asked for."""


class BadSlug(ValueError):
    """Raised for a slug that is no address, or that stands for a place of the house."""


class BadQpvCode(ValueError):
    """Raised when a neighbourhood's code has not the form of one."""


def check(slug: str) -> str:
    """A slug that someone chose, if it can be an address; raises BadSlug."""
    if slug != slug_of(slug) or slug.isdigit() or len(slug) < SHORTEST:
        like = slug_of(slug)
        hint = f" Try {like}." if len(like) >= SHORTEST and not like.isdigit() and like not in RESERVED else ""
        raise BadSlug(f"“{slug}” cannot be an address: two lower-case letters without accents at least, digits and hyphens between them.{hint}")
    if slug in RESERVED:
        raise BadSlug(f"“{slug}” stands for a place of Essaimage itself. Choose another address: the name of the place, or of its neighbourhood.")
    return slug


def _free(*slugs: str) -> str:
    taken = RESERVED | set(db.session.scalars(select(Collective.slug).where(Collective.slug.in_(slugs))))
    return next((slug for slug in slugs if slug not in taken), slugs[-1])


def found_collective(
    insee_code: str, neighbourhood: str | None = None, qpv_code: str | None = None, slug: str | None = None, collective_id: UUID | None = None
) -> Collective:
    """Found a collective of a commune, or of one of its neighbourhoods, and give it its key.

    Raises UnknownCommune, BadQpvCode, BadSlug, AlreadyFounded.
    """
    place = commune(insee_code)
    if qpv_code and not is_qpv(qpv_code):
        raise BadQpvCode(f"{qpv_code} is not a QPV code: QN, three characters of department, two digits, N, M or I.")
    name = f"{place.name}, {neighbourhood}" if neighbourhood else place.name
    if not slug:
        twin = db.session.scalar(select(Collective.slug).where(Collective.insee_code == place.insee_code, Collective.name == name))
        if twin:
            raise AlreadyFounded(f"There is already a collective of {name}, at {twin}.")
    # Two communes may share a name: the second takes its department along.
    slug = check(slug) if slug else _free(slug_of(name), f"{slug_of(name)}-{place.department.lower()}")
    if db.session.scalar(select(Collective.id).where(Collective.slug == slug)):
        raise AlreadyFounded(f"There is already a collective at {slug}.")
    collective = Collective(
        id=collective_id or new_id(),
        slug=slug,
        short_code="".join(secrets.choice(READABLE) for _ in range(6)),
        name=name,
        name_key=name_key(name),
        insee_code=place.insee_code,
        commune_vintage=VINTAGE,
        department=place.department,
        population=place.population,
        qpv_code=qpv_code or None,
        time_zone=TIME_ZONES.get(place.department, "Europe/Paris"),
    )
    db.session.add(collective)
    # The key's foreign key needs the collective's row.
    db.session.flush()
    with inside(collective.id):
        make_key()
    return collective
