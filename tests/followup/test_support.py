"""Meetings with the network: dates from one side, chosen by the other; one note that both see, write and sign; decisions that become tasks."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date, timedelta

import pytest
from psycopg import errors

from app.db import db, new_id
from app.followup.support import Mood, Side, SupportDecision, SupportMeeting, last_due_month, missed
from app.network.queries import reading
from app.people.tasks import Desk, Task, TaskState
from tenants import bootstrap, ledger
from tenants.months import bounds, month_of, months_before, today_in
from tests.newcomer import newcomer

# The network reads through a connection of its own, which sees what is written for real alone.
pytestmark = pytest.mark.committed
TODAY = today_in("Europe/Paris")
LAST = month_of(TODAY.replace(day=1) - timedelta(days=1))
NEXT = (TODAY.replace(day=28) + timedelta(days=40)).replace(day=10)


class Table:
    """Both sides of a table."""

    def __init__(self, crew, helene):
        self.crew, self.helene = crew, helene

    def post(self, side, name, data, **ids):
        if side == "network":
            return self.helene.post(f"network.{name}", data, **{"collective_id": self.crew.id}, **ids)
        return self.crew.coordinator.post(f"followup.{name}", data, **ids)

    def get(self, side, name, **ids):
        who = self.helene if side == "network" else self.crew.coordinator
        return who.get(
            f"network.{name}" if side == "network" else f"followup.{name}", **({"collective_id": self.crew.id} if side == "network" else {}), **ids
        )

    def proposes(self, side="network", **changes):
        form = {
            "id": str(new_id()),
            "first_date": f"{NEXT}T14:00",
            "second_date": f"{NEXT + timedelta(days=1)}T09:30",
            "third_date": "",
            "online": "1",
        }
        answer = self.post(side, "create_support", form | {"where": "visio.example.org/ici"} | changes)
        assert answer.status_code == 302, answer.text
        return form["id"]

    def meeting(self, support_id):
        with self.crew.at_home():
            return db.session.get_one(SupportMeeting, (self.crew.id, support_id))

    def writes(self, side, support_id, version=None, **changes):
        version = version if version is not None else self.meeting(support_id).version
        form = {"version": str(version), "mood": "holding", "difficulties": "La salle est prise", "needs": "Une affiche"}
        return self.post(side, "update_support", form | changes, support_id=support_id)

    def tells(self, side, month=None, **changes):
        form = {"day": "", "held": "oui", "online": "", "where": "à la mairie"}
        return self.post(side, "create_support_month", form | changes, mois=LAST if month is None else month)

    def signs(self, side, support_id, version=None):
        version = version if version is not None else self.meeting(support_id).version
        return self.post(side, "create_signature", {"version": str(version)}, support_id=support_id)

    def signed(self, support_id):
        row = self.meeting(support_id)
        return row.collective_signed_by, row.network_signed_by

    def decides(self, by, support_id, **changes):
        form = {"id": str(new_id()), "what": "Demander la salle", "side": "collective", "who": "Odile", "due_on": TODAY.isoformat()}
        answer = self.post(by, "create_decision", form | changes, support_id=support_id)
        assert answer.status_code == 302, answer.text
        return form["id"]


@pytest.fixture
def crew(house, addresses):
    with newcomer(house, addresses, slug="bourg-du-soutien") as someone:
        yield someone


@pytest.fixture
def table(crew, helene):
    return Table(crew, helene)


@pytest.mark.parametrize(("proposer", "chooser"), [("network", "collective"), ("collective", "network")])
def test_one_side_proposes_and_the_other_chooses(table, proposer, chooser):
    support_id = table.proposes(proposer)
    page = table.get(chooser, "show_support", support_id=support_id).text
    assert "14 h" in page
    assert "9 h 30" in page
    assert "visio.example.org/ici" in page
    table.post(chooser, "create_choice", {"proposal": "2020-01-01T10:00"}, support_id=support_id)
    assert table.meeting(support_id).day is None
    table.post(chooser, "create_choice", {"proposal": f"{NEXT + timedelta(days=1)}T09:30"}, support_id=support_id)
    row = table.meeting(support_id)
    assert (row.day, row.begins.hour, row.month) == (NEXT + timedelta(days=1), 9, month_of(NEXT))
    # One meeting a month: what is proposed again finds the first.
    table.post(proposer, "create_support", {"id": str(new_id()), "first_date": f"{NEXT}T10:00", "where": "ici"})
    assert table.meeting(support_id).day == NEXT + timedelta(days=1)


def test_a_chosen_date_may_be_taken_back_until_the_note_is_written(table):
    support_id = table.proposes()
    early, late = f"{NEXT}T14:00", f"{NEXT + timedelta(days=1)}T09:30"
    table.post("collective", "create_choice", {"proposal": early}, support_id=support_id)
    # Whoever is slower finds the date of the other, and changes nothing.
    table.post("network", "create_choice", {"proposal": late}, support_id=support_id)
    assert table.meeting(support_id).day == NEXT
    assert "Une date est déjà choisie" in table.get("network", "show_support", support_id=support_id).text
    for _time in range(2):
        table.post("network", "delete_choice", {}, support_id=support_id)
    assert table.meeting(support_id).day is None
    table.proposes("network", first_date=f"{NEXT}T16:00", second_date="")
    assert "16 h" in table.get("collective", "show_support", support_id=support_id).text
    table.post("collective", "create_choice", {"proposal": f"{NEXT}T16:00"}, support_id=support_id)
    assert table.meeting(support_id).begins.hour == 16
    table.writes("collective", support_id)
    table.post("collective", "delete_choice", {}, support_id=support_id)
    assert table.meeting(support_id).day == NEXT
    assert "sa date ne change plus" in table.get("collective", "show_support", support_id=support_id).text
    assert table.crew.volunteer.post("followup.delete_choice", support_id=support_id).status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"first_date": ""}, "Proposez au moins une date"),
        ({"first_date": "jamais"}, "Cette date n’existe pas"),
        ({"first_date": "2020-01-01T10:00"}, "Ce jour est passé"),
        ({"second_date": f"{NEXT + timedelta(days=40)}T10:00"}, "les dates sont du même mois"),
        ({"where": ""}, "Il manque le lieu"),
    ],
)
def test_dates_that_cannot_be_are_said_on_both_sides(table, changes, words):
    form = {"id": str(new_id()), "first_date": f"{NEXT}T14:00", "second_date": "", "third_date": "", "online": "", "where": "ici"}
    for side in ("network", "collective"):
        answer = table.post(side, "create_support", form | changes)
        assert answer.status_code == 422
        assert words in answer.text


def test_both_sides_see_write_and_sign_one_note(table):
    support_id = table.proposes()
    table.signs("network", support_id)
    assert table.signed(support_id) == (None, None)
    assert table.writes("collective", support_id).status_code == 302
    page = table.get("network", "show_support", support_id=support_id).text
    assert "La salle est prise" in page
    assert "Rien qui concerne une personne accompagnée" in page
    for side in ("network", "collective", "network"):
        assert table.signs(side, support_id).status_code == 302
    assert table.signed(support_id) == ("Odile Brévin", "Hélène Aubrac")
    # Written again after that, both signatures are gone.
    assert table.writes("network", support_id, needs="Deux affiches").status_code == 302
    assert table.signed(support_id) == (None, None)
    # The same text again changes nothing.
    table.signs("collective", support_id)
    assert table.writes("collective", support_id, needs="Deux affiches").status_code == 302
    assert table.signed(support_id) == ("Odile Brévin", None)


def test_the_second_of_two_writers_sees_what_changed_and_loses_nothing(table):
    support_id = table.proposes()
    table.writes("collective", support_id)
    opened = table.meeting(support_id).version
    table.writes("network", support_id, needs="Une affiche et du café")
    answer = table.writes("collective", support_id, version=opened, difficulties="On manque de bras")
    assert answer.status_code == 409
    assert "Hélène Aubrac a enregistré cette note" in answer.text
    assert "Une affiche et du café" in answer.text
    assert "On manque de bras" in answer.text
    assert table.meeting(support_id).difficulties == "La salle est prise"
    assert table.writes("collective", support_id, difficulties="On manque de bras").status_code == 302
    assert table.meeting(support_id).difficulties == "On manque de bras"


def test_signed_while_the_other_side_is_editing(table):
    support_id = table.proposes()
    table.writes("network", support_id)
    opened = table.meeting(support_id).version
    table.signs("network", support_id)
    answer = table.writes("collective", support_id, version=opened, needs="Du café")
    assert answer.status_code == 409
    assert "Hélène Aubrac a signé cette note pendant que vous écriviez" in answer.text
    assert "Du café" in answer.text
    assert table.signed(support_id) == (None, "Hélène Aubrac")
    assert table.writes("collective", support_id, needs="Du café").status_code == 302
    assert table.signed(support_id) == (None, None)


def test_one_signs_what_one_has_read(table):
    support_id = table.proposes()
    table.writes("network", support_id)
    read = table.meeting(support_id).version
    table.writes("network", support_id, difficulties="Autre chose")
    answer = table.signs("collective", support_id, version=read)
    assert answer.status_code == 409
    assert "relisez-la avant de signer" in answer.text
    assert table.signed(support_id) == (None, None)
    # The other side's signature alone is no reason to read again.
    read = table.meeting(support_id).version
    table.signs("network", support_id)
    assert table.signs("collective", support_id, version=read).status_code == 302
    assert all(table.signed(support_id))


def test_health_words_are_asked_about_once(table):
    support_id = table.proposes()
    answer = table.writes("network", support_id, difficulties="Elle est diabétique")
    assert answer.status_code == 422
    assert "parle peut-être de santé" in answer.text
    assert table.writes("network", support_id, difficulties="Un plan de prévention du diabète", keep_words="y").status_code == 302


def test_what_the_network_waits_for_is_on_the_list(table, crew):
    def waiting():
        return [each.subject_id for each in crew.rows(Task) if each.kind == "support" and each.state == TaskState.open]

    support_id = table.proposes("network")
    assert [str(each) for each in waiting()] == [support_id]
    assert "Choisir une date avec le réseau" in crew.coordinator.get("tasks.index").text
    table.post("collective", "create_choice", {"proposal": f"{NEXT}T14:00"}, support_id=support_id)
    assert waiting() == []
    table.writes("network", support_id)
    assert waiting() == []
    table.signs("network", support_id)
    assert "Relire et signer la note avec le réseau" in crew.coordinator.get("tasks.index").text
    table.signs("collective", support_id)
    assert waiting() == []


def test_dates_that_the_team_proposed_wait_for_the_network(table, crew):
    table.proposes("collective")
    assert [each for each in crew.rows(Task) if each.kind == "support"] == []


def test_a_decision_becomes_a_task_and_its_tick_is_seen_on_both_sides(table, crew):
    support_id = table.proposes()
    table.writes("network", support_id)
    table.signs("network", support_id)
    decision_id = table.decides("network", support_id)
    # What is decided is part of what is signed.
    assert table.signed(support_id) == (None, None)
    (task,) = [each for each in crew.rows(Task) if str(each.subject_id) == decision_id]
    assert (task.kind, task.desk, task.member_id) == ("decision", Desk.member, crew.members()["Odile Brévin"])
    assert "Demander la salle" in crew.coordinator.get("tasks.index").text
    crew.coordinator.post("tasks.create_tick", task_id=task.id)
    assert "Ce n’était pas fait" in table.get("network", "show_support", support_id=support_id).text
    crew.coordinator.post("tasks.delete_tick", task_id=task.id)
    assert "Ce n’était pas fait" not in table.get("network", "show_support", support_id=support_id).text
    # Said in the note, it leaves the list by itself.
    table.post("collective", "update_decision", {}, support_id=support_id, decision_id=decision_id)
    (task,) = [each for each in crew.rows(Task) if str(each.subject_id) == decision_id]
    assert task.state == TaskState.gone
    # A second tap on the same button says the same; only the other one takes it back.
    for said, shown in (("oui", True), ("oui", True), ("non", False), ("non", False)):
        table.post("collective", "update_decision", {"done": said}, support_id=support_id, decision_id=decision_id)
        assert ("Ce n’était pas fait" in table.get("network", "show_support", support_id=support_id).text) is shown


def test_whose_task_it_is(table, crew):
    support_id = table.proposes()
    ids = {who: table.decides("network", support_id, who=who) for who in ("Quelqu’un", "Marius Talec")}
    network = table.decides("network", support_id, who="Hélène", side="network")
    tasks = {str(each.subject_id): each for each in crew.rows(Task) if each.kind == "decision"}
    assert tasks[ids["Quelqu’un"]].desk == Desk.coordination
    assert tasks[ids["Marius Talec"]].member_id == crew.members()["Marius Talec"]
    assert network not in tasks
    for side in ("network", "collective"):
        answer = table.post(side, "delete_decision", {}, support_id=support_id, decision_id=ids["Quelqu’un"])
        assert answer.location.endswith(f"/soutien/{support_id}#decisions")
    assert table.post("network", "delete_decision", {}, support_id=support_id, decision_id=new_id()).status_code == 404
    assert [each.state for each in crew.rows(Task) if str(each.subject_id) == ids["Quelqu’un"]] == [TaskState.gone]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"what": ""}, "Écrivez ce qui est décidé"),
        ({"who": ""}, "Il manque qui s’en occupe"),
        ({"due_on": (TODAY - timedelta(days=1)).isoformat()}, "Une date d’aujourd’hui"),
        ({"side": "voisins"}, "voisins"),
    ],
)
def test_a_decision_that_is_none_is_said(table, crew, changes, words):
    support_id = table.proposes()
    before = len(crew.rows(SupportDecision))
    form = {"id": str(new_id()), "what": "Demander la salle", "side": "collective", "who": "Odile", "due_on": TODAY.isoformat()} | changes
    for side in ("network", "collective"):
        answer = table.post(side, "create_decision", form, support_id=support_id)
        assert answer.status_code == 422
        assert words in answer.text or words == "voisins"
    assert len(crew.rows(SupportDecision)) == before


def test_next_door_and_others_find_no_note(table, crew, ranzay, helene):
    support_id = table.proposes()
    table.writes("network", support_id)
    assert ranzay.coordinator.get("followup.show_support", support_id=support_id).status_code == 404
    assert helene.get("network.show_support", collective_id=ranzay.id, support_id=support_id).status_code == 404
    assert helene.post("network.update_support", {"version": "1"}, collective_id=ranzay.id, support_id=support_id).status_code == 404
    assert crew.coordinator.get("network.show_support", collective_id=crew.id, support_id=support_id).status_code == 404
    # Volunteers read, and do not write.
    assert "La salle est prise" in crew.volunteer.get("followup.show_support", support_id=support_id).text
    for name in ("update_support", "create_signature", "create_decision", "create_choice"):
        assert crew.volunteer.post(f"followup.{name}", support_id=support_id).status_code == 404
    assert crew.observer.get("followup.index_support").status_code == 404


def test_the_database_says_the_same(table, crew, addresses, ranzay):
    """The network reads and does not write; next door sees nothing, and cannot write under another's name."""
    support_id = table.proposes()
    with bootstrap.connect(addresses.network) as network:
        assert network.execute("select publisher_id from support_meetings where id = %s", [support_id]).fetchone() == (crew.id,)
        for statement in ("update support_meetings set needs = 'x'", "delete from support_decisions", "insert into support_meetings default values"):
            with pytest.raises(errors.InsufficientPrivilege):
                network.execute(statement)
    with bootstrap.connect(addresses.app) as app:
        app.execute(f"set app.collective_id = '{ranzay.id}'")
        assert app.execute("select count(*) from support_meetings where publisher_id = %s", [crew.id]).fetchone() == (0,)
        assert app.execute("update support_meetings set needs = 'x' where publisher_id = %s", [crew.id]).rowcount == 0
        with pytest.raises(errors.InsufficientPrivilege):
            app.execute(
                "insert into support_decisions (publisher_id, id, meeting_id, what, side, who, due_on, at)"
                " values (%s, gen_random_uuid(), %s, '', 'network', '', now(), now())",
                [crew.id, support_id],
            )


def test_the_latest_due_month():
    assert last_due_month(date(2026, 11, 5)) == "2026-09"
    assert last_due_month(date(2026, 11, 6)) == "2026-10"
    assert last_due_month(date(2026, 1, 20)) == "2025-12"
    assert last_due_month(date(2026, 1, 2)) == "2025-11"


def test_a_missed_one_shows_to_the_network(table, crew, helene, addresses):
    month = last_due_month(TODAY)
    with crew.house.app_context(), reading() as session:
        assert crew.id not in missed(session, TODAY)
    founded = bounds(month)[0] - timedelta(days=40)
    with bootstrap.connect(addresses.superuser) as superuser:
        superuser.execute("update collectives set created_at = %s where id = %s", [founded, crew.id])
    with crew.house.app_context(), reading() as session:
        assert crew.id in missed(session, TODAY)
    assert "Pas de permanence de soutien en" in helene.get("network.show", collective_id=crew.id).text
    with crew.at_home():
        meeting = SupportMeeting(publisher_id=crew.id, id=new_id(), month=month, proposed_by=Side.network)
        db.session.add(meeting)
        db.session.flush()
        meeting.write(Side.network, "Hélène Aubrac", mood=Mood.well)
    with crew.house.app_context(), reading() as session:
        assert crew.id not in missed(session, TODAY)
    assert "Pas de permanence de soutien en" not in helene.get("network.show", collective_id=crew.id).text
    with crew.at_home():
        figures = ledger.recount(month)
    assert (figures["support_due"], figures["support_held"]) == (1, 1)


def test_the_same_note_sent_twice_is_one_and_accuses_nobody(table):
    support_id = table.proposes()
    opened = table.meeting(support_id).version
    assert table.writes("collective", support_id, version=opened).status_code == 302
    assert table.writes("collective", support_id, version=opened).status_code == 302
    version = table.meeting(support_id).version
    assert version == opened + 1
    # Both sides write the same, and one has signed it meanwhile: nothing of what was signed changes.
    table.signs("network", support_id)
    assert table.writes("collective", support_id, version=version).status_code == 302
    assert table.signed(support_id) == (None, "Hélène Aubrac")


@pytest.fixture
def older(crew, addresses):
    """The collective has been there for months."""
    with bootstrap.connect(addresses.superuser) as superuser:
        superuser.execute("update collectives set created_at = %s where id = %s", [bounds(LAST)[0] - timedelta(days=70), crew.id])


@pytest.mark.parametrize("side", ["network", "collective"])
def test_a_month_that_is_over_is_noted_afterwards_with_its_day(table, crew, older, side):
    held_on = bounds(LAST)[0] + timedelta(days=11)
    page = table.get(side, "index_support").text
    assert f"mois={LAST}" in page
    assert "rien de noté" in page
    assert "Elle a eu lieu" in table.get(side, "new_support_month", mois=LAST).text
    for _time in range(2):
        answer = table.tells(side, day=held_on.isoformat())
    support_id = answer.location.rsplit("/", 1)[1]
    row = table.meeting(support_id)
    assert (row.month, row.day, row.begins, row.online, row.where) == (LAST, held_on, None, False, "à la mairie")
    assert len([each for each in crew.rows(SupportMeeting) if each.month == LAST]) == 1
    # The note says that it took place, and with it the figures.
    assert held(crew) == (1, 0)
    assert table.writes(side, support_id).status_code == 302
    assert held(crew) == (1, 1)
    for each in ("network", "collective"):
        assert "à la mairie" in table.get(each, "show_support", support_id=support_id).text
        assert "sans note" not in table.get(each, "index_support").text
    # From now on its day does not change.
    assert table.tells(side, day=(held_on + timedelta(days=1)).isoformat()).status_code == 302
    assert table.meeting(support_id).day == held_on
    assert crew.coordinator.get("followup.index").status_code == 200


@pytest.mark.parametrize("side", ["network", "collective"])
def test_months_of_two_years_back_are_noted_afterwards_and_no_older_ones(table, crew, addresses, side):
    *_later, oldest, too_old = months_before(month_of(TODAY), 26)
    with bootstrap.connect(addresses.superuser) as superuser:
        superuser.execute("update collectives set created_at = %s where id = %s", [bounds(too_old)[0] - timedelta(days=70), crew.id])
    page = table.get(side, "index_support").text
    assert f"mois={oldest}" in page
    assert f"mois={too_old}" not in page
    assert table.tells(side, month=too_old, day=bounds(too_old)[0].isoformat()).location.endswith("/soutien/")
    support_id = table.tells(side, month=oldest, day=bounds(oldest)[0].isoformat()).location.rsplit("/", 1)[1]
    table.writes(side, support_id)
    assert (row := table.meeting(support_id)).is_settled
    assert (row.month, row.day) == (oldest, bounds(oldest)[0])
    assert held(crew, oldest) == (1, 1)


def held(crew, month=LAST):
    with crew.at_home():
        figures = ledger.recount(month)
    return figures["support_due"], figures.get("support_held", 0)


def test_a_month_that_was_missed_says_why_until_something_else_is_said(table, crew, older):
    support_id = table.tells("network", held="non", because="La neige").location.rsplit("/", 1)[1]
    for side in ("network", "collective"):
        assert "n’a pas eu lieu" in table.get(side, "index_support").text
        assert "La neige" in table.get(side, "show_support", support_id=support_id).text
    assert held(crew) == (1, 0)
    table.tells("collective", day=bounds(LAST)[0].isoformat())
    assert table.meeting(support_id).missed_because is None
    table.tells("collective", held="non", because="La neige")
    assert table.meeting(support_id).day is None
    table.writes("network", support_id)
    assert table.meeting(support_id).missed_because is None
    # What is written was said by someone: it is not missed any more, and its day may still be noted.
    table.tells("collective", held="non", because="La neige")
    assert table.meeting(support_id).missed_because is None
    table.tells("collective", day=bounds(LAST)[0].isoformat())
    assert table.meeting(support_id).day == bounds(LAST)[0]


@pytest.mark.parametrize("side", ["network", "collective"])
@pytest.mark.parametrize("proposed", [False, True])
def test_a_day_that_comes_after_the_signatures_is_signed_too(table, crew, older, side, proposed):
    support_id = table.proposes() if proposed else table.tells("network", held="non", because="La neige").location.rsplit("/", 1)[1]
    table.writes("network", support_id)
    read = table.meeting(support_id).version
    for each in ("network", "collective"):
        table.signs(each, support_id)
    before = table.get(side, "show_support", support_id=support_id) if proposed else table.get(side, "new_support_month", mois=LAST)
    assert "chaque côté signe de nouveau, le jour compris" in before.text
    if proposed:
        table.post(side, "create_choice", {"proposal": f"{NEXT}T14:00"}, support_id=support_id)
    else:
        table.tells(side, day=bounds(LAST)[0].isoformat())
    assert table.meeting(support_id).day == (NEXT if proposed else bounds(LAST)[0])
    assert table.signed(support_id) == (None, None)
    assert "Il fait partie" in (page := table.get(side, "show_support", support_id=support_id).text) or "Elle fait partie" in page
    # Whoever read it before that day was there reads it again.
    other = "collective" if side == "network" else "network"
    answer = table.signs(other, support_id, version=read + 1)
    assert answer.status_code == 409
    assert "relisez-la avant de signer" in answer.text
    for each in ("network", "collective"):
        table.signs(each, support_id)
    assert all(table.signed(support_id))


def test_a_day_in_a_note_that_nobody_signed_asks_for_nothing_more(table, crew, older):
    support_id = table.tells("network", held="non", because="La neige").location.rsplit("/", 1)[1]
    table.writes("network", support_id)
    assert "signe de nouveau" not in table.get("collective", "new_support_month", mois=LAST).text
    table.tells("collective", day=bounds(LAST)[0].isoformat())
    page = table.get("collective", "show_support", support_id=support_id).text
    assert "Le jour est noté." in page
    assert "signe de nouveau" not in page


def test_a_note_is_not_signed_that_is_being_written(table, crew):
    support_id = table.proposes()
    table.writes("collective", support_id)
    read = table.meeting(support_id).version
    with ThreadPoolExecutor(1) as meanwhile:
        with crew.at_home():
            row = db.session.get_one(SupportMeeting, (crew.id, support_id))
            row.write(Side.network, "Hélène", mood=Mood.well)
            db.session.flush()
            other = meanwhile.submit(table.signs, "collective", support_id, read)
            assert wait([other], timeout=1).not_done, "It waits for the note."
        assert other.result().status_code == 409
    assert table.signed(support_id) == (None, None)


def test_a_month_is_not_missed_whose_note_is_being_written(table, crew, older):
    support_id = table.tells("network", day=bounds(LAST)[0].isoformat()).location.rsplit("/", 1)[1]
    with ThreadPoolExecutor(1) as meanwhile:
        with crew.at_home():
            row = db.session.get_one(SupportMeeting, (crew.id, support_id))
            row.write(Side.network, "Hélène", mood=Mood.holding)
            db.session.flush()
            other = meanwhile.submit(table.tells, "collective", held="non", because="La neige")
            assert wait([other], timeout=1).not_done, "It waits for the note."
        assert other.result().status_code == 302
    row = table.meeting(support_id)
    assert (row.missed_because, row.day, row.is_written) == (None, bounds(LAST)[0], True)


def test_other_dates_of_a_month_that_was_missed(table, crew):
    day = TODAY + timedelta(days=1) if (TODAY + timedelta(days=1)).month == TODAY.month else TODAY
    support_id = table.tells("network", month=month_of(TODAY), held="non", because="La neige").location.rsplit("/", 1)[1]
    assert [each for each in crew.rows(Task) if each.kind == "support" and each.state == TaskState.open] == []
    assert table.proposes("network", first_date=f"{day}T14:00", second_date="") != support_id
    assert table.meeting(support_id).missed_because is None
    assert "Choisir une date avec le réseau" in crew.coordinator.get("tasks.index").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"day": ""}, "Il manque le jour"),
        ({"day": "31/02/2026"}, "Ce jour n’existe pas"),
        ({"day": TODAY.isoformat()}, "Choisissez un jour de ce mois-là"),
        ({"where": "x" * 201}, "caractères au plus"),
        ({"held": "non", "because": " "}, "Dites pourquoi, en quelques mots"),
    ],
)
def test_what_cannot_be_said_of_a_month(table, crew, older, changes, words):
    for side in ("network", "collective"):
        answer = table.tells(side, **{"day": bounds(LAST)[0].isoformat(), **changes})
        assert answer.status_code == 422
        assert words in answer.text
    assert crew.rows(SupportMeeting) == []


def test_months_that_nobody_can_tell_of(table, crew):
    """Before the collective was founded, and those to come."""
    for month in (LAST, month_of(NEXT), "2026-13", ""):
        for side in ("network", "collective"):
            assert table.tells(side, month=month, day=TODAY.isoformat()).location.endswith("/soutien/")
            assert table.get(side, "new_support_month", mois=month).location.endswith("/soutien/")
    assert crew.rows(SupportMeeting) == []
    assert crew.volunteer.get("followup.new_support_month", mois=month_of(TODAY)).status_code == 404
