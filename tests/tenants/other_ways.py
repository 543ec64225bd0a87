"""A street walk, a visit, a ride and a project of a crawled collective, each with a line that carries its secret."""

from uuid import UUID

from app.db import db, new_id
from app.outreach.models import OutreachKind, Round
from app.outreach.projects import Project, ProjectState, ProjectStep
from app.outreach.records import record
from app.outreach.rides import Ride
from app.outreach.street import Meeting, meet, notice
from app.outreach.visits import CourtesyVisit, VisitOutcome
from tenants.models import Membership
from tenants.months import today_in


def go_other_ways(volunteer: Membership, coordinator: Membership, secret: str) -> dict[str, UUID]:
    """One round of each of four kinds with one line in it; returns what addresses and forms name."""
    kinds = {
        "street": OutreachKind.street_walk,
        "visit": OutreachKind.courtesy_visit,
        "ride": OutreachKind.solidarity_ride,
        "project": OutreachKind.project_support,
    }
    rounds = {name: Round(kind=kind, area=f"{name} {secret}", day=today_in("Europe/Paris")) for name, kind in kinds.items()}
    project = Project(title=f"Jardin {secret}", carriers=f"Ada {secret}", next_step=f"Voir {secret}")
    db.session.add_all([*rounds.values(), project])
    # Lines point at them.
    db.session.flush()
    for round_ in rounds.values():
        round_.compose([volunteer.id, coordinator.id])
    meeting_id = new_id()
    meet(rounds["street"], Meeting.talked, 3, meeting_id)
    notice(rounds["street"], "no_bench", seen=True)
    visit = CourtesyVisit(
        round_id=rounds["visit"].id, to_whom=f"Odile {secret}", note=f"Revenir {secret}", how=VisitOutcome.good, went=[str(volunteer.id)]
    )
    visit.others = f"Gisèle {secret}"
    ride = Ride(round_id=rounds["ride"].id, driver_id=volunteer.id, origin=f"Place {secret}", destination=f"Gare {secret}", kilometres=7)
    carried = Ride(round_id=rounds["ride"].id, driver_name=f"Raoul {secret}", origin=f"Place {secret}", destination=f"Gare {secret}", kilometres=8)
    step = ProjectStep(round_id=rounds["project"].id, project_id=project.id, state=ProjectState.building, note=f"Vu {secret}")
    record(rounds["visit"], visit)
    record(rounds["ride"], ride)
    record(rounds["ride"], carried)
    record(rounds["project"], step)
    ids = {f"{name}_round_id": round_.id for name, round_ in rounds.items()}
    return ids | {"visit_id": visit.id, "ride_id": ride.id, "project_id": project.id, "step_id": step.id, "meeting_id": meeting_id}
