"""The public page of a collective that wants one: what it is, the phone first, where to find it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Instant, Model, db
from tenants.models import Collective
from tenants.rows import Published
from tenants.scope import here


class PublicPage(Published, Model):
    """One page of one collective; its id is the collective's own. Taken down, the row is gone."""

    __tablename__ = "public_pages"

    phone: Mapped[str] = mapped_column(sa.String(16))
    hours: Mapped[str] = mapped_column(sa.String(300))
    about: Mapped[str] = mapped_column(sa.Text)
    first_shown_at: Mapped[Instant]
    changed_at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))


def own_page() -> PublicPage | None:
    """The page of the present collective."""
    return db.session.get(PublicPage, (here(), here()))


def page_of(collective: Collective) -> PublicPage | None:
    """The page of a collective, for whoever comes by."""
    return db.session.get(PublicPage, (collective.id, collective.id))


def shown_pages() -> Select[Collective, PublicPage]:
    """All collectives that have a page, by department and name."""
    joined = sa.and_(PublicPage.publisher_id == Collective.id, PublicPage.id == Collective.id)
    return select(Collective, PublicPage).join(PublicPage, joined).order_by(Collective.department, Collective.name_key, Collective.id)
