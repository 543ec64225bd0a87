"""A published photo is taken back: its bytes go, with those of the papers that show it, and a line says so in their place.

All else of the edition stays as it was frozen. The database lets go of no file of an edition that no such line names.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from flask import abort
from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column, undefer

from app.db import Model, new_id
from app.reports.content import Content
from app.reports.drafts import edition
from app.reports.models import EditionFile, ReportEdition, editions_of
from tenants.rows import Published

PICTURE = "image/jpeg"
# The report shows all photos, the pages for the municipal council the first alone (workers/report_papers.py).
REPORT = ("rapport.pdf", "rapport.en.pdf")
COUNCIL = ("conseil-municipal.pdf", "conseil-municipal.en.pdf")
LARGEST = 10_000


class PhotoWithdrawal(Published, Model):
    """That a photo of an edition was taken back, and when. Whose agreement it was is written nowhere."""

    __tablename__ = "photo_withdrawals"
    __table_args__ = (sa.UniqueConstraint("publisher_id", "edition_id", "name"),)

    edition_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(sa.String(80))
    withdrawn_on: Mapped[date]


def withdrawals_of(known: ReportEdition) -> Select[PhotoWithdrawal]:
    """What was taken back from an edition."""
    own = (PhotoWithdrawal.publisher_id == known.publisher_id, PhotoWithdrawal.edition_id == known.id)
    return select(PhotoWithdrawal).where(*own).order_by(PhotoWithdrawal.name)


def showing(content: Content, name: str) -> tuple[str, ...]:
    """The files of an edition that show one of its photos, the photo itself first."""
    first = content.parts["photos"][:1]
    return (name, *REPORT, *(COUNCIL if first and first[0]["name"] == name else ()))


def gone_since(session: Session, known: ReportEdition, name: str) -> date | None:
    """Since when a file of an edition is gone, because it is or shows a photo that was taken back. `known` has its content."""
    content = Content.read(known.content)
    return min((each.withdrawn_on for each in session.scalars(withdrawals_of(known)) if name in showing(content, each.name)), default=None)


def has_photos(session: Session, editions: Sequence[ReportEdition]) -> bool:
    """Whether any of a publisher's editions shows a photo."""
    ids = [each.id for each in editions]
    own = (EditionFile.publisher_id == editions[0].publisher_id, EditionFile.edition_id.in_(ids)) if editions else (sa.false(),)
    return session.scalar(select(EditionFile.id).where(*own, EditionFile.media_type == PICTURE).limit(1)) is not None


def published_photos(session: Session, publisher_id: UUID, year: int) -> list[tuple[ReportEdition, str, str, str]]:
    """The photos of a year that everybody sees, each once: the newest edition that shows it, its name there, what is on it, its checksum.

    404 for what is no year.
    """
    if not 0 < year < LARGEST:
        abort(404)
    found: dict[str, tuple[ReportEdition, str, str, str]] = {}
    for known in session.scalars(editions_of(publisher_id, year).options(undefer(ReportEdition.content))):
        taken = {each.name for each in session.scalars(withdrawals_of(known))}
        for photo in Content.read(known.content).parts["photos"]:
            if photo["name"] not in taken:
                found.setdefault(photo["checksum"], (known, photo["name"], photo["caption"], photo["checksum"]))
    return list(found.values())


def published_photo(publisher_id: UUID, year: int, number: int, name: str) -> str:
    """The checksum of a photo of an edition, taken back or not; 404 where there is none."""
    if not all(0 < each < LARGEST for each in (year, number)):
        abort(404)
    known = edition(publisher_id, year, number) or abort(404)
    photos = Content.read(known.content).parts["photos"]
    return next((str(photo["checksum"]) for photo in photos if photo["name"] == name), None) or abort(404)


def withdraw(session: Session, publisher_id: UUID, picture: str, today: date) -> int:
    """Take back every photo of these bytes from every edition of a publisher; returns from how many. What is gone already stays so."""
    own = (EditionFile.publisher_id == publisher_id, EditionFile.media_type == PICTURE, EditionFile.checksum == picture)
    shown = session.execute(select(EditionFile.edition_id, EditionFile.name).where(*own)).all()
    for edition_id, name in shown:
        row = select(ReportEdition).where(ReportEdition.publisher_id == publisher_id, ReportEdition.id == edition_id)
        known = session.scalars(row.options(undefer(ReportEdition.content))).one()
        session.add(PhotoWithdrawal(publisher_id=publisher_id, id=new_id(), edition_id=edition_id, name=name, withdrawn_on=today))
        # The guard of the files looks for this line.
        session.flush()
        gone = EditionFile.name.in_(showing(Content.read(known.content), name))
        session.execute(delete(EditionFile).where(EditionFile.publisher_id == publisher_id, EditionFile.edition_id == edition_id, gone))
    return len(shown)
