"""Photos chosen for the network's report. They belong to no collective, so no collective's key seals them; the network's role alone reads them.

What a camera writes into a photo lies here only until a worker has made it anew, a few seconds later.
"""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Instant, Model, new_id
from tenants.rows import Global


class NetworkPhoto(Global, Model):
    """A photo, the sentence that says what is on it, and whether it was made anew (`kind`, as for a collective's)."""

    __tablename__ = "network_photos"
    __table_args__ = (sa.Index("ix_network_photos_year", "year"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    year: Mapped[int] = mapped_column(sa.ForeignKey("network_reports.year", ondelete="CASCADE"), type_=sa.SmallInteger)
    kind: Mapped[str] = mapped_column(sa.String(24))
    caption: Mapped[str] = mapped_column(sa.String(200))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    added_at: Mapped[Instant]


def network_photos(year: int) -> Select[NetworkPhoto]:
    """The photos of a year, in the order in which they were brought."""
    return select(NetworkPhoto).where(NetworkPhoto.year == year).order_by(NetworkPhoto.added_at, NetworkPhoto.id)
