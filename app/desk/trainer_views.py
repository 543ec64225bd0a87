"""The trainer's desk: next sessions over all collectives, what is not ticked yet, who may drop out as a number; never a person."""

from datetime import timedelta

from flask import Response, abort, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required
from sqlalchemy import Select

from app.db import db
from app.desk import trainer
from app.desk.home import capitalised
from app.limits import limiter
from app.pages import page
from app.training import public
from app.training.after_forms import SHORT_NAMES
from app.training.agenda import AgendaLine, at_risk, still_planned
from app.training.calendar import CalendarLink, feed_of, owner_of, renew_link
from app.training.questionnaire import FEWEST, favourable, results_of
from tenants.models import Collective, Role, memberships_of
from tenants.months import today_in

BEHIND = 60
SHOWN, MANY = 10, 300
BACK, AHEAD = timedelta(days=30), timedelta(days=60)


@trainer.get("/")
@login_required
def index() -> ResponseReturnValue:
    """What is next, and what waits. However many collectives there are, the page shows the ten nearest sessions; all with ?tout=1."""
    today, most = today_in("Europe/Paris"), MANY if request.args.get("tout") else SHOWN
    link = db.session.get(CalendarLink, current_user.id)
    ahead = _pairs(still_planned(current_user.id, today, today + AHEAD).limit(most + 1))
    return page(
        "desk/trainer.html",
        rows=[row for row in db.session.execute(memberships_of(current_user.id)) if row.Membership.role == Role.trainer],
        unticked=_pairs(still_planned(current_user.id, today - BACK, today - timedelta(days=1)).limit(MANY)),
        ahead=ahead[:most],
        more=len(ahead) > most,
        at_risk=_pairs(at_risk(current_user.id, today - BACK, today + AHEAD).limit(MANY)),
        today=today,
        day=capitalised(today),
        feed=current_app.config["PUBLIC_URL"].rstrip("/") + url_for("enrolment.show_calendar", secret=link.secret) if link else None,
    )


def _pairs(query: Select[AgendaLine, Collective]) -> list[tuple[AgendaLine, Collective]]:
    return [(line, place) for line, place in db.session.execute(query)]


@trainer.get("/bilans")
@login_required
def index_results() -> ResponseReturnValue:
    """One's courses that are behind, over all collectives, side by side."""
    rows = [
        {"result": result, "place": place, "better": {name: favourable(counts) for name, counts in result.scores.items()}}
        for result, place in db.session.execute(results_of(current_user.id).limit(BEHIND))
    ]
    return page("desk/results.html", rows=rows, short=SHORT_NAMES, fewest=FEWEST)


@trainer.post("/calendrier")
@login_required
def create_calendar() -> ResponseReturnValue:
    """A private address for one's calendar; the former one stops working."""
    renew_link(current_user.id)
    flash(_("Voici l’adresse de votre calendrier. L’ancienne, s’il y en avait une, ne sert plus."))
    return redirect(url_for("trainer.index", _anchor="calendrier"))


@trainer.post("/calendrier/retrait")
@login_required
def delete_calendar() -> ResponseReturnValue:
    """Take the address back."""
    link = db.session.get(CalendarLink, current_user.id)
    if link is not None:
        db.session.delete(link)
    flash(_("L’adresse de votre calendrier ne sert plus."))
    return redirect(url_for("trainer.index", _anchor="calendrier"))


@public.get("/calendrier/<string:secret>.ics")
@limiter.limit("120 per hour")
def show_calendar(secret: str) -> ResponseReturnValue:
    """The feed, for whoever has the address."""
    user_id = owner_of(secret)
    if user_id is None:
        abort(404)
    return Response(feed_of(user_id), mimetype="text/calendar")
