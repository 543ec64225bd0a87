"""Courtesy visits: noted once, sealed, forgotten, counted."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import db, new_id
from app.outreach.record_figures import count_visits
from app.outreach.visits import CourtesyVisit
from tenants.months import today_in
from tests.outreach.removals import assert_a_second_tap_leads_to_the_same_place
from workers.outreach import forget_words


@pytest.fixture
def round_id(saint_mars):
    return saint_mars.plans(kind="courtesy_visit")


@pytest.fixture
def visit(saint_mars, round_id):
    def note(who=None, of=None, **changes):
        crew = saint_mars
        went = [str(crew.members()[name]) for name in crew.names("volunteer", "second")]
        data = {"id": str(new_id()), "to_whom": "Odette", "how": "good", "went": went, "note": "Aime les géraniums", **changes}
        return (who or saint_mars.volunteer).post("outreach.create_visit", data, round_id=of or round_id)

    return note


def of(crew, round_id):
    return [each for each in crew.rows(CourtesyVisit) if each.round_id == round_id]


def test_a_visit_is_noted_sealed_and_shown_to_the_team(saint_mars, round_id, visit):
    assert visit().status_code == 302
    visit(to_whom="Raymond", how="absent", note="")
    (first, second) = of(saint_mars, round_id)
    assert b"Odette" not in first.to_whom_sealed
    assert second.note_sealed is None
    team = saint_mars.volunteer.get("outreach.show", round_id=round_id).text
    assert "Odette" in team
    assert "géraniums" in team
    others = saint_mars.third.get("outreach.show", round_id=round_id).text
    assert "Odette" not in others
    assert "géraniums" not in others
    assert "1 visite." in saint_mars.volunteer.get("outreach.new_closure", round_id=round_id).text


def test_the_form_says_who_may_read(saint_mars, round_id):
    text = saint_mars.volunteer.get("outreach.new_visit", round_id=round_id).text
    assert "La personne peut lire ce texte. Pas de santé, pas d’opinion." in text


def test_the_same_form_twice_is_one_visit(saint_mars, round_id, visit):
    known = str(new_id())
    visit(id=known)
    visit(id=known, to_whom="Une autre")
    assert len(of(saint_mars, round_id)) == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"to_whom": " "}, "Il manque un prénom ou un immeuble"),
        ({"to_whom": "O" * 61}, "60 caractères au plus"),
        ({"how": ""}, "Dites comment cela s’est passé"),
        ({"how": "fine"}, "Comment cela s’est passé"),
        ({"note": "x" * 301}, "300 caractères au plus"),
    ],
)
def test_a_visit_that_cannot_be(saint_mars, round_id, visit, changes, message):
    answer = visit(**changes)
    assert answer.status_code == 422
    assert message in answer.text
    assert of(saint_mars, round_id) == []


def test_a_line_noted_by_mistake_is_taken_back_while_the_round_is_open(saint_mars, round_id, visit):
    visit()
    (line,) = of(saint_mars, round_id)
    other = saint_mars.plans(kind="courtesy_visit")
    assert saint_mars.volunteer.post("outreach.delete_visit", round_id=other, visit_id=line.id).status_code == 404
    saint_mars.volunteer.post("outreach.create_closure", {"minutes": "60"}, round_id=round_id)
    saint_mars.volunteer.post("outreach.delete_visit", round_id=round_id, visit_id=line.id)
    assert len(of(saint_mars, round_id)) == 1
    saint_mars.coordinator.post("outreach.create_reopening", {"reason": "une erreur"}, round_id=round_id)
    saint_mars.volunteer.post("outreach.delete_visit", round_id=round_id, visit_id=line.id)
    assert of(saint_mars, round_id) == []


def test_closed_later_next_door_and_another_kind(saint_mars, ranzay, round_id, visit):
    assert visit(who=ranzay.volunteer).status_code == 404
    assert visit(who=saint_mars.third).status_code == 404
    assert visit(of=saint_mars.plans()).status_code == 404
    assert "On note le jour même" in visit(of=saint_mars.plans(kind="courtesy_visit", days=1)).text
    saint_mars.closes(round_id)
    assert visit().status_code == 302
    assert "Une ligne est arrivée après la clôture" in saint_mars.coordinator.get("outreach.show", round_id=round_id).text
    saint_mars.passes(round_id, 4)
    answer = visit()
    assert answer.status_code == 422
    assert "La tournée est terminée" in answer.text
    assert "Odette" in answer.text
    assert len(of(saint_mars, round_id)) == 1


def test_words_are_forgotten_after_thirty_days_and_the_number_stays(saint_mars, round_id, visit):
    old = saint_mars.plans(kind="courtesy_visit", days=-40)
    visit(of=old)
    visit(of=old, how="declined", others="Raoul")
    visit()
    saint_mars.closes(old, days_ago=31)
    day = today_in("Europe/Paris") - timedelta(days=40)
    with saint_mars.at_home():
        before = count_visits(day, day + timedelta(days=1))
        forget_words()
        after = count_visits(day, day + timedelta(days=1))
        left = db.session.scalars(select(CourtesyVisit).where(CourtesyVisit.round_id == old)).all()
        assert all(each.to_whom is None and each.note is None and each.others_sealed is None and each.by_user is None for each in left)
    assert before == after == {"visits": 1}
    assert "Effacé le" in saint_mars.volunteer.get("outreach.show", round_id=old).text
    assert "Odette" in saint_mars.volunteer.get("outreach.show", round_id=round_id).text


def test_who_went_is_noted_shown_and_asked_for(saint_mars, round_id, visit):
    second = saint_mars.names("second")[0]
    assert visit(went=[str(saint_mars.members()[second])]).status_code == 302
    listed = saint_mars.volunteer.get("outreach.show", round_id=round_id).text.split("Les visites")[1].split("</section>")[0]
    assert second in listed
    assert saint_mars.names("volunteer")[0] not in listed
    nobody = visit(went=[])
    assert nobody.status_code == 422
    assert "Dites qui y est allé" in nobody.text
    stranger = visit(went=[str(saint_mars.members()[saint_mars.names("third")[0]])])
    assert stranger.status_code == 422


def test_who_went_without_an_account_is_named(saint_mars, round_id, visit):
    second = saint_mars.names("second")[0]
    assert visit(went=[str(saint_mars.members()[second])], others="Raoul, Gisèle ").status_code == 302
    assert visit(went=[], others="Raoul").status_code == 302
    assert b"Raoul" not in of(saint_mars, round_id)[0].others_sealed
    listed = saint_mars.volunteer.get("outreach.show", round_id=round_id).text.split("Les visites")[1].split("</section>")[0]
    assert f"{second}, Raoul et Gisèle" in listed
    others = saint_mars.third.get("outreach.show", round_id=round_id).text
    assert "Raoul" not in others
    assert second in others


def test_a_second_tap_on_take_back_leads_to_the_same_place(saint_mars, ranzay, round_id, visit):
    assert_a_second_tap_leads_to_the_same_place(saint_mars, ranzay, "visit", "courtesy_visit", round_id, visit, lambda: of(saint_mars, round_id))
