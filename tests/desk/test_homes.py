"""Homes: what each of us finds first, and what stands there when there is nothing yet."""

import pytest
from sqlalchemy import delete, func, select

from app.db import db
from app.outreach.models import Round
from app.people.models import Person
from app.people.tasks import Task
from app.referral.partners import Partner
from tenants.ledger import Figure
from tenants.months import today_in
from tests.cast import Someone


@pytest.fixture
def empty_saint_mars(saint_mars):
    """Before the first round."""
    with saint_mars.at_home():
        db.session.execute(delete(Round))
        db.session.execute(delete(Person))
        # What partners wrote goes with them; what is asked about it is no row of a person.
        db.session.execute(delete(Partner))
        db.session.execute(delete(Task))
        db.session.execute(delete(Figure))
    return saint_mars


def home(someone):
    return someone.get("desk.index")


def test_the_coordinator_finds_the_week_and_what_to_do_next(saint_mars):
    page = home(saint_mars.coordinator).text
    assert "Bonjour Solène" in page
    assert "Dans les sept jours" in page
    assert "Préparer une tournée" in page
    assert "À terminer" not in page


def test_the_coordinator_finds_rounds_that_nobody_closed(saint_mars):
    round_id = saint_mars.plans(area="Rue de la Forge", days=-3)
    page = home(saint_mars.coordinator).text
    assert "Une tournée attend d’être terminée" in page
    assert "Rue de la Forge" in page.split("À terminer")[1].split("Dans les sept jours")[0]
    assert saint_mars.names("volunteer")[0] in page
    saint_mars.coordinator.post("outreach.create_closure", {"minutes": "60"}, round_id=round_id)
    assert "À terminer" not in home(saint_mars.coordinator).text


def test_the_coordinator_finds_the_next_seven_days_whatever_day_it_is(saint_mars):
    for days in (1, 7, 8):
        saint_mars.plans(area=f"Rue dans {days} jours", days=days)
    page = home(saint_mars.coordinator).text.split("Dans les sept jours")[1]
    assert [f"Rue dans {days} jours" in page for days in (1, 7, 8)] == [True, True, False]


def test_the_volunteer_finds_the_round_of_today(saint_mars):
    page = home(saint_mars.volunteer).text
    assert "Ouvrir ma tournée" in page
    assert "Équipe" not in page


def test_the_volunteer_without_a_round_today(saint_mars):
    page = home(saint_mars.third).text
    assert "Ouvrir ma tournée" not in page
    assert "Pas de tournée aujourd’hui" in page


def test_the_observer_finds_figures_and_nothing_else(saint_mars):
    assert home(saint_mars.observer).location.endswith("/c/saint-mars-du-desert/chiffres")
    page = saint_mars.observer.get("desk.figures").text
    assert "Nos chiffres" in page
    assert "Les nombres de personnes et de foyers sont arrondis" in page
    for name in saint_mars.names("coordinator", "volunteer", "second", "third"):
        assert name not in page
    assert saint_mars.observer.get("outreach.index").status_code == 404


def test_the_trainer_finds_the_sessions_of_all_collectives(saint_mars):
    assert home(saint_mars.trainer).location == "/formation/"
    page = saint_mars.trainer.client.get("/formation/").text
    assert "5. Les lieux qui aident" in page
    assert "Saint-Mars-du-Désert, Salle des Cèdres" in page
    assert "Nantes, Ranzay, Maison du Ranzay" in page
    assert "Une personne n’atteindra plus le nombre de séances." in page
    assert "Hervé" not in page


def test_the_desk_of_a_trainer_has_rooms_of_its_own(saint_mars):
    for endpoint, here in (("trainer.index", "/formation/"), ("trainer.index_results", "/formation/bilans")):
        rooms = saint_mars.trainer.get(endpoint).text.split('<nav class="rooms"')[1].split("</nav>")[0]
        assert [each in rooms for each in ('href="/formation/"', 'href="/formation/bilans"', 'href="/formation/#collectifs"')] == [True] * 3
        assert f'href="{here}" aria-current="page"' in rooms
        assert rooms.count("aria-current") == 1
    assert 'id="collectifs"' in saint_mars.trainer.get("trainer.index").text


def test_who_trains_nowhere_is_told_so(saint_mars):
    assert "Vous n’animez de parcours dans aucun collectif" in saint_mars.volunteer.client.get("/formation/").text
    assert Someone(saint_mars.house).client.get("/formation/").location.startswith("/connexion")


def test_before_the_first_round_the_coordinator_is_told_where_to_begin(empty_saint_mars):
    page = home(empty_saint_mars.coordinator).text
    assert "Rien n’attend" in page
    assert "Préparer votre première tournée" in page


def test_before_the_first_round_the_others_are_told_what_will_come(empty_saint_mars):
    assert "Pas de tournée pour vous en ce moment" in home(empty_saint_mars.volunteer).text
    for someone in (empty_saint_mars.coordinator, empty_saint_mars.observer):
        assert "Rien de noté pour l’instant" in someone.get("desk.figures").text


def test_a_small_team_is_invited_to_grow(saint_mars):
    assert "Agrandir l’équipe" not in home(saint_mars.coordinator).text
    for name, membership_id in saint_mars.members().items():
        if name not in saint_mars.names("coordinator", "volunteer"):
            saint_mars.coordinator.post("team.create_departure", membership_id=membership_id)
    assert "Agrandir l’équipe" in home(saint_mars.coordinator).text


def test_an_invitation_that_waits_is_shown(saint_mars):
    saint_mars.coordinator.post("team.create_invitation", {"email": "eliane@demo.essaimage.fr", "role": "volunteer"})
    assert "Une invitation attend sa réponse" in home(saint_mars.coordinator).text


def test_the_big_button_leads_to_the_round_of_today_and_not_to_one_that_nobody_closed(saint_mars):
    for days in range(1, 13):
        saint_mars.plans(area=f"Rue oubliée {days}", days=-days)
    saint_mars.plans(area="Rue du jour")
    page = home(saint_mars.volunteer).text
    assert page.index("Rue du jour") < page.index("Ouvrir ma tournée") < page.index("Rue oubliée")


def test_all_rounds_that_nobody_closed_are_counted(saint_mars):
    for days in range(2, 10):
        saint_mars.plans(area=f"Rue oubliée {days}", days=-days)
    page = home(saint_mars.coordinator).text
    waiting = saint_mars.scalar(select(func.count()).select_from(Round).where(Round.state != "closed", Round.day < today_in("Europe/Paris")))
    assert waiting >= 8
    assert f"{waiting} tournées attendent d’être terminées" in page
    assert "Voir les autres" in page
