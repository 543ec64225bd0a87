"""What the demonstration's Saint-Mars does so that nobody falls silent: two bonds, some silences, one pause, one file near its end."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from sqlalchemy import delete, select

from app.db import db, new_id
from app.followup.bonds import BondMoment, HeartBond, MomentKind, begin, tell_of
from app.followup.endings import YEARS, ending_for
from app.followup.silence import WATCHED, CallOutcome, CheckIn, SilenceRule, call
from app.people.agreements import Agreement
from app.people.circles import ContactCircles
from app.people.models import Person, Stage
from app.people.pairs import Pair
from app.people.path import PathStep
from app.people.queries import by_name
from app.people.tellings import Telling
from tenants import ledger
from tenants.models import Collective, Membership
from tenants.months import today_in
from tenants.scope import speak_as

# How many days ago someone was last seen: beyond thirty their pair is asked to call, a week later the coordination too.
LAST_SEEN = (33, 41, 47)


def look_after(collective: Collective, walkers: list[Membership]) -> None:
    """Everyone was called lately. In Saint-Mars three were not, one is away, two found someone; elsewhere the pages begin empty."""
    today, speaker = today_in(collective.time_zone), walkers[0]
    speak_as(speaker.user_id)
    people = [person for _name, person in by_name(db.session.scalars(select(Person).where(Person.stage.in_(WATCHED))).all())]
    for number, person in enumerate(people):
        if person.stage != Stage.spotted:
            call(person, CallOutcome.well, max(person.stage_on, today - timedelta(days=3 + number % 19)), new_id())
    if collective.slug != "saint-mars-du-desert":
        return
    accompanied = sorted((each for each in people if each.stage == Stage.accompanied), key=lambda each: each.found_on)
    engaged = min((each for each in people if each.stage == Stage.engaged), key=lambda each: each.found_on)
    _bind(today, engaged, accompanied[0], walkers)
    for person, days in zip(accompanied[1:4], LAST_SEEN, strict=True):
        _lose_sight(person, max(person.stage_on, today - timedelta(days=days)))
    call(accompanied[3], CallOutcome.no_answer, today - timedelta(days=2), new_id())
    pause = SilenceRule(person_id=accompanied[4].id, paused_until=today + timedelta(days=24))
    pause.paused_because, pause.by_user = "Chez sa sœur à Ancenis", speaker.user_id
    db.session.add(pause)
    _near_its_end(today, db.session.scalars(select(Person).where(Person.stage == Stage.autonomous).order_by(Person.id).limit(1)).one())


def _lose_sight(person: Person, since: date) -> None:
    """Nothing was noted after that day."""
    db.session.execute(delete(CheckIn).where(CheckIn.person_id == person.id))
    person.last_seen_on = since


def _bind(today: date, one: Person, other: Person, walkers: list[Membership]) -> None:
    """Two people who chose each other three months ago, and a grandparent of the heart since some weeks."""
    began = max(today - relativedelta(months=3, days=4), one.found_on, other.found_on) + timedelta(days=1)
    first = HeartBond(person_id=one.id, other_person_id=other.id, began_on=began, agreed_on=began, other_agreed_on=began)
    first.how = "À l’atelier couture. L’une cherchait une machine, l’autre en avait deux."
    first.words, first.other_words = "« Elle me fait rire, je la revois quand elle veut. »", "« Le mardi, c’est notre jour. »"
    first.agreed_to_id = first.other_agreed_to_id = walkers[0].id
    begin(first)
    since = today - timedelta(days=20)
    second = HeartBond(person_id=other.id, member_id=walkers[1].id, began_on=since, agreed_on=since, other_agreed_on=since)
    second.how = "Il venait réparer un vélo ; il est resté pour le goûter."
    second.words, second.other_words = "« Qu’il revienne avec les enfants. »", "« C’est la grand-mère qu’ils n’ont pas ici. »"
    second.agreed_to_id = second.other_agreed_to_id = walkers[0].id
    begin(second)
    # Moments point at the bonds.
    db.session.flush()
    for kind, after, note in (
        (MomentKind.meeting, 6, "Un café à trois, puis elles ont oublié que j’étais là."),
        (MomentKind.month_1, 33, "Elles se voient chaque mardi. Une tarte, et le tour du bourg."),
    ):
        if began + timedelta(days=after) > today:
            break
        tell_of(first, BondMoment(kind=kind, on=began + timedelta(days=after), member_id=walkers[0].id, note=note))


def _near_its_end(today: date, person: Person) -> None:
    """Nobody has been in contact for almost two years: announced once, the second time is near. All that was told lies as far back."""
    last = today - relativedelta(years=YEARS) + timedelta(days=24)
    back = (person.last_seen_on or person.found_on) - last
    for kind, column in ((PathStep, "on"), (Telling, "on"), (ContactCircles, "on"), (Pair, "since"), (Agreement, "given_on")):
        for row in db.session.scalars(select(kind).where(kind.person_id == person.id)):
            setattr(row, column, getattr(row, column) - back)
    ledger.mark(person.found_on)
    person.found_on, person.stage_on, person.last_seen_on = person.found_on - back, person.stage_on - back, last
    ledger.mark(person.found_on)
    ledger.mark(last)
    ending_for(person.id).first_told_on = today - timedelta(days=36)
