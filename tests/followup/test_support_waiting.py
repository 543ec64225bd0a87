"""What the network's staff decided with several teams waits on one list of its own, with one tap for done and for later."""

import html
from datetime import timedelta

import pytest
from psycopg import errors
from sqlalchemy import update

from app.db import db
from app.followup.support import SupportDecision, SupportMeeting
from app.followup.support_waiting import count_waiting
from app.network.queries import reading
from tenants import bootstrap
from tenants.models import Collective
from tests.followup.test_support import NEXT, TODAY, Table
from tests.newcomer import newcomer

pytestmark = pytest.mark.committed


@pytest.fixture
def tables(house, addresses, helene):
    with newcomer(house, addresses, slug="bourg-du-soutien") as one, newcomer(house, addresses, "23008", "aubusson-du-soutien") as other:
        yield Table(one, helene), Table(other, helene)


def decides(table, **changes):
    return table.decides("network", table.proposes(), side="network", who="Hélène", **changes)


def taps(table, name, decision_id, **data):
    return table.helene.post(f"network.{name}", data, collective_id=table.crew.id, decision_id=decision_id)


def listed(helene, which=""):
    return helene.get("network.index_decisions", **({"liste": which} if which else {})).text


def test_decisions_of_all_teams_wait_in_the_order_of_their_days(tables, helene):
    one, other = tables
    support_id = one.proposes()
    one.decides("collective", support_id, what="Demander la salle", side="collective")
    one.decides("collective", support_id, what="Envoyer des affiches", side="network", due_on=(TODAY + timedelta(days=9)).isoformat())
    decides(other, what="Trouver une formatrice", due_on=(TODAY + timedelta(days=2)).isoformat())
    page = listed(helene)
    assert "Demander la salle" not in page
    assert page.index("Trouver une formatrice") < page.index("Envoyer des affiches")
    with one.crew.house.app_context(), reading() as session:
        number = count_waiting(session, TODAY)
    assert number >= 2
    for text in (page, helene.get("network.index_watch").text):
        assert f"{number} décisions attendent le réseau" in text
    for table in tables:
        with table.crew.at_home():
            assert db.session.get_one(Collective, table.crew.id).name in page


def test_one_tap_for_done_and_for_later(tables, helene):
    table, _other = tables
    decision_id = decides(table, what="Trouver une formatrice")
    for _time in range(2):
        assert taps(table, "update_decision_day", decision_id, next="/reseau/a-faire?liste=faites").location == "/reseau/a-faire?liste=faites"
    assert "Trouver une formatrice" not in listed(helene)
    assert "Trouver une formatrice" in listed(helene, "plus-tard")
    with table.crew.at_home():
        week = db.session.get_one(SupportDecision, (table.crew.id, decision_id))
        assert (week.put_off_until, week.due_on) == (TODAY + timedelta(days=7), TODAY)
        db.session.execute(update(SupportDecision).values(put_off_until=TODAY))
    assert "Trouver une formatrice" in listed(helene), "A week has passed."
    for _time in range(2):
        taps(table, "create_decision_tick", decision_id)
    assert "Trouver une formatrice" not in listed(helene)
    assert "Trouver une formatrice" in listed(helene, "faites")
    assert "Ce n’était pas fait" in table.get("collective", "show_support", support_id=week.meeting_id).text, "Both sides see that it is done."
    taps(table, "delete_decision_tick", decision_id)
    assert "Trouver une formatrice" in listed(helene)


def test_nobody_else_taps_and_nothing_else_is_tapped(tables, helene):
    table, other = tables
    theirs = table.decides("network", table.proposes(), side="collective")
    mine = decides(other)
    assert taps(table, "create_decision_tick", theirs).status_code == 404
    assert taps(table, "create_decision_tick", mine).status_code == 404, "Of another collective."
    assert table.crew.coordinator.get("network.index_decisions").status_code == 404
    answer = table.crew.coordinator.post("network.create_decision_tick", collective_id=other.crew.id, decision_id=mine)
    assert answer.status_code == 404
    assert all(each.done_at is None for crew in (table.crew, other.crew) for each in crew.rows(SupportDecision))


def test_the_role_that_lists_them_cannot_write_them(tables, addresses):
    decides(tables[0])
    with bootstrap.connect(addresses.network) as network, pytest.raises(errors.InsufficientPrivilege):
        network.execute("update support_decisions set done_at = now()")


def test_a_team_that_waits_for_the_network_is_on_its_list(tables, helene):
    """Dates that a team proposed, and a note that it has signed alone: until the network has chosen, and signed."""
    table, other = tables
    with table.crew.at_home():
        name = db.session.get_one(Collective, table.crew.id).name

    def waits():
        page = html.unescape(listed(helene))
        return page.split('id="equipes"')[1].split("</section>")[0] if 'id="equipes"' in page else ""

    other.proposes("network")
    support_id = table.proposes("collective")
    assert name in waits()
    assert "propose des dates" in waits()
    assert f"/soutien/{support_id}" in waits()
    with other.crew.at_home():
        assert db.session.get_one(Collective, other.crew.id).name not in waits()
    assert "Rien n’attend le réseau" not in html.unescape(listed(helene))
    table.post("network", "create_choice", {"proposal": f"{NEXT}T14:00"}, support_id=support_id)
    assert name not in waits()
    table.writes("network", support_id)
    assert name not in waits()
    table.signs("collective", support_id)
    assert "a signé la note" in waits()
    table.signs("network", support_id)
    assert name not in waits()


def test_dates_that_have_passed_ask_for_nothing_more(tables, helene):
    table, _other = tables
    support_id = table.proposes("collective")
    with table.crew.at_home():
        db.session.get_one(SupportMeeting, (table.crew.id, support_id)).proposed = [f"{TODAY - timedelta(days=1)}T14:00"]
    assert f"/soutien/{support_id}" not in listed(helene)


def test_the_next_meetings_of_all_teams_stand_in_the_order_of_their_days(tables, helene):
    one, other = tables
    later, sooner = one.proposes(where="La mairie", online=""), other.proposes(where="visio.example.org/la")
    one.post("collective", "create_choice", {"proposal": f"{NEXT + timedelta(days=1)}T09:30"}, support_id=later)
    assert "Permanences de soutien à venir" in helene.get("network.index_meetings").text
    # Whose day is not chosen is not of the list.
    assert "visio.example.org/la" not in helene.get("network.index_meetings").text
    other.post("collective", "create_choice", {"proposal": f"{NEXT}T14:00"}, support_id=sooner)
    page = helene.get("network.index_meetings").text
    first, second = page.index("en ligne : visio.example.org/la"), page.index("sur place : La mairie")
    assert first < second
    names = []
    for table in (other, one):
        with table.crew.at_home():
            names.append(html.escape(db.session.get_one(Collective, table.crew.id).name))
    assert page.index(names[0]) < first < page.index(names[1]) < second
    assert f'/soutien/{sooner}"' in page
    # One that was, and one whose day fell through, are not to come.
    with one.crew.at_home():
        db.session.execute(update(SupportMeeting).where(SupportMeeting.publisher_id == one.crew.id).values(day=TODAY - timedelta(days=1)))
    other.post("collective", "delete_choice", {}, support_id=sooner)
    page = helene.get("network.index_meetings").text
    assert "La mairie" not in page
    assert "visio.example.org/la" not in page


def test_the_very_next_ones_stand_where_the_head_looks_first(tables, helene):
    one, _other = tables
    support_id = one.proposes(where="La mairie", online="")
    assert one.post("collective", "create_choice", {"proposal": f"{NEXT}T14:00"}, support_id=support_id).status_code == 302
    with one.crew.at_home():
        db.session.execute(update(SupportMeeting).where(SupportMeeting.publisher_id == one.crew.id).values(day=TODAY))
    page = listed(helene)
    assert "Toutes celles à venir" in page
    assert "La mairie" in page
    assert "La mairie" not in listed(helene, "plus-tard")
    assert one.crew.coordinator.get("network.index_meetings").status_code == 404
