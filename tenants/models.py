"""Collectives and who belongs to them."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Select, bindparam, select
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy_utils import ChoiceType

from app.db import Instant, Model, db, new_id, now
from tenants.questions import Question
from tenants.rows import Global, Mine


class Role(StrEnum):
    """What someone is in a collective. The network's staff have no role in any."""

    coordinator = "coordinator"
    volunteer = "volunteer"
    trainer = "trainer"
    observer = "observer"


class Collective(Global, Model):
    """A collectif engagé solidaire: the tenant. Its name, place and phone are public; all else about it is not."""

    __tablename__ = "collectives"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    short_code: Mapped[str] = mapped_column(sa.String(8), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    name_key: Mapped[str] = mapped_column(sa.String(160), index=True)
    insee_code: Mapped[str] = mapped_column(sa.String(5))
    commune_vintage: Mapped[int] = mapped_column(sa.SmallInteger)
    department: Mapped[str] = mapped_column(sa.String(3), index=True)
    population: Mapped[int]
    qpv_code: Mapped[str | None] = mapped_column(sa.String(8))
    time_zone: Mapped[str] = mapped_column(sa.String(40), default="Europe/Paris")
    # Whom one calls, as +33…: said to partners and to whoever holds a link that is over.
    phone: Mapped[str | None] = mapped_column(sa.String(20))
    created_at: Mapped[Instant]
    # The local date on which its key was destroyed: nobody works there any more, and its figures stay.
    ended_on: Mapped[date | None]

    @hybrid_property
    def founded_on(self) -> date:
        """The local date on which it was founded: overseas it may be another than in UTC, and so may its month."""
        return self.created_at.astimezone(ZoneInfo(self.time_zone)).date()

    @founded_on.inplace.expression
    @classmethod
    def _founded_on(cls) -> sa.ColumnElement[date]:
        return sa.cast(sa.func.timezone(cls.time_zone, cls.created_at), sa.Date)


class Membership(Mine, Model):
    """Someone's place in a collective, from a day until they leave. Leaving keeps the row: rounds remember who went."""

    __tablename__ = "memberships"
    stamped = True
    __table_args__ = (
        sa.UniqueConstraint("collective_id", "user_id"),
        sa.Index("ix_memberships_user_id", "user_id"),
    )

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id"))
    role: Mapped[Role] = mapped_column(ChoiceType(Role, impl=sa.String(16)))
    # The name as this collective knows it, so that a list of members is one query and survives a change of account.
    display_name: Mapped[str] = mapped_column(sa.String(80))
    joined_at: Mapped[Instant]
    left_at: Mapped[datetime | None]

    collective: Mapped[Collective] = relationship(lazy="raise_on_sql", viewonly=True)

    def leave(self) -> None:
        """End the membership now. Leaving twice changes nothing."""
        self.left_at = self.left_at or now()


def members(*roles: Role) -> Select[Membership]:
    """Present members of the present collective, by name; of some roles if any are given."""
    query = select(Membership).where(Membership.left_at.is_(None)).order_by(Membership.display_name, Membership.id)
    return query.where(Membership.role.in_(roles)) if roles else query


PRESENT = Question(members())
# Built once: every request of a workspace asks the second.
MEMBERSHIPS = (
    select(Membership, Collective)
    .join(Collective, Collective.id == Membership.collective_id)
    .where(Membership.user_id == bindparam("user_id"), Membership.left_at.is_(None))
    .order_by(Collective.name_key, Collective.id)
)
ENTRANCE = MEMBERSHIPS.where(Collective.slug == bindparam("slug"))


def memberships_of(user_id: UUID) -> Select[Membership, Collective]:
    """The collectives someone belongs to, by name. Read from outside, as that user (`Mine`)."""
    return MEMBERSHIPS.params(user_id=user_id)


def membership_in(slug: str, user_id: UUID) -> Select[Membership, Collective]:
    """The row that opens a workspace's door for someone, if there is one."""
    return ENTRANCE.params(user_id=user_id, slug=slug)


def collective_by_slug(slug: str) -> Collective | None:
    """The collective of an address, whether or not one may enter it."""
    return db.session.scalar(select(Collective).where(Collective.slug == slug))
