"""What a draft stands on: the years that were counted, the late entries, and what comes of a click."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import undefer

from app.db import db
from app.reports.models import Draft, Report, ReportEdition, editions_of, report_of
from app.reports.yearly import CODES
from tenants import ledger
from tenants.ledger import Figure
from tenants.rows import insert_once
from tenants.scope import here
from workers import progress

Late = tuple[str, int, int]


def years_counted(today: date) -> list[int]:
    """The years in which the present collective has figures, the latest first. What is planned for a year to come is not told yet."""
    periods = select(Figure.period).where(sa.func.length(Figure.period) == 4, Figure.period <= str(today.year)).distinct()
    return sorted((int(each) for each in db.session.scalars(periods)), reverse=True)


def draft_of(year: int) -> Report:
    """The present collective's draft of a year, opened if there is none, and held until the transaction ends."""
    insert_once(Report, [{"id": uuid5(here(), str(year)), "year": year}])
    return db.session.scalars(report_of(year).with_for_update()).one()


def told(draft: Draft | None) -> int:
    """How many hundredths of the edition that is being made are done."""
    return progress.of(draft.asked_edition_id) if draft and draft.is_being_made and draft.asked_edition_id else 0


def proposed(years: list[int], published: Mapping[int, ReportEdition], today: date) -> int | None:
    """The year that waits to be reported: the one just over while it has no edition, or a provisional one, else the latest.

    `published` holds the newest edition of each year. An older year is told by whoever wants to.
    """
    over = today.year - 1
    told = over in published and not published[over].provisional
    return over if over in years and not told else next(iter(years), None)


def figures_of_year(year: int) -> dict[str, int]:
    """The present figures of a year, exact: {indicator: value}."""
    return ledger.figures_of(str(year)).get(str(year), {})


def late_entries(counted: Mapping[str, int] | None, present: Mapping[str, int]) -> list[Late]:
    """What changed since the latest edition was counted: indicator, then, now. An indicator that the edition did not have is not late."""
    if counted is None:
        return []
    return [(code, counted[code], present.get(code, 0)) for code in CODES if code in counted and counted[code] != present.get(code, 0)]


def own_editions(year: int | None = None) -> list[ReportEdition]:
    """The editions of the present collective, the newest first."""
    return list(db.session.scalars(editions_of(here(), year)))


def edition(publisher_id: UUID, year: int, number: int | None = None) -> ReportEdition | None:
    """An edition of a year with its content: the newest, or the one of this number."""
    query = editions_of(publisher_id, year)
    query = query.where(ReportEdition.number == number) if number else query
    return db.session.scalars(query.options(undefer(ReportEdition.content)).limit(1)).one_or_none()
