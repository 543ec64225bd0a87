"""A companion who does not say that they are back: the coordination gets a mail within minutes, and nobody is named in it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.db import db, new_id, now
from app.demo.world import DOMAIN
from app.people.home_meetings import OVERDUE, HomeMeeting
from tenants.months import today_in
from tests.mails import mails_to, work_off
from workers.models import Job

SUBJECT = "Un binôme n’est pas encore rentré"
JOB = "ask_after_companions"


@pytest.fixture
def meeting(house, saint_mars, files):
    """A meeting planned for the day after tomorrow; returns its address for the test's browser."""
    person_id = files.opens(name="Zéphyrine")
    files.pairs(person_id)
    members = saint_mars.members()
    one, other = (str(members[name]) for name in saint_mars.names("volunteer", "second"))
    day = (today_in("Europe/Paris") + timedelta(days=2)).isoformat()
    form = {"id": str(new_id()), "day": day, "hour": "14:30", "one": one, "other": other}
    assert saint_mars.coordinator.post("people.create_meeting", form, person_id=person_id).status_code == 302
    return {"person_id": person_id, "home_meeting_id": form["id"]}


def alarms(house):
    return len([mail for mail in mails_to(house, f"coordination.saint-mars-du-desert@{DOMAIN}") if mail.startswith(SUBJECT)])


def waiting(crew):
    return [each for each in crew.rows(Job) if each.name == JOB]


def passes(crew, meeting, time):
    """So much time passes for a meeting and what waits for it."""
    with crew.at_home():
        db.session.execute(update(HomeMeeting).where(HomeMeeting.id == meeting["home_meeting_id"]).values(starts_at=HomeMeeting.starts_at - time))
        db.session.execute(update(Job).where(Job.due_at.is_not(None)).values(due_at=Job.due_at - time))


def until_late(crew, meeting, minutes):
    """The time until so many minutes after the moment at which one asks."""
    with crew.at_home():
        starts_at = db.session.scalars(select(HomeMeeting.starts_at).where(HomeMeeting.id == meeting["home_meeting_id"])).one()
    return starts_at + OVERDUE - now() + timedelta(minutes=minutes)


def test_nothing_is_said_before_three_hours_and_a_mail_within_minutes_after(house, saint_mars, meeting):
    (job,) = waiting(saint_mars)
    assert job.due_at is not None
    before = alarms(house)
    passes(saint_mars, meeting, until_late(saint_mars, meeting, -1))
    work_off(house, saint_mars.id)
    assert waiting(saint_mars) != []
    assert alarms(house) == before
    passes(saint_mars, meeting, until_late(saint_mars, meeting, 1))
    work_off(house, saint_mars.id)  # It stages a mail for each of the coordination.
    work_off(house, saint_mars.id)
    assert waiting(saint_mars) == []
    assert alarms(house) == before + 1
    mail = mails_to(house, f"coordination.saint-mars-du-desert@{DOMAIN}")[-1]
    assert "Zéphyrine" not in mail
    assert saint_mars.names("volunteer")[0] not in mail


def test_when_both_are_back_nobody_is_asked(house, saint_mars, meeting):
    before = alarms(house)
    passes(saint_mars, meeting, until_late(saint_mars, meeting, -60))
    for role in ("volunteer", "second"):
        assert getattr(saint_mars, role).post("people.create_return", **meeting).status_code == 302
    passes(saint_mars, meeting, timedelta(hours=2))
    for _time in range(2):
        work_off(house, saint_mars.id)
    assert alarms(house) == before


def test_a_meeting_that_moved_is_asked_about_once_at_its_new_hour(house, saint_mars, meeting):
    before = alarms(house)
    day = (today_in("Europe/Paris") + timedelta(days=4)).isoformat()
    assert saint_mars.volunteer.post("people.update_meeting", {"day": day, "hour": "10:00"}, **meeting).status_code == 302
    assert len(waiting(saint_mars)) == 2
    with saint_mars.at_home():
        db.session.execute(update(Job).where(Job.due_at == min(each.due_at for each in waiting_now())).values(due_at=now()))
    work_off(house, saint_mars.id)
    work_off(house, saint_mars.id)
    assert alarms(house) == before
    passes(saint_mars, meeting, until_late(saint_mars, meeting, 1))
    work_off(house, saint_mars.id)
    work_off(house, saint_mars.id)
    assert alarms(house) == before + 1


def waiting_now():
    return db.session.scalars(select(Job).where(Job.name == JOB)).all()


def test_what_is_called_off_is_not_asked_about(house, saint_mars, meeting):
    before = alarms(house)
    assert saint_mars.volunteer.post("people.create_cancellation", {"reason": "Elle préfère plus tard."}, **meeting).status_code == 302
    assert len(waiting(saint_mars)) == 1
    passes(saint_mars, meeting, until_late(saint_mars, meeting, 1))
    for _time in range(2):
        work_off(house, saint_mars.id)
    assert alarms(house) == before


def test_whoever_went_and_is_no_longer_of_the_pair_says_that_they_are_back_and_reads_nothing(house, saint_mars, files, meeting):
    before = alarms(house)
    passes(saint_mars, meeting, until_late(saint_mars, meeting, -60))
    assert files.pairs(meeting["person_id"], "second", "third").status_code == 302
    page = saint_mars.volunteer.get("people.show_meeting", **meeting)
    assert page.status_code == 200
    assert "Je suis de retour" in page.text
    assert "Zéphyrine" not in page.text
    for endpoint in ("people.show", "people.edit", "people.new_telling"):
        assert saint_mars.volunteer.get(endpoint, person_id=meeting["person_id"]).status_code == 404
    assert saint_mars.volunteer.post("people.create_hearing", {"heard": "Rien"}, **meeting).status_code == 404
    assert saint_mars.third.get("people.show_meeting", **meeting).status_code == 200
    for role in ("volunteer", "second"):
        assert getattr(saint_mars, role).post("people.create_return", **meeting).status_code == 302
    assert "Vous avez dit que vous êtes de retour." in saint_mars.volunteer.get("people.show_meeting", **meeting).text
    passes(saint_mars, meeting, timedelta(hours=2))
    work_off(house, saint_mars.id)
    work_off(house, saint_mars.id)
    assert alarms(house) == before


def test_another_volunteer_is_told_of_no_meeting(saint_mars, meeting):
    assert saint_mars.third.get("people.show_meeting", **meeting).status_code == 404
    assert saint_mars.third.post("people.create_return", **meeting).status_code == 404


def test_nobody_is_back_from_what_is_still_to_come(saint_mars, meeting):
    assert saint_mars.volunteer.post("people.create_return", **meeting).status_code == 302
    (row,) = [each for each in saint_mars.rows(HomeMeeting) if str(each.id) == meeting["home_meeting_id"]]
    assert len(row.still_out()) == 2


def test_only_those_who_may_open_it_are_sent_to_a_meeting(saint_mars, files, meeting):
    members = saint_mars.members()
    one, other = (str(members[name]) for name in saint_mars.names("volunteer", "third"))
    day = (today_in("Europe/Paris") + timedelta(days=2)).isoformat()
    form = {"id": str(new_id()), "day": day, "hour": "14:30", "one": one, "other": other}
    answer = saint_mars.coordinator.post("people.create_meeting", form, person_id=meeting["person_id"])
    assert answer.status_code == 422
    assert "changez d’abord le binôme" in answer.text
    coordinator = str(members[saint_mars.names("coordinator")[0]])
    assert saint_mars.coordinator.post("people.create_meeting", {**form, "other": coordinator}, person_id=meeting["person_id"]).status_code == 302
