"""Photos of the network's report: made anew, and read for an edition, as the network's role."""

from uuid import UUID

from sqlalchemy.orm import Session, undefer

from app.db import db
from app.reports.network_photos import NetworkPhoto, network_photos
from app.reports.photo_views import BROKEN, CLEAN, RAW
from workers.photos import NoPicture, anew
from workers.queue import job


@job
def prepare_network_photo(photo_id: str) -> None:
    """Make a photo anew. One that cannot be read keeps nothing but its caption."""
    with Session(db.engines["network"]) as session, session.begin():
        photo = session.get(NetworkPhoto, UUID(photo_id), with_for_update=True)
        if photo is None or photo.kind != RAW:
            return
        try:
            photo.content, photo.kind = anew(photo.content), CLEAN
        except NoPicture:
            photo.content, photo.kind = b"", BROKEN


def photos_for(session: Session, year: int) -> list[tuple[str, str, bytes]]:
    """The photos of an edition: name, caption, bytes. What no worker has looked at is not published."""
    ready = session.scalars(network_photos(year).where(NetworkPhoto.kind == CLEAN).options(undefer(NetworkPhoto.content_sealed)))
    return [(f"photo-{number}.jpg", each.caption, each.content) for number, each in enumerate(ready, 1)]
