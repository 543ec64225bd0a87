"""Someone who was met in a round and agrees: their file opens from there."""

from uuid import UUID

from flask import g, url_for
from flask.typing import ResponseReturnValue

from app.db import new_id
from app.outreach import bp
from app.outreach.views import own_round
from app.pages import page
from app.people.forms import OpeningForm
from app.people.models import FoundBy
from app.people.views import opened
from tenants.access import may
from tenants.months import today_in


@bp.get("/tournees/<uuid:round_id>/personne")
@may("open a file")
def new_person(round_id: UUID) -> ResponseReturnValue:
    """A first name, and what they agreed to."""
    round_ = own_round(round_id)
    day = min(round_.day, today_in(g.collective.time_zone))
    form = OpeningForm(formdata=None, id=str(new_id()), languages=["fr"], found_on=day, given_on=day, found_by=FoundBy.round.value)
    return page("people/new.html", form=form, doubles=[], action=url_for("workspace.outreach.create_person", round_id=round_.id))


@bp.post("/tournees/<uuid:round_id>/personne")
@may("open a file")
def create_person(round_id: UUID) -> ResponseReturnValue:
    """Open the file; it remembers the round, the round does not remember the person."""
    round_ = own_round(round_id)
    return opened(OpeningForm(), url_for("workspace.outreach.create_person", round_id=round_.id), round_.id)
