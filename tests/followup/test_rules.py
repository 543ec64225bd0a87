"""The rule of a permanence: filled in as a sentence, read aloud, laid out as days."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.db import db
from app.followup.drop_ins import AHEAD, DropIn
from app.followup.gatherings import GatheringState
from app.followup.rules import DropInRule, Nth, OnHolidays, days_of
from app.followup.words import rule_words
from tenants.months import today_in
from tests.mails import mails_to, work_off
from workers.followup import tend_permanences

TODAY = today_in("Europe/Paris")


def laid_out(crew):
    """Days of the rules alone, in order."""
    return sorted(each.day for each in crew.rows(DropIn) if each.rule_id and each.day >= TODAY)


@pytest.fixture(autouse=True)
def nothing_yet(saint_mars):
    """The demonstration has a rule of its own: it ended yesterday, and its days to come are not there."""
    with saint_mars.at_home():
        for rule in db.session.scalars(select(DropInRule)):
            rule.until, rule.since = TODAY - timedelta(days=1), TODAY - timedelta(days=400)
        for each in db.session.scalars(select(DropIn).where(DropIn.day >= TODAY)):
            db.session.delete(each)


@pytest.mark.parametrize(
    ("nth", "day", "expected"),
    [
        (Nth.second, 1, [date(2026, 12, 8), date(2027, 1, 12)]),
        (Nth.last, 4, [date(2026, 12, 25), date(2027, 1, 29)]),
        (Nth.fifth, 1, [date(2026, 12, 29), date(2027, 3, 30)]),
        (Nth.every, 0, [date(2026, 12, 7), date(2026, 12, 14)]),
        (Nth.first_and_third, 3, [date(2026, 12, 3), date(2026, 12, 17)]),
    ],
)
def test_the_days_of_a_rule(nth, day, expected):
    days = days_of(nth, day, [], date(2026, 12, 1), None, None, "44")
    assert [next(days), next(days)] == expected


def test_months_without_and_public_holidays():
    days = list(days_of(Nth.first, 4, ["7", "8"], date(2026, 12, 1), date(2027, 12, 31), OnHolidays.skip, "44"))
    assert {each.month for each in days}.isdisjoint({7, 8})
    # The first Friday of January 2027 is New Year's day.
    assert date(2027, 1, 1) not in days
    assert date(2027, 1, 1) in days_of(Nth.first, 4, [], date(2026, 12, 1), date(2027, 12, 31), OnHolidays.keep, "44")


def test_a_rule_reads_aloud_and_lays_half_a_year_out(saint_mars, together):
    together.sets_rule()
    page = saint_mars.coordinator.get("followup.index_drop_ins").text
    assert "Le deuxième mardi du mois, 10 h – 12 h, à la maison de quartier" in page
    days = laid_out(saint_mars)
    assert 5 <= len(days) <= 7
    assert all(each.weekday() == 1 and 8 <= each.day <= 14 and each <= TODAY + AHEAD for each in days)
    with saint_mars.house.test_request_context(headers={"Accept-Language": "en"}):
        rule = next(each for each in saint_mars.rows(DropInRule) if each.until is None)
        assert rule_words(rule).startswith("The second Tuesday of the month, 10:00 – 12:00")


def test_sent_twice_is_one_rule_and_next_door_sees_none(saint_mars, ranzay, together):
    form = together.rule_form()
    before = len(saint_mars.rows(DropInRule))
    for _time in range(2):
        assert saint_mars.coordinator.post("followup.create_rule", form).status_code == 302
    assert len(saint_mars.rows(DropInRule)) == before + 1
    assert ranzay.coordinator.get("followup.edit_rule", rule_id=form["id"]).status_code == 404
    for role in ("volunteer", "observer"):
        assert getattr(saint_mars, role).post("followup.create_rule", together.rule_form()).status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"months_off": [str(each) for each in range(1, 13)]}, "ne tombe sur aucun jour"),
        ({"nth": "fifth", "until": TODAY.isoformat()}, "ne tombe sur aucun jour"),
        ({"ends": "9h"}, "L’heure de fin vient après"),
        ({"begins": "26h"}, "Cette heure n’existe pas"),
        ({"where": " "}, "Il manque le lieu"),
        ({"since": "31/02/2027"}, "n’existe pas"),
        ({"since": "9999-12-31"}, "Une date à un an d’aujourd’hui au plus"),
        ({"since": "0001-01-01"}, "Une date à un an d’aujourd’hui au plus"),
        ({"until": (TODAY - timedelta(days=3)).isoformat()}, "Le dernier jour vient après le premier"),
        ({"phone": "12"}, "numéro"),
        ({"nth": "seventh"}, "seventh"),
    ],
)
def test_a_rule_that_cannot_be_is_said_and_kept(saint_mars, together, changes, words):
    before = len(saint_mars.rows(DropInRule))
    answer = saint_mars.coordinator.post("followup.create_rule", together.rule_form(**changes))
    assert answer.status_code == 422
    assert words in answer.text or words == "seventh"
    assert "à la maison de quartier" in answer.text or changes == {"where": " "}
    assert len(saint_mars.rows(DropInRule)) == before


def test_a_public_holiday_is_asked_about_and_not_refused(saint_mars, together):
    # Every day of the week falls on a public holiday within a year: Monday on Easter Monday.
    form = together.rule_form(nth="every", day_of_week="0", on_holidays="")
    answer = saint_mars.coordinator.post("followup.create_rule", form)
    assert answer.status_code == 422
    assert "Cette règle tombe sur un jour férié" in answer.text
    assert "lundi 29 mars 2027" in answer.text
    assert saint_mars.coordinator.post("followup.create_rule", form | {"on_holidays": "skip"}).status_code == 302
    assert date(2027, 3, 29) not in laid_out(saint_mars)
    assert date(2027, 3, 22) in laid_out(saint_mars)


def test_a_changed_rule_leaves_alone_what_was_moved_or_cancelled(saint_mars, together):
    together.sets_rule()
    rule = next(each for each in saint_mars.rows(DropInRule) if each.until is None)
    first, second, *_rest = sorted((each for each in saint_mars.rows(DropIn) if each.rule_id == rule.id), key=lambda each: each.day)
    move = {
        "day": (first.day + timedelta(days=1)).isoformat(),
        "begins": "14h",
        "ends": "16h",
        "where": "chez Odile",
        "one": "",
        "other": "",
        "sure": "y",
    }
    assert saint_mars.coordinator.post("followup.update_drop_in", move, drop_in_id=first.id).status_code == 302
    cancel = {"because": "place_closed", "because_words": ""}
    assert saint_mars.coordinator.post("followup.create_cancellation", cancel, drop_in_id=second.id).status_code == 302
    form = together.rule_form(id=str(rule.id), day_of_week="2", begins="9h")
    assert saint_mars.coordinator.post("followup.update_rule", form, rule_id=rule.id).status_code == 302
    rows = {each.id: each for each in saint_mars.rows(DropIn) if each.rule_id == rule.id}
    assert (rows[first.id].day, rows[first.id].where) == (first.day + timedelta(days=1), "chez Odile")
    assert rows[second.id].state == GatheringState.cancelled
    others = [each for each in rows.values() if each.id not in (first.id, second.id)]
    assert others
    assert {each.day.weekday() for each in others} == {2}
    assert {each.begins.hour for each in others} == {9}
    work_off(saint_mars.house, saint_mars.id)
    mails = mails_to(saint_mars.house, "benevole.saint-mars-du-desert@demo.essaimage.fr")
    assert any("Le deuxième mercredi du mois, 9 h – 12 h" in each for each in mails)
    assert any("Permanence annulée" in each and "le lieu était fermé" in each for each in mails)


def test_the_night_lays_out_what_comes_nearer_and_changes_nothing_twice(saint_mars, together):
    together.sets_rule()
    with saint_mars.at_home():
        last = db.session.scalars(select(DropIn).where(DropIn.rule_id.is_not(None)).order_by(DropIn.day.desc())).first()
        db.session.delete(last)
    for _night in range(2):
        with saint_mars.at_home():
            tend_permanences()
        assert laid_out(saint_mars)[-1] == last.day
        assert len(set(laid_out(saint_mars))) == len(laid_out(saint_mars))


def test_a_rule_of_long_ago_is_changed_like_any_other(saint_mars, together):
    """Its first day lies further back than a new rule's may: it stays, and public holidays are asked about as ever."""
    together.sets_rule()
    rule = next(each for each in saint_mars.rows(DropInRule) if each.until is None)
    long_ago = TODAY - timedelta(days=4 * 366)
    with saint_mars.at_home():
        db.session.get_one(DropInRule, (saint_mars.id, rule.id)).since = long_ago
    form = together.rule_form(id=str(rule.id), since=long_ago.isoformat(), nth="every", day_of_week="0")
    answer = saint_mars.coordinator.post("followup.update_rule", form | {"on_holidays": ""}, rule_id=rule.id)
    assert answer.status_code == 422
    assert "Cette règle tombe sur un jour férié" in answer.text
    assert "Une date à un an" not in answer.text
    assert saint_mars.coordinator.post("followup.update_rule", form | {"where": "à la cantine"}, rule_id=rule.id).status_code == 302
    assert together.one(DropInRule, rule.id).where == "à la cantine"
    other = form | {"since": (long_ago - timedelta(days=1)).isoformat()}
    assert saint_mars.coordinator.post("followup.update_rule", other, rule_id=rule.id).status_code == 422


def test_a_rule_goes_on_for_as_long_as_nobody_ends_it(saint_mars, together):
    together.sets_rule()
    expected = laid_out(saint_mars)
    with saint_mars.at_home():
        rule = db.session.scalars(select(DropInRule).where(DropInRule.until.is_(None))).one()
        rule.since = TODAY - timedelta(days=12 * 366)
        tend_permanences()
    assert laid_out(saint_mars) == expected


def test_the_hosts_of_a_rule_follow_it_and_who_offered_themselves_stays(saint_mars, together):
    volunteer, second, third = (together.member(each) for each in ("volunteer", "second", "third"))
    together.sets_rule(one=str(volunteer), other=str(second))
    rule = next(each for each in saint_mars.rows(DropInRule) if each.until is None)
    first, *rest = sorted((each for each in saint_mars.rows(DropIn) if each.rule_id == rule.id), key=lambda each: each.day)
    saint_mars.second.post("followup.delete_host", drop_in_id=first.id)
    saint_mars.third.post("followup.create_host", drop_in_id=first.id)
    form = together.rule_form(id=str(rule.id), one=str(third), other=str(second))
    assert saint_mars.coordinator.post("followup.update_rule", form, rule_id=rule.id).status_code == 302
    assert together.one(DropIn, first.id).hosts == [volunteer, third]
    assert {tuple(together.one(DropIn, each.id).hosts) for each in rest} == {(third, second)}


def test_a_place_that_was_given_back_stays_free_through_the_night(saint_mars, together):
    together.sets_rule(one=str(together.member("volunteer")))
    rule = next(each for each in saint_mars.rows(DropInRule) if each.until is None)
    first = min((each for each in saint_mars.rows(DropIn) if each.rule_id == rule.id), key=lambda each: each.day)
    saint_mars.volunteer.post("followup.delete_host", drop_in_id=first.id)
    with saint_mars.at_home():
        tend_permanences()
    assert together.one(DropIn, first.id).hosts == []
