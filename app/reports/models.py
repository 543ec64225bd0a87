"""Drafts of yearly reports, the photos chosen for them, and the editions that were published."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Instant, Model, now
from tenants.keys import Sealed
from tenants.rows import Global, Published, Tenanted, key_to

# Who publishes what belongs to no collective.
NETWORK = UUID(int=0)
TEXTS = ("opening", "moments", "ahead")
MOST_PHOTOS = 6
PATIENCE = timedelta(hours=1)


class Draft:
    """What a draft can do, of a collective or of the network."""

    asked_edition_id: Mapped[UUID | None]
    asked_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]

    def ask(self, edition_id: UUID) -> bool:
        """Say that an edition is wanted. False if one is being made already: of two who publish at once, the second meets the first."""
        if self.is_being_made:
            return False
        self.asked_edition_id, self.asked_at, self.refused_at = edition_id, now(), None
        return True

    @property
    def is_being_made(self) -> bool:
        """Whether a worker is at it. One who has not come back after an hour never will, and another may be asked."""
        return self.asked_edition_id is not None and self.asked_at is not None and now() - self.asked_at < PATIENCE

    def answer(self) -> None:
        """The edition is there."""
        self.asked_edition_id = self.asked_at = None

    def refuse(self) -> None:
        """No edition can be made that reveals nobody."""
        self.asked_edition_id, self.refused_at = None, now()


class Report(Draft, Tenanted, Model):
    """The draft of one year of a collective. Sealed until it is published: what is crossed out was never public."""

    __tablename__ = "reports"
    __table_args__ = (sa.UniqueConstraint("collective_id", "year"),)

    year: Mapped[int] = mapped_column(sa.SmallInteger)
    opening_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    moments_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    ahead_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    correction_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    # The exact figures at the moment of the latest edition, for the team alone: what comes later is told apart from them.
    counted: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    asked_edition_id: Mapped[UUID | None]
    asked_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    opened_at: Mapped[Instant]

    opening = Sealed()
    moments = Sealed()
    ahead = Sealed()
    correction = Sealed()


class ReportPhoto(Tenanted, Model):
    """A photo chosen for a report, with the sentence that says what is on it."""

    __tablename__ = "report_photos"
    __table_args__ = (
        key_to("reports", "report_id"),
        key_to("documents", "document_id"),
        sa.Index("ix_report_photos_collective_id_report_id", "collective_id", "report_id"),
    )

    report_id: Mapped[UUID]
    document_id: Mapped[UUID]
    caption_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    added_at: Mapped[Instant]

    caption = Sealed()


class NetworkReport(Draft, Global, Model):
    """The draft of one year of the network. The network's role alone reads and writes it."""

    __tablename__ = "network_reports"

    year: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    opening: Mapped[str | None] = mapped_column(sa.Text)
    moments: Mapped[str | None] = mapped_column(sa.Text)
    ahead: Mapped[str | None] = mapped_column(sa.Text)
    correction: Mapped[str | None] = mapped_column(sa.Text)
    asked_edition_id: Mapped[UUID | None]
    asked_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]


class ReportEdition(Published, Model):
    """One published edition. Its content is bytes: what is read again is what was frozen. Nobody may change or delete it."""

    __tablename__ = "report_editions"
    __table_args__ = (sa.UniqueConstraint("publisher_id", "year", "number"), sa.Index("ix_report_editions_year_publisher_id", "year", "publisher_id"))

    year: Mapped[int] = mapped_column(sa.SmallInteger)
    number: Mapped[int] = mapped_column(sa.SmallInteger)
    published_on: Mapped[date]
    # Said before the year was over.
    provisional: Mapped[bool]
    checksum: Mapped[str] = mapped_column(sa.String(64))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)


class EditionFile(Published, Model):
    """A file made from an edition when it was frozen: papers, tables, photos."""

    __tablename__ = "edition_files"
    __table_args__ = (sa.UniqueConstraint("publisher_id", "edition_id", "name"),)

    edition_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(sa.String(80))
    media_type: Mapped[str] = mapped_column(sa.String(80))
    size: Mapped[int]
    checksum: Mapped[str] = mapped_column(sa.String(64))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)


def editions_of(publisher_id: UUID, year: int | None = None) -> Select[ReportEdition]:
    """The editions of a publisher, of one year if it is named, the newest first."""
    query = select(ReportEdition).where(ReportEdition.publisher_id == publisher_id)
    query = query.where(ReportEdition.year == year) if year else query
    return query.order_by(ReportEdition.year.desc(), ReportEdition.number.desc())


def files_of(edition: ReportEdition) -> Select[EditionFile]:
    """The files of an edition, by name."""
    return (
        select(EditionFile).where(EditionFile.publisher_id == edition.publisher_id, EditionFile.edition_id == edition.id).order_by(EditionFile.name)
    )


def report_of(year: int) -> Select[Report]:
    """The present collective's draft of a year."""
    return select(Report).where(Report.year == year)


def photos_of(report_id: UUID) -> Select[ReportPhoto]:
    """The photos of a report, in the order in which they were brought."""
    return select(ReportPhoto).where(ReportPhoto.report_id == report_id).order_by(ReportPhoto.added_at, ReportPhoto.id)
