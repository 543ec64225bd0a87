"""On a phone: someone falls silent, their pair is asked, calls, and the call is in the story. Then a bond, and an erasure on paper."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.db import db
from app.people.models import Person
from app.people.tasks import settle
from tests.browser.looking import looked_at
from tests.followup.conftest import TODAY, Accompanied
from tests.newcomer import newcomer

PLACE = "bourg-du-silence"


@pytest.fixture
def crew(house, addresses, live):
    with newcomer(house, addresses, slug=PLACE) as someone:
        yield someone


@pytest.fixture
def zephyrine(crew):
    """Someone whom a pair accompanies and whom nobody has seen for 31 days."""
    person_id = Accompanied(crew).accompanies(name="Zéphyrine", phone="02 61 91 44 88")
    with crew.at_home():
        past = TODAY - timedelta(days=31)
        db.session.execute(update(Person).where(Person.id == person_id).values(last_seen_on=past, found_on=past))
    with crew.at_home():
        settle()
    return person_id


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_silence_task_call_contact(crew, zephyrine, opens, theme):
    page = opens(f"benevole.{PLACE}", color_scheme=theme)
    assert "Prendre des nouvelles de Zéphyrine" in page.content()
    looked_at(page)
    # Two taps: that one has called, and how it went.
    page.click("text=J’ai appelé")
    looked_at(page)
    assert page.locator("a[href='tel:+33261914488']").is_visible()
    page.click("text=On s’est parlé, tout va bien")
    page.wait_for_selector("h1:has-text('Zéphyrine')")
    assert page.locator(".story li").first.inner_text().replace("\xa0", " ").count("Un appel : tout va bien") == 1
    page.goto(f"/c/{PLACE}/a-faire/")
    assert "Prendre des nouvelles de Zéphyrine" not in page.content()
    with crew.at_home():
        assert db.session.get_one(Person, (crew.id, zephyrine)).last_seen_on == TODAY
    assert page.troubles == []


def test_the_pages_of_care_stand(crew, zephyrine, opens):
    page = opens(f"coordination.{PLACE}")
    where = f"/c/{PLACE}/suivi"
    for path in (
        "veille",
        "liens",
        *(f"personnes/{zephyrine}/{name}" for name in ("appel", "veille", "conservation", "effacement", "liens/nouveau")),
    ):
        page.goto(f"{where}/{path}")
        looked_at(page, dark=True)
    page.goto(f"{where}/personnes/{zephyrine}/liens/nouveau")
    page.check("text=Une famille")
    page.click("main .btn-primary")
    looked_at(page, dark=True)
    page.fill("[name=family]", "Les Rouault")
    for name, text in (("how", "Au jardin."), ("words", "« Oui. »"), ("other_words", "« Avec joie. »")):
        page.fill(f"[name={name}]", text)
    page.click("main .btn-primary")
    page.click("text=Ouvrir ce lien")
    looked_at(page, dark=True)
    page.fill("[name=note]", "Un goûter.")
    page.click("text=Garder ce récit")
    looked_at(page, dark=True)
    page.goto(f"{where}/liens")
    looked_at(page, dark=True)
    page.goto(f"{where}/personnes/{zephyrine}/effacement")
    page.click("main .btn-outline-danger")
    looked_at(page, dark=True)
    page.fill("[name=confirmation]", "effacer")
    page.click("main .btn-outline-danger")
    page.wait_for_selector("h1:has-text('Votre fiche a été effacée')")
    looked_at(page, dark=True)
    assert "Zéphyrine" not in page.content()
    assert [each for each in page.troubles if "422" not in each] == []
