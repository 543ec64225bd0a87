"""Invented people of the demonstration: twenty-one in Saint-Mars-du-Désert, as many as its association accompanied, a few elsewhere."""

import random
from datetime import UTC, date, datetime, time, timedelta

from app.db import db, new_id
from app.people.circles import CIRCLES, ContactCircles, Moment
from app.people.home_meetings import HomeMeeting
from app.people.models import AgeBand, FoundBy, Person, Stage
from app.people.opening import open_file
from app.people.pairs import CompanionCard, assign
from app.people.path import step
from app.people.tellings import Occasion, Telling, tell
from tenants.models import Collective, Membership
from tenants.months import today_in

NAMES = (
    "Yvonne", "Raymond", "Ghislaine", "Fatou", "Marcel", "Odette", "Lucien", "Huguette", "Anselme", "Mariam", "Jeannot", "Simone", "Thierry",
    "Arlette", "Bachir", "Denise", "Firmin", "Paulette", "Kader", "Solange", "Émile",
)  # fmt: skip
STREETS = ("rue des Tilleuls", "rue du Moulin", "allée des Acacias", "place de l’Église", "chemin du Port", "résidence Bel-Air")
WORDS = ("« Oui, vous pouvez revenir. »", "« D’accord pour un café, pas plus. »", "« Repassez jeudi, ça me fera de la visite. »")
LIKES = ("la couture", "la radio", "les mots croisés", "le jardin", "la pétanque", "le tricot", "les chats")
GIVES = ("recoudre", "raconter l’école", "la brioche", "réparer un vélo", "garder un chat", "tailler les rosiers")
TELLINGS = (
    ("Un café sur le pas de la porte", "Dix minutes debout, puis une chaise. Il a été question du marché."),
    ("Elle est venue à l’atelier couture", "Elle a montré à Inès comment poser une fermeture."),
    ("Un appel le matin", "La voix était claire. Rendez-vous pris pour la semaine suivante."),
)
# How far the path of each has come, of twenty-one; the rest of a smaller place begins with the first.
FAR = (Stage.spotted,) * 3 + (Stage.met,) * 4 + (Stage.accompanied,) * 9 + (Stage.engaged,) * 3 + (Stage.autonomous,) * 2
OTHERS = {"nantes-ranzay": 9, "homecourt": 5, "lormes": 4, "lorient-kervenanec": 6}


def meet_people(collective: Collective, walkers: list[Membership]) -> None:
    """Open the files of a demonstration collective."""
    chance, today = random.Random(f"people/{collective.slug}"), today_in(collective.time_zone)
    names, far = list(NAMES), list(FAR)
    chance.shuffle(far)
    number = OTHERS.get(collective.slug, len(NAMES))
    for member in walkers[:2]:
        card = CompanionCard(member_id=member.id, languages=["fr", "ar"] if member is walkers[0] else ["fr"])
        card.likes, card.street = "la couture\nle jardin", "rue des Tilleuls"
        db.session.add(card)
    for place_, name in enumerate(names[:number]):
        _accompany(chance, today, walkers, name, far[place_], place_)


def _accompany(chance: random.Random, today: date, walkers: list[Membership], name: str, far: Stage, place_: int) -> None:
    found_on = today - timedelta(days=chance.randint(30, 150) if far != Stage.spotted else chance.randint(2, 9))
    member = chance.choice(walkers)
    likes, gives = chance.sample(LIKES, 2), chance.sample(GIVES, 2)
    values = {
        "name": name,
        "street": f"{chance.randint(1, 40)} {chance.choice(STREETS)}",
        "likes": "\n".join(likes),
        "gives": "\n".join(gives),
        "age": chance.choice(list(AgeBand)[1:]),
        "languages": ["fr", "ar"] if name in ("Mariam", "Bachir", "Kader", "Fatou") else ["fr"],
        "needs": ["remobilisation--lien-social"],
        "reached": "plutôt le matin",
    }
    how = FoundBy.round if place_ % 3 else chance.choice([FoundBy.neighbour, FoundBy.commune])
    person = open_file(new_id(), values, how, found_on, (member.id, found_on, chance.choice(WORDS)))
    days = found_on
    for stage in (Stage.met, Stage.accompanied, Stage.engaged, Stage.autonomous):
        if list(Stage).index(stage) > list(Stage).index(far):
            break
        days = min(days + timedelta(days=chance.choice([4, 6, 9, 12, 21])), today)
        step(person, stage, days, new_id())
    if far == Stage.spotted:
        return
    _tell_of(chance, person, today, walkers, days)


def _tell_of(chance: random.Random, person: Person, today: date, walkers: list[Membership], since: date) -> None:
    one, other = chance.sample(walkers, 2)
    if person.stage != Stage.met:
        assign(person, one.id, other.id, since, new_id())
        _measure(chance, person, Moment.entry, min(person.found_on + timedelta(days=14), today), 1)
        if since + timedelta(days=100) < today:
            _measure(chance, person, Moment.months_3, since + timedelta(days=92), 2)
        title, text = chance.choice(TELLINGS)
        telling = Telling(id=new_id(), person_id=person.id, occasion=Occasion.visit, on=min(since + timedelta(days=5), today))
        telling.title, telling.text = title, text
        tell(person, telling)
        return
    meeting = HomeMeeting(person_id=person.id, one_id=one.id, other_id=other.id)
    meeting.starts_at = datetime.combine(today + timedelta(days=chance.randint(1, 6)), time(14), UTC)
    db.session.add(meeting)
    assign(person, one.id, other.id, since, new_id())


def _measure(chance: random.Random, person: Person, moment: Moment, on: date, most: int) -> None:
    values = {circle: chance.randint(0, most) for circle in CIRCLES}
    db.session.add(ContactCircles(person_id=person.id, moment=moment, on=on, **values))
