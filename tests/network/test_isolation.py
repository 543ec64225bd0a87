"""Filters that leave one collective alone tell no more of it than its own line does: no sum follows a filter, and no exact number of people."""

import html
import itertools
import re

import pytest

from app.db import db
from app.network.watching import AGES, SIZES, STAGES
from app.transaction import transaction
from tenants.groups import GROUPS
from tenants.indicators import CATALOGUE
from tenants.ledger import Figure
from tenants.months import EVER, month_of, today_in, year_of
from tests.newcomer import newcomer
from workers.sums import fold_stale
from workers.watching import watch_over

pytestmark = pytest.mark.committed
MONTH = month_of(today_in("Europe/Paris"))
# Numbers that nothing else on a page could be; protected, they are read as others.
PEOPLE, ACTS = 48_317, 59_213
FILTERS = {
    "departement": ("", "23"),
    "region": ("", "Nouvelle-Aquitaine"),
    "etape": ("", *STAGES),
    "taille": ("", *SIZES),
    "age": ("", *AGES),
    "soutien": ("", "1"),
    "appeler": ("", "1"),
}
SUMS = re.compile(r"<title>[^<]+ : \d+</title>|<strong>\d+</strong>|<td class=\"text-end\">\d+</td>|<p class=\"lead read\">.*?</p>")


@pytest.fixture
def gueret(house, addresses):
    """Alone in its department, and in its region."""
    with newcomer(house, addresses) as crew:
        with crew.at_home():
            db.session.add_all(
                Figure(period=period, indicator=code, value=PEOPLE if each.protected else ACTS)
                for period in (MONTH, year_of(MONTH), EVER)
                for code, each in CATALOGUE.items()
                if each.counts in ("people", "acts")
            )
        with house.app_context(), transaction():
            fold_stale(everything=True)
            watch_over()
        yield crew
    with house.app_context(), transaction():
        watch_over()


def exact(page):
    """Whether a page tells the exact number of people, written in any way."""
    return f"{PEOPLE}" in re.sub(r"[\s\u00a0\u202f.,]", "", re.sub(r"<[^>]+>", "|", page))


def test_no_combination_of_filters_tells_more(helene, gueret):
    whole, alone = SUMS.findall(html.unescape(helene.client.get("/reseau/veille").text)), 0
    for values in itertools.product(*FILTERS.values()):
        asked = {name: value for name, value in zip(FILTERS, values, strict=True) if value}
        if sum(bool(each) for each in values) > 3:
            continue
        page = html.unescape(helene.client.get("/reseau/veille", query_string=asked).text)
        alone += page.count('class="care"') == 1
        assert not exact(page), asked
        # The map, its table, the stages and how many wait are of the whole network, whatever is asked.
        assert SUMS.findall(page) == whole, asked
    assert alone > 20


@pytest.mark.parametrize("words", ["guéret", "23", "creuse", ""])
def test_no_search_changes_a_sum_or_tells_an_exact_number_of_people(helene, gueret, words):
    fig = re.compile(r'<div class="fig">.*?</div>')
    for group in GROUPS.values():
        for span in ("mois", "annee", "toujours"):
            asked = {"groupe": group.code, "periode": span}
            found = helene.client.get("/reseau/", query_string={**asked, "recherche": words}).text
            assert not exact(found)
            assert fig.findall(found) == fig.findall(helene.client.get("/reseau/", query_string=asked).text)


def test_nor_do_its_own_page_its_curves_and_the_table(helene, gueret):
    pages = [helene.client.get("/reseau/collectifs.csv").text]
    for group in GROUPS.values():
        pages.append(helene.get("network.show", collective_id=gueret.id, groupe=group.code).text)
        pages.append(gueret.observer.get("desk.figures", groupe=group.code).text)
        pages += [helene.get("network.show_collective_curve", collective_id=gueret.id, chiffre=code).text for code in group.codes]
    assert not [page for page in pages if exact(page)]
    # The number is really there, for those who may know it; and acts are exact for all.
    assert exact(gueret.coordinator.get("desk.figures", groupe="personnes").text)
    assert "48315" in pages[0]
    assert str(ACTS) in pages[0]
