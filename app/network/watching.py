"""Watching: at what stage each collective is, and which would like to be called.

Worked out every hour from figures, and from the notes of support permanences, which are published to the network.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db import Instant, Model, new_id
from app.followup.support import last_due_month
from app.network.regions import departments_of
from tenants.models import Collective
from tenants.months import month_of, months_before, year_of
from tenants.rows import Global

# Days without anything noted after which one asks, after which a collective sleeps, and after which, with nobody left, it has ended.
ASK, ASLEEP, ENDED = 30, 60, 365
# Support permanences are looked back for so many months.
SUPPORT_MONTHS = 12
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
        return _("%(held)d séances sur %(planned)d", held=self.held, planned=self.planned) if self.planned else _("pas de parcours")

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


LOOK = sa.text(
    """
    insert into watches (id, department, population, founded_on, stage, last_on, held, planned, orphan, silent_days, unopened_days,
                         missed_sessions, few_presences, unmet, calls, looked_at)
    select id, department, population, founded_on, stage, last_on, held, planned, orphan, silent_days, unopened_days, missed_sessions, few_presences,
           unmet,
           case when stage = 'ended' then 0
                else orphan::int + (silent_days is not null)::int + (unopened_days is not null)::int
                     + (missed_sessions > 0)::int + few_presences::int + (coalesce(unmet, 0) > 0)::int end,
           now()
    from (
        select *,
               case when last_on is null and started = 0 then 'signed_up'
                    when started > completed then 'in_training'
                    when last_on >= cast(:today as date) - cast(:asleep as int) then 'active'
                    when orphan and last_on < cast(:today as date) - cast(:ended as int) then 'ended'
                    else 'asleep' end as stage,
               case when cast(:today as date) - last_on > :ask then cast(:today as date) - last_on end as silent_days,
               case when last_on is null and cast(:today as date) - founded_on > :ask then cast(:today as date) - founded_on end as unopened_days
        from (
            select c.id, c.department, c.population, c.created_at::date as founded_on, date '1970-01-01' + f.last::int as last_on,
                   coalesce(f.held, 0) as held, coalesce(f.planned, 0) as planned, coalesce(f.coordinators, 0) = 0 as orphan,
                   coalesce(f.started, 0) as started, coalesce(f.completed, 0) as completed,
                   greatest(coalesce(f.planned_before, 0) - coalesce(f.held_before, 0), 0) as missed_sessions,
                   coalesce(f.expected, 0) >= 20 and coalesce(f.presences, 0) * 10 < coalesce(f.expected, 0) * 6 as few_presences,
                   -- Months in a row without a written note, back to the last one that has it or to the first whole month that there was.
                   case when whole.first <= :due then least(:due - greatest(whole.first - 1, met.last), :support_months) end as unmet
            from collectives c
            cross join lateral (
                select extract(year from day)::int * 12 + extract(month from day)::int as first
                from (select c.created_at::date + interval '1 month' - interval '1 day' as day) born
            ) whole
            left join (
                select publisher_id, max(left(month, 4)::int * 12 + right(month, 2)::int) as last
                from support_meetings where mood is not null and month between :support_since and :due_month group by publisher_id
            ) met on met.publisher_id = c.id
            left join (
                select collective_id,
                       max(value) filter (where indicator = 'last_activity') as last,
                       max(value) filter (where indicator = 'coordinators') as coordinators,
                       max(value) filter (where period = 'ever' and indicator = 'sessions_held') as held,
                       max(value) filter (where period = 'ever' and indicator = 'sessions_planned') as planned,
                       max(value) filter (where indicator = 'courses_started') as started,
                       max(value) filter (where indicator = 'courses_completed') as completed,
                       max(value) filter (where period = :before and indicator = 'sessions_planned') as planned_before,
                       max(value) filter (where period = :before and indicator = 'sessions_held') as held_before,
                       max(value) filter (where indicator = 'presences') as presences,
                       max(value) filter (where indicator = 'presences_expected') as expected
                from figures
                where (period = 'ever' and indicator in ('last_activity', 'coordinators', 'sessions_held', 'sessions_planned',
                                                         'courses_started', 'courses_completed'))
                   or (period = :before and indicator in ('sessions_planned', 'sessions_held'))
                   or (period = :year and indicator in ('presences', 'presences_expected'))
                group by collective_id
            ) f on f.collective_id = c.id
        ) known
    ) staged
    """
)
ADD_UP = sa.text(
    "insert into watch_sums (department, stage, collectives, to_call) "
    "select department, stage, count(*), count(*) filter (where calls > 0) from watches group by department, stage"
)


def look(session: Session, today: date) -> None:
    """Look at all collectives again, in one statement over their figures."""
    session.execute(sa.text("select pg_advisory_xact_lock(hashtext('watching'))"))
    session.execute(sa.delete(Watch))
    session.execute(sa.delete(WatchSum))
    month = month_of(today)
    due_month = last_due_month(today)
    support = {
        "due": int(due_month[:4]) * 12 + int(due_month[5:]),
        "due_month": due_month,
        "support_since": months_before(due_month, SUPPORT_MONTHS)[-1],
        "support_months": SUPPORT_MONTHS,
    }
    told = support | {"today": today, "ask": ASK, "asleep": ASLEEP, "ended": ENDED, "before": months_before(month, 2)[1], "year": year_of(month)}
    session.execute(LOOK, told)
    session.execute(ADD_UP)


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
