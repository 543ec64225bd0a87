"""Searching the directory: by words, theme, public, fee, and how far it is from the commune."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Select, select

from app.db import db
from app.referral.resources import Resource, ResourceService
from tenants.communes import name_key

EARTH = 6371.0
# Kilometres that one may choose.
DISTANCES = (2, 5, 10, 20, 50)
ALL_PUBLICS = "tous-publics"


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the earth, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Wanted:
    """What someone looks for; empty means any. `where` is "commune", "department" or "" for anywhere."""

    words: str = ""
    theme: str = ""
    public: str = ""
    fee: str = ""
    where: str = ""
    within: int | None = None


def middle_of(insee_code: str) -> Point | None:
    """The middle of the resources of a commune that say where they are; None if none does.

    The official list of communes carries no coordinates, so distances begin where the commune's own places are. The median, so
    that one place with a wrong position moves nothing.
    """
    of_commune = (Resource.insee_code == insee_code, Resource.gone_at.is_(None), Resource.latitude.is_not(None), Resource.longitude.is_not(None))
    median = lambda column: sa.func.percentile_cont(0.5).within_group(column)  # noqa: E731  # said twice, in one line
    latitude, longitude = db.session.execute(select(median(Resource.latitude), median(Resource.longitude)).where(*of_commune)).one()
    return None if latitude is None else Point(latitude, longitude)


def distance_from(middle: Point) -> sa.ColumnElement[float]:
    """Kilometres as the crow flies (haversine): from the service's own place, or its resource's. NULL where neither says."""
    latitude = sa.func.radians(sa.func.coalesce(ResourceService.latitude, Resource.latitude))
    longitude = sa.func.radians(sa.func.coalesce(ResourceService.longitude, Resource.longitude))
    here, there = sa.func.radians(middle.latitude), sa.func.radians(middle.longitude)
    half = lambda angle: sa.func.power(sa.func.sin(angle / 2), 2)  # noqa: E731  # the haversine of an angle
    chord = half(latitude - here) + sa.func.cos(latitude) * sa.func.cos(here) * half(longitude - there)
    return 2 * EARTH * sa.func.asin(sa.func.sqrt(sa.func.least(1.0, chord)))


def _holds(word: str) -> sa.ColumnElement[bool]:
    key = name_key(word)
    either = (Resource.search_key.contains(key, autoescape=True), ResourceService.search_key.contains(key, autoescape=True))
    return sa.or_(*either)


def search(wanted: Wanted, insee_code: str, department: str, middle: Point | None) -> Select[Any, Any, Any]:
    """Resource, service (None for a resource without one) and kilometres (None if unknown); the nearest first, else by name.

    What is no longer in the export is not shown. A public is met by services for it and by those for everybody; a service that names no
    public is left out only where one is asked for.
    """
    joined = sa.and_(
        ResourceService.resource_id == Resource.id, ResourceService.collective_id == Resource.collective_id, ResourceService.gone_at.is_(None)
    )
    distance = distance_from(middle) if middle else sa.cast(sa.null(), sa.Float)
    query = select(Resource, ResourceService, distance.label("distance")).outerjoin(ResourceService, joined).where(Resource.gone_at.is_(None))
    query = query.where(*map(_holds, wanted.words.split()[:8]))
    if wanted.theme:
        query = query.where(ResourceService.themes.contains([wanted.theme]))
    if wanted.public:
        query = query.where(sa.or_(ResourceService.publics.contains([wanted.public]), ResourceService.publics.contains([ALL_PUBLICS])))
    if wanted.fee:
        query = query.where(ResourceService.fee == wanted.fee)
    if wanted.where == "commune":
        query = query.where(sa.func.coalesce(ResourceService.insee_code, Resource.insee_code) == insee_code)
    if wanted.where == "department":
        query = query.where(sa.func.coalesce(ResourceService.department, Resource.department) == department)
    if wanted.within and middle:
        query = query.where(distance <= wanted.within)
    nearest = (distance.asc().nulls_last(),) if middle else ()
    return query.order_by(*nearest, Resource.search_key, Resource.id, ResourceService.search_key, ResourceService.id)
