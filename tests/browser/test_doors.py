"""Logging doors on a phone: in one tap, in two, without network, without script, with the keyboard alone."""

import re

import pytest
from sqlalchemy import func, select

from app.db import new_id
from app.outreach.encounters import Encounter, Outcome
from tenants.months import today_in
from tests.browser.looking import WIDER
from tests.cast import Crew


@pytest.fixture
def crew(house) -> Crew:
    return Crew(house, "saint-mars-du-desert")


@pytest.fixture
def grid(crew):
    """A round of today with a building of eighteen doors; taken away afterwards."""
    from app.db import db
    from app.outreach.models import Round

    round_id = crew.plans(f"Rue {new_id()}")
    building_id = crew.adds_building(round_id)
    yield f"/c/{crew.slug}/aller-vers/tournees/{round_id}/immeubles/{building_id}", round_id
    with crew.at_home():
        db.session.delete(db.session.get(Round, (crew.id, round_id)))


def noted(crew, round_id, *conditions) -> int:
    return crew.scalar(select(func.count()).select_from(Encounter).where(Encounter.round_id == round_id, Encounter.undone_at.is_(None), *conditions))


def test_one_tap_two_taps_and_undo(opens, crew, grid):
    address, round_id = grid
    page = opens("benevole.saint-mars-du-desert")
    page.goto(address)
    page.click("button[value='3/33']")
    page.wait_for_selector("text=1 porte sur 18")
    # What takes a tap back and what leads on stand beside each other.
    assert page.evaluate(WIDER) <= 0
    page.click("a[data-door='3/34']")
    page.click("dialog button[name=isolation]")
    page.wait_for_selector("text=2 portes sur 18")
    assert page.evaluate(WIDER) <= 0
    assert noted(crew, round_id) == 2
    page.click("text=Annuler")
    page.wait_for_selector("text=1 porte sur 18")
    assert noted(crew, round_id) == 1
    assert page.troubles == []


@pytest.mark.parametrize("width", [360, 1280])
def test_the_words_of_a_door_fit_in_it(opens, grid, width):
    page = opens("benevole.saint-mars-du-desert")
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(grid[0])
    cut = "doors => doors.filter(each => each.scrollWidth > each.clientWidth).map(each => each.innerText)"
    assert page.locator(".door > *").count() == 36
    assert page.locator(".door > *").evaluate_all(cut) == []


def test_a_floor_at_once(opens, crew, grid):
    address, round_id = grid
    page = opens("benevole.saint-mars-du-desert")
    page.goto(address)
    page.click("#etage-2 button[name=floor]")
    page.wait_for_selector("text=4 portes sur 18")
    assert page.is_visible("#etage-2 >> text=étage fait")
    assert noted(crew, round_id) == 4


def offline(opens, address):
    """A volunteer's phone that lost the network with the grid open."""
    page = opens("benevole.saint-mars-du-desert")
    page.goto(address)
    page.context.set_offline(True)
    return page


def test_a_tap_without_network_is_kept_and_sent_once(opens, crew, grid):
    address, round_id = grid
    page = offline(opens, address)
    page.click("button[value='1/11']")
    page.click("button[value='1/12']")
    page.wait_for_selector("#attente:not([hidden])")
    assert noted(crew, round_id) == 0
    page.context.set_offline(False)
    page.wait_for_selector("text=2 portes sur 18")
    assert noted(crew, round_id) == 2


def test_what_waits_is_said_before_the_eyes_wherever_one_taps(opens, grid):
    page = offline(opens, grid[0])
    page.locator("button[value='0/02']").scroll_into_view_if_needed()
    page.mouse.wheel(0, 4000)
    page.click("button[value='0/02']")
    page.wait_for_selector("#attente:not([hidden])")
    said = page.locator("#attente").bounding_box()
    assert said["y"] >= 0
    assert said["y"] + said["height"] <= 740
    page.context.set_offline(False)
    page.wait_for_selector("text=1 porte sur 18")


def test_two_quick_taps_on_one_door_count_once(opens, crew, grid):
    address, round_id = grid
    page = opens("benevole.saint-mars-du-desert")
    page.goto(address)
    page.dblclick("button[value='4/41']")
    page.wait_for_selector("text=1 porte sur 18")
    assert noted(crew, round_id) == 1
    assert page.evaluate("localStorage.getItem('essaimage:gestures')") == "[]"


def test_without_script(opens, crew, grid):
    address, round_id = grid
    page = opens("benevole.saint-mars-du-desert", java_script_enabled=False)
    page.goto(address)
    page.click("button[value='3/33']")
    assert page.is_visible("text=1 porte sur 18")
    page.click("a[data-door='3/34']")
    page.click("#question button[name=talked]")
    assert page.is_visible("text=2 portes sur 18")
    page.click("button[name=undone]")
    assert page.is_visible("text=1 porte sur 18")
    page.click("text=Personne n’a ouvert aux 17 portes")
    assert page.is_visible("text=18 portes sur 18")
    assert noted(crew, round_id) == 18


def test_with_the_keyboard_alone(opens, crew, grid):
    address, round_id = grid
    page = opens("benevole.saint-mars-du-desert")
    page.goto(address)
    page.focus("a[data-door='2/21']")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    assert page.evaluate("document.activeElement.dataset.door") == "2/21"
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]")
    assert page.evaluate("document.activeElement.name") == "talked"
    page.keyboard.press("Enter")
    page.wait_for_selector("text=1 échange")
    assert noted(crew, round_id, Encounter.outcome == Outcome.talked) == 1


def test_a_tap_is_not_lost_when_one_signed_in_anew_in_another_tab(opens, crew, grid):
    address, round_id = grid
    page = opens("benevole.saint-mars-du-desert")
    page.goto(address)
    other = page.context.new_page()
    other.goto("/compte")
    other.click("text=Se déconnecter")
    other.fill("[name=email]", "benevole.saint-mars-du-desert@demo.essaimage.fr")
    other.fill("[name=password]", "essaimage-demo")
    other.click("main .btn-primary")
    other.wait_for_url(lambda url: "/connexion" not in url)
    page.click("button[value='3/33']")
    page.wait_for_selector("text=1 porte sur 18")
    assert noted(crew, round_id) == 1


def test_a_sign_in_that_ended_while_tapping(opens, crew, grid, house):
    from app.accounts.models import SignIn, User
    from app.db import db, now
    from app.transaction import transaction

    address, round_id = grid
    page = opens("benevole.saint-mars-du-desert")
    page.goto(address)
    with house.app_context(), transaction():
        user = db.session.scalars(select(User).where(User.email == "benevole.saint-mars-du-desert@demo.essaimage.fr")).one()
        db.session.execute(SignIn.__table__.update().where(SignIn.user_id == user.id).values(ended_at=now()))
    page.click("button[value='3/31']")
    page.wait_for_url(re.compile("/connexion"))
    page.fill("[name=email]", "benevole.saint-mars-du-desert@demo.essaimage.fr")
    page.fill("[name=password]", "essaimage-demo")
    page.click("main .btn-primary")
    page.wait_for_selector("text=Ce que vous aviez tapé")
    page.click("text=Envoyer maintenant")
    page.wait_for_selector("text=1 porte sur 18")
    assert noted(crew, round_id) == 1


WAITING = "localStorage.getItem('essaimage:gestures')"


def test_a_tap_that_waits_is_sent_from_the_page_of_the_round(opens, crew, grid):
    address, round_id = grid
    page = offline(opens, address)
    page.click("button[value='1/11']")
    page.wait_for_selector("#attente:not([hidden])")
    kept = page.evaluate(WAITING)
    # The phone was put away and wakes up elsewhere.
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto("/static/logo.svg")
    assert page.evaluate(WAITING) == kept
    page.goto(address.split("/immeubles")[0])
    page.wait_for_selector("text=1 porte sur 18")
    assert noted(crew, round_id) == 1
    # What one page wrote another may see a moment later.
    page.wait_for_function(f"{WAITING} === '[]'")


def test_a_tap_that_is_refused_is_said(opens, crew, grid):
    address, round_id = grid
    page = offline(opens, address)
    page.click("button[value='1/11']")
    page.wait_for_selector("#attente:not([hidden])")
    team = [str(crew.members()[each]) for each in crew.names("second", "third")]
    data = {"area": "Rue Haute", "day": today_in("Europe/Paris").isoformat(), "team": team, "companions": "0"}
    assert crew.coordinator.post("outreach.update", data, round_id=round_id).status_code == 302
    page.context.set_offline(False)
    page.wait_for_selector("text=Dites-le à la coordination")
    assert noted(crew, round_id) == 0
    page.wait_for_function(f"{WAITING} === '[]'")


def test_two_tabs_that_send_at_once_drop_no_tap(opens, crew, grid):
    address, round_id = grid
    page = offline(opens, address)
    for door in ("11", "12", "13", "14"):
        page.click(f"button[value='1/{door}']")
    other = page.context.new_page()
    page.context.set_offline(False)
    other.goto(address)
    page.wait_for_selector("text=4 portes sur 18")
    other.wait_for_function("localStorage.getItem('essaimage:gestures') === '[]'")
    assert noted(crew, round_id) == 4


@pytest.mark.parametrize(
    "missing", ["Storage.prototype.setItem = () => { throw new Error('full'); }", "delete HTMLDialogElement.prototype.showModal"]
)
def test_a_phone_that_is_full_or_old_does_as_without_script(opens, crew, grid, missing):
    address, round_id = grid
    page = opens("benevole.saint-mars-du-desert")
    page.add_init_script(missing)
    page.goto(address)
    page.click("button[value='3/33']")
    page.wait_for_selector("text=1 porte sur 18")
    page.click("a[data-door='3/34']")
    page.click(".asked button[name=talked]")
    page.wait_for_selector("text=2 portes sur 18")
    assert noted(crew, round_id) == 2


FOCUSED = "document.activeElement.name + document.activeElement.innerText"
SAID = "document.querySelector('body > [role=status]').textContent"


def test_the_keyboard_stays_where_it_was_when_the_grid_is_replaced(opens, grid):
    page = opens("benevole.saint-mars-du-desert")
    page.goto(grid[0])
    page.focus("button[value='3/33']")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=1 porte sur 18")
    assert page.evaluate("document.activeElement.dataset.door") == "3/33"
    assert "33 personne. 1 porte sur 18" in page.evaluate(SAID)
    page.focus("#etage-2 button[name=floor]")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=5 portes sur 18")
    assert page.evaluate("document.activeElement.closest('.floor').id") == "etage-2"
    for count in (1, 0):
        page.focus("button[name=undone]")
        page.keyboard.press("Enter")
        page.wait_for_selector(f"text={count} porte sur 18")
        assert page.evaluate("Boolean(document.activeElement.closest('.dock'))")
    page.focus("button[value=all]")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=18 portes sur 18")
    assert "Annuler" in page.evaluate(FOCUSED)


def test_the_ring_of_a_door_is_whole(opens, grid):
    page = opens("benevole.saint-mars-du-desert")
    page.goto(grid[0])
    page.focus("#etage-4 button[name=floor]")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.value") == "4/41"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineOffset)") <= -3


def test_a_tap_that_hangs_is_said_and_what_waits_stays_marked(opens, crew, grid):
    address, round_id = grid
    page = opens("benevole.saint-mars-du-desert")
    page.goto(address)
    held = []
    page.route("**/portes", lambda route: held.append(route))
    page.click("button[value='1/11']")
    page.click("button[value='1/12']")
    page.wait_for_selector("#attente:not([hidden])")
    assert "Gardé sur ce téléphone" in page.evaluate(SAID)
    held[0].continue_()
    page.wait_for_selector("text=1 porte sur 18")
    assert page.locator(".door.sending").count() == 1
    page.unroute("**/portes")
    page.wait_for_selector("text=2 portes sur 18")
    assert noted(crew, round_id) == 2


def test_without_script_the_question_covers_nothing(opens, grid):
    page = opens("benevole.saint-mars-du-desert", java_script_enabled=False)
    page.goto(f"{grid[0]}?porte=3/34#question")
    question, first = (page.locator(each).bounding_box() for each in ("#question", "#etage-4"))
    assert question["y"] + question["height"] <= first["y"]
