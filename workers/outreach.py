"""Forgetting: thirty days after a round was closed its doors and its words are emptied and only numbers stay."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, select, update

from app.db import db, now
from app.outreach.buildings import Building, Shape
from app.outreach.encounters import Encounter
from app.outreach.models import Round
from app.outreach.projects import OVER, Project, ProjectStep
from app.outreach.queries import tallies_of
from app.outreach.rides import Ride
from app.outreach.street import StreetMeeting
from app.outreach.visits import CourtesyVisit
from workers.queue import job

# A project nobody mentioned for a year is over, whatever its state says.
DORMANT = timedelta(days=365)
# A place with fewer doors than this names a household.
SMALLEST_NAMED = 8
# What a round of each kind holds that says more than a number.
WORDS: dict[type[CourtesyVisit | Ride | ProjectStep | StreetMeeting], tuple[str, ...]] = {
    CourtesyVisit: ("to_whom_sealed", "note_sealed", "went", "others_sealed", "by_user"),
    Ride: ("origin_sealed", "destination_sealed", "driver_name_sealed", "by_user"),
    ProjectStep: ("note_sealed", "by_user"),
    StreetMeeting: ("by_user",),
}


@job
def forget_doors() -> None:
    """Empty the doors of the present collective's rounds closed more than thirty days ago, keeping every count as it stands."""
    # Asked of the encounters, not of `forgotten_at`: a line may arrive after it.
    precise = select(Encounter.round_id).where(sa.or_(Encounter.door.is_not(None), Encounter.by_user.is_not(None)))
    rounds = db.session.scalars(select(Round).where(Round.is_past(), Round.id.in_(sa.union(precise, named_too_closely()))).limit(200)).all()
    for round_ in rounds:
        forget(round_)


def named_too_closely() -> Select[UUID]:
    """The rounds with a place of a few doors that still has its name, whether or not anybody knocked there."""
    floors, numbers = Building.floors * Building.per_floor + Building.ground, (Building.last - Building.first) // Building.step
    knocked = select(Encounter.id).where(Encounter.round_id == Building.round_id, Encounter.building_id == Building.id).exists()
    small = sa.or_(
        sa.and_(Building.shape == Shape.floors, floors < SMALLEST_NAMED),
        sa.and_(Building.shape == Shape.street, numbers + 1 < SMALLEST_NAMED),
        sa.and_(Building.shape == Shape.counted, ~knocked),
    )
    return select(Building.round_id).where(Building.label != "", small)


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
    forget_small_places(round_)
    round_.forgotten_at, round_.reopened_because = now(), None


def forget_small_places(round_: Round) -> None:
    """A place of a few doors keeps its counts, and neither its name nor its numbers."""
    tallies = tallies_of(round_.id)
    for building in db.session.scalars(select(Building).where(Building.round_id == round_.id)):
        doors = building.size() or (tallies[building.id].doors if building.id in tallies else 0)
        if doors < SMALLEST_NAMED:
            building.label, building.shape, building.step = "", Shape.counted, 1
            building.floors = building.per_floor = building.ground = building.first = building.last = 0


@job
def forget_words() -> None:
    """Empty what was written in the present collective's rounds closed more than thirty days ago, and who carried a project that is over."""
    for kind, columns in WORDS.items():
        full = sa.or_(*(getattr(kind, column).is_not(None) for column in columns))
        rounds = db.session.scalars(select(Round).where(Round.is_past(), Round.id.in_(select(kind.round_id).where(full)))).all()
        emptied = update(kind).where(kind.round_id.in_([each.id for each in rounds])).values({column: sa.null() for column in columns})
        db.session.execute(emptied.execution_options(synchronize_session=False))
        for round_ in rounds:
            round_.forgotten_at, round_.reopened_because = now(), None
    joined = sa.and_(Round.collective_id == ProjectStep.collective_id, Round.id == ProjectStep.round_id)
    lately = select(ProjectStep.project_id).join(Round, joined).where(~Round.is_past())
    within_a_year = select(ProjectStep.project_id).where(ProjectStep.at > now() - DORMANT)
    # While a project goes on, the collective needs to know whose it is.
    ended = sa.or_(Project.state.in_(OVER), Project.id.not_in(within_a_year))
    over = update(Project).where(ended, Project.carriers_sealed.is_not(None), Project.id.not_in(lately))
    db.session.execute(over.values(carriers_sealed=sa.null()).execution_options(synchronize_session=False))
