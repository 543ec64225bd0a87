"""A journey on a phone of 360 pixels for each kind that has no doors: calls, a walk, a visit, a ride, a project."""

import pytest

from app.db import new_id
from tests.cast import Crew


@pytest.fixture
def crew(house) -> Crew:
    return Crew(house, "saint-mars-du-desert")


@pytest.fixture
def plans(crew):
    """Rounds of today, taken away afterwards with the projects they opened; gives the address of each."""
    from sqlalchemy import delete

    from app.db import db
    from app.outreach.models import Round
    from app.outreach.projects import Project

    planned = []

    def plan(kind):
        planned.append(crew.plans(f"Quartier {new_id()}", kind=kind))
        return f"/c/{crew.slug}/aller-vers/tournees/{planned[-1]}"

    yield plan
    with crew.at_home():
        db.session.execute(delete(Round).where(Round.id.in_(planned)))
        db.session.execute(delete(Project).where(Project.title == "Le four à pain"))


@pytest.fixture
def phone(opens):
    return opens("benevole.saint-mars-du-desert")


def fits(page):
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, page.url
    # What the form refuses, the browser's console calls a failure.
    assert [each for each in page.troubles if "422" not in each] == []


def figure(page, name):
    """The number beside a name on the page of a round."""
    return page.locator(f".figs .fig:has(dt:text-is('{name}')) dd").inner_text()


def close(page):
    page.click("text=Terminer la tournée")
    page.fill("[name=minutes]", "60")
    page.click("main .btn-primary")
    page.wait_for_selector("text=La tournée est terminée. Merci à vous.")
    fits(page)


def test_a_list_is_pasted_and_a_number_called(phone, plans):
    phone.goto(plans("phoning"))
    phone.click("text=Coller une liste")
    phone.fill("[name=numbers]", "02 61 91 20 01\n02 61 91 20 02\n0612")
    phone.click("main button.btn-primary")
    assert "Ligne 3" in phone.locator("main").inner_text()
    fits(phone)
    phone.click("text=Voir la tournée")
    phone.click("text=Appeler le prochain numéro")
    assert phone.locator("main a[href^='tel:+33']").get_attribute("href") == "tel:+33261912001"
    fits(phone)
    phone.click("button:has-text('On s’est parlé')")
    assert (figure(phone, "appel"), figure(phone, "personne jointe"), figure(phone, "à appeler")) == ("1", "1", "1")
    close(phone)


def test_a_walk_is_counted_with_two_buttons(phone, plans):
    phone.goto(plans("street_walk"))
    phone.click("text=Compter les rencontres")
    assert phone.locator("button[value=met]").first.bounding_box()["height"] >= 48
    for button in ("met", "talked", "met"):
        already = int(phone.locator(".fig:first-child dd").inner_text())
        phone.click(f"button.big[value={button}]")
        phone.wait_for_selector(f".fig:first-child dd:text-is('{already + 1}')")
    phone.click("button:has-text('Annuler')")
    phone.wait_for_selector(".fig:first-child dd:text-is('2')")
    fits(phone)
    phone.click("text=Voir la tournée")
    assert (figure(phone, "personnes rencontrées"), figure(phone, "dont échange")) == ("2", "1")
    close(phone)


def test_a_visit_is_noted(phone, plans):
    phone.goto(plans("courtesy_visit"))
    phone.click("text=Noter une visite")
    phone.fill("[name=to_whom]", "Yvonne")
    phone.click("text=Un bon moment")
    fits(phone)
    phone.click("main button.btn-primary")
    assert figure(phone, "visite") == "1"
    close(phone)


def test_a_ride_is_noted_after_a_nought_too_many(phone, plans):
    phone.goto(plans("solidarity_ride"))
    phone.click("text=Noter un trajet")
    phone.fill("[name=origin]", "Le bourg")
    phone.fill("[name=destination]", "Le marché")
    phone.fill("[name=kilometres]", "3000")
    phone.click("main button.btn-primary")
    assert phone.input_value("[name=origin]") == "Le bourg"
    assert "un zéro de trop" in phone.locator("main").inner_text()
    fits(phone)
    phone.fill("[name=kilometres]", "30")
    phone.click("main button.btn-primary")
    assert (figure(phone, "trajet"), figure(phone, "kilomètres")) == ("1", "30")
    close(phone)


def test_a_project_takes_a_step(phone, plans):
    phone.goto(plans("project_support"))
    phone.click("main >> text=Noter une étape")
    phone.select_option("[name=project]", "new")
    phone.fill("[name=title]", "Le four à pain")
    phone.fill("[name=carriers]", "Odile")
    phone.click("label:has-text('en construction')")
    fits(phone)
    phone.click("main button.btn-primary")
    assert figure(phone, "projet accompagné") == "1"
    close(phone)
