"""A course from its opening to its certificates, through HTTP."""

import io
import re
from datetime import date, timedelta

import icalendar
import pytest
from sqlalchemy import select

from app.db import db, new_id, now
from app.training.agenda import AgendaLine
from app.training.completion import Standing
from app.training.dates import is_public_holiday, is_school_holiday, knows_school, propose
from app.training.links import enrolment_token, wall_token
from app.training.models import Course, SessionState, TrainingSession, sessions_of_course
from app.training.participants import enrolled
from app.training.presence import Presence
from tenants.documents import Document
from tests.mails import mails_to, work_off
from tests.training.steps import TODAY, assert_tagged, comes_round, enrols, follow, opened, people, sessions, states, ticks
from workers.training import remind_sessions


@pytest.fixture
def course_id(saint_mars):
    return opened(saint_mars)


def test_a_course_has_eight_sessions_a_week_apart_around_holidays(saint_mars, course_id):
    some = sessions(saint_mars, course_id)
    assert [each.position for each in some] == list(range(1, 9))
    assert some[0].day == TODAY
    assert len({each.day.weekday() for each in some}) == 1
    assert not any(is_public_holiday(each.day, "44") or is_school_holiday(each.day, "44") for each in some[1:])
    page = saint_mars.trainer.get("training.show", course_id=course_id).text
    assert "Comprendre l’isolement" in page
    assert "Il manque 2 personnes pour commencer à 2." in page


def test_holidays_are_known_where_they_are_known():
    assert is_public_holiday(date(2026, 12, 26), "67")
    assert not is_public_holiday(date(2026, 12, 26), "44")
    assert is_school_holiday(date(2026, 12, 28), "44")
    assert not knows_school(date(2026, 12, 28), "974")
    assert not knows_school(date(2031, 5, 2), "44")
    assert date(2026, 12, 21) not in propose(date(2026, 12, 7), 8, "44")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"day": "2020-01-01"}, "Ce jour est passé"),
        ({"day": ""}, "Il manque le jour"),
        ({"begins": "25:99"}, "Cette heure n’existe pas"),
        ({"maximum": "1"}, "autant de places"),
        ({"trainers": []}, "Choisissez au moins une personne"),
        ({"place": " "}, "Il manque le lieu"),
    ],
)
def test_a_course_that_cannot_be(saint_mars, changes, message):
    before = len(saint_mars.rows(Course))
    trainer = str(saint_mars.members()["Jeanne Lescure"])
    data = {"id": str(new_id()), "day": TODAY.isoformat(), "begins": "18:00", "place": "Ici", "trainers": [trainer], "minimum": "2", "maximum": "3"}
    answer = saint_mars.coordinator.post("training.create", data | changes)
    assert answer.status_code == 422
    assert message in answer.text
    assert len(saint_mars.rows(Course)) == before


def test_sent_twice_is_one_course_and_next_door_sees_none(saint_mars, ranzay, course_id):
    before = len(saint_mars.rows(TrainingSession))
    opened(saint_mars, id=str(course_id))
    assert len(saint_mars.rows(TrainingSession)) == before
    assert ranzay.coordinator.get("training.show", course_id=course_id).status_code == 404
    assert saint_mars.volunteer.get("training.index").status_code == 404


def test_the_full_course_has_a_line_that_moves_up(saint_mars, course_id):
    for name in ("Ada", "Bob", "Cléo"):
        assert "inscrit·e" in follow(saint_mars, enrols(saint_mars, course_id, name))
    assert "liste d’attente" in follow(saint_mars, enrols(saint_mars, course_id, "Dino", "dino@example.org"))
    assert "déjà inscrite" in enrols(saint_mars, course_id, "ADA").text
    ada = people(saint_mars, course_id)["Ada"]
    answer = saint_mars.coordinator.post("training.delete_participant", participant_id=ada)
    assert "Dino était en attente et a maintenant une place." in follow(saint_mars, answer)
    with saint_mars.at_home():
        assert {each.name for each in db.session.scalars(enrolled(course_id))} == {"Bob", "Cléo", "Dino"}
    work_off(saint_mars.house, saint_mars.id)
    assert "une place est à vous" in mails_to(saint_mars.house, "dino@example.org")[-1]


def test_the_link_enrols_and_is_taken_back(saint_mars, stranger, course_id):
    with saint_mars.house.app_context():
        token = enrolment_token(saint_mars.id, course_id)
    assert stranger.get("enrolment.new", token=token).status_code == 410
    saint_mars.coordinator.post("training.update_enrolling", course_id=course_id)
    page = stranger.get("enrolment.new", token=token).text
    assert "La grange" in page
    assert f'action="/inscription/{token}"' in page
    data = {"id": str(new_id()), "name": "Ada Lind", "contact": "02 61 91 00 01", "kind": "inhabitant"}
    assert "Il manque un moyen" in stranger.post("enrolment.create", data | {"contact": ""}, token=token).text
    first = stranger.post("enrolment.create", data, token=token)
    again = stranger.post("enrolment.create", data | {"id": str(new_id())}, token=token)
    assert first.status_code == again.status_code == 200
    assert list(people(saint_mars, course_id)) == ["Ada Lind"]
    saint_mars.coordinator.post("training.update_enrolling", course_id=course_id)
    assert stranger.post("enrolment.create", data, token=token).status_code == 410
    assert stranger.get("enrolment.new", token=token[:-2]).status_code == 404


def test_two_trainers_who_tick_at_once_lose_nothing(saint_mars, course_id):
    for name in ("Ada", "Bob", "Cléo"):
        enrols(saint_mars, course_id, name)
    ids, first = people(saint_mars, course_id), sessions(saint_mars, course_id)[0].id
    ticks(saint_mars, first, ids["Ada"])
    # The other screen was opened before, and showed nobody.
    ticks(saint_mars, first, ids["Bob"], by="coordinator")
    assert states(saint_mars, first) == {ids["Ada"]: Presence.present, ids["Bob"]: Presence.present, ids["Cléo"]: Presence.absent}
    saint_mars.trainer.post("training.update_detail", {f"state-{ids['Cléo'].hex}": "excused", f"was-{ids['Cléo'].hex}": "absent"}, session_id=first)
    ticks(saint_mars, first, was=[ids["Ada"]])
    assert states(saint_mars, first) == {ids["Ada"]: Presence.absent, ids["Bob"]: Presence.present, ids["Cléo"]: Presence.excused}


def test_the_future_is_not_ticked(saint_mars, course_id):
    enrols(saint_mars, course_id, "Ada")
    later = sessions(saint_mars, course_id)[3].id
    answer = ticks(saint_mars, later, people(saint_mars, course_id)["Ada"])
    assert answer.status_code == 422
    assert "On note les présences le jour même" in answer.text
    assert states(saint_mars, later) == {}


def test_a_session_moves_and_everyone_is_told_once(saint_mars, course_id):
    enrols(saint_mars, course_id, "Ada", "ada@example.org")
    enrols(saint_mars, course_id, "Bob", "02 61 91 00 02")
    _first, second, third, *_rest = sessions(saint_mars, course_id)
    move = lambda **data: saint_mars.coordinator.post("training.create_move", {"begins": "19:00", **data}, session_id=second.id)  # noqa: E731  # said thrice
    assert "Ce jour est passé" in move(day=(TODAY - timedelta(days=1)).isoformat()).text
    assert "Une autre séance" in move(day=third.day.isoformat()).text
    day = second.day + timedelta(days=1)
    assert move(day=day.isoformat()).status_code == 302
    work_off(saint_mars.house, saint_mars.id)
    assert "a lieu le" in mails_to(saint_mars.house, "ada@example.org")[-1]
    page = saint_mars.trainer.get("training.show_session", session_id=second.id).text
    assert 'Bob, <a href="tel:0261910002">' in page.split("À prévenir par téléphone")[1]
    assert "Ada" not in page.split("À prévenir par téléphone")[1]
    calendar = feed(saint_mars)
    events = [each for each in calendar.walk("VEVENT") if str(each["uid"]).startswith(str(second.id))]
    assert [each["dtstart"].dt.date() for each in events] == [day]
    assert [str(each["TZID"]) for each in calendar.walk("VTIMEZONE")] == ["Europe/Paris"]
    assert not any(name in calendar.to_ical().decode() for name in ("Ada", "Bob"))


def feed(crew):
    crew.trainer.post("trainer.create_calendar")
    link = re.search(r"/calendrier/([\w-]+)\.ics", crew.trainer.get("trainer.index").text).group(0)
    answer = crew.house.test_client().get(link)
    assert answer.mimetype == "text/calendar"
    crew.trainer.post("trainer.delete_calendar")
    assert crew.house.test_client().get(link).status_code == 404
    return icalendar.Calendar.from_ical(answer.data)


def test_a_cancelled_session_counts_for_nobody(saint_mars, course_id):
    second = sessions(saint_mars, course_id)[1]
    saint_mars.coordinator.post("training.create_cancellation", session_id=second.id)
    assert sessions(saint_mars, course_id)[1].state == SessionState.cancelled
    assert ticks(saint_mars, second.id).status_code == 422


def test_reminders_leave_once_three_days_before(saint_mars, course_id):
    enrols(saint_mars, course_id, "Ada", "ada.rappel@example.org")
    with saint_mars.at_home():
        second = db.session.scalars(sessions_of_course(course_id)).all()[1]
        second.day = TODAY + timedelta(days=3)
    for _night in range(2):
        with saint_mars.at_home():
            remind_sessions()
    assert len(mails_to(saint_mars.house, "ada.rappel@example.org")) == 1


def test_the_code_on_the_wall_holds_during_the_session_alone(saint_mars, stranger, course_id):
    enrols(saint_mars, course_id, "Ada Lind")
    first = sessions(saint_mars, course_id)[0]
    assert "data:image/svg" in saint_mars.trainer.get("training.show_wall", session_id=first.id).text
    with saint_mars.at_home():
        token = wall_token(saint_mars.id, first.id)
        db.session.get(TrainingSession, (saint_mars.id, first.id)).day = TODAY - timedelta(days=1)
    assert stranger.post("enrolment.create_presence", {"name": "Ada Lind"}, token=token).status_code == 410
    with saint_mars.at_home():
        session = db.session.get(TrainingSession, (saint_mars.id, first.id))
        present = now().astimezone(session.span("Europe/Paris")[0].tzinfo)
        session.day, session.begins = present.date(), present.time()
    assert f'action="/presence/{token}"' in stranger.get("enrolment.new_presence", token=token).text
    assert "n’est pas sur la feuille" in stranger.post("enrolment.create_presence", {"name": "Zoé"}, token=token).text
    assert "Bonne séance, Ada." in stranger.post("enrolment.create_presence", {"name": "ada lind"}, token=token).text
    assert list(states(saint_mars, first.id).values()) == [Presence.present]


@pytest.mark.parametrize(("attended", "ahead", "said"), [(6, 2, "is_done"), (2, 4, "must_come"), (1, 4, "is_out_of_reach"), (3, 4, None)])
def test_where_someone_stands(attended, ahead, said):
    standing = Standing(attended, 4, ahead, 6)
    assert [name for name in ("is_done", "must_come", "is_out_of_reach") if getattr(standing, name)] == ([said] if said else [])


def test_from_eight_sessions_to_certificates_and_their_confirmation(saint_mars, stranger, course_id):
    for name in ("Ada Lind", "Bob", "Cléo"):
        enrols(saint_mars, course_id, name)
    ids = people(saint_mars, course_id)
    comes_round(saint_mars, course_id)
    for session in sessions(saint_mars, course_id):
        there = [ids["Ada Lind"]] + ([ids["Bob"]] if session.position <= 5 else [])
        ticks(saint_mars, session.id, *there)
    page = saint_mars.coordinator.get("training.show", course_id=course_id).text
    assert "8 sur 8 · attestation acquise" in page
    assert page.count("n’atteindra plus 6 séances") == 2
    assert {each.at_risk for each in saint_mars.rows(AgendaLine) if each.course_id == course_id} == {2}
    # Bob catches one up in another course, and has enough.
    other = opened(saint_mars)
    comes_round(saint_mars, other)
    sixth = sessions(saint_mars, other)[5]
    saint_mars.trainer.post("training.create_catch_up", {"participant": str(ids["Bob"])}, session_id=sixth.id)
    answer = saint_mars.trainer.post("training.create_certificates", course_id=course_id)
    work_off(saint_mars.house, saint_mars.id)
    document_id = answer.location.rsplit("/", 1)[1]
    pdf = saint_mars.trainer.get("training.download", document_id=document_id)
    assert_tagged(pdf.data)
    with saint_mars.at_home():
        ada = next(each for each in db.session.scalars(enrolled(course_id)) if each.certificate and each.name == "Ada Lind")
        assert sum(bool(each.certificate) for each in db.session.scalars(enrolled(course_id))) == 2
        code = ada.certificate
    told = stranger.post("enrolment.create_check", {"certificate": code.lower()}).text
    assert "A. L." in told
    assert "Ada" not in told
    wrong = [stranger.post("enrolment.create_check", {"certificate": each}) for each in (code[:-1] + "?", "RIEN-22222222", "")]
    assert {each.status_code for each in wrong} == {422}
    assert all("Ce code ne correspond à aucune attestation." in each.text for each in wrong)
    saint_mars.coordinator.post("training.create_completion", course_id=course_id)
    assert next(each for each in saint_mars.rows(Course) if each.id == course_id).completed_at


def test_the_sheet_is_a_tagged_paper_kept_sealed(saint_mars, course_id):
    enrols(saint_mars, course_id, "Élodie Œuvrard")
    first = sessions(saint_mars, course_id)[0]
    for data in ({"blank": "1"}, {}):
        answer = saint_mars.trainer.post("training.create_sheet", data, session_id=first.id)
        document_id = answer.location.rsplit("/", 1)[1]
        assert "se prépare" in saint_mars.trainer.client.get(answer.location).text
        work_off(saint_mars.house, saint_mars.id)
        assert_tagged(saint_mars.trainer.get("training.download", document_id=document_id).data)
    with saint_mars.at_home():
        document = db.session.scalars(select(Document)).first()
        document.fill(bytes(range(256)) * 4000)
        db.session.flush()
        assert io.BytesIO(document.read()).getvalue() == bytes(range(256)) * 4000


def test_a_new_plan_leaves_courses_that_began_alone(saint_mars, helene, course_id):
    page = helene.get("network.index_plans").text
    assert "Ce plan est une proposition" in page
    form = helene.get("network.edit_session_plan", position=1).text
    assert "Comprendre l’isolement" in form
    assert helene.post("network.update_session_plan", {"title": ""}, position=1).status_code == 422
    assert saint_mars.coordinator.get("network.index_plans").status_code == 404
