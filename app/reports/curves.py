"""Curves: what a figure was month by month or year by year, as a drawing, a table and a sentence that say the same."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.languages import written_date
from app.reports.curve_models import FigureMedian
from app.wording import figure, period_name
from tenants.disclosure import SMALL, rounded
from tenants.indicators import CATALOGUE, SHOWN
from tenants.months import month_of, months_before

MONTHS, YEARS = 24, 6
DRAWABLE = tuple(code for code in SHOWN if CATALOGUE[code].kept != "state")


@dataclass(frozen=True)
class Curve:
    """One figure over some periods, the oldest first, and beside it the medians of similar collectives, where there are any.

    People are rounded before they come in: a drawing can be measured.
    """

    code: str
    language: str
    periods: Sequence[str]
    values: Sequence[int]
    medians: Mapping[str, int]

    def rows(self) -> list[tuple[str, str, str]]:
        """The table: period, figure, median."""
        return [
            (period_name(period), figure(self.code, value), figure(self.code, self.medians[period]) if period in self.medians else "")
            for period, value in zip(self.periods, self.values, strict=True)
        ]

    def sentence(self) -> str:
        """What the drawing shows."""
        if not any(self.values):
            return _("Rien de compté sur cette période.")
        most = max(range(len(self.values)), key=lambda place: self.values[place])
        return _(
            "Le plus haut : %(most)s, %(when)s. Le plus récent : %(last)s, %(now)s.",
            most=figure(self.code, self.values[most]),
            when=period_name(self.periods[most]),
            last=figure(self.code, self.values[-1]),
            now=period_name(self.periods[-1]),
        )

    def spec(self) -> dict[str, Any]:
        """The drawing, in Vega-Lite. Its ink is the text's own, so that it reads on light and on dark."""
        protected = CATALOGUE[self.code].protected
        values = [
            # What is known to be small and no more is drawn in the middle of what it may be, hollow.
            {
                "at": _short(period),
                "value": SMALL / 2 if protected and rounded(value) is None else _height(self.code, value),
                "small": protected and 0 < value < SMALL,
            }
            for period, value in zip(self.periods, self.values, strict=True)
        ]
        medians = [{"at": _short(period), "value": _height(self.code, self.medians[period])} for period in self.periods if period in self.medians]
        x = {"field": "at", "type": "ordinal", "sort": None, "axis": {"title": None, "labelAngle": 0, "labelOverlap": True, "grid": False}}
        y = {"field": "value", "type": "quantitative", "axis": {"title": None, "tickCount": 4, "format": "d"}, "scale": {"domainMin": 0}}
        point = {"type": "point", "size": 50, "color": "currentColor", "strokeWidth": 2}
        own: list[dict[str, Any]] = [
            {"data": {"values": values}, "mark": {"type": "line", "color": "currentColor", "strokeWidth": 2.5}, "encoding": {"x": x, "y": y}},
            {"data": {"values": values}, "transform": [{"filter": "!datum.small"}], "mark": {**point, "filled": True}, "encoding": {"x": x, "y": y}},
            {"data": {"values": values}, "transform": [{"filter": "datum.small"}], "mark": {**point, "filled": False}, "encoding": {"x": x, "y": y}},
        ]
        beside = {"data": {"values": medians}, "mark": {"type": "line", "color": "currentColor", "strokeDash": [5, 5], "opacity": 0.8}}
        return {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "width": 380,
            "height": 190,
            "background": None,
            "layer": [*own, *([{**beside, "encoding": {"x": x, "y": y}}] if medians else [])],
            "config": {
                "font": "sans-serif",
                "view": {"stroke": None},
                "axis": {
                    **dict.fromkeys(("labelColor", "domainColor", "tickColor", "gridColor"), "currentColor"),
                    "gridOpacity": 0.2,
                    "labelFontSize": 13,
                },
            },
        }

    @property
    def key(self) -> str:
        """The checksum of the drawing: the same figures are drawn once."""
        return hashlib.sha256(json.dumps(self.spec(), sort_keys=True).encode()).hexdigest()


def _height(code: str, value: int) -> float:
    return round(value / 60, 1) if code == "volunteer_minutes" else value


def _short(period: str) -> str:
    return written_date(date.fromisoformat(f"{period}-01"), "MMM yy") if len(period) == 7 else period


def safe(code: str, value: int) -> int:
    """A value as it may be drawn: people rounded, small numbers known as small and no more."""
    if not CATALOGUE[code].protected:
        return value
    known = rounded(value)
    return 1 if known is None else known


def periods_until(today: date, by_year: bool) -> list[str]:
    """The months or years of a curve, the oldest first."""
    if by_year:
        return [str(today.year - back) for back in range(YEARS - 1, -1, -1)]
    return months_before(month_of(today), MONTHS)[::-1]


def curve(code: str, language: str, periods: list[str], table: Mapping[str, Mapping[str, int]], medians: Mapping[str, int], since: str = "") -> Curve:
    """A curve from {period: {indicator: value}}. It begins with the first period in which anything was done; where nothing was, with
    `since`, a month or year as the periods are, or with the last of them.
    """
    some = periods[next((place for place, period in enumerate(periods) if _is_begun(table.get(period, {}))), len(periods)) :]
    some = some or [period for period in periods if since and period >= since] or periods[-1:]
    values = [safe(code, table.get(period, {}).get(code, 0)) for period in some]
    return Curve(code, language, some, values, {period: safe(code, value) for period, value in medians.items()})


def _is_begun(figures: Mapping[str, int]) -> bool:
    """Whether something was done in a period: what is due is counted before anybody has begun."""
    return any(figures.get(code) for code in DRAWABLE if code != "support_due")


def medians_of(session: Session, size: int, code: str, periods: Sequence[str]) -> tuple[dict[str, int], int]:
    """The medians of a size of collectives, by period, and of how many collectives the latest is."""
    query = select(FigureMedian.period, FigureMedian.value, FigureMedian.collectives)
    query = query.where(FigureMedian.size == size, FigureMedian.indicator == code, FigureMedian.period.in_(periods)).order_by(FigureMedian.period)
    rows = session.execute(query).all()
    return {period: value for period, value, _count in rows}, rows[-1][2] if rows else 0
