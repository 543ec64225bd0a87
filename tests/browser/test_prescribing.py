"""A nurse reports someone from her phone, without an account and without JavaScript; the coordination informs, meets, and she reads one word."""

import re

import pytest

from app.people.models import FoundBy, Person
from tenants.months import EVER
from tests.browser.looking import looked_at
from tests.browser.test_towards_a_place import goes, recounts, sends
from tests.mails import work_off
from tests.newcomer import newcomer
from tests.servers import plain

SLUG = "bourg-du-cabinet"
CODE = re.compile(r"[A-Z2-9]{6}-[A-Z2-9]{4}-[A-Z2-9]{4}")


@pytest.fixture
def crew(house, addresses, live):
    with newcomer(house, addresses, slug=SLUG) as someone:
        yield someone


def link_for_nurses(odile):
    """The path of a new partner's link."""
    odile.goto(f"/c/{SLUG}/orientation/partenaires/")
    odile.fill("[name=collective_phone]", "02 61 91 00 30")
    odile.click("main form button")
    odile.wait_for_load_state()
    goes(odile, "Ajouter un partenaire")
    odile.select_option("[name=kind]", "health")
    odile.fill("[name=name]", "Cabinet infirmier")
    sends(odile)
    return "/" + odile.input_value("#adresse").split("/", 3)[3]


def writes(page, **changes):
    texts = {
        "whom": "Lucienne",
        "reached": "02 61 91 00 51",
        "noticed": "Elle ne voit que moi.",
        "reporter": "Soizic",
        "answer_at": "soizic@example.org",
    }
    for name, text in {**texts, **changes}.items():
        page.fill(f"[name={name}]", text)


def test_from_a_nurses_phone_to_a_file(crew, opens):
    odile = opens(f"coordination.{SLUG}")
    link = link_for_nurses(odile)
    soizic = opens(java_script_enabled=False)
    soizic.goto(link)
    writes(soizic, reporter="")
    sends(soizic)
    assert "Il manque votre nom." in soizic.inner_text("main")
    assert soizic.input_value("[name=noticed]") == "Elle ne voit que moi."
    soizic.fill("[name=reporter]", "Soizic")
    soizic.check("[value=unaware]")
    sends(soizic)
    code = CODE.search(soizic.inner_text("main")).group(0)

    work_off(crew.house, crew.id)
    odile.goto(f"/c/{SLUG}/")
    assert "Dire à Lucienne qu’un partenaire nous a écrit à son sujet" in odile.inner_text("main")
    goes(odile, "Ouvrir la prescription")
    odile.check("[value=phone]")
    sends(odile)
    goes(odile, "La personne est d’accord : aller à sa rencontre")
    odile.fill("[name=words]", "« Venez jeudi, je ferai du café. »")
    sends(odile)
    assert "Un partenaire nous a écrit à son sujet : Cabinet infirmier" in odile.inner_text("main").replace("\xa0", " ")
    (person,) = crew.rows(Person)
    assert person.found_by == FoundBy.prescription

    soizic.goto("/suivi")
    soizic.fill("[name=follow_up]", code.lower())
    sends(soizic)
    said = soizic.inner_text("main")
    assert "Suite donnée" in said
    assert "Lucienne" not in said

    recounts(crew)
    ever = crew.figures()[EVER]
    assert (ever["prescriptions"], ever["prescriptions_health"], ever["people_noticed"]) == (1, 1, 1)
    odile.goto(f"/c/{SLUG}/chiffres")
    assert "De la porte à l’autonomie" in odile.inner_text("main")
    # A form that lacks something is refused with 422, which the browser's console notes.
    assert [each for each in soizic.troubles + odile.troubles if "422" not in each] == []


def test_what_partners_see_can_be_read_and_touched_by_everybody(crew, opens):
    odile = opens(f"coordination.{SLUG}")
    link = link_for_nurses(odile)
    page = opens()
    page.goto(link)
    looked_at(page, dark=True)
    page.fill("[name=noticed]", "Une dépression, je crois.")
    sends(page)
    looked_at(page, dark=True)
    writes(page)
    page.check("[value=agrees]")
    sends(page)
    looked_at(page, dark=True)
    code = CODE.search(page.inner_text("main")).group(0)
    page.goto("/suivi")
    page.fill("[name=follow_up]", code)
    sends(page)
    looked_at(page, dark=True)
    odile.click("button:has-text('Retirer le lien')")
    odile.wait_for_load_state()
    page.goto(link)
    looked_at(page, dark=True)
    assert "02 61 91 00 30" in plain(page.inner_text("main"))
