"""At home one goes in twos, says that one is back, and tells what was heard once."""

from datetime import timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import update

from app.db import db, new_id, now
from app.demo.world import DOMAIN
from app.people.circles import ContactCircles
from app.people.home_meetings import HomeMeeting, MeetingState
from app.people.models import Stage
from tenants.months import month_of, today_in
from tests.mails import mails_to, work_off
from workers import people as jobs


@pytest.fixture
def plans(saint_mars, files):
    """Plans a meeting with a new person; returns (person id, answer, form)."""

    def plan(other="second", **values):
        person_id = files.opens(name="Ada")
        files.pairs(person_id)
        members = saint_mars.members()
        one = members[saint_mars.names("volunteer")[0]]
        second = str(members[saint_mars.names(other)[0]]) if other else ""
        day = (today_in("Europe/Paris") + timedelta(days=2)).isoformat()
        form = {"id": str(new_id()), "day": day, "hour": "14:30", "one": str(one), "other": second, **values}
        return person_id, saint_mars.coordinator.post("people.create_meeting", form, person_id=person_id), form

    return plan


def meeting_of(saint_mars, form):
    return next(each for each in saint_mars.rows(HomeMeeting) if str(each.id) == form["id"])


def test_nobody_goes_alone_to_a_first_meeting_unless_it_is_said_why(saint_mars, plans):
    _person, refused, _form = plans(other="")
    assert refused.status_code == 422
    assert "On ne va jamais seule à une première rencontre" in refused.text
    _person, taken, form = plans(other="", alone_because="Elle ne veut voir que Maëlle.")
    assert taken.status_code == 302
    assert meeting_of(saint_mars, form).other_id is None


def test_a_meeting_sent_twice_is_planned_once(saint_mars, plans):
    person_id, answer, form = plans()
    assert answer.status_code == 302
    assert saint_mars.coordinator.post("people.create_meeting", form, person_id=person_id).status_code == 302
    assert len([each for each in saint_mars.rows(HomeMeeting) if each.person_id == person_id]) == 1


def test_both_get_a_calendar_file_that_names_nobody(saint_mars, plans, house):
    _person, _answer, _form = plans()
    addresses = [f"{role}.{saint_mars.slug}@{DOMAIN}" for role in ("benevole", "benevole2")]
    before = [len(mails_to(house, each)) for each in addresses]
    assert work_off(house, saint_mars.id)
    for each, number in zip(addresses, before, strict=True):
        mail = mails_to(house, each)[-1]
        assert len(mails_to(house, each)) == number + 1
        assert "Une rencontre à deux" in mail
        assert "Ada" not in mail


def test_the_calendar_file_follows_a_move(saint_mars, plans):
    person_id, _answer, form = plans()
    day = (today_in("Europe/Paris") + timedelta(days=5)).isoformat()
    moved = saint_mars.volunteer.post("people.update_meeting", {"day": day, "hour": "10:00"}, person_id=person_id, home_meeting_id=form["id"])
    assert moved.status_code == 302, moved.text
    with saint_mars.at_home():
        from tenants.models import Collective

        meeting = db.session.get_one(HomeMeeting, (saint_mars.id, meeting_of(saint_mars, form).id))
        collective = db.session.get_one(Collective, saint_mars.id)
        event = next(iter(Calendar.from_ical(jobs.calendar_of(meeting, collective, "http://localhost/x", "Rencontre")).walk("VEVENT")))
    assert event["sequence"] == 1
    assert event.decoded("dtstart") == meeting.starts_at


def test_after_it_each_says_that_they_are_back_and_one_tells(saint_mars, files, plans, house):
    person_id, _answer, form = plans()
    with saint_mars.at_home():
        db.session.execute(update(HomeMeeting).where(HomeMeeting.id == form["id"]).values(starts_at=now() - timedelta(hours=5)))
    home = saint_mars.coordinator.get("desk.index").text
    assert "Prendre des nouvelles du binôme d’Ada" in home
    heard = {
        "version": str(files.person(person_id).version),
        "heard": "Elle aime les roses.",
        "likes": "les roses",
        "gives": "",
        "next_step": "Revenir jeudi",
    }
    assert saint_mars.volunteer.post("people.create_hearing", heard, person_id=person_id, home_meeting_id=form["id"]).status_code == 302
    for role in ("volunteer", "second"):
        assert getattr(saint_mars, role).post("people.create_return", person_id=person_id, home_meeting_id=form["id"]).status_code == 302
    assert "Prendre des nouvelles du binôme d’Ada" not in saint_mars.coordinator.get("desk.index").text
    meeting = meeting_of(saint_mars, form)
    assert meeting.state == MeetingState.held
    assert meeting.still_out() == []
    assert files.person(person_id).stage == Stage.met
    assert "Elle aime les roses." in saint_mars.volunteer.get("people.show", person_id=person_id).text


def test_a_meeting_is_called_off_with_a_reason(saint_mars, plans):
    person_id, _answer, form = plans()
    where = {"person_id": person_id, "home_meeting_id": form["id"]}
    assert saint_mars.volunteer.post("people.create_cancellation", {"reason": ""}, **where).status_code == 422
    assert saint_mars.volunteer.post("people.create_cancellation", {"reason": "Elle préfère la semaine prochaine."}, **where).status_code == 302
    assert meeting_of(saint_mars, form).state == MeetingState.cancelled


def test_circles_are_measured_drawn_and_compared(saint_mars, files):
    person_id = files.opens()
    for moment, family in (("entry", "0"), ("months_3", "3")):
        form = {"id": str(new_id()), "moment": moment, "on": files.today, "family": family, "work": ""}
        assert saint_mars.coordinator.post("people.create_circles", form, person_id=person_id).status_code == 302
    page = saint_mars.coordinator.get("people.show", person_id=person_id).text
    assert "chaque semaine" in page
    assert "<svg viewBox=" in page
    nothing = {"id": str(new_id()), "moment": "months_6", "on": files.today}
    assert saint_mars.coordinator.post("people.create_circles", nothing, person_id=person_id).status_code == 422


def test_people_are_counted_once_per_period(saint_mars, files):
    from tenants import ledger

    with saint_mars.at_home():
        before = ledger.recount(month_of(today_in("Europe/Paris")))
    person_id = files.opens()
    for stage in ("met", "accompanied", "met", "accompanied"):
        form = {"id": str(new_id()), "stage": stage, "on": files.today, "reason": "Elle hésite."}
        assert saint_mars.coordinator.post("people.create_step", form, person_id=person_id).status_code == 302
    with saint_mars.at_home():
        after = ledger.recount(month_of(today_in("Europe/Paris")))
    for code in ("people_noticed", "people_met", "people_accompanied", "met_within_7"):
        assert after[code] == before[code] + 1, code


def test_circles_sent_again_with_another_moment_are_another_measure(saint_mars, files):
    person_id = files.opens()
    form = {"id": str(new_id()), "on": files.today, "family": "2"}
    for moment in ("entry", "months_3"):
        assert saint_mars.coordinator.post("people.create_circles", {**form, "moment": moment}, person_id=person_id).status_code == 302
    moments = [each.moment for each in saint_mars.rows(ContactCircles) if each.person_id == person_id]
    assert sorted(moments) == ["entry", "months_3"]
