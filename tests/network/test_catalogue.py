"""The public catalogue explains every indicator, in both languages, and screens use its words."""

import html
import re

import pytest

from app.languages import begun
from app.network.catalogue import SECTIONS
from app.wording import PROTECTIONS, figure_name
from tenants.disclosure import Reason
from tenants.formulas import FORMULAS
from tenants.indicator_words import ONE
from tenants.indicators import CATALOGUE, FIRST_DAY
from tests.servers import plain

FIG = re.compile(r'<div class="fig"><dt>([^<]+)</dt>')
ENTRY = re.compile(r'<li class="py-3" id="(\w+)"><h3>([^<]+)</h3>(.*?)</li>', re.DOTALL)


def entries(client, language):
    """{code: (title, text)} of the page, as somebody without an account reads it."""
    answer = client.get("/indicateurs", headers={"Accept-Language": language})
    assert answer.status_code == 200
    return {code: (title, rest) for code, title, rest in ENTRY.findall(html.unescape(answer.text))}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_indicator_is_explained_to_whoever_comes_by(house, language):
    shown = entries(house.test_client(), language)
    assert shown.keys() == CATALOGUE.keys()
    with house.test_request_context(headers={"Accept-Language": language}):
        for code, each in CATALOGUE.items():
            title, text = shown[code]
            assert title == begun(plain(str(each.label)))
            said = [plain(str(part)) for part in (each.explained, each.unit, FORMULAS.get(code)) if part]
            assert not [part for part in said if part not in text], f"{code} leaves something out in {language}."
            assert "2026" in text, f"{code} does not say since when."


def test_the_page_speaks_both_languages(house):
    french, english = (entries(house.test_client(), language) for language in ("fr", "en"))
    assert french["doors"][0] == "Portes"
    assert english["doors"][0] == "Doors"
    same = [code for code in french if french[code][1] == english[code][1]]
    assert not same, f"{same} read the same in French and English."


def test_every_indicator_has_a_section_and_a_day():
    kinds = [section.counts for section in SECTIONS]
    assert sorted(kinds) == sorted({each.counts for each in CATALOGUE.values()})
    assert FORMULAS.keys() == CATALOGUE.keys(), "Each says how it is worked out (tenants/formulas.py)."
    assert all(each.since >= FIRST_DAY for each in CATALOGUE.values())


def test_a_year_of_people_is_not_said_to_add_up_its_months(house):
    page = html.unescape(house.test_client().get("/indicateurs", headers={"Accept-Language": "fr"}).text)
    people, acts = page.split('id="personnes"')[1].split('id="actes"')
    assert "elle n’additionne pas ses mois" in people
    assert "L’année additionne ses mois" not in people
    assert "L’année additionne ses mois" in acts
    assert page.count('<dt class="col-sm-3">Calcul</dt>') == len(CATALOGUE)


def test_every_reason_has_a_sentence(house):
    assert PROTECTIONS.keys() == set(Reason)
    text = html.unescape(house.test_client().get("/indicateurs").text)
    with house.test_request_context():
        for sentence in PROTECTIONS.values():
            assert str(sentence).endswith(".")
    with house.test_request_context(headers={"Accept-Language": "fr"}):
        french = html.unescape(house.test_client().get("/indicateurs", headers={"Accept-Language": "fr"}).text)
        assert all(plain(str(sentence)) in french for sentence in PROTECTIONS.values())
    assert "13" in text


def test_pages_with_figures_lead_to_the_catalogue_and_use_its_words(house, helene, saint_mars):
    with house.test_request_context():
        labels = {plain(str(each)) for each in [*(each.label for each in CATALOGUE.values()), *ONE.values()]}
    for page in (
        helene.client.get("/reseau/?periode=toujours").text,
        helene.get("network.show", collective_id=saint_mars.id).text,
        saint_mars.coordinator.get("desk.figures").text,
        saint_mars.observer.get("desk.figures").text,
    ):
        shown = set(FIG.findall(html.unescape(page)))
        assert shown
        assert shown <= labels, f"{shown - labels} are on the screen but not in tenants/indicators.py."
        assert 'href="/indicateurs"' in page


@pytest.mark.parametrize(
    ("language", "code", "value", "exact", "name"),
    [
        ("fr", "people_autonomous", 1, True, "personne autonome"),
        ("fr", "people_autonomous", 0, True, "personne autonome"),
        ("fr", "people_autonomous", 2, True, "personnes autonomes"),
        ("fr", "people_autonomous", 1, False, "personnes autonomes"),
        ("fr", "people_autonomous", 0, False, "personne autonome"),
        ("fr", "volunteer_minutes", 90, False, "heure bénévole"),
        ("fr", "volunteer_minutes", 120, False, "heures bénévoles"),
        ("fr", "doors", None, False, "porte"),
        ("en", "people_autonomous", 1, True, "person now independent"),
        ("en", "people_autonomous", 0, True, "people now independent"),
        ("en", "volunteer_minutes", 60, False, "volunteer hour"),
        ("en", "volunteer_minutes", 90, False, "volunteer hours"),
        ("en", "refusals", 1, False, "refusal"),
        ("en", "refusals", 2, False, "refusals"),
        ("en", "presences", 1, False, "attendance"),
    ],
)
def test_the_name_of_a_figure_agrees_with_its_value(house, language, code, value, exact, name):
    with house.test_request_context(headers={"Accept-Language": language}):
        assert figure_name(code, value, exact) == name


def test_every_figure_that_a_page_may_show_has_a_name_for_one():
    assert {code for code, each in CATALOGUE.items() if each.counts in ("acts", "people")} == set(ONE)
