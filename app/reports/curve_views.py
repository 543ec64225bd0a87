"""Curves of the network and of a collective. The drawing is made by a worker; table and sentence are there at once."""

from typing import Any
from uuid import UUID

from flask import abort, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import db
from app.network import bp as network
from app.network.funnel import funnel
from app.network.queries import reading, sums
from app.pages import page
from app.reports import bp
from app.reports.curve_models import Chart, size_of
from app.reports.curves import DRAWABLE, Curve, curve, medians_of, periods_until
from app.reports.yearly import WHOLE
from tenants import ledger
from tenants.access import may
from tenants.groups import GROUPS
from tenants.indicators import CATALOGUE
from tenants.ledger import Figure
from tenants.models import Collective
from tenants.months import EVER, month_of, today_in, year_of
from tenants.scope import here
from workers.queue import later


def asked() -> tuple[str, bool]:
    """The indicator and whether years are wanted; what cannot be read is doors by month."""
    code = request.args.get("chiffre", "doors")
    return code if code in DRAWABLE else "doors", request.args.get("pas") == "annees"


def own_curve(code: str, by_year: bool, language: str) -> tuple[Curve, int]:
    """The curve of the present collective, and of how many similar collectives the medians are."""
    collective = db.session.get_one(Collective, here())
    periods = periods_until(today_in(collective.time_zone), by_year)
    table = ledger.figures_of(*periods)
    with reading() as session:
        medians, count = medians_of(session, size_of(collective.population), code, periods)
    return curve(code, language, periods, table, medians, _signing(collective, by_year)), count


def _signing(collective: Collective, by_year: bool) -> str:
    """The month or the year in which a collective came to the network."""
    month = month_of(collective.created_at.date())
    return year_of(month) if by_year else month


def whole_curve(code: str, by_year: bool, language: str) -> Curve:
    """The curve of the network."""
    periods = periods_until(today_in("Europe/Paris"), by_year)
    with reading() as session:
        return curve(code, language, periods, sums(session, WHOLE, periods), {})


def beside_similar(session: Session, collective: Collective, code: str, by_year: bool, language: str) -> tuple[Curve, int]:
    """The curve of any collective beside similar ones, as the network reads it."""
    periods = periods_until(today_in(collective.time_zone), by_year)
    rows = session.execute(
        select(Figure.period, Figure.indicator, Figure.value).where(Figure.collective_id == collective.id, Figure.period.in_(periods))
    )
    medians, count = medians_of(session, size_of(collective.population), code, periods)
    return curve(code, language, periods, ledger.by_period(rows), medians, _signing(collective, by_year)), count


def _page(template: str, shown: Curve, by_year: bool, similar: int | None, *whose: UUID, **more: Any) -> str:
    drawn = db.session.get(Chart, shown.key)
    if drawn is None and any(shown.values):
        later("draw_curve", shown.code, "years" if by_year else "months", shown.language, *whose)
    return page(
        template,
        curve=shown,
        indicator_shown=CATALOGUE[shown.code],
        by_year=by_year,
        similar=similar,
        # Drawn by our own worker from our own figures.
        drawing=Markup(drawn.svg) if drawn else None,  # noqa: S704
        **more,
        groups=[(each.label, [CATALOGUE[code] for code in each.codes if code in DRAWABLE]) for each in list(GROUPS.values())[1:]],
    )


@bp.get("/courbes")
@may("read the figures")
def show_curve() -> ResponseReturnValue:
    """One figure of the collective over time, beside the median of similar ones. People are protected for everybody."""
    code, by_year = asked()
    shown, similar = own_curve(code, by_year, str(get_locale().language))
    return _page("reports/curve.html", shown, by_year, similar)


@network.get("/courbes")
def show_network_curve() -> ResponseReturnValue:
    """The way from doors to people on their own feet, and one figure of the network over time."""
    code, by_year = asked()
    year = year_of(month_of(today_in("Europe/Paris")))
    with reading() as session:
        table = sums(session, WHOLE, [year, EVER])
    funnels = {period: funnel(period, table.get(period, {}), exact=False) for period in (year, EVER)}
    return _page("network/curve.html", whole_curve(code, by_year, str(get_locale().language)), by_year, None, funnels=funnels)


@network.get("/collectifs/<uuid:collective_id>/courbes")
def show_collective_curve(collective_id: UUID) -> ResponseReturnValue:
    """One figure of a collective over time, beside the median of similar ones."""
    code, by_year = asked()
    with reading() as session:
        collective = session.get(Collective, collective_id) or abort(404)
        shown, similar = beside_similar(session, collective, code, by_year, str(get_locale().language))
    return _page("network/collective_curve.html", shown, by_year, similar, collective.id, subject=collective)
