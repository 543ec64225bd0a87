"""The trace of a session's presence: who noted or corrected what, and when."""

from uuid import UUID

from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.db import db
from app.pages import page
from app.people.queries import names_of
from app.training import bp
from app.training.forms import PRESENCE_NAMES
from app.training.models import TrainingSession
from app.training.participants import Participant
from app.training.presence import changes_of
from app.training.session_views import frame
from tenants.access import may
from tenants.rows import found

SHOWN = 300


@bp.get("/seances/<uuid:session_id>/trace")
@may("run a course")
def show_trace(session_id: UUID) -> ResponseReturnValue:
    """The latest first."""
    session = found(TrainingSession, session_id)
    rows = db.session.scalars(changes_of(session.id).limit(SHOWN)).all()
    people_in = db.session.scalars(select(Participant).where(Participant.id.in_({each.participant_id for each in rows}))).all()
    return page(
        "training/trace.html",
        rows=rows,
        people_in={each.id: each.name for each in people_in},
        members=names_of([each.by_user for each in rows]),
        names=PRESENCE_NAMES,
        **frame(session),
    )
