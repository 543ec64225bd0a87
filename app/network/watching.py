"""Watching: at what stage each collective is, and which would like to be called.

Worked out every hour from figures, and from the notes of support permanences, which are published to the network.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Instant, Model, new_id
from app.languages import written_date
from app.network.regions import departments_of
from tenants.models import Collective
from tenants.rows import Global

STAGES = {
    "signed_up": _l("inscrit"),
    "in_training": _l("en formation"),
    "active": _l("actif"),
    "asleep": _l("en sommeil"),
    "ended": _l("terminé"),
}
SIZES = {
    "0": (_l("moins de 2 000 habitants"), 0, 2_000),
    "1": (_l("2 000 à 10 000 habitants"), 2_000, 10_000),
    "2": (_l("10 000 à 50 000 habitants"), 10_000, 50_000),
    "3": (_l("plus de 50 000 habitants"), 50_000, 1_000_000_000),
}
AGES = {"0": (_l("moins de six mois"), 0, 182), "1": (_l("six mois à deux ans"), 182, 730), "2": (_l("plus de deux ans"), 730, 100_000)}


class Act(NamedTuple):
    """The last act of any room: its day, or the first day of a month of which no more is known."""

    on: date
    month: bool

    def iso(self) -> str:
        """As tables to download write it: 2026-11-28, or 2026-11."""
        return f"{self.on:%Y-%m}" if self.month else self.on.isoformat()


def last_act(last_on: date | None, busy_in: str | None) -> Act | None:
    """The day of the last round, or the month of what took place without one, if that is later; None where nothing was noted."""
    if busy_in and (last_on is None or f"{last_on:%Y-%m}" < busy_in):
        return Act(date.fromisoformat(f"{busy_in}-01"), month=True)
    return Act(last_on, month=False) if last_on else None


class Watch(Global, Model):
    """What the last look at one collective's figures said. `id` is the collective's; each reason to call is a column."""

    __tablename__ = "watches"
    __table_args__ = (sa.Index("ix_watches_calls_id", sa.text("calls DESC"), "id"), sa.Index("ix_watches_department", "department"))

    id: Mapped[UUID] = mapped_column(sa.ForeignKey("collectives.id", ondelete="CASCADE"), primary_key=True)
    department: Mapped[str] = mapped_column(sa.String(3))
    population: Mapped[int]
    founded_on: Mapped[date]
    stage: Mapped[str] = mapped_column(sa.String(12))
    last_on: Mapped[date | None]
    # The latest month in which something besides rounds took place: rounds alone are dated to the day.
    busy_in: Mapped[str | None] = mapped_column(sa.String(7))
    # The later of both, to sort by: a month that is over was busy until its last day, the present one until the day of the look.
    seen_on: Mapped[date | None]
    held: Mapped[int]
    planned: Mapped[int]
    orphan: Mapped[bool]
    silent_days: Mapped[int | None]
    unopened_days: Mapped[int | None]
    missed_sessions: Mapped[int]
    few_presences: Mapped[bool]
    # How many support permanences were missed in a row, the latest due one included; None where none was due yet.
    unmet: Mapped[int | None] = mapped_column(sa.SmallInteger)
    calls: Mapped[int] = mapped_column(sa.SmallInteger)
    looked_at: Mapped[Instant]

    def reasons(self) -> list[str]:
        """Why someone should call, in sentences."""
        said = [_("Plus personne ne coordonne.")] if self.orphan else []
        if self.silent_days:
            said.append(_("Rien de noté depuis %(days)d jours.", days=self.silent_days))
        if self.unopened_days:
            said.append(_("L’espace est ouvert depuis %(days)d jours, et rien n’y est noté.", days=self.unopened_days))
        if self.missed_sessions:
            said.append(
                ngettext(
                    "Une séance du mois dernier est restée sans présences.",
                    "%(num)d séances du mois dernier sont restées sans présences.",
                    self.missed_sessions,
                )
            )
        if self.few_presences:
            said.append(_("Moins de six présences sur dix aux séances de cette année."))
        if self.unmet:
            said.append(
                ngettext(
                    "La dernière permanence de soutien manque, ou sa note.",
                    "Les %(num)d dernières permanences de soutien manquent, ou leurs notes.",
                    self.unmet,
                )
            )
        return said

    def progress(self) -> str:
        """How far the course has come."""
        return (
            ngettext("%(num)d séance sur %(planned)d", "%(num)d séances sur %(planned)d", self.held, planned=self.planned)
            if self.planned
            else _("pas de parcours")
        )

    def activity(self) -> str:
        """When something was last noted: the day of a round, or the month of what takes place without one, if that is later."""
        act = last_act(self.last_on, self.busy_in)
        if act and act.month:
            return _("séances, permanences ou rencontres en %(month)s", month=written_date(act.on, "MMMM y"))
        return _("dernière activité le %(day)s", day=written_date(act.on, "d MMM y")) if act else _("rien de noté")

    def support(self) -> str:
        """How its meetings with the network stand; nothing where none was due yet."""
        if self.unmet is None:
            return ""
        return (
            ngettext("%(num)d permanence de soutien manquée", "%(num)d permanences de soutien manquées", self.unmet)
            if self.unmet
            else _("soutien à jour")
        )


class WatchSum(Global, Model):
    """How many collectives of a department are at a stage, and how many of them would like a call."""

    __tablename__ = "watch_sums"

    department: Mapped[str] = mapped_column(sa.String(3), primary_key=True)
    stage: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    collectives: Mapped[int]
    to_call: Mapped[int]


class SavedView(Global, Model):
    """Filters under a name, of one of the head's staff."""

    __tablename__ = "saved_views"
    __table_args__ = (sa.UniqueConstraint("user_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(sa.String(60))
    query: Mapped[str] = mapped_column(sa.String(300))
    made_at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True), server_default=sa.func.now())


def watched(filters: dict[str, str], today: date) -> Select[Watch, str]:
    """Collectives that answer to all filters, those that most need a call first, with their names."""
    query = select(Watch, Collective.name).join(Collective, Collective.id == Watch.id)
    if filters.get("departement"):
        query = query.where(Watch.department == filters["departement"])
    if filters.get("region"):
        query = query.where(Watch.department.in_(departments_of(filters["region"])))
    if filters.get("etape") in STAGES:
        query = query.where(Watch.stage == filters["etape"])
    if filters.get("taille") in SIZES:
        _label, least, most = SIZES[filters["taille"]]
        query = query.where(Watch.population >= least, Watch.population < most)
    if filters.get("age") in AGES:
        _label, least, most = AGES[filters["age"]]
        query = query.where(Watch.founded_on <= today - timedelta(days=least), Watch.founded_on > today - timedelta(days=most))
    if filters.get("soutien"):
        query = query.where(Watch.unmet > 0)
    if filters.get("appeler"):
        query = query.where(Watch.calls > 0)
    return query.order_by(Watch.calls.desc(), Watch.id)
