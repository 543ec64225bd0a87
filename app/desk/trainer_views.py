"""The trainer's desk: next sessions over all collectives, what is not ticked yet, who may drop out as a number; never a person."""

from datetime import timedelta

from flask import Response, abort, current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from app.db import db
from app.desk import trainer
from app.desk.views import capitalised
from app.limits import limiter
from app.pages import page
from app.training import public
from app.training.after_forms import SHORT_NAMES
from app.training.agenda import agenda_of
from app.training.calendar import CalendarLink, feed_of, owner_of, renew_link
from app.training.models import SessionState
from app.training.questionnaire import FEWEST, favourable, results_of
from tenants.models import Role, memberships_of
from tenants.months import today_in

BEHIND = 60
BACK, AHEAD = timedelta(days=30), timedelta(days=60)


@trainer.get("/")
@login_required
def index() -> ResponseReturnValue:
    """What is next, and what waits."""
    today = today_in("Europe/Paris")
    lines = [(line, place) for line, place in db.session.execute(agenda_of(current_user.id, today - BACK, today + AHEAD))]
    planned = [(line, place) for line, place in lines if line.state == SessionState.planned]
    courses = {line.course_id: (line, place) for line, place in lines}
    link = db.session.get(CalendarLink, current_user.id)
    return page(
        "desk/trainer.html",
        rows=[row for row in db.session.execute(memberships_of(current_user.id)) if row.Membership.role == Role.trainer],
        unticked=[pair for pair in planned if pair[0].day < today],
        ahead=[pair for pair in planned if pair[0].day >= today],
        at_risk=[pair for pair in courses.values() if pair[0].at_risk],
        today=today,
        day=capitalised(today),
        feed=current_app.config["PUBLIC_URL"].rstrip("/") + url_for("enrolment.show_calendar", secret=link.secret) if link else None,
    )


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
