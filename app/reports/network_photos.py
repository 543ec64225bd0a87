"""Photos chosen for the network's report. They belong to no collective: a key of the house seals them; the network's role alone reads them.

What a camera writes into a photo lies here, sealed, only until a worker has made it anew, a few seconds later.
"""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Instant, Model, new_id
from tenants.house_keys import reseal_in_house, seal_in_house, unseal_in_house
from tenants.masters import Tally
from tenants.rows import Global

SEAL = "network/seal"


class NetworkPhoto(Global, Model):
    """A photo, the sentence that says what is on it, and whether it was made anew (`kind`, as for a collective's)."""

    __tablename__ = "network_photos"
    __table_args__ = (sa.Index("ix_network_photos_year", "year"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    year: Mapped[int] = mapped_column(sa.ForeignKey("network_reports.year", ondelete="CASCADE"), type_=sa.SmallInteger)
    kind: Mapped[str] = mapped_column(sa.String(24))
    caption_sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    content_sealed: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    added_at: Mapped[Instant]

    # What binds a ciphertext to its row has to be there first: `NetworkPhoto(id=…, …)` begins with it.
    def _about(self, part: str) -> str:
        return f"network_photos.{part}/{self.id}"

    @property
    def caption(self) -> str:
        """What is on it."""
        return unseal_in_house(self.caption_sealed, SEAL, self._about("caption")).decode()

    @caption.setter
    def caption(self, text: str) -> None:
        self.caption_sealed = seal_in_house(text.encode(), SEAL, self._about("caption"))

    @property
    def content(self) -> bytes:
        """The picture."""
        return unseal_in_house(self.content_sealed, SEAL, self._about("content"))

    @content.setter
    def content(self, picture: bytes) -> None:
        self.content_sealed = seal_in_house(picture, SEAL, self._about("content"))

    def reseal(self, *, write: bool) -> Tally:
        """Seal both anew under the present master key, where they still are under the former; counts them. Without `write` they are only counted."""
        caption, caption_sealed = reseal_in_house(self.caption_sealed, SEAL, self._about("caption"))
        content, content_sealed = reseal_in_house(self.content_sealed, SEAL, self._about("content"))
        if write:
            self.caption_sealed, self.content_sealed = caption_sealed, content_sealed
        return caption.plus(content)


def network_photos(year: int) -> Select[NetworkPhoto]:
    """The photos of a year, in the order in which they were brought."""
    return select(NetworkPhoto).where(NetworkPhoto.year == year).order_by(NetworkPhoto.added_at, NetworkPhoto.id)
