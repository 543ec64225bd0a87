"""Heart bonds: chosen, lasting, across generations; between two people, a family and a person, or a member and a person."""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy_utils import ChoiceType

from app.db import Instant, Model, db
from app.people.closings import ends
from app.people.erasure import erases, keeps
from app.people.models import OPEN_STAGES, Person
from tenants import journal, ledger
from tenants.keys import Sealed
from tenants.models import Collective, Membership
from tenants.months import today_in
from tenants.rows import Tenanted, belongs_to, key_to
from tenants.scope import here, place


class BondEnd(StrEnum):
    """Why a bond is over."""

    faded = "faded"
    wished = "wished"
    moved = "moved"
    died = "died"
    erased = "erased"


class WithOneself(ValueError):
    """Raised on a bond of someone with themselves."""


class HeartBond(Tenanted, Model):
    """A bond of a person: with another person, a family, or a member of the team (one of the three). Each side agreed, in their words."""

    __tablename__ = "heart_bonds"
    stamped = True
    __table_args__ = (
        key_to("persons", "person_id"),
        key_to("persons", "other_person_id"),
        key_to("memberships", "member_id"),
        key_to("memberships", "agreed_to_id"),
        key_to("memberships", "other_agreed_to_id"),
        sa.Index("ix_heart_bonds_collective_id_person_id", "collective_id", "person_id"),
        sa.Index("ix_heart_bonds_collective_id_other_person_id", "collective_id", "other_person_id"),
        sa.Index("ix_heart_bonds_collective_id_began_on", "collective_id", "began_on"),
    )

    person_id: Mapped[UUID]
    other_person_id: Mapped[UUID | None]
    member_id: Mapped[UUID | None]
    family_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    began_on: Mapped[date]
    how_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    words_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    agreed_on: Mapped[date | None]
    agreed_to_id: Mapped[UUID | None]
    other_words_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    other_agreed_on: Mapped[date | None]
    other_agreed_to_id: Mapped[UUID | None]
    ended_on: Mapped[date | None]
    ended_because: Mapped[BondEnd | None] = mapped_column(ChoiceType(BondEnd, impl=sa.String(10)))
    ended_words_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    by_user: Mapped[UUID | None]
    at: Mapped[Instant]
    family = Sealed()
    how = Sealed()
    words = Sealed()
    other_words = Sealed()
    ended_words = Sealed()

    person: Mapped[Person] = belongs_to("HeartBond.person_id", "Person")
    other_person: Mapped[Person | None] = belongs_to("HeartBond.other_person_id", "Person")
    member: Mapped[Membership | None] = belongs_to("HeartBond.member_id", "Membership")
    agreed_to: Mapped[Membership | None] = belongs_to("HeartBond.agreed_to_id", "Membership")
    other_agreed_to: Mapped[Membership | None] = belongs_to("HeartBond.other_agreed_to_id", "Membership")

    @property
    def people(self) -> list[UUID]:
        """Ids of the accompanied people whom it binds: one or two."""
        return [self.person_id, *([self.other_person_id] if self.other_person_id else [])]

    def end(self, on: date, because: BondEnd, words: str | None = None) -> None:
        """It is over. Twice keeps the first reason."""
        if self.ended_on is None:
            self.ended_on, self.ended_because, self.ended_words = on, because, words or None
            ledger.mark(on)
            for person_id in self.people:
                journal.note("ended a bond", "person", person_id)


class MomentKind(StrEnum):
    """What is told of a bond: a first meeting that was accompanied, or how it goes after one, three and twelve months."""

    meeting = "meeting"
    month_1 = "month_1"
    months_3 = "months_3"
    months_12 = "months_12"


FOLLOW_UPS = {MomentKind.month_1: 1, MomentKind.months_3: 3, MomentKind.months_12: 12}


class BondMoment(Tenanted, Model):
    """Something told of a bond: by whom it was accompanied, and a short note."""

    __tablename__ = "bond_moments"
    __table_args__ = (
        key_to("heart_bonds", "bond_id"),
        key_to("memberships", "member_id"),
        sa.Index("ix_bond_moments_collective_id_bond_id", "collective_id", "bond_id"),
    )

    bond_id: Mapped[UUID]
    kind: Mapped[MomentKind] = mapped_column(ChoiceType(MomentKind, impl=sa.String(10)))
    on: Mapped[date]
    member_id: Mapped[UUID | None]
    note_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    by_user: Mapped[UUID | None]
    at: Mapped[Instant]
    note = Sealed()

    bond: Mapped[HeartBond] = belongs_to("BondMoment.bond_id", "HeartBond")
    member: Mapped[Membership | None] = belongs_to("BondMoment.member_id", "Membership")


def begin(bond: HeartBond) -> HeartBond:
    """Keep a new bond. The same form sent again answers with the first. Raises WithOneself."""
    if bond.other_person_id == bond.person_id:
        raise WithOneself
    known = db.session.get(HeartBond, (here(), bond.id))
    if known is not None:
        return known
    bond.by_user = place().user_id
    db.session.add(bond)
    ledger.mark(bond.began_on)
    for person_id in bond.people:
        journal.note("began a bond", "person", person_id)
    return bond


def tell_of(bond: HeartBond, moment: BondMoment) -> None:
    """Keep something told of a bond; it is a contact with those whom it binds. The same form sent again changes nothing."""
    if db.session.get(BondMoment, (here(), moment.id)) is not None:
        return
    moment.bond_id, moment.by_user = bond.id, place().user_id
    db.session.add(moment)
    for person in db.session.scalars(select(Person).where(Person.id.in_(bond.people))):
        person.seen(moment.on)
        journal.note("told of a bond", "person", person.id)


def bonds_of(person_id: UUID) -> Select[HeartBond]:
    """The bonds of a person, from either side, the latest first."""
    either = sa.or_(HeartBond.person_id == person_id, HeartBond.other_person_id == person_id)
    return select(HeartBond).where(either).order_by(HeartBond.began_on.desc(), HeartBond.id)


def moments_with(person_id: UUID) -> Select[BondMoment]:
    """What was told of all bonds of a person, in order."""
    either = sa.or_(HeartBond.person_id == person_id, HeartBond.other_person_id == person_id)
    return select(BondMoment).where(BondMoment.bond_id.in_(select(HeartBond.id).where(either))).order_by(BondMoment.on, BondMoment.at, BondMoment.id)


def moments_of(*bond_ids: UUID) -> Select[BondMoment]:
    """What was told of some bonds, in order."""
    return select(BondMoment).where(BondMoment.bond_id.in_(bond_ids)).order_by(BondMoment.on, BondMoment.at, BondMoment.id)


def due_follow_up(bond: HeartBond, told: Iterable[BondMoment], today: date) -> tuple[MomentKind, date] | None:
    """The follow-up that is due on a local date, and since when. A missed one is not made up for once the next is due."""
    passed = [(kind, bond.began_on + relativedelta(months=months)) for kind, months in FOLLOW_UPS.items()]
    latest = [each for each in passed if each[1] <= today]
    done = {each.kind for each in told}
    return latest[-1] if latest and bond.ended_on is None and latest[-1][0] not in done else None


def follow_ups_due(today: date, person_id: UUID | None) -> Sequence[tuple[HeartBond, date]]:
    """Bonds of which something is to be told, each with the day since which; of all, or those of one person, from either side."""
    query = select(HeartBond).where(HeartBond.ended_on.is_(None))
    bonds = db.session.scalars(query if person_id is None else bonds_of(person_id).where(HeartBond.ended_on.is_(None))).all()
    told: dict[UUID, list[BondMoment]] = {}
    for moment in db.session.scalars(moments_of(*(each.id for each in bonds))) if bonds else ():
        told.setdefault(moment.bond_id, []).append(moment)
    due = ((bond, due_follow_up(bond, told.get(bond.id, []), today)) for bond in bonds)
    return [(bond, found[1]) for bond, found in due if found]


def asked_through(*bonds: HeartBond) -> dict[UUID, tuple[UUID, bool]]:
    """For each bond the person through whom one asks how it goes, and whether their path is open.

    The one at whom it began; once their path is over the other one; where nobody's is open any more, the first again.
    """
    everyone = {each for bond in bonds for each in bond.people}
    accompanied = set(db.session.scalars(select(Person.id).where(Person.id.in_(everyone), Person.stage.in_(OPEN_STAGES)))) if bonds else set()
    found = ((bond, next((each for each in bond.people if each in accompanied), None)) for bond in bonds)
    return {bond.id: (asked or bond.person_id, asked is not None) for bond, asked in found}


@ends
def end_bonds(person: Person, on: date) -> None:
    """A death ends a bond, without a mail. Whoever goes their own way keeps it: it was chosen, and it lasts."""
    if person.has_died:
        for bond in db.session.scalars(bonds_of(person.id).where(HeartBond.ended_on.is_(None))):
            bond.end(max(on, bond.began_on), BondEnd.died)


@erases
def empty_bonds(person_id: UUID, _names: Sequence[str]) -> None:
    """What was told of the bonds of someone who is erased. One that stood ends, on the collective's own day."""
    bonds, today = db.session.scalars(bonds_of(person_id)).all(), today_in(db.session.get_one(Collective, here()).time_zone)
    for bond in bonds:
        ledger.mark(bond.began_on)
        db.session.expunge(bond)
    told = sa.delete(BondMoment).where(BondMoment.bond_id.in_([each.id for each in bonds]))
    standing = sa.update(HeartBond).where(HeartBond.id.in_([each.id for each in bonds]), HeartBond.ended_on.is_(None))
    for statement in (told, standing.values(ended_on=sa.func.greatest(HeartBond.began_on, today), ended_because=BondEnd.erased)):
        db.session.execute(statement.execution_options(synchronize_session=False))


# The figures count bonds: when each began, and whether it stands. Whom it bound, and what was said of it, goes.
keeps(
    HeartBond,
    *("family_sealed", "how_sealed", "words_sealed", "other_words_sealed", "ended_words_sealed"),
    *("agreed_on", "agreed_to_id", "other_agreed_on", "other_agreed_to_id", "member_id", "by_user"),
    columns=("person_id", "other_person_id"),
)
