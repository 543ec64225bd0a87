"""Bringing an export into the directory: read once to see what would change, and once more to write it."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy_utils import ChoiceType

from app.db import Instant, Model, db
from tenants.documents import Document
from tenants.rows import Tenanted

DOCUMENT_KIND = "resources brought"
EXPORT_KIND = "resources export"
# Faults that are kept with their sentence; the others are counted.
KEPT_FAULTS = 1000
# A file nobody confirmed is not kept longer.
FORGOTTEN_AFTER = timedelta(days=7)


class ImportState(StrEnum):
    """Where an import stands."""

    reading = "reading"
    ready = "ready"
    writing = "writing"
    done = "done"
    failed = "failed"
    left = "left"


class ResourceImport(Tenanted, Model):
    """One bringing in of one or two files: what was found in them, line by line, and what became of it."""

    __tablename__ = "resource_imports"

    state: Mapped[ImportState] = mapped_column(ChoiceType(ImportState, impl=sa.String(8)), default=ImportState.reading)
    filenames: Mapped[list[str]] = mapped_column(default=list)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    faults: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    # Why nothing could be read at all.
    trouble: Mapped[str | None] = mapped_column(sa.String(12))
    asked_by: Mapped[UUID | None]
    asked_at: Mapped[Instant]
    done_at: Mapped[datetime | None]

    @property
    def changes(self) -> int:
        """How many entries would be written."""
        return sum(self.counts.get(each, {}).get(what, 0) for each in KINDS for what in ("new", "changed", "vanished"))

    def drop_files(self) -> None:
        """Forget the files: what they said is written, or was not wanted."""
        db.session.execute(sa.delete(Document).where(Document.about_id == self.id, Document.kind == DOCUMENT_KIND))


KINDS = ("resources", "services")


def files_of(import_id: UUID) -> Select[Document]:
    """The files of an import, in the order in which they were chosen."""
    return select(Document).where(Document.about_id == import_id, Document.kind == DOCUMENT_KIND).order_by(Document.id)


def latest_imports() -> Select[ResourceImport]:
    """Imports, the latest first."""
    return select(ResourceImport).order_by(ResourceImport.asked_at.desc(), ResourceImport.id.desc())
