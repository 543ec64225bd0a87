"""The same figures as tables to download: of all collectives, and of departments and regions."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator

from flask import Response, stream_with_context
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select

from app.network import bp
from app.network.departments import NAMES
from app.network.queries import Table, added, everything, reading, sums_by_area
from app.network.regions import REGIONS, departments_of, region_of
from app.wording import shown
from tenants.indicators import CATALOGUE, SHOWN
from tenants.models import Collective
from tenants.months import EVER, month_of, today_in, year_of

COLUMNS = [CATALOGUE[code] for code in SHOWN]


def _periods() -> list[str]:
    month = month_of(today_in("Europe/Paris"))
    return [month, year_of(month), EVER]


@bp.get("/collectifs.csv")
def export() -> ResponseReturnValue:
    """All collectives with their figures, for a spreadsheet. Counts of people are protected here as on the screen."""
    periods = _periods()
    head = [_("collectif"), _("code INSEE"), _("département"), _("région"), _("population"), _("dernière activité")]

    def rows() -> Iterator[list[str]]:
        with reading() as session:
            for line in everything(session, periods):
                act, place = line.act, line.collective
                cells = [place.name, place.insee_code, place.department, region_of(place.department), str(place.population)]
                yield [*cells, act.iso() if act else "", *_figures(periods, line.value)]

    return _table("collectifs", head, periods, rows())


@bp.get("/territoires.csv")
def export_areas() -> ResponseReturnValue:
    """Each region and each department that has a collective, with its sums: people are protected as one number, never added up from rounded ones."""
    periods = _periods()
    with reading() as session:
        counted = select(Collective.department, func.count()).group_by(Collective.department)
        counts = dict(session.execute(counted).tuples().all())
        tables = sums_by_area(session, [f"D{code}" for code in counts], periods, SHOWN)
    head = [_("territoire"), _("code"), _("nom"), _("région"), _("collectifs")]

    def rows() -> Iterator[list[str]]:
        for name in REGIONS:
            within = [code for code in departments_of(name) if code in counts]
            if within:
                whole = added(tables.get(f"D{code}", {}) for code in within)
                yield [_("région"), "", name, name, str(sum(counts[code] for code in within)), *_figures(periods, _reader(whole))]
        for code in sorted(counts):
            cells = [_("département"), code, NAMES.get(code, code), region_of(code), str(counts[code])]
            yield [*cells, *_figures(periods, _reader(tables.get(f"D{code}", {})))]

    return _table("territoires", head, periods, rows())


def _table(name: str, head: list[str], periods: list[str], rows: Iterable[list[str]]) -> Response:
    head += [f"{column.label} ({period if period != EVER else _('depuis le début')})" for period in periods for column in COLUMNS]

    def lines() -> Iterator[str]:
        yield "\ufeff" + _csv_line(head)
        yield from (_csv_line(each) for each in rows)

    name = f"essaimage-{name}-{today_in('Europe/Paris').isoformat()}.csv"
    return Response(stream_with_context(lines()), mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _reader(table: Table) -> Callable[[str, str], int]:
    return lambda period, code: table.get(period, {}).get(code, 0)


def _figures(periods: list[str], value: Callable[[str, str], int]) -> list[str]:
    return [_cell(value(period, column.code), column.code) for period in periods for column in COLUMNS]


def _cell(value: int, code: str) -> str:
    if CATALOGUE[code].protected:
        return shown(value)
    return f"{value / 60:.1f}".replace(".", ",") if code == "volunteer_minutes" else str(value)


def _csv_line(cells: list[str]) -> str:
    # A cell that begins like a formula is read as one by spreadsheets: an apostrophe makes it text. Spaces are plain, to be searched for.
    plain = [str(cell).replace("\u00a0", " ") for cell in cells]
    safe = ["'" + cell if cell[:1] in "=+-@\t\r" else cell for cell in plain]
    line = io.StringIO()
    csv.writer(line, delimiter=";", lineterminator="\r\n").writerow(safe)
    return line.getvalue()
