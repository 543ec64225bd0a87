"""Resources: the places of a collective's directory, and the services each of them offers.

Both are kept as data·inclusion writes them (schema v1), in `record`; what is searched stands beside it in columns of its own. A resource is no
inhabitant: nothing here is sealed.
"""

import hashlib
import json
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from phonenumbers import NumberParseException
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Instant, Model, now
from app.phone_numbers import spoken
from tenants.communes import name_key
from tenants.months import today_in
from tenants.rows import Tenanted, belongs_to, key_to
from tenants.scope import here

# Of a long description only its beginning is searched: all of fifty thousand would make each search slow.
SEARCHED = 600


def own_source() -> str:
    """The source of what is typed in here; an export of another collective, or of anybody else, names its own."""
    return f"essaimage-{here().hex[-12:]}"


def changed_on(time_zone: str) -> str:
    """The day of a change, as data·inclusion writes it: after midnight the local date is one that a machine keeping UTC refuses."""
    return min(today_in(time_zone), now().date()).isoformat()


def department_of(insee_code: str | None) -> str | None:
    """The department of a commune's code, overseas on three characters."""
    if not insee_code:
        return None
    return insee_code[:3] if insee_code.startswith("97") else insee_code[:2]


def digest_of(record: dict[str, Any]) -> str:
    """A fingerprint of a record: two that are equal say the same."""
    return hashlib.sha256(json.dumps(record, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _searched(*texts: str | None) -> str:
    return " ".join(name_key(text)[:SEARCHED] for text in texts if text)


def columns_of(record: dict[str, Any]) -> dict[str, Any]:
    """What both a resource and a service keep in columns, from a record of the schema."""
    return {
        "source": record["source"],
        "external_id": record["id"],
        "name": record["nom"],
        "insee_code": record.get("code_insee"),
        "department": department_of(record.get("code_insee")),
        "latitude": record.get("latitude"),
        "longitude": record.get("longitude"),
        "record": record,
        "digest": digest_of(record),
        "gone_at": None,
        "changed_at": now(),
    }


def resource_columns(record: dict[str, Any]) -> dict[str, Any]:
    """All columns of a resource but its id."""
    return columns_of(record) | {"search_key": _searched(record["nom"], record.get("commune"), record.get("description"))}


def service_columns(record: dict[str, Any]) -> dict[str, Any]:
    """All columns of a service but its id and its resource."""
    return columns_of(record) | {
        "themes": record.get("thematiques") or [],
        "publics": record.get("publics") or [],
        "fee": record.get("frais"),
        "search_key": _searched(record["nom"], record.get("commune"), record.get("description")),
    }


class Listed:
    """What a resource and a service share: where it comes from, what it says, and whether it still stands."""

    source: Mapped[str] = mapped_column(sa.String(120))
    external_id: Mapped[str] = mapped_column(sa.String(250))
    name: Mapped[str] = mapped_column(sa.String(150))
    # Lower case without accents, because pages search without regard to either.
    search_key: Mapped[str] = mapped_column(sa.Text)
    insee_code: Mapped[str | None] = mapped_column(sa.String(5))
    department: Mapped[str | None] = mapped_column(sa.String(3))
    latitude: Mapped[float | None] = mapped_column(sa.Float)
    longitude: Mapped[float | None] = mapped_column(sa.Float)
    record: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(sa.String(64))
    # No longer in the export, or taken out by hand. Never deleted: referrals point here.
    gone_at: Mapped[datetime | None]
    changed_at: Mapped[Instant]

    @property
    def by_hand(self) -> bool:
        """Whether it was typed in here."""
        return self.source == own_source()

    def word(self, name: str) -> str:
        """A text of the record; empty if it says nothing."""
        return str(self.record.get(name) or "")

    @property
    def place(self) -> str:
        """Its address in one line."""
        parts = (self.word("adresse"), self.word("complement_adresse"), f"{self.word('code_postal')} {self.word('commune')}".strip())
        return ", ".join(part for part in parts if part)


class Resource(Listed, Tenanted, Model):
    """A place that may help: an association, the town hall's office, a café that keeps a table."""

    __tablename__ = "resources"
    __table_args__ = (sa.UniqueConstraint("collective_id", "source", "external_id"),)

    def take(self, record: dict[str, Any]) -> None:
        """Say what this record says, from now on."""
        for name, value in resource_columns(record).items():
            setattr(self, name, value)


class ResourceService(Listed, Tenanted, Model):
    """One thing that a resource offers: for whom, on which themes, for how much. Where it says nothing, the resource speaks for it."""

    __tablename__ = "resource_services"
    __table_args__ = (
        key_to("resources", "resource_id"),
        sa.UniqueConstraint("collective_id", "source", "external_id"),
        sa.Index("ix_resource_services_collective_id_resource_id", "collective_id", "resource_id"),
    )

    resource_id: Mapped[UUID]
    themes: Mapped[list[str]] = mapped_column(default=list)
    publics: Mapped[list[str]] = mapped_column(default=list)
    fee: Mapped[str | None] = mapped_column(sa.String(12))

    resource: Mapped[Resource] = belongs_to("ResourceService.resource_id", "Resource")

    def take(self, record: dict[str, Any]) -> None:
        """Say what this record says, from now on."""
        for name, value in service_columns(record).items():
            setattr(self, name, value)


def contact_of(resource: Resource, service: ResourceService | None, name: str) -> str:
    """A contact ("courriel", "telephone"): the service's own, or its resource's."""
    return (service.word(name) if service else "") or resource.word(name)


def read_aloud(number: str) -> str:
    """A phone number as it is read aloud; as it was written where it cannot be read."""
    try:
        return spoken(number) if number.startswith("+33") else number
    except NumberParseException:
        return number


def services_of(resource_id: UUID, gone: bool = False) -> Select[ResourceService]:
    """The services of a resource by name; those that are gone only if asked for."""
    query = select(ResourceService).where(ResourceService.resource_id == resource_id).order_by(ResourceService.name, ResourceService.id)
    return query if gone else query.where(ResourceService.gone_at.is_(None))


def listed() -> Select[int]:
    """How many resources stand in the directory."""
    return select(sa.func.count()).select_from(Resource).where(Resource.gone_at.is_(None))
