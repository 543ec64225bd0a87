"""The same picture on the other side: what a collective and the network have both published, each takes back by itself.

Nothing is looked at but what everybody reads: editions, and what was taken back from them.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from app.reports.content import Content
from app.reports.models import NETWORK, EditionFile, ReportEdition
from app.reports.withdrawals import PICTURE, PhotoWithdrawal
from tenants.models import Collective


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An edition of the other side that shows a picture, or showed it until a day. Without a name it is the network's."""

    place: str
    name: str | None
    year: int
    number: int
    withdrawn_on: date | None


def elsewhere(session: Session, publisher_id: UUID, pictures: Collection[str]) -> dict[str, list[Elsewhere]]:
    """Of some pictures, by their checksums: where the other side has published them too, one edition for each of its years.

    For a collective the other side is the network, for the network every collective. The newest edition that shows it, or else that did.
    """
    found: dict[tuple[str, UUID, int], tuple[int, date | None]] = {}
    for picture, publisher, year, number, taken in [*_taken_back(session, publisher_id, pictures), *_shown(session, publisher_id, pictures)]:
        found[picture, publisher, year] = (number, taken)
    publishers = {publisher for _picture, publisher, _year in found}
    places: dict[UUID, tuple[str, str | None]] = {NETWORK: ("reseau", None)}
    places |= {each.id: (each.slug, each.name) for each in session.scalars(select(Collective).where(Collective.id.in_(publishers - {NETWORK})))}
    said: dict[str, list[Elsewhere]] = {}
    for (picture, publisher, year), (number, taken) in found.items():
        # What a collective that is gone has published has no page any more.
        if publisher in places:
            said.setdefault(picture, []).append(Elsewhere(*places[publisher], year, number, taken))
    return said


Line = tuple[str, UUID, int, int, date | None]


def _others(publisher_id: UUID) -> sa.ColumnElement[bool]:
    return ReportEdition.publisher_id != NETWORK if publisher_id == NETWORK else ReportEdition.publisher_id == NETWORK


def _shown(session: Session, publisher_id: UUID, pictures: Collection[str]) -> list[Line]:
    own = sa.and_(EditionFile.publisher_id == ReportEdition.publisher_id, EditionFile.edition_id == ReportEdition.id)
    query = select(EditionFile.checksum, ReportEdition.publisher_id, ReportEdition.year, ReportEdition.number).join(ReportEdition, own)
    query = query.where(_others(publisher_id), EditionFile.media_type == PICTURE, EditionFile.checksum.in_(pictures))
    return [(*row, None) for row in session.execute(query.order_by(ReportEdition.number))]


def _taken_back(session: Session, publisher_id: UUID, pictures: Collection[str]) -> list[Line]:
    # The files are gone; that an edition showed a picture stands in its frozen content.
    names_one = sa.or_(sa.false(), *(ReportEdition.content.like(b"%" + each.encode() + b"%") for each in pictures))
    own = sa.and_(PhotoWithdrawal.publisher_id == ReportEdition.publisher_id, PhotoWithdrawal.edition_id == ReportEdition.id)
    query = select(ReportEdition, PhotoWithdrawal.name, PhotoWithdrawal.withdrawn_on).join(PhotoWithdrawal, own)
    rows = session.execute(query.where(_others(publisher_id), names_one).options(undefer(ReportEdition.content)).order_by(ReportEdition.number))
    lines: list[Line] = []
    for known, name, taken in rows:
        sums = [str(photo["checksum"]) for photo in Content.read(known.content).parts["photos"] if photo["name"] == name]
        lines += [(each, known.publisher_id, known.year, known.number, taken) for each in sums if each in pictures]
    return lines
