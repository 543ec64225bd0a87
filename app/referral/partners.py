"""Partners: who may report someone, each through a link of its own that can be taken back."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

import sqlalchemy as sa
from flask import abort, current_app
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy_utils import ChoiceType

from app.db import Instant, Model, db, now
from tenants import journal
from tenants.communes import name_key
from tenants.keys import Sealed
from tenants.rows import Tenanted
from tenants.scope import here


class PartnerKind(StrEnum):
    """What a partner is; figures tell kinds apart, never partners."""

    ccas = "ccas"
    landlord = "landlord"
    school = "school"
    health = "health"
    association = "association"
    commune = "commune"
    other = "other"


class Partner(Tenanted, Model):
    """Someone who may report people. Its link carries the id in `link`: another id, or none, and the former link is over."""

    __tablename__ = "partners"

    kind: Mapped[PartnerKind] = mapped_column(ChoiceType(PartnerKind, impl=sa.String(12)))
    name_sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    contact_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    link: Mapped[UUID | None]
    link_since: Mapped[datetime | None]
    added_by: Mapped[UUID | None]
    added_at: Mapped[Instant]
    name = Sealed()
    contact = Sealed()

    def open_link(self) -> None:
        """A fresh link; the former one, if there was any, stops working."""
        # Not a UUIDv7: what opens a door is not to be guessed from the hour it was made.
        self.link, self.link_since = uuid4(), now()
        journal.note("opened the link", "partner", self.id)

    def revoke_link(self) -> None:
        """Take the link back. Twice changes nothing."""
        if self.link is not None:
            self.link = self.link_since = None
            journal.note("revoked the link", "partner", self.id)

    @property
    def token(self) -> str | None:
        """What the present link carries: collective, partner and the id that the row knows, signed."""
        return partner_token(self.collective_id, self.id, self.link) if self.link else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], "partner")


def partner_token(where: UUID, partner_id: UUID, link: UUID) -> str:
    """Collective, partner and link; the row says whether this is still the one."""
    return str(_signer().dumps([where.hex, partner_id.hex, link.hex]))


def read_partner(token: str) -> tuple[UUID, UUID, UUID]:
    """Collective, partner and link of an address; 404 if it was not made here."""
    try:
        where, partner, link = _signer().loads(token)
        return UUID(where), UUID(partner), UUID(link)
    except (BadData, ValueError, TypeError, AttributeError):
        abort(404)


def partners() -> Select[Partner]:
    """The partners of the present collective, in the order in which they were added."""
    return select(Partner).order_by(Partner.added_at, Partner.id)


def named(some: list[Partner]) -> list[tuple[str, Partner]]:
    """Partners with their names, by name: these are sealed, and sorted in memory."""
    return sorted(((each.name or "", each) for each in some), key=lambda pair: (name_key(pair[0]), pair[1].id))


def add_partner(partner: Partner) -> Partner:
    """Keep a partner, with a first link. An id that is known answers with its row."""
    known = db.session.get(Partner, (here(), partner.id))
    if known is not None:
        return known
    db.session.add(partner)
    journal.note("added", "partner", partner.id)
    partner.open_link()
    return partner
