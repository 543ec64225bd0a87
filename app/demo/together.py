"""Permanences, activities and meetings with the network of the demonstration. Everybody in them is invented."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.db import db, new_id
from app.followup.activities import Activity, ActivityKind, carry, invite
from app.followup.attendance import came, tally
from app.followup.drop_ins import DropIn, lay_out, speak_of
from app.followup.gatherings import Because, GatheringState, become
from app.followup.places import TeamAnswer
from app.followup.rules import DropInRule, Nth, OnHolidays
from app.followup.support import Mood, Side, SupportDecision, SupportMeeting
from app.people.models import Person, Stage
from app.people.tasks import settle
from tenants import ledger
from tenants.models import Collective, Membership, Role
from tenants.months import bounds, month_of, today_in
from tenants.scope import here, speak_as

PLACES = {"saint-mars-du-desert": "à la maison de quartier, place de l’Église", "nantes-ranzay": "au local du 12, rue du Ranzay"}
# How many came to each of the past permanences: of those one knows, and others; what was spoken of. None: it was not held.
PAST = (
    (3, 4, ("remobilisation--lien-social",)),
    (2, 6, ("remobilisation--lien-social", "difficultes-administratives-ou-juridiques--accompagnement-aux-demarches-administratives")),
    None,
    (4, 7, ("numerique--maitriser-les-fondamentaux-du-numerique", "mobilite--etre-accompagne-dans-son-parcours-mobilite")),
    (5, 9, ("remobilisation--lien-social", "remobilisation--benevolat-action-citoyenne")),
)
STAFF = "Hélène Aubrac"


def gather(collective: Collective, team: list[Membership]) -> None:
    """A rule with its past and its future, two activities and an idea, and a note signed by both sides."""
    if collective.slug not in PLACES:
        return
    walkers = [each for each in team if each.role in (Role.coordinator, Role.volunteer)]
    today = today_in(collective.time_zone)
    speak_as(walkers[0].user_id)
    _open_the_door(collective, walkers, today)
    if collective.slug == "saint-mars-du-desert":
        _do_together(walkers, today)
        _meet_the_network(walkers[0].display_name, today)
    else:
        _agree_on_a_day(PLACES[collective.slug], today + timedelta(days=9))
    settle()


def _agree_on_a_day(where: str, day: date) -> None:
    chosen = SupportMeeting(publisher_id=here(), id=new_id(), month=month_of(day), proposed_by=Side.network, proposed=[f"{day}T17:30"], where=where)
    db.session.add(chosen)
    # Its version counts from what the row begins with.
    db.session.flush()
    chosen.choose(chosen.proposed[0])
    ledger.mark(day)


def _open_the_door(collective: Collective, walkers: list[Membership], today: date) -> None:
    since = (today - timedelta(days=31 * len(PAST))).replace(day=1)
    rule = DropInRule(nth=Nth.second, day_of_week=1, begins=time(10), ends=time(12), where=PLACES[collective.slug], since=since)
    rule.on_holidays, rule.phone, rule.one_id, rule.other_id = OnHolidays.keep, "+33261910044", walkers[1].id, walkers[2].id
    db.session.add(rule)
    # Days point at the rule.
    db.session.flush()
    for day, how in zip([each for each in rule.days(since, today, collective.department) if each < today][-len(PAST) :], PAST, strict=False):
        hosts = {"one_id": walkers[1].id, "other_id": walkers[2].id}
        each = DropIn(rule_id=rule.id, planned_on=day, day=day, begins=rule.begins, ends=rule.ends, where=rule.where, **hosts)
        db.session.add(each)
        db.session.flush()
        ledger.mark(day)
        if how is None:
            become(each, GatheringState.not_held, Because.place_closed)
        else:
            _welcome(each, *how)
    lay_out(rule, today, collective.department)
    db.session.flush()
    # The one after the next has found nobody yet.
    later = list(db.session.scalars(select(DropIn).where(DropIn.day >= today).order_by(DropIn.day)))
    for each in later[1:2]:
        each.one_id = each.other_id = None


def _known(number: int, *stages: Stage) -> list[Person]:
    return list(db.session.scalars(select(Person).where(Person.stage.in_(stages)).order_by(Person.opened_at, Person.id).limit(number)))


def _welcome(drop_in: DropIn, known: int, others: int, subjects: tuple[str, ...]) -> None:
    for person in _known(known, Stage.accompanied, Stage.engaged):
        came(drop_in, person, drop_in.day)
    for _visitor in range(others):
        tally(drop_in, 1, new_id())
    speak_of(drop_in, subjects, ())


def _activity(kind: ActivityKind, title: str, day: date, where: str, planned_by: Membership, places: int | None = None) -> Activity:
    activity = Activity(kind=kind, title=title, day=day, begins=time(12), ends=time(14, 30), where=where, planned_by=planned_by.user_id)
    activity.places = places
    db.session.add(activity)
    db.session.flush()
    return activity


def _do_together(walkers: list[Membership], today: date) -> None:
    soup = _activity(ActivityKind.meal, "La soupe du lavoir", today - timedelta(days=17), "au lavoir", walkers[1])
    soup.about = "Chacun apporte un légume. Le pain vient du four."
    carrier = _known(1, Stage.accompanied)[0]
    soup.idea_of = carrier.name
    carry(soup, carrier, "« D’accord, je fais la soupe. Et vous pouvez l’écrire. »", soup.day or today, new_id())
    for person in [carrier, *_known(4, Stage.accompanied)]:
        came(soup, person, soup.day or today)
    for _guest in range(6):
        tally(soup, 1, new_id())
    walk = _activity(ActivityKind.walk, "Un tour par les étangs", today + timedelta(days=11), "devant la mairie", walkers[2], 12)
    walk.about = "Une heure, à petits pas. Un banc tous les deux cents mètres."
    invite(walk, [each.id for each in _known(3, Stage.accompanied)])
    db.session.add(TeamAnswer(activity_id=walk.id, member_id=walkers[1].id, comes=True))
    idea = Activity(kind=ActivityKind.workshop, title="Apprendre à poser une fermeture", where="", state=GatheringState.idea)
    idea.idea_of, idea.planned_by = "l’atelier du jeudi", walkers[1].user_id
    db.session.add(idea)


def _meet_the_network(coordinator: str, today: date) -> None:
    last = today.replace(day=1) - timedelta(days=8)
    meeting = SupportMeeting(publisher_id=here(), id=new_id(), month=month_of(last), proposed_by=Side.network, proposed=[f"{last}T14:00"])
    meeting.day, meeting.begins, meeting.online, meeting.where = last, time(14), False, "à la mairie"
    db.session.add(meeting)
    # Its version counts from what the row begins with, and decisions point at it.
    db.session.flush()
    meeting.write(
        Side.collective,
        coordinator,
        mood=Mood.holding,
        difficulties="Deux bénévoles ont déménagé. La salle est prise le mardi après-midi.",
        needs="Un modèle d’affiche plus lisible, et quelqu’un qui vienne parler aux nouveaux.",
    )
    for what, side, who, days in (
        ("Demander la salle pour le mardi matin", Side.collective, coordinator, -3),
        ("Envoyer le modèle d’affiche", Side.network, STAFF, 12),
    ):
        decision = SupportDecision(publisher_id=here(), id=new_id(), meeting_id=meeting.id, what=what, side=side, who=who)
        decision.due_on = today + timedelta(days=days)
        db.session.add(decision)
    moment = datetime.combine(last, time(17), ZoneInfo("Europe/Paris"))
    for side, name in ((Side.collective, coordinator), (Side.network, STAFF)):
        meeting.sign(side, name)
        setattr(meeting, f"{side.value}_signed_at", moment)
    month = month_of(today)
    ahead = max(today + timedelta(days=2), bounds(month)[0])
    # Both of one month, as the form asks.
    then = min(ahead + timedelta(days=1), bounds(month_of(ahead))[1] - timedelta(days=1))
    dates = [f"{ahead}T10:00", f"{then}T14:30"]
    coming = SupportMeeting(publisher_id=here(), id=new_id(), month=month_of(ahead), proposed_by=Side.network, proposed=dates)
    coming.online, coming.where = True, "visio.example.org/saint-mars"
    db.session.add(coming)
    ledger.mark(bounds(month)[0])
