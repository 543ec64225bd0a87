"""A collective that wants to be found has a page: the phone first; the others answer as if they did not exist."""

import html

import pytest

from app.reports.public_pages import PublicPage
from tenants import bootstrap
from tests.reports.conftest import publishes

pytestmark = pytest.mark.committed
PAGE = {"phone": "02 61 91 00 12", "hours": "Le mardi, à la mairie", "about": "Des voisins.\r\n<b>Et vous</b>"}


@pytest.fixture
def shown(gueret, addresses):
    yield gueret
    with bootstrap.connect(addresses.superuser) as superuser:
        superuser.execute("delete from public_pages where publisher_id = %s", [gueret.id])


def look(crew):
    return crew.house.test_client().get("/decouvrir/gueret", headers={"Accept-Language": "fr"})


def test_a_page_goes_online_and_comes_down(shown):
    assert look(shown).status_code == 404
    assert "gueret" not in shown.house.test_client().get("/decouvrir/").text
    for _ in range(2):
        assert shown.coordinator.post("reports.update_page", PAGE).status_code == 302
    page = look(shown).text
    assert page.index('href="tel:+33261910012"') < page.index("Le mardi, à la mairie") < page.index("&lt;b&gt;Et vous&lt;/b&gt;")
    assert "Appeler le 02 61 91 00 12" in page
    assert "/decouvrir/gueret" in shown.house.test_client().get("/decouvrir/").text
    assert shown.coordinator.post("reports.delete_page").status_code == 302
    assert look(shown).status_code == 404
    assert shown.coordinator.post("reports.delete_page").status_code == 302


def test_what_is_wrong_is_said_and_kept(shown):
    for changes, message in (
        ({"phone": "12"}, "numéro"),
        ({"phone": ""}, "c’est par lui"),
        ({"hours": ""}, "un jour ou un lieu"),
        ({"about": ""}, "quelques mots"),
        ({"hours": "   "}, "un jour ou un lieu"),
    ):
        answer = shown.coordinator.post("reports.update_page", PAGE | changes)
        assert answer.status_code == 422
        assert message in html.unescape(answer.text)
        assert "Des voisins." in answer.text or "about" in changes
    assert look(shown).status_code == 404


def test_published_figures_stand_on_the_page_and_no_others(shown):
    shown.coordinator.post("reports.update_page", PAGE)
    assert "Lire le rapport" not in look(shown).text
    publishes(shown)
    page = html.unescape(look(shown).text)
    assert "Lire le rapport" in page
    assert "<dt>situations d’isolement repérées</dt><dd>20</dd>" in page
    assert ">21</strong>" not in page
    assert "Chiffres provisoires" in page


def test_only_the_coordination_writes_it(shown):
    for role in ("observer", "volunteer"):
        assert getattr(shown, role).get("reports.edit_page").status_code == 404
        assert getattr(shown, role).post("reports.update_page", PAGE).status_code == 404
    with shown.at_home():
        assert PublicPage.__tablename__ == "public_pages"


def test_the_page_of_the_network(house):
    page = html.unescape(house.test_client().get("/decouvrir/", headers={"Accept-Language": "fr"}).text)
    assert 'href="tel:0261910012"' in page
    assert "Saint-Mars-du-Désert" in page
    assert "Lire le rapport" in page
