"""All collectives side by side, one of them with its months, and the same as a table to download."""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from flask import Response, abort, flash, redirect, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import func, select

from app.accounts.forms import CoordinationForm
from app.accounts.invitations import open_invitation
from app.accounts.models import waiting_invitations
from app.accounts.views import count_coordinators
from app.db import db, new_id
from app.followup.support import is_missed
from app.languages import dates, written_date
from app.limits import by_user, limiter
from app.network import bp
from app.network.department_views import department_of
from app.network.departments import NAMES
from app.network.funnel import funnel
from app.network.queries import SHEET, Line, all_periods, everything, lines, reading, search, sorted_by, sums, with_figures
from app.pages import addresses, id_from, page
from app.paging import Sheet, group_asked, page_number
from app.wording import shown
from tenants.groups import GROUPS
from tenants.indicators import CATALOGUE, SHOWN
from tenants.models import Collective, Role
from tenants.months import EVER, month_of, months_before, today_in, year_of
from tenants.scope import inside

COLUMNS = [CATALOGUE[code] for code in SHOWN]
SPAN = {"mois": month_of, "annee": lambda day: year_of(month_of(day)), "toujours": lambda _day: EVER}
# What has a present value alone, and belongs to the working view.
NOW = ("people_now", "heart_bonds_now", "people_silent")
EPOCH = date(1970, 1, 1)


def _today() -> date:
    return today_in("Europe/Paris")


def last_activity(days: int | None) -> date | None:
    """The day of the last round in which something was noted, from the figure of that name."""
    return None if days is None else EPOCH + timedelta(days=days)


def _rows(some: list[Line]) -> list[tuple[str, str, str, str, dict[str, int]]]:
    """What the table shows of each collective: address, name, department, last activity, figures."""
    place, written, never = addresses("network.show", "collective_id"), dates("d MMM y"), _("pas encore")
    rows = []
    for each in some:
        subject, last = each.collective, last_activity(each.last_activity)
        name = NAMES.get(subject.department, subject.department)
        rows.append((place(subject.id), subject.name, name, written(last) if last else never, each.figures))
    return rows


@bp.get("/")
def index() -> ResponseReturnValue:
    """Totals, then fifty collectives: a group of figures, searched, sorted, for this month, this year or ever."""
    today, number = _today(), page_number()
    span = request.args.get("periode", "mois")
    period = SPAN.get(span, month_of)(today)
    group = group_asked()
    by, words = request.args.get("tri", "nom"), request.args.get("recherche", "")[:80]
    # A table in the order of a column that is not there would seem to have none.
    by = by if by in (*group.codes, "last_activity") else "nom"
    columns = [CATALOGUE[code] for code in group.codes]
    with reading() as session:
        some = sorted_by(search(words), by, period).limit(SHEET + 1).offset((number - 1) * SHEET)
        some = some.with_only_columns(Collective.id, Collective.name, Collective.department, maintain_column_froms=True)
        rows = _rows(lines(session, with_figures(some, [period], group.codes)))
        total = sums(session, "FR", [period]).get(period, {})
        count = session.scalar(select(func.count()).select_from(Collective)) if number == 1 and not words else None
    return page(
        "network/index.html",
        sheet=Sheet(rows[:SHEET], number, len(rows) > SHEET),
        total=total,
        count=count,
        columns=columns,
        group=group,
        groups=GROUPS.values(),
        span=span if span in SPAN else "mois",
        period=period,
        by=by,
        words=words,
        named=department_of(words) if words else None,
        names=NAMES,
        day=written_date(today, "EEEE d MMMM y"),
    )


@bp.get("/collectifs/<uuid:collective_id>")
def show(collective_id: UUID) -> ResponseReturnValue:
    """One collective: its figures, a group at a time, and month by month."""
    return _show(collective_id, CoordinationForm(formdata=None, id=str(new_id())))


def _show(collective_id: UUID, form: CoordinationForm) -> str:
    today, group = _today(), group_asked()
    with reading() as session:
        collective = session.get(Collective, collective_id) or abort(404)
        table = all_periods(session, collective_id)
        unmet = is_missed(session, collective, today)
    months = [each for each in months_before(month_of(today), 36) if each in table]
    return page(
        "network/show.html",
        subject=collective,
        department=NAMES.get(collective.department, collective.department),
        group=group,
        groups=GROUPS.values(),
        columns=[CATALOGUE[code] for code in group.codes],
        funnels={period: funnel(period, table.get(period, {}), exact=False) for period in (year_of(month_of(today)), EVER)},
        table=table,
        months=months,
        now=[CATALOGUE[code] for code in NOW],
        month=month_of(today),
        last=last_activity(table.get(EVER, {}).get("last_activity")),
        orphan=table.get(EVER, {}).get("coordinators", 0) == 0,
        form=form,
        unmet=unmet,
    )


@bp.post("/collectifs/<uuid:collective_id>/coordination")
@limiter.limit("40 per hour", key_func=by_user)
def create_coordination(collective_id: UUID) -> ResponseReturnValue:
    """Invite a coordination into a collective whose last one has left; there is no other way in for the head."""
    collective = db.get_or_404(Collective, collective_id)
    form = CoordinationForm()
    if not form.validate_on_submit():
        return _show(collective_id, form), 422
    with inside(collective.id):
        if count_coordinators() or any(each.role == Role.coordinator for each in db.session.scalars(waiting_invitations())):
            flash(_("Ce collectif a une coordination, ou une invitation l’attend déjà."), "warning")
        else:
            invitation = open_invitation(id_from(form.id.data), form.email.data or "", Role.coordinator, current_user.id)
            flash(_("L’invitation part à %(email)s. Elle vaut quatorze jours.", email=invitation.email))
    return redirect(url_for("network.show", collective_id=collective.id))


@bp.get("/collectifs.csv")
def export() -> ResponseReturnValue:
    """All collectives with their figures, for a spreadsheet. Counts of people are protected here as on the screen."""
    today = _today()
    periods = [month_of(today), year_of(month_of(today)), EVER]
    head = [_("collectif"), _("code INSEE"), _("département"), _("population"), _("dernière activité")]
    head += [f"{column.label} ({period if period != EVER else _('depuis le début')})" for period in periods for column in COLUMNS]

    def rows() -> Iterator[str]:
        yield "\ufeff" + _csv_line(head)
        with reading() as session:
            for line in everything(session, periods):
                day, place = last_activity(line.last_activity), line.collective
                cells = [place.name, place.insee_code, place.department, str(place.population), day.isoformat() if day else ""]
                yield _csv_line(cells + [_cell(line, period, column.code) for period in periods for column in COLUMNS])

    name = f"essaimage-collectifs-{today.isoformat()}.csv"
    return Response(stream_with_context(rows()), mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _cell(line: Line, period: str, code: str) -> str:
    value = line.value(period, code) or 0
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
