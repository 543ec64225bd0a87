"""Documents of a collective: made by a job or brought by someone, kept sealed in pieces. Nothing lies on the disks of web or workers."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Instant, Model, db, new_id, now
from tenants.keys import seal_bytes, unseal_bytes
from tenants.rows import Tenanted, key_to

PIECE = 256 * 1024
LARGEST = 10 * 1024 * 1024


class TooLarge(ValueError):
    """Raised for a document of more than ten megabytes."""


class Document(Tenanted, Model):
    """A file: what it is (`kind`), which row it is about, and how it is called when it is downloaded. Until it is ready it has no pieces."""

    __tablename__ = "documents"
    __table_args__ = (sa.Index("ix_documents_collective_id_about_id", "collective_id", "about_id"),)

    kind: Mapped[str] = mapped_column(sa.String(40))
    about_id: Mapped[UUID]
    filename: Mapped[str] = mapped_column(sa.String(120))
    media_type: Mapped[str] = mapped_column(sa.String(80))
    size: Mapped[int] = mapped_column(default=0)
    asked_by: Mapped[UUID | None]
    asked_at: Mapped[Instant]
    ready_at: Mapped[datetime | None]

    def fill(self, content: bytes) -> None:
        """Seal the content and say that it is ready; filling again replaces it. Raises TooLarge."""
        if len(content) > LARGEST:
            raise TooLarge(f"{len(content)} bytes.")
        db.session.execute(sa.delete(DocumentPiece).where(DocumentPiece.document_id == self.id))
        for position, start in enumerate(range(0, len(content), PIECE)):
            piece = DocumentPiece(id=new_id(), document_id=self.id, position=position)
            piece.content_sealed = seal_bytes(content[start : start + PIECE], piece.about)
            db.session.add(piece)
        self.size, self.ready_at = len(content), now()

    def read(self) -> bytes:
        """The whole content."""
        pieces = db.session.scalars(select(DocumentPiece).where(DocumentPiece.document_id == self.id).order_by(DocumentPiece.position))
        return b"".join(unseal_bytes(each.content_sealed, each.about) for each in pieces)


class DocumentPiece(Tenanted, Model):
    """A quarter of a megabyte of a document."""

    __tablename__ = "document_pieces"
    __table_args__ = (key_to("documents", "document_id"), sa.UniqueConstraint("collective_id", "document_id", "position"))

    document_id: Mapped[UUID]
    position: Mapped[int]
    content_sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)

    @property
    def about(self) -> str:
        """What binds the ciphertext to its place: the document, the piece and its position."""
        return f"document_pieces.content/{self.document_id}/{self.position}/{self.id}"


def documents_about(about_id: UUID) -> Select[Document]:
    """The documents about one row, the newest first."""
    return select(Document).where(Document.about_id == about_id).order_by(Document.asked_at.desc(), Document.id.desc())
