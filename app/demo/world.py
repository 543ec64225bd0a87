"""The demonstration network: five collectives, their teams, their rounds. Every person in it is invented.

Saint-Mars-du-Désert carries the number of doors that its association published (200); all else is made up.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from app.accounts.models import User
from app.db import db, new_id, now
from app.demo import care, course, phoning, prescriptions, together
from app.demo.finished_course import finish
from app.demo.handout import hand_out
from app.demo.other_rounds import go_other_ways
from app.demo.past import set_back
from app.demo.people import meet_people
from app.demo.referrals import take_along
from app.demo.reports import tell_the_networks_year, tell_the_year
from app.demo.streets import AREAS
from app.outreach.buildings import Building, Shape
from app.outreach.encounters import Door, Outcome, log_counts, log_doors
from app.outreach.models import Round
from app.transaction import transaction
from tenants.founding import found_collective
from tenants.models import Collective, Membership, Role
from tenants.months import today_in
from tenants.recounting import recount_everything
from tenants.scope import inside, speak_as
from workers.sums import fold_stale
from workers.watching import watch_over

DOMAIN = "demo.essaimage.fr"
PASSWORD = "essaimage-demo"
# There for some months, and met by nobody of the network: the watch has someone to call.
UNMET = "lormes"


@dataclass(frozen=True)
class Plot:
    """A demonstration collective: its place, its team, and how many doors had which outcome."""

    slug: str
    insee_code: str
    neighbourhood: str | None
    coordinator: str
    volunteers: tuple[str, str, str]
    observer: str
    outcomes: dict[Outcome, int] = field(default_factory=dict)


def _outcomes(nobody: int, refused: int, talked: int, again: int, isolation: int) -> dict[Outcome, int]:
    return dict(zip(Outcome, (nobody, refused, talked, again, isolation), strict=True))


PLOTS = (
    Plot(
        "saint-mars-du-desert",
        "44179",
        None,
        "Solène Abgrall",
        ("Maëlle Kerdoncuff", "Bernard Ollivaud", "Nadia Benyamina"),
        "Yves Tharreau",
        _outcomes(96, 22, 46, 15, 21),
    ),
    Plot(
        "nantes-ranzay",
        "44109",
        "Ranzay",
        "Aminata Sorel",
        ("Paul Guénolé", "Inès Lacombe", "Roland Metayer"),
        "Claire Vauzelle",
        _outcomes(131, 37, 64, 19, 29),
    ),
    Plot(
        "homecourt",
        "54263",
        None,
        "Mireille Kowalczyk",
        ("Sandro Bellini", "Ghislaine Thill", "Karim Hadjadj"),
        "Denis Marchal",
        _outcomes(58, 9, 31, 8, 6),
    ),
    Plot(
        "lormes",
        "58145",
        None,
        "Édith Bourdillat",
        ("Gaspard Roux", "Colette Nivernet", "Tom Desbordes"),
        "Hubert Cointre",
        _outcomes(17, 3, 22, 7, 4),
    ),
    Plot(
        "lorient-kervenanec",
        "56121",
        "Kervénanec",
        "Gwenola Riou",
        ("Loïc Tanguy", "Fatou Camara", "Maryvonne Le Dref"),
        "Anne Quéméner",
        _outcomes(74, 18, 40, 11, 13),
    ),
)


def user(email: str, name: str, is_network: bool = False) -> User:
    """An invented account with the demonstration's password."""
    each = User(id=new_id(), email=f"{email}@{DOMAIN}", name=name, password=PASSWORD, is_network=is_network)
    db.session.add(each)
    return each


def is_loaded() -> bool:
    """Whether the demonstration network is there."""
    return db.session.scalar(select(User.id).where(User.email == f"reseau@{DOMAIN}")) is not None


def load() -> bool:
    """Load the demonstration network, once. Returns whether it was loaded now."""
    with transaction():
        if is_loaded():
            return False
        user("reseau", "Hélène Aubrac", is_network=True)
        trainer = user("formatrice", "Jeanne Lescure")
        for plot in PLOTS:
            _settle(plot, trainer)
    hand_out()
    fold_stale(everything=True)
    tell_the_networks_year()
    watch_over()
    return True


def _settle(plot: Plot, trainer: User) -> None:
    collective = found_collective(plot.insee_code, plot.neighbourhood, slug=plot.slug)
    if plot.slug == UNMET:
        collective.created_at = now() - timedelta(days=100)
    people = {
        user(f"coordination.{plot.slug}", plot.coordinator): Role.coordinator,
        user(f"benevole.{plot.slug}", plot.volunteers[0]): Role.volunteer,
        user(f"benevole2.{plot.slug}", plot.volunteers[1]): Role.volunteer,
        user(f"benevole3.{plot.slug}", plot.volunteers[2]): Role.volunteer,
        user(f"elu.{plot.slug}", plot.observer): Role.observer,
        trainer: Role.trainer,
    }
    # Memberships point at users.
    db.session.flush()
    with inside(collective.id):
        team = [Membership(user_id=each.id, role=role, display_name=each.name) for each, role in people.items()]
        db.session.add_all(team)
        db.session.flush()
        walkers = [each for each in team if each.role in (Role.coordinator, Role.volunteer)]
        _walk(plot, collective, walkers)
        go_other_ways(collective, walkers)
        phoning.call(collective, walkers)
        meet_people(collective, walkers)
        take_along(collective)
        prescriptions.bring_in(collective)
        course.train(collective, team)
        finish(collective, next(each for each in team if each.role == Role.trainer))
        care.look_after(collective, walkers)
        together.gather(collective, team)
        # The past was put where it belongs after it was noted: every month, and not only those that are marked.
        recount_everything()
        tell_the_year(collective)
    speak_as(None)


def _walk(plot: Plot, collective: Collective, walkers: list[Membership]) -> None:
    """Closed rounds over half a year, one round of today that has just begun, one planned for later."""
    chance = random.Random(plot.slug)
    today = today_in(collective.time_zone)
    left = [outcome for outcome, number in plot.outcomes.items() for _ in range(number)]
    chance.shuffle(left)
    areas = AREAS[plot.slug]
    for number in range(6):
        share = left[number::6]
        day = today - timedelta(days=12 + 27 * (5 - number))
        pair = chance.sample(walkers, 2)
        round_ = _round(areas[number % len(areas)], day, pair)
        _knock(round_, share, counted=number == 0)
        round_.close(chance.choice([75, 90, 105, 120]))
        set_back(round_)
    _today(plot, areas, today, walkers)


def _round(area: str, day: date, team: list[Membership]) -> Round:
    speak_as(team[0].user_id)
    round_ = Round(area=area, day=day, planned_by=team[0].user_id)
    db.session.add(round_)
    db.session.flush()
    round_.compose([each.id for each in team])
    return round_


def _knock(round_: Round, share: list[Outcome], counted: bool) -> None:
    if counted:
        place = Building(round_id=round_.id, label="Rues autour de la place", shape=Shape.counted)
        db.session.add(place)
        db.session.flush()
        log_counts(round_, place, {each: share.count(each) for each in Outcome}, new_id())
        return
    floors, rest = divmod(len(share), 4)
    place = Building(round_id=round_.id, label=round_.area, shape=Shape.floors, floors=floors, per_floor=4, ground=rest)
    db.session.add(place)
    db.session.flush()
    doors: list[Door] = [(floor, door) for floor, names in place.layout() for door in names]
    for outcome in Outcome:
        chosen = [door for door, happened in zip(doors, share, strict=True) if happened == outcome]
        log_doors(round_, place, chosen, outcome, new_id())


def _today(plot: Plot, areas: tuple[str, ...], today: date, walkers: list[Membership]) -> None:
    by_name: dict[str, Membership] = {each.display_name: each for each in walkers}
    pair = [by_name[plot.volunteers[0]], by_name[plot.volunteers[1]]]
    round_ = _round(areas[-2], today, pair)
    for entrance in ("A", "B"):
        db.session.add(Building(round_id=round_.id, label=f"{areas[-2]}, entrée {entrance}", floors=4, per_floor=4, ground=2))
    _round(areas[-1], today + timedelta(days=5), [by_name[plot.coordinator], by_name[plot.volunteers[2]]])


def accounts(slug: str) -> dict[str, str]:
    """The addresses of one collective's demonstration accounts, by role."""
    return {"coordinator": f"coordination.{slug}@{DOMAIN}", "volunteer": f"benevole.{slug}@{DOMAIN}", "observer": f"elu.{slug}@{DOMAIN}"}


def collective_id(slug: str) -> UUID:
    """The id of a demonstration collective."""
    return db.session.scalars(select(Collective.id).where(Collective.slug == slug)).one()
