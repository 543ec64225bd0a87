"""What waits for the network's staff: its side of the decisions made with all teams, with one tap each for done and for later."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.db import db
from app.followup.support import Side, SupportDecision
from app.followup.support_waiting import Waiting, count_waiting, of_the_network, teams_waiting, to_come
from app.network import bp
from app.network.queries import reading
from app.pages import own_address, page
from app.paging import SHEET, Sheet, page_number
from tenants import journal
from tenants.access import refuse
from tenants.models import Collective
from tenants.months import today_in
from tenants.rows import found
from tenants.scope import inside

LATER = timedelta(days=7)
# Each is a card with three gestures: fifty of them are a wall, not a list.
AT_ONCE = 20
# As many of the next meetings as one prepares for; the others are a page of their own.
NEXT = 3
LISTS = {Waiting.now: _l("À faire"), Waiting.later: _l("Plus tard"), Waiting.done: _l("Faites")}


def _today() -> date:
    return today_in("Europe/Paris")


@bp.get("/a-faire")
def index_decisions() -> ResponseReturnValue:
    """Teams that wait for a date or a signature, the first twenty; whom one meets next; then decisions, twenty at a time. ?liste= chooses which."""
    asked, number = request.args.get("liste", ""), page_number()
    which = Waiting(asked) if asked in set(Waiting) else Waiting.now
    with reading() as session:
        query = of_the_network(which, _today()).limit(AT_ONCE + 1).offset((number - 1) * AT_ONCE)
        rows = session.execute(query).all()
        count = count_waiting(session, _today())
        first = which == Waiting.now and number == 1
        teams = session.execute(teams_waiting(_today()).limit(AT_ONCE)).all() if first else []
        coming = session.execute(to_come(_today()).limit(NEXT)).all() if first else []
    shown = Sheet(rows[:AT_ONCE], number, len(rows) > AT_ONCE)
    lists = {each.value: name for each, name in LISTS.items()}
    return page("network/decisions.html", sheet=shown, which=which.value, lists=lists, count=count, teams=teams, coming=coming)


@bp.get("/soutien/")
def index_meetings() -> ResponseReturnValue:
    """Support permanences to come with all teams, by their day, fifty at a time."""
    number = page_number()
    with reading() as session:
        rows = session.execute(to_come(_today()).limit(SHEET + 1).offset((number - 1) * SHEET)).all()
    return page("network/meetings.html", sheet=Sheet(rows[:SHEET], number, len(rows) > SHEET))


def _about(collective_id: UUID, decision_id: UUID, act: str, change: Callable[[SupportDecision], None]) -> ResponseReturnValue:
    """Enter the collective for that one row, as everything is written that both sides see; then back to the list."""
    collective = db.get_or_404(Collective, collective_id)
    with inside(collective.id):
        decision = found(SupportDecision, decision_id)
        if decision.side != Side.network:
            refuse("a decision of the collective")
        change(decision)
        journal.note(act, "support", decision.meeting_id)
    return redirect(own_address(request.form.get("next")) or url_for("network.index_decisions"))


@bp.post("/a-faire/<uuid:collective_id>/<uuid:decision_id>/fait")
def create_decision_tick(collective_id: UUID, decision_id: UUID) -> ResponseReturnValue:
    """It is done."""
    answer = _about(collective_id, decision_id, "did as decided", SupportDecision.finish)
    flash(_("C’est fait, merci. On la retrouve dans « Faites » pendant trente jours."))
    return answer


@bp.post("/a-faire/<uuid:collective_id>/<uuid:decision_id>/a-refaire")
def delete_decision_tick(collective_id: UUID, decision_id: UUID) -> ResponseReturnValue:
    """It was not done after all."""
    answer = _about(collective_id, decision_id, "had not done it", SupportDecision.reopen)
    flash(_("La décision attend de nouveau."))
    return answer


@bp.post("/a-faire/<uuid:collective_id>/<uuid:decision_id>/plus-tard")
def update_decision_day(collective_id: UUID, decision_id: UUID) -> ResponseReturnValue:
    """In a week. The day that was agreed with the team stays in the note."""
    until = _today() + LATER
    answer = _about(collective_id, decision_id, "put off", lambda decision: decision.put_off(until))
    flash(_("Elle reviendra dans une semaine. Le jour convenu avec l’équipe reste dans la note."))
    return answer
