"""Forgetting: thirty days after a round its doors and its words are emptied and only numbers stay."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy import select, update

from app.db import db, now
from app.outreach.encounters import Encounter
from app.outreach.models import Round
from app.outreach.projects import OVER, Project, ProjectStep
from app.outreach.rides import Ride
from app.outreach.street import StreetMeeting
from app.outreach.visits import CourtesyVisit
from workers.queue import job

KEPT = timedelta(days=30)
# What a round of each kind holds that says more than a number.
WORDS: dict[type[CourtesyVisit | Ride | ProjectStep | StreetMeeting], tuple[str, ...]] = {
    CourtesyVisit: ("to_whom_sealed", "note_sealed", "by_user"),
    Ride: ("origin_sealed", "destination_sealed", "by_user"),
    ProjectStep: ("note_sealed", "by_user"),
    StreetMeeting: ("by_user",),
}


@job
def forget_doors() -> None:
    """Empty the doors of the present collective's rounds of more than thirty days, keeping every count as it stands."""
    # Asked of the encounters, not of `forgotten_at`: paper may be typed in long after its round.
    precise = select(Encounter.round_id).where(Encounter.door.is_not(None))
    rounds = db.session.scalars(select(Round).where(Round.day < (now() - KEPT).date(), Round.id.in_(precise)).limit(200)).all()
    for round_ in rounds:
        forget(round_)


def forget(round_: Round) -> None:
    """Of several notes on one door keep the last as counted, then empty door and author of all."""
    latest = (
        select(Encounter.id)
        .distinct(Encounter.building_id, Encounter.floor, Encounter.door)
        .where(Encounter.round_id == round_.id, Encounter.door.is_not(None), Encounter.undone_at.is_(None))
        .order_by(Encounter.building_id, Encounter.floor, Encounter.door, Encounter.at.desc(), Encounter.id.desc())
    )
    loose = {"synchronize_session": False}
    outdated = update(Encounter).where(Encounter.round_id == round_.id, Encounter.door.is_not(None), Encounter.id.not_in(latest))
    db.session.execute(outdated.values(counted=False).execution_options(**loose))
    emptied = update(Encounter).where(Encounter.round_id == round_.id).values(floor=sa.null(), door=sa.null(), by_user=sa.null())
    db.session.execute(emptied.execution_options(**loose))
    round_.forgotten_at = now()


@job
def forget_words() -> None:
    """Empty what was written in the present collective's rounds of more than thirty days, and who carried a project that is over since."""
    past = (now() - KEPT).date()
    for kind, columns in WORDS.items():
        full = sa.or_(*(getattr(kind, column).is_not(None) for column in columns))
        rounds = db.session.scalars(select(Round).where(Round.day < past, Round.id.in_(select(kind.round_id).where(full)))).all()
        emptied = update(kind).where(kind.round_id.in_([each.id for each in rounds])).values({column: sa.null() for column in columns})
        db.session.execute(emptied.execution_options(synchronize_session=False))
        for round_ in rounds:
            round_.forgotten_at = now()
    joined = sa.and_(Round.collective_id == ProjectStep.collective_id, Round.id == ProjectStep.round_id)
    lately = select(ProjectStep.project_id).join(Round, joined).where(Round.day >= past)
    # While a project goes on, the collective needs to know whose it is.
    over = update(Project).where(Project.state.in_(OVER), Project.carriers_sealed.is_not(None), Project.id.not_in(lately))
    db.session.execute(over.values(carriers_sealed=sa.null()).execution_options(synchronize_session=False))
