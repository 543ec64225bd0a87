"""Referrals of the demonstration, one in each state, for invented people of Saint-Mars-du-Désert."""

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select

from app.accounts.models import User
from app.db import db, now
from app.demo.resources import list_places
from app.people.models import Person, Stage
from app.people.pairs import Pair
from app.referral.letters import compose
from app.referral.referrals import Outcome, Referral, ReferralState, Way
from tenants.models import Collective, Membership
from tenants.months import today_in
from tenants.scope import speak_as

# Which place, how long ago, how it stands, why, and what came back or became of it.
STORIES = (
    (0, 26, "accompanied", "Elle cousait des rideaux. Elle aimerait revoir une machine, et du monde.", "Venez jeudi à 14 h, demandez Odile.", "Elle a ourlé deux torchons et promis de revenir."),  # noqa: E501  # one story a line
    (1, 19, "went", "Il voudrait quelqu’un avec qui prendre le café.", "La porte est ouverte, qu’il vienne quand il veut.", "Il y est retourné seul le mardi suivant."),  # noqa: E501
    (3, 9, "accepted", "Elle a eu un potager toute sa vie.", "Samedi matin, avec des bottes.", ""),
    (6, 16, "refused", "Elle aime qu’on lui lise le journal.", "Plus de place avant la rentrée. Essayez le club, le mercredi.", ""),
    (2, 12, "reminded", "Les courses sont devenues trop lourdes pour lui.", "", ""),
    (7, 4, "sent", "Un peu d’aide à la maison, toujours la même personne.", "", ""),
    (4, 2, "phone", "Jouer à la belote, et connaître de nouveau du monde.", "", ""),
    (5, 41, "expired", "Elle voudrait aller au marché le samedi.", "", ""),
    (8, 6, "cancelled", "Parler français sans qu’on la corrige.", "Elle préfère attendre le printemps.", ""),
    (1, 0, "draft", "Un courrier de la caisse de retraite à regarder à deux.", "", ""),
)  # fmt: skip


def take_along(collective: Collective) -> None:
    """A directory for each collective; the referrals for the first."""
    today = today_in(collective.time_zone)
    places = list_places(collective, today)
    if collective.slug != "saint-mars-du-desert":
        return
    paired = select(Pair.person_id).where(Pair.ended_on.is_(None))
    people = db.session.scalars(select(Person).where(Person.id.in_(paired), Person.stage != Stage.spotted).order_by(Person.opened_at)).all()
    for number, (place, days, state, why, back, became) in enumerate(STORIES):
        person = people[number % len(people)]
        pair = db.session.scalars(select(Pair).where(Pair.person_id == person.id, Pair.ended_on.is_(None))).one()
        sender = db.session.get_one(Membership, (collective.id, pair.one_id))
        user = db.session.get_one(User, sender.user_id)
        speak_as(user.id)
        resource, services = places[place]
        day = today - timedelta(days=days)
        moment = datetime.combine(day, time(9, 30), UTC)
        referral = Referral(person_id=person.id, resource_id=resource.id, service_id=services[-1 if state == "draft" else 0].id, reason=why)
        referral.state = ReferralState.draft
        referral.way = Way.phone if state == "phone" else Way.mail
        referral.agreed_on, referral.agreed_words, referral.called = day, "« Oui, si vous venez avec moi. »", person.name
        referral.companion_id, referral.opened_at, referral.opened_by = pair.other_id, moment, user.id
        db.session.add(referral)
        compose(referral, collective, sender, user.email)
        if state != "draft":
            _goes_on(referral, moment, state, back, became)


def _goes_on(referral: Referral, moment: datetime, state: str, back: str, became: str) -> None:
    sent = moment.date()
    referral.send(sent)
    referral.sent_at = moment
    referral.mailed_at = moment if referral.way == Way.mail else None
    if state in ("accompanied", "went", "accepted", "refused"):
        answered = sent + timedelta(days=3)
        referral.answer_with(state != "refused", back, answered)
        referral.answered_at = moment + timedelta(days=3)
    if state in ("accompanied", "went"):
        referral.tell_outcome(Outcome(state), sent + timedelta(days=8), became)
    if state == "reminded":
        referral.reminded_at = moment + timedelta(days=10)
    if state == "expired":
        referral.reminded_at = moment + timedelta(days=10)
        referral.end(ReferralState.expired, sent + timedelta(days=30))
    if state == "cancelled":
        referral.end(ReferralState.cancelled, min(sent + timedelta(days=2), now().date()), back)
