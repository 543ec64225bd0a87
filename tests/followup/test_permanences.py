"""A permanence: hosted by two, moved and cancelled with notice, attended by people one knows and by others."""

import threading
from datetime import date, timedelta

import icalendar
import pytest
from sqlalchemy import select

from app.db import db, new_id, now
from app.followup.attendance import DropInTally, DropInVisit
from app.followup.drop_ins import DropIn, subjects_of
from app.followup.feeds import feed_token, link_of
from app.followup.gatherings import Because, GatheringState
from app.followup.support import Side, SupportMeeting
from app.people.tasks import Task, TaskState, settle
from tenants import ledger
from tenants.documents import Document
from tenants.models import Membership
from tenants.months import month_of, today_in
from tests.mails import mails_to, work_off
from tests.newcomer import newcomer
from tests.referral.places import Journey
from tests.servers import plain
from tests.training.test_course import assert_tagged
from workers.followup import remind_hosts

TODAY = today_in("Europe/Paris")
VOLUNTEER = "benevole.saint-mars-du-desert@demo.essaimage.fr"


def counts(crew, drop_in_id):
    with crew.at_home():
        known = list(db.session.scalars(select(DropInVisit.person_id).where(DropInVisit.drop_in_id == drop_in_id)))
        others = list(db.session.scalars(select(DropInTally.number).where(DropInTally.drop_in_id == drop_in_id, DropInTally.undone_at.is_(None))))
    return known, sum(others)


def tasks_about(crew, subject_id):
    return {each.kind: each for each in crew.rows(Task) if each.subject_id == subject_id}


def ticks(crew, drop_in_id, *present, was=(), by="coordinator"):
    data = {"present": [str(each) for each in present], "was": [str(each) for each in was]}
    return getattr(crew, by).post("followup.update_attendance", data, drop_in_id=drop_in_id)


def test_known_people_by_tap_and_others_by_counter(saint_mars, together):
    ada = together.met("Zéphyrine")
    drop_in_id = together.drop_in()
    for _time in range(2):
        assert ticks(saint_mars, drop_in_id, ada).status_code == 302
    gesture = str(new_id())
    for _time in range(2):
        assert saint_mars.coordinator.post("followup.create_tally", {"gesture": gesture}, drop_in_id=drop_in_id).status_code == 302
    several = {"gesture": str(new_id()), "number": "4"}
    saint_mars.volunteer.post("followup.create_tally", several, drop_in_id=drop_in_id)
    known, others = counts(saint_mars, drop_in_id)
    assert (known, others) == ([ada], 5)
    assert together.one(DropIn, drop_in_id).state == GatheringState.held
    # From there it is one link to a place that helps.
    page = saint_mars.coordinator.get("followup.show_attendance", drop_in_id=drop_in_id).text
    assert saint_mars.coordinator.address("referral.choose_resource", person_id=ada) in page
    # A tap is a contact and part of the story.
    assert together.person(ada).last_seen_on == TODAY
    assert "Venue à la permanence" in saint_mars.coordinator.get("people.show", person_id=ada).text
    assert "Permanences et activités" in saint_mars.coordinator.get("people.show_printout", person_id=ada).text
    # Only one's own tap is taken back, and once.
    for _time in range(2):
        saint_mars.volunteer.post("followup.delete_tally", {"undone": gesture}, drop_in_id=drop_in_id)
        saint_mars.volunteer.post("followup.delete_tally", {"undone": several["gesture"]}, drop_in_id=drop_in_id)
    assert counts(saint_mars, drop_in_id)[1] == 1


def test_a_wrong_tap_takes_the_contact_back(saint_mars, together):
    ada = together.met()
    with saint_mars.at_home():
        from app.people.models import Person

        db.session.get_one(Person, (saint_mars.id, ada)).last_seen_on = TODAY - timedelta(days=40)
    drop_in_id = together.drop_in()
    ticks(saint_mars, drop_in_id, ada)
    assert together.person(ada).last_seen_on == TODAY
    ticks(saint_mars, drop_in_id, was=[ada])
    assert together.person(ada).last_seen_on == TODAY - timedelta(days=40)
    assert counts(saint_mars, drop_in_id)[0] == []


def test_two_screens_lose_nothing_of_each_other(saint_mars, together):
    ada, bob = together.met("Ada"), together.met("Bob")
    drop_in_id = together.drop_in()
    # Both opened the page while nobody was ticked.
    ticks(saint_mars, drop_in_id, ada, by="volunteer")
    ticks(saint_mars, drop_in_id, bob, by="second")
    assert set(counts(saint_mars, drop_in_id)[0]) == {ada, bob}


@pytest.mark.committed
def test_two_people_count_at_the_same_instant(house, addresses):
    with newcomer(house, addresses, slug="gueret-porte") as crew:
        drop_in_id = new_id()
        people = crew.members()
        one, other = (people[name] for name in crew.names("volunteer", "second"))
        from datetime import time

        with crew.at_home():
            db.session.add(
                DropIn(id=drop_in_id, planned_on=TODAY, day=TODAY, begins=time(10), ends=time(12), where="ici", one_id=one, other_id=other)
            )
        hands = [crew.volunteer, crew.second]
        start = threading.Barrier(2)

        def count(someone):
            start.wait()
            for _visitor in range(10):
                assert someone.post("followup.create_tally", {"gesture": str(new_id())}, drop_in_id=drop_in_id).status_code == 302

        threads = [threading.Thread(target=count, args=(each,)) for each in hands]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert counts(crew, drop_in_id)[1] == 20
        figures = crew.recounts()
        assert (figures["ever"]["drop_ins_held"], figures["ever"]["drop_in_anonymous"], figures["ever"]["drop_ins_planned"]) == (1, 20, 1)
        assert (figures["ever"]["support_due"], figures["ever"]["support_held"]) == (1, 0)


def test_a_host_sees_their_own_pairs_alone_and_others_see_nothing(saint_mars, ranzay, together):
    ada = together.met("Zéphyrine")
    stranger = together.files.opens(name="Philomène")
    drop_in_id = together.drop_in()
    page = saint_mars.volunteer.get("followup.show_attendance", drop_in_id=drop_in_id).text
    assert "Zéphyrine" in page
    assert "Philomène" not in page
    assert "Philomène" in saint_mars.coordinator.get("followup.show_attendance", drop_in_id=drop_in_id).text
    ticks(saint_mars, drop_in_id, ada, stranger, by="volunteer")
    assert counts(saint_mars, drop_in_id)[0] == [ada]
    assert saint_mars.third.get("followup.show_attendance", drop_in_id=drop_in_id).status_code == 404
    assert ticks(saint_mars, drop_in_id, ada, by="third").status_code == 404
    assert ranzay.coordinator.get("followup.show_drop_in", drop_in_id=drop_in_id).status_code == 404
    assert saint_mars.observer.get("followup.index").status_code == 404


@pytest.mark.parametrize("number", ["0", "51", "-1", "douze", "²"])
def test_a_number_that_is_none_is_said(saint_mars, together, number):
    drop_in_id = together.drop_in()
    answer = saint_mars.coordinator.post("followup.create_tally", {"gesture": str(new_id()), "number": number}, drop_in_id=drop_in_id)
    assert answer.status_code == 422
    assert "Un nombre de 1 à 50" in answer.text


def test_nothing_is_noted_before_the_day(saint_mars, together):
    drop_in_id = together.drop_in(TODAY + timedelta(days=2))
    for endpoint, data in (
        ("create_tally", {"gesture": str(new_id())}),
        ("delete_tally", {"undone": str(new_id())}),
        ("update_attendance", {}),
        ("update_subjects", {}),
        ("create_outcome", {"held": "1"}),
    ):
        assert saint_mars.coordinator.post(f"followup.{endpoint}", data, drop_in_id=drop_in_id).status_code == 422
    assert together.one(DropIn, drop_in_id).state == GatheringState.planned


def test_subjects_come_from_a_list(saint_mars, together):
    drop_in_id = together.drop_in()
    one, other = "remobilisation--lien-social", "mobilite--etre-accompagne-dans-son-parcours-mobilite"
    saint_mars.coordinator.post("followup.update_subjects", {"subject": [one, "sante--secret"]}, drop_in_id=drop_in_id)
    # The other screen ticked another one, without having seen the first.
    saint_mars.volunteer.post("followup.update_subjects", {"subject": [other]}, drop_in_id=drop_in_id)
    with saint_mars.at_home():
        assert subjects_of(drop_in_id)[drop_in_id] == {one, other}
    assert "rencontrer du monde" in saint_mars.coordinator.get("followup.show_drop_in", drop_in_id=drop_in_id).text
    saint_mars.volunteer.post("followup.update_subjects", {"subject": [], "subject_was": [one]}, drop_in_id=drop_in_id)
    with saint_mars.at_home():
        assert subjects_of(drop_in_id)[drop_in_id] == {other}


def test_someone_who_came_is_referred_from_there_and_the_page_says_how_many(saint_mars, together):
    ada, journey, drop_in_id = together.met("Ada"), Journey(saint_mars, together.files), together.drop_in()
    journey.sends(person_id=together.met("Basile"))
    saint_mars.coordinator.post("followup.update_attendance", {"present": [str(ada)]}, drop_in_id=drop_in_id)
    page = saint_mars.coordinator.get("followup.show_attendance", drop_in_id=drop_in_id).text
    assert "Orienter quelqu’un qui est venu" in page
    assert saint_mars.volunteer.address("referral.choose_resource", person_id=ada) in page
    # Basile was referred on the same day, and did not come.
    assert "orientations ce jour-là" not in saint_mars.third.get("followup.show_drop_in", drop_in_id=drop_in_id).text
    journey.sends(person_id=ada)
    assert "<dt>orientations ce jour-là</dt><dd>1</dd>" in saint_mars.third.get("followup.show_drop_in", drop_in_id=drop_in_id).text


def test_held_or_not_held_with_a_reason(saint_mars, together):
    drop_in_id = together.drop_in(TODAY - timedelta(days=1))
    outcome = lambda **data: saint_mars.coordinator.post("followup.create_outcome", data, drop_in_id=drop_in_id)  # noqa: E731  # said five times
    answer = outcome()
    assert answer.status_code == 422
    assert "Dites pourquoi" in answer.text
    assert outcome(because="weather", because_words="Il neigeait").status_code == 302
    row = together.one(DropIn, drop_in_id)
    assert (row.state, row.because) == (GatheringState.not_held, Because.weather)
    # What did not take place takes no visitors, until someone says that it did.
    assert saint_mars.coordinator.post("followup.create_tally", {"gesture": str(new_id())}, drop_in_id=drop_in_id).status_code == 422
    assert outcome(held="1").status_code == 302
    assert saint_mars.coordinator.post("followup.create_tally", {"gesture": str(new_id())}, drop_in_id=drop_in_id).status_code == 302
    answer = outcome(because="nobody_came")
    assert answer.status_code == 422
    assert "Des personnes sont notées présentes" in answer.text


def test_two_hosts_and_no_third(saint_mars, together):
    drop_in_id = together.drop_in(TODAY + timedelta(days=5), one_id=None, other_id=None)
    with saint_mars.at_home():
        settle()
    task = tasks_about(saint_mars, drop_in_id)["drop_in_hosts"]
    assert (task.state, task.due_on) == (TaskState.open, TODAY - timedelta(days=2))
    assert "Trouver qui accueille" in saint_mars.coordinator.get("tasks.index").text
    for role in ("volunteer", "second", "volunteer"):
        assert getattr(saint_mars, role).post("followup.create_host", drop_in_id=drop_in_id).status_code == 302
    assert together.one(DropIn, drop_in_id).hosts == [together.member("volunteer"), together.member("second")]
    assert tasks_about(saint_mars, drop_in_id)["drop_in_hosts"].state == TaskState.gone
    saint_mars.third.post("followup.create_host", drop_in_id=drop_in_id)
    assert "déjà inscrites" in saint_mars.third.get("followup.show_drop_in", drop_in_id=drop_in_id).text
    saint_mars.volunteer.post("followup.delete_host", drop_in_id=drop_in_id)
    assert together.one(DropIn, drop_in_id).hosts == [together.member("second")]
    assert tasks_about(saint_mars, drop_in_id)["drop_in_hosts"].state == TaskState.open


def test_a_host_who_has_left_the_team_is_missing(saint_mars, together):
    drop_in_id = together.drop_in(TODAY + timedelta(days=5))
    with saint_mars.at_home():
        settle()
    assert "drop_in_hosts" not in tasks_about(saint_mars, drop_in_id)
    second = together.member("second")
    with saint_mars.at_home():
        db.session.get_one(Membership, (saint_mars.id, second)).left_at = now()
        settle()
    assert tasks_about(saint_mars, drop_in_id)["drop_in_hosts"].state == TaskState.open
    assert "Il manque une personne à la permanence" in saint_mars.coordinator.get("tasks.index").text
    assert "J’y serai" in saint_mars.third.get("followup.show_drop_in", drop_in_id=drop_in_id).text
    saint_mars.third.post("followup.create_host", drop_in_id=drop_in_id)
    assert together.one(DropIn, drop_in_id).hosts == [together.member("volunteer"), together.member("third")]
    assert tasks_about(saint_mars, drop_in_id)["drop_in_hosts"].state == TaskState.gone


def test_the_day_after_someone_is_asked_to_tell(saint_mars, together):
    drop_in_id = together.drop_in(TODAY - timedelta(days=1))
    with saint_mars.at_home():
        settle()
    assert tasks_about(saint_mars, drop_in_id)["drop_in_untold"].member_id == together.member("volunteer")
    assert "Raconter la permanence" in saint_mars.volunteer.get("tasks.index").text
    saint_mars.volunteer.post("followup.create_outcome", {"held": "1"}, drop_in_id=drop_in_id)
    assert tasks_about(saint_mars, drop_in_id)["drop_in_untold"].state == TaskState.gone


def test_hosts_are_reminded_three_days_before_and_once(saint_mars, together):
    together.drop_in(TODAY + timedelta(days=3))
    before = len(mails_to(saint_mars.house, VOLUNTEER))
    for _night in range(2):
        with saint_mars.at_home():
            remind_hosts()
    mails = [each for each in mails_to(saint_mars.house, VOLUNTEER)[before:] if "à la mairie" in each]
    assert len(mails) == 1
    assert "Vous accueillez" in mails[0]
    assert "Maëlle Kerdoncuff, Bernard Ollivaud" in mails[0] or "Bernard Ollivaud, Maëlle Kerdoncuff" in mails[0]


def test_a_reminder_names_nobody_who_has_left_the_team(saint_mars, together):
    together.drop_in(TODAY + timedelta(days=3))
    with saint_mars.at_home():
        gone = db.session.get_one(Membership, (saint_mars.id, together.member("second")))
        gone.left_at = now()
        name = gone.display_name
        remind_hosts()
    mail = mails_to(saint_mars.house, VOLUNTEER)[-1]
    assert "à la mairie" in mail
    assert name not in mail


def test_moved_and_cancelled_with_notice(saint_mars, together):
    ada = together.met("Zéphyrine")
    ticks(saint_mars, together.drop_in(TODAY - timedelta(days=1)), ada)
    drop_in_id = together.drop_in(TODAY + timedelta(days=9))
    move = {"begins": "15h", "ends": "17h", "where": "chez Odile", "one": "", "other": "", "sure": "y"}
    later = (TODAY + timedelta(days=10)).isoformat()
    assert saint_mars.coordinator.post("followup.update_drop_in", move | {"day": later}, drop_in_id=drop_in_id).status_code == 302
    work_off(saint_mars.house, saint_mars.id)
    assert any("Permanence déplacée" in each and "chez Odile" in each and "15 h – 17 h" in each for each in mails_to(saint_mars.house, VOLUNTEER))
    form = {"because": "no_host", "because_words": "On se repose"}
    answer = saint_mars.coordinator.post("followup.create_cancellation", form, drop_in_id=drop_in_id)
    assert "Zéphyrine" in saint_mars.coordinator.client.get(answer.location).text
    assert "Zéphyrine" not in saint_mars.third.get("followup.index_calls", drop_in_id=drop_in_id).text
    work_off(saint_mars.house, saint_mars.id)
    assert any("est annulée : personne pour accueillir" in each for each in mails_to(saint_mars.house, VOLUNTEER))
    # It does not change any more.
    saint_mars.coordinator.post("followup.update_drop_in", move | {"day": TODAY.isoformat()}, drop_in_id=drop_in_id)
    assert together.one(DropIn, drop_in_id).state == GatheringState.cancelled
    assert together.one(DropIn, drop_in_id).day.isoformat() == later


def test_one_more_on_a_public_holiday_is_asked_about(saint_mars, together):
    christmas = date(TODAY.year, 12, 25)
    form = {"id": str(new_id()), "day": christmas.isoformat(), "begins": "10h", "ends": "12h", "where": "ici", "one": "", "other": ""}
    answer = saint_mars.coordinator.post("followup.create_drop_in", form)
    assert answer.status_code == 422
    assert "C’est un jour férié" in answer.text
    for _time in range(2):
        assert saint_mars.coordinator.post("followup.create_drop_in", form | {"sure": "y"}).status_code == 302
    assert [each.day for each in saint_mars.rows(DropIn) if str(each.id) == form["id"]] == [christmas]
    past = saint_mars.coordinator.post("followup.create_drop_in", form | {"id": str(new_id()), "day": "2020-01-01"})
    assert "Ce jour est passé" in past.text
    same = {"one": str(together.member("second")), "other": str(together.member("second"))}
    assert "Il faut deux personnes" in saint_mars.coordinator.post("followup.create_drop_in", form | {"id": str(new_id()), "sure": "y"} | same).text


def test_the_feed_is_private_names_nobody_and_can_be_taken_back(saint_mars, stranger, together):
    ada = together.met("Zéphyrine")
    drop_in_id = together.drop_in(TODAY + timedelta(days=4))
    together.plans(title="Soupe au lavoir")
    with saint_mars.at_home():
        meeting = SupportMeeting(publisher_id=saint_mars.id, id=new_id(), month="2031-05", proposed_by=Side.network, where="à la mairie")
        db.session.add(meeting)
        db.session.flush()
        meeting.choose(f"{TODAY + timedelta(days=6)}T14:30")
        meeting_id = meeting.id
    saint_mars.volunteer.post("followup.create_feed")
    with saint_mars.at_home():
        token = feed_token(saint_mars.id, link_of(together.member("volunteer")).id)
    answer = stranger.get("feeds.show", token=token)
    calendar = icalendar.Calendar.from_ical(answer.data)
    events = {str(each["UID"]): each for each in calendar.walk("VEVENT")}
    assert str(events[f"{drop_in_id}@essaimage"]["LOCATION"]) == "à la mairie"
    assert any("Repas partagé : Soupe au lavoir" in plain(str(each["SUMMARY"])) for each in events.values())
    # The meeting with the network is in it too, at the hour that was chosen.
    met = events[f"{meeting_id}@essaimage"]
    assert (str(met["SUMMARY"]).startswith("Permanence de soutien"), f"{met['DTSTART'].dt:%H:%M}") == (True, "14:30")
    # Some calendars know no time zone that is not told with them (RFC 5545, 3.6.5).
    assert [str(each["TZID"]) for each in calendar.walk("VTIMEZONE")] == ["Europe/Paris"]
    assert "Zéphyrine" not in answer.text
    assert str(ada) not in answer.text
    saint_mars.coordinator.post("followup.create_cancellation", {"because": "other"}, drop_in_id=drop_in_id)
    calendar = icalendar.Calendar.from_ical(stranger.get("feeds.show", token=token).data)
    assert {str(each["STATUS"]) for each in calendar.walk("VEVENT") if str(each["UID"]).startswith(str(drop_in_id))} == {"CANCELLED"}
    saint_mars.volunteer.post("followup.create_feed")
    assert stranger.get("feeds.show", token=token).status_code == 404
    with saint_mars.at_home():
        token = feed_token(saint_mars.id, link_of(together.member("volunteer")).id)
    assert stranger.get("feeds.show", token=token).status_code == 200
    saint_mars.volunteer.post("followup.delete_feed")
    assert stranger.get("feeds.show", token=token).status_code == 404
    assert stranger.get("feeds.show", token="nimporte").status_code == 404


def test_the_feed_of_someone_who_has_left_is_gone(saint_mars, stranger, together):
    saint_mars.third.post("followup.create_feed")
    with saint_mars.at_home():
        member = db.session.get_one(Membership, (saint_mars.id, together.member("third")))
        token = feed_token(saint_mars.id, link_of(member.id).id)
        member.left_at = now()
    assert stranger.get("feeds.show", token=token).status_code == 404


def test_the_poster_is_a_tagged_paper_with_the_number_in_large_type(saint_mars, together):
    together.sets_rule(phone="02 61 91 00 11", nth="last")
    from app.followup.rules import DropInRule

    rule = max(saint_mars.rows(DropInRule), key=lambda each: each.at)
    assert b"0261910011" not in rule.phone_sealed
    answer = saint_mars.volunteer.post("followup.create_poster", rule_id=rule.id)
    assert "se prépare" in saint_mars.volunteer.client.get(answer.location).text
    work_off(saint_mars.house, saint_mars.id)
    document_id = answer.location.rsplit("/", 1)[1]
    pdf = saint_mars.volunteer.get("followup.download", document_id=document_id).data
    assert_tagged(pdf)
    import io

    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) == 1
    sizes = {}
    reader.pages[0].extract_text(visitor_text=lambda text, _cm, tm, _font, size: sizes.setdefault(text.replace("\xa0", " ").strip(), size * tm[0]))
    text = reader.pages[0].extract_text().replace("\xa0", " ")
    assert "02 61 91 00 11" in text
    assert "Le dernier mardi du mois" in text
    assert max(sizes.values()) >= 55
    # Papers of other rooms stay there.
    other = next(each for each in saint_mars.rows(Document) if str(each.id) == document_id)
    assert saint_mars.trainer.get("training.show_document", document_id=other.id).status_code == 404


def test_the_figures_of_a_month(saint_mars, together):
    ada = together.met()
    drop_in_id = together.drop_in()
    with saint_mars.at_home():
        before = ledger.recount(month_of(TODAY))
    ticks(saint_mars, drop_in_id, ada)
    saint_mars.coordinator.post("followup.create_tally", {"gesture": str(new_id()), "number": "6"}, drop_in_id=drop_in_id)
    with saint_mars.at_home():
        assert month_of(TODAY) in db.session.scalars(ledger.months_waiting()).all()
        after = ledger.recount(month_of(TODAY))
    grown = {code: after[code] - before[code] for code in after if after[code] != before[code]}
    assert grown == {"drop_ins_held": 1, "drop_in_known": 1, "drop_in_anonymous": 6}
