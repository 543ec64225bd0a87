"""The desk of a trainer in thirty collectives beside that of a trainer in one."""

from collections.abc import Iterator
from datetime import time, timedelta
from uuid import UUID

from app.accounts.models import User
from app.db import db, new_id
from app.factory import create_app
from app.settings import from_environment
from app.training.agenda import write_agenda
from app.training.models import Course, SessionState, TrainingSession
from app.training.plans import plans, sessions_of
from bench.ratios import ratio, take_turns
from bench.table import Line, bounded, lasting
from bench.town import Town, page
from bench.worlds import PASSWORD, World, at_home
from tenants.bootstrap import connect
from tenants.models import Collective, Membership, Role
from tenants.months import today_in
from tenants.scope import inside

OF_ONE, OF_THIRTY = "une.formatrice@mesure.essaimage.fr", "trente.formatrice@mesure.essaimage.fr"
DESK = "/formation/"


def settle(world: World) -> None:
    """Two trainers with a course under way in each of their collectives: four sessions held, four to come."""
    house = create_app(from_environment(world.environment))
    with at_home(house):
        one, thirty = (User(id=new_id(), email=email, name="Jeanne Lescure", password=PASSWORD) for email in (OF_ONE, OF_THIRTY))
        db.session.add_all([one, thirty])
        places = db.session.scalars(db.select(Collective.id).where(Collective.slug.like("commune-%")).order_by(Collective.id).limit(31)).all()
    for number, collective_id in enumerate(places):
        with at_home(house), inside(collective_id):
            _train(one.id if number == 0 else thirty.id, number)
    with house.app_context():
        for engine in db.engines.values():
            engine.dispose()
    with connect(world.environment["SUPERUSER_DATABASE_URL"]) as superuser:
        superuser.execute("vacuum (analyze) agenda_lines, memberships, users")


def _train(user_id: UUID, number: int) -> None:
    plan = db.session.scalars(plans().limit(1)).one()
    course = Course(plan_id=plan.id, place=f"Salle {number}", minimum=6, maximum=12)
    db.session.add_all([Membership(user_id=user_id, role=Role.trainer, display_name="Jeanne Lescure"), course])
    # Sessions point at the course.
    db.session.flush()
    first = today_in("Europe/Paris") - timedelta(days=28 - number % 7)
    for outline in db.session.scalars(sessions_of(plan.id)).all():
        session = TrainingSession(course_id=course.id, position=outline.position, day=first + timedelta(weeks=outline.position - 1))
        session.begins, session.minutes = time(18), outline.minutes
        session.state = SessionState.held if session.day < today_in("Europe/Paris") else SessionState.planned
        db.session.add(session)
    write_agenda(course, trainers=[user_id])


def desks(town: Town) -> Iterator[Line]:
    """Thirty against one."""
    settle(town.world)
    medians = take_turns({email: page(town.sign_in(email), DESK) for email in (OF_ONE, OF_THIRTY)}, each=30)
    yield bounded("trainer's desk, 30 collectives / 1", ratio(medians[OF_THIRTY], medians[OF_ONE]), 1.5)
    yield lasting("that of thirty itself", medians[OF_THIRTY])
