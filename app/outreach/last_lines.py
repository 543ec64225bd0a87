"""Lines that arrived after someone had closed their round: kept, counted, and said on its page."""

import sqlalchemy as sa
from sqlalchemy import select

from app.db import db
from app.outreach.encounters import Encounter
from app.outreach.models import OutreachKind, Round
from app.outreach.phoning import Call
from app.outreach.projects import ProjectStep
from app.outreach.rides import Ride
from app.outreach.street import StreetMeeting
from app.outreach.visits import CourtesyVisit

LINES: dict[OutreachKind, type[Encounter | Call | StreetMeeting | CourtesyVisit | Ride | ProjectStep]] = {
    OutreachKind.door_to_door: Encounter,
    OutreachKind.phoning: Call,
    OutreachKind.street_walk: StreetMeeting,
    OutreachKind.courtesy_visit: CourtesyVisit,
    OutreachKind.solidarity_ride: Ride,
    OutreachKind.project_support: ProjectStep,
}


def last_lines_of(round_: Round) -> int:
    """How many lines that stand in a closed round arrived after its closing."""
    if round_.closed_at is None:
        return 0
    line = LINES[round_.kind]
    query = select(sa.func.count()).select_from(line).where(line.round_id == round_.id, line.at > round_.closed_at)
    if issubclass(line, Encounter | StreetMeeting):
        query = query.where(line.undone_at.is_(None))
    return db.session.scalar(query) or 0
