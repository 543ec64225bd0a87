"""Stages and reasons to call come from figures and support permanences; filters and saved views are of those who made them."""

import html
import re
from datetime import date, timedelta
from typing import NamedTuple

import pytest
import sqlalchemy as sa

from app.accounts.models import Invitation
from app.db import db, new_id
from app.followup.support import Mood, Side, SupportMeeting, last_due_month, missed
from app.followup.support_year import months_to_tell
from app.languages import written_date
from app.network.looking import ASK, BESIDES_ROUNDS, SUPPORT_MONTHS
from app.network.watching import SavedView, Watch, last_act, watched
from app.transaction import transaction
from tenants.indicators import CATALOGUE
from tenants.ledger import Figure
from tenants.models import Collective
from tenants.months import EVER, bounds, month_of, months_before, today_in, year_of
from tests.newcomer import newcomer
from workers.watching import watch_over

pytestmark = pytest.mark.committed
TODAY = today_in("Europe/Paris")
BEFORE = months_before(month_of(TODAY), 2)[1]


@pytest.fixture
def gueret(house, addresses):
    with newcomer(house, addresses) as crew:
        yield crew
    with house.app_context(), transaction():
        watch_over()


def stands(crew, founded=0, last=None, **figures):
    """What the look says of a collective founded and last active so many days ago; figures by name, or by period and name."""
    with crew.house.app_context(), transaction():
        db.session.execute(sa.update(Collective).where(Collective.id == crew.id).values(created_at=sa.func.now() - timedelta(days=founded)))
    figures |= {} if last is None else {"last_activity": (TODAY - timedelta(days=last)).toordinal() - 719163}
    with crew.at_home():
        db.session.execute(sa.delete(Figure))
        for name, value in ({"coordinators": 1} | figures).items():
            period, code = name if isinstance(name, tuple) else (EVER, name)
            db.session.add(Figure(period=period, indicator=code, value=value))
    return looked(crew)


def looked(crew):
    """What another look says."""
    with crew.house.app_context(), transaction():
        watch_over()
        with db.engines["network"].connect() as network:
            return network.execute(sa.select(Watch.__table__).where(Watch.id == crew.id)).one()


@pytest.mark.parametrize(
    ("told", "stage"),
    [
        ({}, "signed_up"),
        ({"courses_started": 1, "courses_completed": 0}, "in_training"),
        ({"last": 60}, "active"),
        ({"last": 61}, "asleep"),
        ({"last": 400}, "asleep"),
        ({"last": 400, "coordinators": 0}, "ended"),
        ({"last": 400, "courses_started": 2, "courses_completed": 1}, "in_training"),
    ],
)
def test_stages(gueret, told, stage):
    assert stands(gueret, founded=500, **told).stage == stage


@pytest.mark.parametrize("code", BESIDES_ROUNDS)
def test_what_takes_place_without_a_round_is_activity_too(gueret, helene, code):
    """A collective that goes on no more rounds and keeps its permanences is not asleep, and is not called for being silent."""
    assert CATALOGUE[code].counts == "acts"
    assert CATALOGUE[code].kept == "sum"
    quiet = stands(gueret, founded=20, last=200)
    assert (quiet.stage, quiet.silent_days, quiet.busy_in) == ("asleep", 200, None)
    with gueret.at_home():
        db.session.add(Figure(period=month_of(TODAY), indicator=code, value=1))
        db.session.add(Figure(period=BEFORE, indicator=code, value=2))
    row = looked(gueret)
    assert (row.stage, row.silent_days, row.busy_in, row.calls) == ("active", None, month_of(TODAY), 0)
    page = html.unescape(helene.get("network.index_watch", departement="23").text)
    assert "séances, permanences ou rencontres en" in page
    # A month of which nothing is counted says nothing.
    with gueret.at_home():
        db.session.execute(sa.update(Figure).where(Figure.indicator == code).values(value=0))
    assert looked(gueret).silent_days == 200


def listed(helene, **query):
    """{name: last activity} of /reseau/, in its order."""
    page = html.unescape(helene.client.get("/reseau/", query_string=query).text)
    return dict(re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>.*?<td data-label="Dernière activité">([^<]+)</td>', page))


def said(house, day, pattern):
    with house.test_request_context(headers={"Accept-Language": "fr"}):
        return written_date(day, pattern)


def test_the_last_act_of_any_room_stands_in_every_list_as_the_watch_reckons_it(house, gueret, helene):
    """A collective that goes on no more rounds and keeps its permanences was active this month, in the list, in the table and on its page."""
    stands(gueret, founded=20, last=200)
    day = TODAY - timedelta(days=200)
    assert listed(helene)["Guéret"] == said(house, day, "d MMM y")
    # The list is sorted by what it shows: nobody else was silent for so long.
    assert list(listed(helene, tri="last_activity"))[-1] == "Guéret"
    with gueret.at_home():
        db.session.add(Figure(period=month_of(TODAY), indicator="drop_ins_held", value=1))
    row = looked(gueret)
    assert (row.last_on, row.busy_in, row.seen_on) == (day, month_of(TODAY), TODAY)
    assert listed(helene)["Guéret"] == said(house, TODAY, "MMMM y")
    assert next(iter(listed(helene, tri="last_activity"))) == "Guéret"
    assert f"Dernière activité en {said(house, TODAY, 'MMMM y')}." in html.unescape(helene.get("network.show", collective_id=gueret.id).text)
    line = next(each for each in helene.client.get("/reseau/collectifs.csv").text.splitlines() if each.startswith("Guéret;"))
    assert line.split(";")[5] == month_of(TODAY)


def test_an_act_of_last_winter_is_remembered(house, gueret, helene):
    """Not only what was busy lately: a permanence of many months ago is later than a round of last year."""
    stands(gueret, founded=20, last=390)
    busy = months_before(month_of(TODAY), 10)[-1]
    with gueret.at_home():
        db.session.add(Figure(period=busy, indicator="drop_ins_held", value=1))
    row = looked(gueret)
    assert (row.busy_in, row.silent_days) == (busy, (TODAY - bounds(busy)[1]).days + 1)
    assert listed(helene)["Guéret"] == said(house, bounds(busy)[0], "MMMM y")


def test_of_a_round_and_a_month_the_later_one_is_told():
    day = date(2026, 11, 12)
    assert last_act(None, None) is None
    assert last_act(day, None).iso() == last_act(day, "2026-11").iso() == last_act(day, "2026-10").iso() == "2026-11-12"
    assert last_act(day, "2026-12").iso() == last_act(None, "2026-12").iso() == "2026-12"


def test_a_month_that_is_over_was_busy_until_its_last_day(gueret):
    stands(gueret, founded=20, last=200)
    with gueret.at_home():
        db.session.add(Figure(period=months_before(BEFORE, 2)[1], indicator="activities", value=3))
    days = (TODAY - bounds(months_before(BEFORE, 2)[1])[1]).days + 1
    assert looked(gueret).silent_days == (days if days > ASK else None)


def test_reasons_to_call_are_said_in_words(gueret, helene):
    quiet = stands(gueret, founded=ASK, last=ASK)
    assert quiet.calls == 0
    assert stands(gueret, founded=ASK + 1).unopened_days == ASK + 1
    year = {(year_of(BEFORE), "presences"): 11, (year_of(BEFORE), "presences_expected"): 20}
    told = {(BEFORE, "sessions_planned"): 2, (BEFORE, "sessions_held"): 0, (EVER, "sessions_planned"): 8, (EVER, "sessions_held"): 2}
    figures = {**told, **(year if year_of(BEFORE) == str(TODAY.year) else {}), "coordinators": 0}
    stands(gueret, founded=400)
    row = _with(gueret, figures)
    assert (row.orphan, row.silent_days, row.missed_sessions, row.held, row.planned) == (True, 45, 2, 2, 8)
    assert row.calls == 4 + row.few_presences
    page = html.unescape(helene.get("network.index_watch", appeler="1").text)
    assert re.findall(r'<h3><a href="/reseau/collectifs/[^"]+">([^<]+)</a></h3>', page) == ["Guéret", "Lormes"]
    assert "Plus personne ne coordonne." in page
    assert "Rien de noté depuis 45 jours." in page
    assert "2 séances du mois dernier sont restées sans présences." in page
    assert "2 séances sur 8" in page
    assert "2 collectifs aimeraient qu’on les appelle." in page


def _with(crew, figures):
    last = (TODAY - timedelta(days=45)).toordinal() - 719163
    with crew.at_home():
        db.session.execute(sa.delete(Figure))
        for name, value in figures.items():
            period, code = name if isinstance(name, tuple) else (EVER, name)
            db.session.add(Figure(period=period, indicator=code, value=value))
        db.session.add(Figure(period=EVER, indicator="last_activity", value=last))
    return looked(crew)


def notes(crew, *months):
    """Support permanences of these months, with their notes."""
    with crew.at_home():
        for month in months:
            db.session.add(SupportMeeting(publisher_id=crew.id, month=month, proposed_by=Side.network, mood=Mood.well))


def test_missed_support_is_a_reason_to_call_and_is_said_of_each_collective(gueret, helene):
    due = last_due_month(TODAY)
    one, two, three = months_before(due, 3)
    first = (TODAY - bounds(due)[0]).days
    assert stands(gueret, founded=first - 1, last=0).unmet is None
    assert "soutien à jour" not in helene.get("network.index_watch", departement="23").text
    # Founded on the first day of the due month, or within the month before it: one whole month was to be met.
    assert stands(gueret, founded=first, last=0).unmet == 1
    assert stands(gueret, founded=first + 20, last=0).unmet == 1
    assert stands(gueret, founded=1500, last=0).unmet == SUPPORT_MONTHS
    notes(gueret, three)
    row = stands(gueret, founded=1500, last=0)
    assert (row.unmet, row.calls) == (2, 1)
    page = html.unescape(helene.get("network.index_watch", soutien="1", departement="23").text)
    assert re.findall(r'<h3><a href="/reseau/collectifs/[^"]+">([^<]+)</a></h3>', page) == ["Guéret"]
    assert "Les 2 dernières permanences de soutien manquent, ou leurs notes." in page
    assert "2 permanences de soutien manquées" in page
    notes(gueret, one)
    row = stands(gueret, founded=1500, last=0)
    assert (row.unmet, row.calls) == (0, 0)
    page = html.unescape(helene.get("network.index_watch", departement="23").text)
    assert "soutien à jour" in page
    page = html.unescape(helene.get("network.index_watch", soutien="1").text)
    assert re.findall(r'<h3><a href="/reseau/collectifs/[^"]+">([^<]+)</a></h3>', page) == ["Lormes"]
    assert two < one


@pytest.mark.parametrize("back", [0, 40, 400])
def test_the_watch_and_the_collectives_page_agree_on_missed_support(gueret, back):
    row = stands(gueret, founded=back, last=0)
    with gueret.house.app_context(), db.engines["network"].connect() as network:
        assert bool(row.unmet) == (gueret.id in missed(network, TODAY))


def test_nobody_calls_meets_or_invites_where_a_collective_has_ended(gueret, helene):
    before = stands(gueret, founded=400, last=90, coordinators=0)
    assert (before.stage, before.calls) == ("asleep", 3)
    assert "Inviter une coordination" in helene.get("network.show", collective_id=gueret.id).text
    with gueret.house.app_context(), transaction():
        db.session.get(Collective, gueret.id).ended_on = TODAY - timedelta(days=1)
    row = looked(gueret)
    assert (row.stage, row.calls) == ("ended", 0)
    with gueret.house.app_context(), db.engines["network"].connect() as network:
        assert gueret.id not in missed(network, TODAY)
    text = html.unescape(helene.get("network.show", collective_id=gueret.id).text)
    assert "Ce collectif a pris fin le" in text
    assert "Inviter une coordination" not in text
    assert "il manque une rencontre" not in text
    helene.post("network.create_coordination", {"id": str(new_id()), "email": "une@exemple.fr"}, collective_id=gueret.id)
    assert "plus personne n’y entre" in html.unescape(helene.get("network.show", collective_id=gueret.id).text)
    with gueret.at_home():
        assert "une@exemple.fr" not in [each.email for each in db.session.scalars(sa.select(Invitation))]
    # Months after the end are nobody's to tell of.
    assert months_to_tell(Ended(TODAY - timedelta(days=400), bounds(BEFORE)[0]), TODAY)[0] == BEFORE
    assert helene.get("network.index_support", collective_id=gueret.id).status_code == 200


class Ended(NamedTuple):
    """What is asked of a collective that has ended."""

    founded_on: date
    ended_on: date


def test_filters(house, gueret):
    stands(gueret, founded=10)
    with house.app_context(), db.engines["network"].connect() as network:

        def found(**filters):
            return sorted(row[-1] for row in network.execute(watched(filters, TODAY)))

        everybody = found()
        assert len(everybody) == 6
        assert found(region="Pays de la Loire") == ["Nantes, Ranzay", "Saint-Mars-du-Désert"]
        assert found(departement="23") == found(region="Nouvelle-Aquitaine") == ["Guéret"]
        assert found(etape="signed_up") == ["Guéret"]
        assert "Lormes" in found(taille="0")
        assert "Guéret" not in found(taille="0")
        assert found(age="0") == everybody
        assert found(age="2") == []
        assert found(etape="nonsense", taille="9", age="x") == everybody
        assert found(region="Nulle part") == []


def test_the_map_and_its_table_say_the_same(helene, gueret):
    stands(gueret)
    page = html.unescape(helene.get("network.index_watch").text)
    drawn = {name: int(count) for name, count in re.findall(r"<title>([^<:]+) : (\d+)</title>", page) if count != "0"}
    table = {name: int(count) for name, count in re.findall(r'departement=\w+">([^<]+)</a></th><td class="text-end">(\d+)</td>', page)}
    assert drawn == table
    assert drawn["Creuse"] == 1
    assert drawn["Loire-Atlantique"] == 2
    assert " style=" not in page


def test_saved_views_belong_to_who_made_them(house, helene):
    view_id = str(new_id())
    helene.client.post("/reseau/veille/vues?etape=active", data={"csrf_token": helene.token, "id": view_id, "name": "Les actifs"})
    helene.client.post("/reseau/veille/vues?etape=active", data={"csrf_token": helene.token, "id": view_id, "name": "Les actifs"})
    page = helene.get("network.index_watch").text
    assert page.count("?etape=active") == 2
    assert "Les actifs" in page
    for nothing in ("", "   "):
        assert helene.post("network.create_view", {"name": nothing}).status_code == 422
    helene.post("network.delete_view", view_id=new_id())
    assert "Les actifs" in helene.get("network.index_watch").text
    for _twice in range(2):
        assert helene.post("network.delete_view", view_id=view_id).location == helene.address("network.index_watch")
    with house.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(SavedView)) == 0
