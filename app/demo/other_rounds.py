"""Walks, visits, rides and projects of the demonstration, in two of its collectives. Every person and place in them is invented."""

from datetime import timedelta

from app.db import db, new_id
from app.demo.past import set_back
from app.outreach.models import OutreachKind, Round
from app.outreach.projects import Project, ProjectState, ProjectStep
from app.outreach.records import record
from app.outreach.rides import Ride
from app.outreach.street import Meeting, meet, notice
from app.outreach.visits import CourtesyVisit, VisitOutcome
from tenants.models import Collective, Membership
from tenants.months import today_in
from tenants.scope import speak_as

# Where each kind of round went: walk, visits, rides, projects.
PLACES = {
    "saint-mars-du-desert": ("Autour du marché", "Chez les gens du bourg", "Trajets de la semaine", "Café des idées"),
    "nantes-ranzay": ("Autour du métro", "Visites du Ranzay", "Trajets du quartier", "Table des projets"),
}
# People crossed, people talked with, signs noticed.
WALKS = {
    "saint-mars-du-desert": (34, 11, ("no_bench", "closed_shop", "gathering_place")),
    "nantes-ranzay": (61, 19, ("full_letterboxes", "closed_shutters", "dark_street")),
}
VISITS = {
    "saint-mars-du-desert": (("Raymond", VisitOutcome.good), ("Odette", VisitOutcome.short), ("Les Peupliers", VisitOutcome.absent)),
    "nantes-ranzay": (("Zohra", VisitOutcome.good), ("Tour des Aulnes", VisitOutcome.good)),
}
RIDES = {
    "saint-mars-du-desert": (("Le bourg", "Marché de Nort-sur-Erdre", 13, 2, True), ("Le bourg", "Gare de Nantes", 21, 1, False)),
    "nantes-ranzay": (("Ranzay", "Jardins de la Beaujoire", 3, 3, True),),
}
PROJECTS = {
    "saint-mars-du-desert": (
        ("Le four à pain du lavoir", "Odile, Firmin", ProjectState.building, "Demander les briques à la mairie"),
        ("Un banc devant la boulangerie", "Raymond", ProjectState.happened, ""),
    ),
    "nantes-ranzay": (("Atelier couture du jeudi", "Zohra, Inès", ProjectState.idea, "Visiter la salle du rez-de-chaussée"),),
}


def go_other_ways(collective: Collective, walkers: list[Membership]) -> None:
    """One closed round of each of these kinds, within the last two months."""
    slug = collective.slug
    if slug not in WALKS:
        return
    walked, visited, driven, supported = PLACES[slug]
    crossed, talked, noticed = WALKS[slug]
    walk = _round(OutreachKind.street_walk, walked, 9, collective, walkers)
    for what, number in ((Meeting.met, crossed), (Meeting.talked, talked)):
        for start in range(0, number, 10):
            meet(walk, what, min(10, number - start), new_id())
    for sign in noticed:
        notice(walk, sign, seen=True)
    visits = _round(OutreachKind.courtesy_visit, visited, 16, collective, walkers)
    for to_whom, how in VISITS[slug]:
        record(visits, CourtesyVisit(round_id=visits.id, to_whom=to_whom, how=how, went=[str(each.id) for each in walkers[:2]]))
    rides = _round(OutreachKind.solidarity_ride, driven, 20, collective, walkers)
    for origin, destination, kilometres, carried, both_ways in RIDES[slug]:
        ride = Ride(round_id=rides.id, driver_id=walkers[0].id, origin=origin, destination=destination)
        ride.kilometres, ride.carried, ride.return_trip = kilometres, carried, both_ways
        record(rides, ride)
    _support(slug, _round(OutreachKind.project_support, supported, 24, collective, walkers))
    for round_, minutes in ((walk, 90), (visits, 120), (rides, 75)):
        _close(round_, minutes)


def _round(kind: OutreachKind, area: str, days_ago: int, collective: Collective, walkers: list[Membership]) -> Round:
    speak_as(walkers[0].user_id)
    round_ = Round(kind=kind, area=area, day=today_in(collective.time_zone) - timedelta(days=days_ago), planned_by=walkers[0].user_id)
    db.session.add(round_)
    # What is noted in it needs its row.
    db.session.flush()
    round_.compose([each.id for each in walkers[:2]])
    return round_


def _support(slug: str, round_: Round) -> None:
    for title, carriers, state, next_step in PROJECTS[slug]:
        project = Project(title=title, carriers=carriers, state=state, next_step=next_step)
        if next_step:
            project.next_on = round_.day + timedelta(days=45)
        db.session.add(project)
        db.session.flush()
        record(round_, ProjectStep(round_id=round_.id, project_id=project.id, state=state))
    _close(round_, 60)


def _close(round_: Round, minutes: int) -> None:
    round_.close(minutes)
    set_back(round_)
