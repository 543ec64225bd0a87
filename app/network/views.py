"""All collectives side by side, and one of them with its months."""

from datetime import date
from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import Text, cast, literal_column

from app.accounts.departures import count_coordinators
from app.accounts.forms import CoordinationForm
from app.accounts.invitations import open_invitation, said
from app.accounts.models import waiting_invitations
from app.db import db, new_id
from app.followup.support import is_missed
from app.languages import dates, written_date
from app.limits import by_user, limiter
from app.network import bp
from app.network.department_views import department_of, region_named
from app.network.departments import NAMES
from app.network.funnel import funnel
from app.network.queries import LAST, SEEN, SEEN_IN_ALL, SHEET, Line, all_periods, lines_of_a_group, reading, search, sorted_by, sums, whole
from app.network.regions import NAMES as REGION_NAMES
from app.network.watching import Watch, last_act
from app.pages import addresses, id_from, page
from app.paging import Sheet, group_asked, page_number
from tenants.groups import GROUPS
from tenants.indicators import CATALOGUE
from tenants.models import Collective, Role
from tenants.months import EVER, month_of, months_before, today_in, year_of
from tenants.scope import inside

SPAN = {"mois": month_of, "annee": lambda day: year_of(month_of(day)), "toujours": lambda _day: EVER}
ID_TEXT = cast(Collective.id, Text).label("id")
# What has a present value alone, and belongs to the working view.
NOW = ("people_now", "heart_bonds_now", "people_silent")


def _today() -> date:
    return today_in("Europe/Paris")


def _rows(some: list[Line]) -> list[tuple[str, str, str, str, dict[str, int]]]:
    """What the table shows of each collective: address, name, department, last activity, figures."""
    place, written = addresses("network.show", "collective_id"), Acts()
    return [
        (place(row_id), name, NAMES.get(department, department), written[last_on, busy_in], figures)
        for (row_id, name, department, last_on, busy_in, *_seen), figures in some
    ]


class Acts(dict[tuple[date | None, str | None], str]):
    """When each was last active, in words: many share a day."""

    def __init__(self) -> None:
        self.days, self.months, self.never = dates("d MMM y"), dates("MMMM y"), _("pas encore")

    def __missing__(self, seen: tuple[date | None, str | None]) -> str:
        act = last_act(*seen)
        text = self[seen] = self.never if act is None else self.months(act.on) if act.month else self.days(act.on)
        return text


@bp.get("/")
def index() -> ResponseReturnValue:
    """Totals, then fifty collectives: a group of figures, searched, sorted, for this month, this year or ever."""
    today, number = _today(), page_number()
    span = request.args.get("periode", "mois")
    period = SPAN.get(span, month_of)(today)
    group = group_asked()
    by, words = request.args.get("tri", "nom"), request.args.get("recherche", "")[:80]
    # A table in the order of a column that is not there would seem to have none.
    by = by if by in (*group.codes, LAST) else "nom"
    columns, all_of_it = [CATALOGUE[code] for code in group.codes], number == 1 and not words
    with reading() as session:
        # Written into the statement: PostgreSQL else makes a plan anew for each page, for as many lines as it is told.
        some = sorted_by(search(words), by, period).limit(literal_column(str(SHEET + 1)))
        some = some.offset((number - 1) * SHEET) if number > 1 else some
        told = (*SEEN, SEEN_IN_ALL) if all_of_it else SEEN
        # The address is made of text: to make an id of fifty of them, and a text again, took as long as their names.
        some = some.with_only_columns(ID_TEXT, Collective.name, Collective.department, *told, maintain_column_froms=True)
        found = lines_of_a_group(session, some, period, group.codes)
        total = sums(session, "FR", [period], group.codes).get(period, {})
        seen = whole(session, found) if all_of_it else None
    return page(
        "network/index.html",
        sheet=Sheet(_rows(found[:SHEET]), number, len(found) > SHEET),
        total=total,
        seen=seen,
        columns=columns,
        group=group,
        groups=GROUPS.values(),
        span=span if span in SPAN else "mois",
        period=period,
        by=by,
        words=words,
        named=department_of(words) if words else None,
        names=NAMES,
        region=region_named(words) if words else None,
        regions=REGION_NAMES,
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
        watch, unmet = session.get(Watch, collective_id), is_missed(session, collective, today)
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
        act=last_act(watch.last_on, watch.busy_in) if watch else None,
        orphan=table.get(EVER, {}).get("coordinators", 0) == 0 and not collective.ended_on,
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
    if collective.ended_on:
        flash(_("Ce collectif a pris fin : plus personne n’y entre."), "warning")
        return redirect(url_for("network.show", collective_id=collective.id))
    with inside(collective.id):
        if count_coordinators() or any(each.role == Role.coordinator for each in waiting_invitations()):
            flash(_("Ce collectif a une coordination, ou une invitation l’attend déjà."), "warning")
        else:
            flash(said(*open_invitation(id_from(form.id.data), form.email.data or "", Role.coordinator, current_user.id)))
    return redirect(url_for("network.show", collective_id=collective.id))
