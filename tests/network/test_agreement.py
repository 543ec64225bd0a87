"""Every figure on every screen equals the ledger, or its protected form: of one collective, over all indicators and all places that show it."""

import csv
import html
import io
import re

import pytest
import sqlalchemy as sa

from app.db import db
from app.network.funnel import DOORS
from app.network.funnel import PEOPLE as STEPS
from app.network.queries import sums
from app.network.regions import departments_of
from app.wording import figure, period_name
from tenants.disclosure import rounded
from tenants.groups import GROUPS
from tenants.indicators import CATALOGUE, SHOWN
from tenants.ledger import Figure
from tenants.models import Collective
from tenants.months import EVER, month_of, months_before, today_in, year_of
from tests.network.tiles import tiles
from tests.newcomer import newcomer
from tests.servers import plain
from workers.sums import fold_stale

pytestmark = pytest.mark.committed
TODAY = today_in("Europe/Paris")
MONTH, BEFORE = months_before(month_of(TODAY), 2)
YEAR = year_of(MONTH)
PERIODS = (MONTH, YEAR, EVER)
SPANS = {"mois": MONTH, "annee": YEAR, "toujours": EVER}
# Nothing, what is small, what rounds up and down, what is large.
SIZES = (0, 1, 7, 8, 12, 13, 22, 98, 1234)
SECTION = re.compile(r'<section class="mb-4" aria-labelledby="p-([^"]+)">(.*?)</section>', re.DOTALL)
ROW = re.compile(r'<tr><th scope="row">(?:<a href="/reseau/collectifs/[^"]+">)?([^<]+)<(.*?)</tr>')
CELL = re.compile(r'<td data-label="([^"]+)"[^>]*>([^<]*)</td>')
STEP = re.compile(r"<li><p><span>([^<]+)</span> <span><strong(?: class=\"guarded\")?>([^<]+)</strong>")


@pytest.fixture(scope="module")
def figures():
    """A value for each indicator and period, no two neighbours alike."""
    table = {period: {} for period in (*PERIODS, BEFORE)}
    for shift, period in enumerate(table):
        for number, (code, each) in enumerate(CATALOGUE.items()):
            if each.kept != "state":
                table[period][code] = SIZES[(number + 2 * shift) % len(SIZES)]
    return table


@pytest.fixture
def gueret(house, addresses, figures):
    with newcomer(house, addresses) as crew:
        with crew.at_home():
            db.session.add_all(Figure(period=period, indicator=code, value=value) for period, some in figures.items() for code, value in some.items())
        with house.app_context():
            fold_stale(everything=True)
        yield crew


@pytest.fixture
def neighbour(house, addresses, gueret, figures):
    """Another collective of the same region, in another department."""
    with newcomer(house, addresses, "87085", "limoges") as crew:
        with crew.at_home():
            db.session.add_all(Figure(period=period, indicator=code, value=value) for period, some in figures.items() for code, value in some.items())
        with house.app_context():
            fold_stale(everything=True)
        yield crew


@pytest.fixture
def words(house):
    """The name of each indicator, and how a figure is said: {code: label}, (code, value, exact) -> text."""
    with house.test_request_context(headers={"Accept-Language": "fr"}):
        labels = {code: plain(str(CATALOGUE[code].label)) for code in CATALOGUE}
        names = {period: period_name(period) for period in (*PERIODS, BEFORE)}

    def said(code, value, exact=False):
        with house.test_request_context(headers={"Accept-Language": "fr"}):
            return plain(figure(code, value, exact))

    return labels, names, said


def test_labels_tell_indicators_apart(words):
    labels, _names, _said = words
    assert len({labels[code] for code in SHOWN}) == len(SHOWN)


@pytest.mark.parametrize("reader", ["coordinator", "volunteer", "observer", "network"])
def test_the_pages_of_one_collective(gueret, helene, figures, words, reader):
    labels, names, said = words
    exact, seen = reader in ("coordinator", "volunteer"), set()
    for group in GROUPS.values():
        if reader == "network":
            answer = helene.get("network.show", collective_id=gueret.id, groupe=group.code)
        else:
            answer = getattr(gueret, reader).get("desk.figures", groupe=group.code)
        page = html.unescape(answer.text)
        shown = {period: tiles(section) for period, section in SECTION.findall(page)}
        wanted = {period: {labels[code]: said(code, figures[period][code], exact) for code in group.codes} for period in PERIODS}
        assert {period: shown[period] for period in PERIODS} == wanted, group.code
        by_month = {name: dict(CELL.findall(rest)) for name, rest in ROW.findall(page)}
        for month in (MONTH, BEFORE):
            assert by_month[names[month]] == {labels[code]: said(code, figures[month][code], exact) for code in group.codes}, group.code
        seen.update(group.codes)
        steps = [(labels[code], said(code, figures[period][code], exact)) for period in (YEAR, EVER) for code in (*DOORS, *STEPS)]
        assert STEP.findall(page) == steps
    assert seen == set(SHOWN)


@pytest.mark.parametrize("span", SPANS)
def test_all_collectives_side_by_side(house, gueret, helene, figures, words, span):
    labels, _names, said = words
    period = SPANS[span]
    with house.app_context(), db.engines["network"].connect() as network:
        total = sums(sa.orm.Session(network), "FR", [period])[period]
        own = sa.select(Figure.indicator, sa.func.sum(Figure.value)).where(Figure.period == period).group_by(Figure.indicator)
        added = {code: int(value) for code, value in network.execute(own)}
    for group in GROUPS.values():
        page = html.unescape(helene.client.get("/reseau/", query_string={"groupe": group.code, "periode": span, "recherche": "guéret"}).text)
        cells = {name: dict(CELL.findall(rest)) for name, rest in ROW.findall(page)}["Guéret"]
        assert {labels[code]: cells[labels[code]] for code in group.codes} == {
            labels[code]: said(code, figures[period][code]) for code in group.codes
        }
        # The sum is of the exact figures, and protected as one; it is never a sum of rounded ones.
        assert {code: total.get(code, 0) for code in group.codes} == {code: added.get(code, 0) for code in group.codes}
        assert tiles(page) == {labels[code]: said(code, total.get(code, 0)) for code in group.codes}


@pytest.mark.parametrize(
    ("endpoint", "place", "departments"),
    [
        ("network.show_department", {"department": "23"}, ["23"]),
        ("network.show_department", {"department": "44"}, ["44"]),
        ("network.show_region", {"region": "nouvelle-aquitaine"}, departments_of("Nouvelle-Aquitaine")),
        ("network.show_region", {"region": "pays-de-la-loire"}, departments_of("Pays de la Loire")),
        ("network.show_region", {"region": "grand-est"}, departments_of("Grand Est")),
    ],
)
def test_a_department_and_a_region(house, gueret, neighbour, helene, words, endpoint, place, departments):
    """The sum of its collectives' exact figures, protected as one; the group and the periods are those of all other pages."""
    labels, names, said = words
    with house.app_context(), db.engines["network"].connect() as network:
        own = sa.select(Figure.period, Figure.indicator, sa.func.sum(Figure.value)).join(Collective, Collective.id == Figure.collective_id)
        added = {
            (period, code): int(value)
            for period, code, value in network.execute(own.where(Collective.department.in_(departments)).group_by(Figure.period, Figure.indicator))
        }
    for group in GROUPS.values():
        page = html.unescape(helene.get(endpoint, **place, groupe=group.code).text)
        shown = {period: tiles(section) for period, section in SECTION.findall(page)}
        for period in PERIODS:
            assert shown[period] == {labels[code]: said(code, added.get((period, code), 0)) for code in group.codes}
        by_month = {name: dict(CELL.findall(rest)) for name, rest in ROW.findall(page)}
        for month in (MONTH, BEFORE):
            wanted = {labels[code]: said(code, added.get((month, code), 0)) for code in group.codes}
            assert by_month.get(names[month], dict.fromkeys(wanted, "0")) == wanted
        assert STEP.findall(page) == [
            (labels[code], said(code, added.get((period, code), 0))) for period in (YEAR, EVER) for code in (*DOORS, *STEPS)
        ]


def test_a_department_is_found_by_its_name_and_number(helene, gueret):
    for words in ("creuse", "CREUSE", "23"):
        assert "/reseau/departements/23" in helene.client.get("/reseau/", query_string={"recherche": words}).text
    assert "/reseau/departements/" not in helene.client.get("/reseau/", query_string={"recherche": "guér"}).text
    assert "/reseau/departements/23" in helene.get("network.show", collective_id=gueret.id).text
    assert "/reseau/departements/44" in helene.client.get("/reseau/veille").text
    assert "Pas encore de chiffres" in helene.get("network.show_department", department="48").text
    assert helene.get("network.show_department", department="20").status_code == 404
    assert gueret.coordinator.get("network.show_department", department="23").status_code == 404


def test_a_region_is_found_by_its_name_and_leads_to_its_departments(helene, gueret, neighbour):
    for words in ("nouvelle-aquitaine", "NOUVELLE-AQUITAINE"):
        page = html.unescape(helene.client.get("/reseau/", query_string={"recherche": words}).text)
        assert "/reseau/regions/nouvelle-aquitaine" in page
        assert "Guéret" in page
        assert "Limoges" in page
        assert "Lormes" not in page
    assert "/reseau/regions/" not in helene.client.get("/reseau/", query_string={"recherche": "guér"}).text
    assert "/reseau/regions/nouvelle-aquitaine" in helene.get("network.show_department", department="23").text
    assert "/reseau/regions/pays-de-la-loire" in helene.client.get("/reseau/veille").text
    page = html.unescape(helene.get("network.show_region", region="nouvelle-aquitaine").text)
    assert page.count("2 collectifs.") == page.count("<h1>") == 1
    for department in ("23", "87"):
        assert f"/reseau/departements/{department}" in page
    assert "/reseau/departements/24" not in page
    assert "Pas encore de chiffres" in helene.get("network.show_region", region="corse").text
    assert helene.get("network.show_region", region="nulle-part").status_code == 404
    assert gueret.coordinator.get("network.show_region", region="corse").status_code == 404
    assert gueret.coordinator.client.get("/reseau/territoires.csv").status_code == 404


def test_the_table_of_regions_and_departments(helene, gueret, neighbour, figures, words):
    """Each line is protected as one number: a region is rounded from the exact sum, not added up from rounded departments."""
    labels, names, _said = words
    text = helene.client.get("/reseau/territoires.csv").text.removeprefix("\ufeff")
    lines = {(each["territoire"], each["nom"]): each for each in csv.DictReader(io.StringIO(text), delimiter=";")}
    region, creuse = lines["région", "Nouvelle-Aquitaine"], lines["département", "Creuse"]
    assert (region["collectifs"], creuse["collectifs"], creuse["région"], creuse["code"]) == ("2", "1", "Nouvelle-Aquitaine", "23")
    assert ("département", "Dordogne") not in lines
    for period in PERIODS:
        span = names[EVER] if period == EVER else period
        for code in SHOWN:
            for line, times in ((region, 2), (creuse, 1)):
                value, text = times * figures[period][code], line[f"{labels[code]} ({span})"]
                if CATALOGUE[code].protected:
                    assert text == ("moins de 8" if 0 < value < 8 else str(rounded(value))), code
                elif code != "volunteer_minutes":
                    assert text == str(value), code


def test_the_table_to_download(gueret, helene, figures, words):
    labels, names, _said = words
    rows = csv.DictReader(io.StringIO(helene.client.get("/reseau/collectifs.csv").text.removeprefix("\ufeff")), delimiter=";")
    line = next(each for each in rows if each["code INSEE"] == "23096")
    for period in PERIODS:
        span = names[EVER] if period == EVER else period
        for code in SHOWN:
            value, text = figures[period][code], line[f"{labels[code]} ({span})"]
            if CATALOGUE[code].protected:
                assert text == ("moins de 8" if 0 < value < 8 else str(rounded(value))), code
            elif code == "volunteer_minutes":
                assert float(text.replace(",", ".")) == round(value / 60, 1)
            else:
                assert text == str(value), code


@pytest.mark.parametrize("reader", ["coordinator", "network"])
def test_curves_say_the_same_as_the_ledger_protected(gueret, helene, figures, words, reader):
    _labels, names, said = words
    for code in SHOWN:
        where = {"chiffre": code, "pas": "mois"}
        if reader == "network":
            page = helene.get("network.show_collective_curve", collective_id=gueret.id, **where).text
        else:
            page = gueret.coordinator.get("reports.show_curve", **where).text
        rows = {name: next(iter(CELL.findall(rest)))[1] for name, rest in ROW.findall(html.unescape(page))}
        assert {month: rows[names[month]] for month in (MONTH, BEFORE)} == {month: said(code, figures[month][code]) for month in (MONTH, BEFORE)}, (
            code
        )
