"""What teams may notice in the public space while walking: one list for all, kept by the head of the network."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from tenants.rows import Global


class StreetSign(Global, Model):
    """A sign that people may be on their own around here: no bench, shutters always closed. A retired one stays where it was noticed."""

    __tablename__ = "street_signs"

    code: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    label: Mapped[str] = mapped_column(sa.String(80))
    label_en: Mapped[str] = mapped_column(sa.String(80))
    position: Mapped[int] = mapped_column(sa.SmallInteger)
    # A day and not a flag: the head sees since when it is no longer offered.
    retired_at: Mapped[datetime | None] = mapped_column(sa.DateTime(timezone=True))

    def name(self, language: str) -> str:
        """The label in a language of the house."""
        return self.label_en if language == "en" else self.label


def signs() -> Select[StreetSign]:
    """All signs in the head's order, the retired ones included."""
    return select(StreetSign).order_by(StreetSign.position, StreetSign.code)
