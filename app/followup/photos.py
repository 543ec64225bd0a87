"""Photos of activities: brought with the consent of those on them, made anew without what a camera writes into them, kept sealed."""

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy_utils import ChoiceType

from app.db import Instant, Model, db, new_id
from app.followup.activities import Activity
from app.people.erasure import erases, says
from tenants import journal
from tenants.documents import Document
from tenants.keys import Sealed
from tenants.rows import Tenanted, key_to
from tenants.scope import place

KIND = "activity_photo"
# How the files begin that a photo may be; what a name or a browser says of a file is not asked.
SIGNS = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))
MADE = "image/jpeg"


class PhotoState(StrEnum):
    """Whether it was made anew, still waits for it, or could not be read."""

    waiting = "waiting"
    ready = "ready"
    broken = "broken"


class ActivityPhoto(Tenanted, Model):
    """A photo, and in whose words those on it agreed. Its consent taken back, it goes with all its bytes."""

    __tablename__ = "activity_photos"
    __table_args__ = (
        key_to("activities", "activity_id"),
        key_to("documents", "document_id"),
        sa.Index("ix_activity_photos_collective_id_activity_id", "collective_id", "activity_id"),
    )

    activity_id: Mapped[UUID]
    document_id: Mapped[UUID]
    state: Mapped[PhotoState] = mapped_column(ChoiceType(PhotoState, impl=sa.String(8)), default=PhotoState.waiting)
    # Who is on it and said yes, to whom.
    consent_sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    # What is to be seen, for those who do not see it.
    caption: Mapped[str] = mapped_column(sa.String(120))
    by_user: Mapped[UUID | None]
    at: Mapped[Instant]
    consent = Sealed()


def sniffed(content: bytes) -> str | None:
    """What kind of picture this is by its first bytes; None if it is none that we read."""
    for sign, kind in SIGNS:
        if content.startswith(sign):
            return kind
    return "image/webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None


def bring(activity: Activity, photo_id: UUID, content: bytes, consent: str, caption: str) -> ActivityPhoto:
    """Keep a photo as it came, sealed, until a worker has made it anew."""
    document = Document(id=new_id(), kind=KIND, about_id=activity.id, filename="photo.jpg", media_type=MADE, asked_by=place().user_id)
    db.session.add(document)
    # Pieces and photo point at the document.
    db.session.flush()
    document.fill(content)
    photo = ActivityPhoto(id=photo_id, activity_id=activity.id, document_id=document.id, consent=consent, caption=caption, by_user=place().user_id)
    db.session.add(photo)
    journal.note("photographed", "activity", activity.id)
    return photo


def forget(photo: ActivityPhoto) -> None:
    """Take it away, bytes and all: the photo goes with its document."""
    db.session.delete(db.session.get_one(Document, (photo.collective_id, photo.document_id)))
    journal.note("forgot a photo", "activity", photo.activity_id)
    journal.note_removal("photo", photo.id)


def photos_of(activity_id: UUID) -> Select[ActivityPhoto]:
    """The photos of an activity, the first one first."""
    return select(ActivityPhoto).where(ActivityPhoto.activity_id == activity_id).order_by(ActivityPhoto.at, ActivityPhoto.id)


@erases
def forget_photos_of(_person_id: UUID, names: Sequence[str]) -> None:
    """Who is on a photo stands in the words of the consent: a photo on which someone is, goes with them, bytes and all."""
    for photo in db.session.scalars(select(ActivityPhoto)):
        if says(photo.consent, names):
            forget(photo)
