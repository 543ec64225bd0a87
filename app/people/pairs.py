"""Two companions for a person, and who would suit them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Instant, Model, db
from app.people.models import Person, lines
from tenants import journal
from tenants.communes import name_key
from tenants.keys import Sealed
from tenants.models import Membership, Role, members
from tenants.rows import Tenanted, belongs_to, key_to
from tenants.scope import here


class Pair(Tenanted, Model):
    """Two companions who accompany a person together, from a day to a day."""

    __tablename__ = "pairs"
    stamped = True
    __table_args__ = (
        key_to("persons", "person_id"),
        key_to("memberships", "one_id"),
        key_to("memberships", "other_id"),
        sa.Index("ix_pairs_collective_id_person_id", "collective_id", "person_id"),
    )

    person_id: Mapped[UUID]
    one_id: Mapped[UUID]
    other_id: Mapped[UUID]
    since: Mapped[date]
    ended_on: Mapped[date | None]
    at: Mapped[Instant]

    person: Mapped[Person] = belongs_to("Pair.person_id", "Person")
    one: Mapped[Membership] = belongs_to("Pair.one_id", "Membership")
    other: Mapped[Membership] = belongs_to("Pair.other_id", "Membership")


class CompanionCard(Tenanted, Model):
    """What a member says of themselves so that a pair can be found: languages, interests, street. Read by the coordination alone."""

    __tablename__ = "companion_cards"
    __table_args__ = (key_to("memberships", "member_id"), sa.UniqueConstraint("collective_id", "member_id"))

    member_id: Mapped[UUID]
    languages: Mapped[list[str]] = mapped_column(default=list)
    likes_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    street_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    likes = Sealed()
    street = Sealed()


def pairs_of(person_id: UUID) -> Select[Pair]:
    """The pairs of a person, the present one first."""
    return select(Pair).where(Pair.person_id == person_id).order_by(Pair.ended_on.desc().nulls_first(), Pair.since.desc(), Pair.id)


def in_pair(person_id: UUID, member_id: UUID) -> bool:
    """Whether a member is a present companion of a person."""
    both = sa.or_(Pair.one_id == member_id, Pair.other_id == member_id)
    return db.session.scalar(select(Pair.id).where(Pair.person_id == person_id, Pair.ended_on.is_(None), both)) is not None


def accompanied_by(member_id: UUID) -> Select[Person]:
    """The people whom a member accompanies now."""
    mine = select(Pair.person_id).where(Pair.ended_on.is_(None), sa.or_(Pair.one_id == member_id, Pair.other_id == member_id))
    return select(Person).where(Person.id.in_(mine)).order_by(Person.stage_on.desc(), Person.id)


def assign(person: Person, one_id: UUID, other_id: UUID, since: date, pair_id: UUID) -> Pair:
    """Give a person two companions; a former pair ends on that day. The same form sent again changes nothing."""
    known = db.session.get(Pair, (here(), pair_id))
    if known is not None:
        return known
    end_pair(person, since)
    pair = Pair(id=pair_id, person_id=person.id, one_id=one_id, other_id=other_id, since=since)
    db.session.add(pair)
    journal.note("paired", "person", person.id)
    return pair


def end_pair(person: Person, on: date) -> None:
    """The companions of a person stop on this day, or on the one on which they began if that is later."""
    ended = sa.update(Pair).where(Pair.person_id == person.id, Pair.ended_on.is_(None)).values(ended_on=sa.func.greatest(Pair.since, on))
    db.session.execute(ended)


@dataclass(slots=True)
class Suggestion:
    """A possible companion, what speaks for them, and how many people they accompany already."""

    member: Membership
    languages: list[str] = field(default_factory=list)
    likes: list[str] = field(default_factory=list)
    same_street: bool = False
    accompanies: int = 0

    @property
    def order(self) -> tuple[int, int, str]:
        """The most in common first, then those who accompany fewest."""
        return (-(2 * len(self.languages) + 2 * len(self.likes) + 3 * self.same_street), self.accompanies, self.member.display_name)


def suggestions(person: Person) -> list[Suggestion]:
    """Those who may go out, with what each shares with the person: languages besides French, interests, a street."""
    cards = {card.member_id: card for card in db.session.scalars(select(CompanionCard))}
    busy: dict[UUID, int] = {}
    for pair in db.session.scalars(select(Pair).where(Pair.ended_on.is_(None))):
        for each in (pair.one_id, pair.other_id):
            busy[each] = busy.get(each, 0) + 1
    wanted = {name_key(each): each for each in [*lines(person.likes), *lines(person.gives)]}
    found = []
    for member in db.session.scalars(members(Role.coordinator, Role.volunteer)):
        card = cards.get(member.id)
        hint = Suggestion(member, accompanies=busy.get(member.id, 0))
        if card is not None:
            hint.languages = [each for each in card.languages if each in person.languages and each != "fr"]
            hint.likes = [wanted[key] for key in map(name_key, lines(card.likes)) if key in wanted]
            hint.same_street = bool(card.street and person.street) and street_key(card.street) == street_key(person.street)
        found.append(hint)
    return sorted(found, key=lambda each: each.order)


def street_key(text: str | None) -> str:
    """A street without its number, so that neighbours of one street find each other."""
    return " ".join(word for word in name_key(text or "").replace(",", " ").split() if not word[:1].isdigit() and word not in ("bis", "ter"))


def card_of(member_id: UUID) -> CompanionCard | None:
    """What a member said of themselves."""
    return db.session.scalar(select(CompanionCard).where(CompanionCard.member_id == member_id))


def companions(pairs: Sequence[Pair]) -> set[UUID]:
    """Ids of the members in the present pair of those."""
    return {each for pair in pairs if pair.ended_on is None for each in (pair.one_id, pair.other_id)}
