"""Projects of inhabitants: opened in a round, followed in others, forgotten when they are over."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import db, new_id
from app.outreach.projects import Project, ProjectStep
from app.outreach.record_figures import count_projects
from tenants.months import today_in
from workers.outreach import forget_words


def today():
    return today_in("Europe/Paris")


@pytest.fixture
def round_id(saint_mars):
    return saint_mars.plans(kind="project_support")


@pytest.fixture
def step(saint_mars, round_id):
    def note(who=None, of=None, **changes):
        data = {"id": str(new_id()), "project": "new", "title": "Le jardin du lavoir", "carriers": "Odile", "state": "idea", **changes}
        return (who or saint_mars.volunteer).post("outreach.create_step", data, round_id=of or round_id)

    return note


def the(crew, title="Le jardin du lavoir"):
    return next((each for each in crew.rows(Project) if each.title == title), None)


def test_a_project_lives_beyond_its_round(saint_mars, round_id, step):
    assert step(next_step="Voir la mairie", next_on=(today() + timedelta(days=9)).isoformat(), note="On y croit").status_code == 302
    project = the(saint_mars)
    assert b"Odile" not in project.carriers_sealed
    another = saint_mars.plans(kind="project_support", area="Café des idées, suite")
    assert "Le jardin du lavoir" in saint_mars.volunteer.get("outreach.new_step", round_id=another).text
    step(of=another, project=str(project.id), title="", carriers="", state="building", next_step="Bêcher")
    page = saint_mars.volunteer.get("outreach.show", round_id=another).text
    assert "Odile" in page
    assert "Bêcher" in page
    assert the(saint_mars).state == "building"
    assert len([each for each in saint_mars.rows(ProjectStep) if each.project_id == project.id]) == 2
    every = saint_mars.volunteer.get("outreach.index_projects").text
    assert "Le jardin du lavoir" in every
    assert "On y croit" not in saint_mars.third.get("outreach.show", round_id=round_id).text


def test_the_next_step_stays_until_another_one_or_none_is_said(saint_mars, step):
    soon, later = today() + timedelta(days=9), today() + timedelta(days=20)

    def next_of():
        return the(saint_mars).next_step, the(saint_mars).next_on

    step(next_step="Voir la mairie", next_on=soon.isoformat())
    known = {"project": str(the(saint_mars).id), "title": ""}
    assert "Le jardin du lavoir (ensuite : Voir la mairie)" in step(state="", **known).text.replace("\xa0", " ")
    step(state="building", **known)
    assert next_of() == ("Voir la mairie", soon)
    step(state="building", next_on=later.isoformat(), **known)
    assert next_of() == ("Voir la mairie", later)
    # Another step has its own day, not that of the former one.
    step(state="building", next_step="Bêcher", **known)
    assert next_of() == ("Bêcher", None)
    both = step(state="building", next_step="Semer", no_next="y", **known)
    assert both.status_code == 422
    assert "Gardez l’un des deux" in both.text
    step(state="building", no_next="y", **known)
    assert next_of() == ("", None)


def test_the_same_form_twice_is_one_step_and_one_project(saint_mars, step):
    known = str(new_id())
    assert step(id=known, state="happened").status_code == 302
    assert step(id=known, state="happened").status_code == 302
    assert len([each for each in saint_mars.rows(Project) if each.title == "Le jardin du lavoir"]) == 1
    assert len([each for each in saint_mars.rows(ProjectStep) if str(each.id) == known]) == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": " "}, "Il manque le titre du projet"),
        ({"title": "J" * 121}, "120 caractères au plus"),
        ({"state": ""}, "Dites où en est le projet"),
        ({"next_step": "x" * 201}, "200 caractères au plus"),
        ({"next_on": "2020-01-01"}, "Une date d’aujourd’hui à dans un an"),
        ({"next_on": "31/02/2026"}, "Ce jour n’existe pas"),
        ({"state": "given_up", "next_on": (today() + timedelta(days=2)).isoformat()}, "Un projet fini n’a plus de prochaine étape"),
        ({"project": str(new_id())}, "Quel projet"),
        ({"project": "nonsense"}, "Quel projet"),
    ],
)
def test_a_step_that_cannot_be(saint_mars, step, changes, message):
    answer = step(**changes)
    assert answer.status_code == 422
    assert message in answer.text
    assert the(saint_mars) is None


def test_the_next_collective_has_its_own_projects(saint_mars, ranzay, step):
    assert step(who=ranzay.volunteer).status_code == 404
    theirs = the(ranzay, "Atelier couture du jeudi")
    assert step(project=str(theirs.id)).status_code == 422
    assert "couture" not in saint_mars.volunteer.get("outreach.index_projects").text


def test_closed_later_and_another_kind(saint_mars, round_id, step):
    assert step(of=saint_mars.plans()).status_code == 404
    assert "On note le jour même" in step(of=saint_mars.plans(kind="project_support", days=1)).text
    saint_mars.closes(round_id, days_ago=4)
    assert "La tournée est terminée" in step().text
    assert the(saint_mars) is None


def test_a_step_sent_after_closing_is_kept_and_shown(saint_mars, round_id, step):
    saint_mars.closes(round_id)
    assert step().status_code == 302
    assert the(saint_mars) is not None
    assert "Une ligne est arrivée après la clôture" in saint_mars.coordinator.get("outreach.show", round_id=round_id).text


def test_a_project_counts_once_with_its_latest_state(saint_mars, step):
    first = saint_mars.plans(kind="project_support", days=-41)
    second = saint_mars.plans(kind="project_support", days=-40)
    step(of=second, state="building")
    project = the(saint_mars)
    # Typed in later, and of an earlier day.
    step(of=first, project=str(project.id), state="idea")
    step(of=second, title="Le banc", state="given_up")
    with saint_mars.at_home():
        counted = count_projects(today() - timedelta(days=41), today() - timedelta(days=39))
    assert counted == {"projects_idea": 0, "projects_building": 1, "projects_happened": 0, "projects_given_up": 1}


def test_carriers_are_forgotten_when_the_project_is_over(saint_mars, round_id, step):
    old = saint_mars.plans(kind="project_support", days=-40)
    step(of=old, state="happened", note="Belle fête")
    step(of=old, title="Le banc", state="building")
    step(of=old, title="La fresque")
    fresco = the(saint_mars, "La fresque")
    step(project=str(fresco.id), state="given_up")
    saint_mars.closes(old, days_ago=31)
    with saint_mars.at_home():
        period = (today() - timedelta(days=40), today() - timedelta(days=39))
        before = count_projects(*period)
        forget_words()
        assert count_projects(*period) == before
        left = db.session.scalars(select(ProjectStep).where(ProjectStep.round_id == old)).all()
        assert all(each.note is None and each.by_user is None for each in left)
    carriers = {each.title: each.carriers_sealed is not None for each in saint_mars.rows(Project)}
    assert (carriers["Le jardin du lavoir"], carriers["Le banc"], carriers["La fresque"]) == (False, True, True)


def test_a_project_ended_by_a_slip_of_the_finger_goes_on(saint_mars, step):
    step(state="given_up")
    project = the(saint_mars)
    another = saint_mars.plans(kind="project_support")
    assert "Le jardin du lavoir (abandonné)" in saint_mars.volunteer.get("outreach.new_step", round_id=another).text
    assert step(of=another, project=str(project.id), title="", state="building").status_code == 302
    assert the(saint_mars).state == "building"
