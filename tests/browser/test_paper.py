"""Typing a sheet in with the keyboard alone, on a small screen; printing one."""

import pytest
from sqlalchemy import func, select

from app.db import db, new_id
from app.outreach.encounters import Encounter
from app.outreach.models import Round
from app.outreach.paper import round_code
from tests.browser.looking import RULES, axe
from tests.cast import Crew

WHO = "benevole.saint-mars-du-desert"


@pytest.fixture
def crew(house) -> Crew:
    return Crew(house, "saint-mars-du-desert")


@pytest.fixture
def round_id(crew):
    """A round of today with a building of eighteen doors and a counted place; taken away afterwards."""
    round_id = crew.plans(f"Rue {new_id()}")
    crew.adds_building(round_id)
    crew.adds_building(round_id, label="Le marché", shape="counted")
    yield round_id
    with crew.at_home():
        db.session.delete(db.session.get(Round, (crew.id, round_id)))


def noted(crew, round_id) -> int:
    return crew.scalar(select(func.coalesce(func.sum(Encounter.tally), 0)).where(Encounter.round_id == round_id))


def focused(page) -> str:
    return page.evaluate("document.activeElement.id")


def test_a_sheet_is_typed_with_the_keyboard_alone(opens, crew, round_id):
    page = opens(WHO)
    page.goto(f"/c/{crew.slug}/aller-vers/")
    page.focus("#code")
    page.keyboard.type(round_code(round_id))
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.endswith("/saisie"))
    while not focused(page).endswith(".4.41"):
        page.keyboard.press("Tab")
    page.keyboard.type("pex")
    # A letter that is none stays where it is.
    assert focused(page).endswith(".4.43")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("v")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert focused(page).endswith(".3.31")
    while page.evaluate("document.activeElement.tagName") != "BUTTON":
        page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Une ligne à revoir")
    assert noted(crew, round_id) == 0
    # The faulty line waits for its letter, and the others kept theirs.
    assert focused(page).endswith(".4.43")
    assert page.input_value("[id$='.4.41']") == "p"
    page.keyboard.press("Backspace")
    page.keyboard.press("Delete")
    page.keyboard.type("i")
    page.focus("[id$='.nobody']")
    page.keyboard.type("12")
    while page.evaluate("document.activeElement.tagName") != "BUTTON":
        page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=16 portes recopiées")
    assert noted(crew, round_id) == 16
    assert [each for each in page.troubles if "422" not in each] == []


def test_without_script(opens, crew, round_id):
    page = opens(WHO, java_script_enabled=False)
    page.goto(f"/c/{crew.slug}/aller-vers/tournees/{round_id}/saisie")
    page.fill("[id$='.4.41']", "P")
    page.click("text=Enregistrer la feuille")
    assert page.is_visible("text=Une porte recopiée")
    assert noted(crew, round_id) == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_pages_and_the_print(opens, crew, round_id, theme):
    page = opens(WHO, color_scheme=theme)
    for path in ("feuille", "saisie"):
        page.goto(f"/c/{crew.slug}/aller-vers/tournees/{round_id}/{path}")
        page.set_viewport_size({"width": 360, "height": 4000})
        found = axe(page, RULES)
        page.set_viewport_size({"width": 360, "height": 740})
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.goto(f"/c/{crew.slug}/aller-vers/tournees/{round_id}/feuille")
    assert page.is_visible("[data-print]")
    page.emulate_media(media="print", color_scheme=theme)
    # A4 less its margins, at 96 dots an inch.
    page.set_viewport_size({"width": 703, "height": 1000})
    assert not page.is_visible("[data-print]")
    assert not page.is_visible(".bar")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("document.querySelector('table.ticks').scrollWidth <= innerWidth")
