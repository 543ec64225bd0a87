"""Curves: drawing, table and sentence say the same; a median needs company; people are protected for everybody."""

import html
import re
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.db import db
from app.network.funnel import DOORS, PEOPLE
from app.network.queries import sums
from app.reports.curve_models import ENOUGH, Chart, FigureMedian, size_of
from app.reports.curves import Curve, curve, periods_until
from app.transaction import transaction
from app.wording import figure
from tenants import bootstrap
from tenants.founding import found_collective
from tenants.indicators import CATALOGUE
from tenants.ledger import Figure
from tenants.months import EVER, month_of, months_before, today_in
from tenants.scope import inside
from tests.mails import work_off
from tests.network.test_funnel import STEP
from tests.newcomer import forget
from tests.servers import plain
from workers.curves import drawn, fold_all_medians

pytestmark = pytest.mark.committed
TODAY = today_in("Europe/Paris")
YEAR = str(TODAY.year)
MONTH, BEFORE = month_of(TODAY), months_before(month_of(TODAY), 2)[1]
CELLS = re.compile(r'<th scope="row">([^<]+)</th><td data-label="[^"]+">([^<]*)</td>(?:<td data-label="Médiane">([^<]*)</td>)?')


@pytest.fixture
def crew(house, gueret):
    with gueret.at_home():
        db.session.execute(sa.delete(Figure))
        for month, doors, situations in ((BEFORE, 40, 21), (MONTH, 55, 3)):
            db.session.add_all([Figure(period=month, indicator="doors", value=doors), Figure(period=month, indicator="situations", value=situations)])
    yield gueret
    with house.app_context(), transaction():
        db.session.execute(sa.delete(Chart))


def look(someone, **query):
    return html.unescape(someone.get("reports.show_curve", **query).text)


def test_the_table_is_there_at_once_and_the_drawing_soon(crew):
    page = look(crew.coordinator)
    assert [row[1] for row in CELLS.findall(page)] == ["55", "40"]
    assert "Le plus haut : 55, " in page
    assert "La courbe se dessine." in page
    work_off(crew.house, crew.id)
    page = look(crew.coordinator)
    assert "<svg" in page
    assert 'class="curve"' in page
    assert "La courbe se dessine." not in page
    assert " style=" not in page.split('class="curve"')[1].split("</svg>")[0]
    # What is drawn is asked for no more.
    assert work_off(crew.house, crew.id) == 0
    assert [row[1] for row in CELLS.findall(look(crew.coordinator, pas="annees", chiffre="nonsense"))] == ["0"]


def test_people_are_protected_for_everybody_even_in_the_drawing(crew):
    for role in ("coordinator", "observer"):
        assert [row[1] for row in CELLS.findall(look(getattr(crew, role), chiffre="situations"))] == ["moins de 8", "20"]
    known = curve("situations", "fr", [BEFORE, MONTH], {BEFORE: {"situations": 21}, MONTH: {"situations": 3}}, {})
    assert known == curve("situations", "fr", [BEFORE, MONTH], {BEFORE: {"situations": 22}, MONTH: {"situations": 6}}, {})
    with crew.house.app_context():
        heights = [each["value"] for each in known.spec()["layer"][0]["data"]["values"]]
    assert heights == [20, 4]


def test_a_drawing_takes_the_ink_of_the_page(house):
    with house.app_context():
        svg = drawn(Curve("doors", "fr", [BEFORE, MONTH], [3, 9], {MONTH: 5}).spec())
    assert svg.startswith("<svg ")
    assert 'stroke="currentColor"' in svg
    assert "stroke-dasharray" in svg
    assert 'width="' not in svg[: svg.index(">")]


@pytest.fixture
def similar(house, addresses, crew):
    """Seven more of its size, with doors of their own: eight in all."""
    with house.app_context(), transaction():
        ids = [found_collective("23096", f"Quartier {number}", slug=f"gueret-{number}").id for number in range(ENOUGH - 1)]
        for number, each in enumerate(ids):
            with inside(each):
                db.session.add(Figure(period=MONTH, indicator="doors", value=10 * number))
    yield ids
    forget(addresses, *ids)
    with bootstrap.connect(addresses.superuser) as superuser:
        superuser.execute("delete from figure_medians")


def test_a_median_of_eight_similar_collectives(house, addresses, crew, similar):
    assert "pas encore assez de collectifs" in look(crew.coordinator)
    with house.app_context(), transaction():
        fold_all_medians()
    page = look(crew.coordinator)
    assert "la médiane de 8 collectifs" in page
    assert CELLS.findall(page)[0][1:] == ("55", "30")
    assert CELLS.findall(page)[1][2] == ""
    forget(addresses, similar[0])
    with house.app_context(), transaction():
        fold_all_medians()
    assert "pas encore assez de collectifs" in look(crew.coordinator)
    with house.app_context(), db.engines["network"].connect() as network:
        sizes = network.scalars(sa.select(FigureMedian.size).where(FigureMedian.size == size_of(13_000), FigureMedian.indicator == "doors")).all()
    assert sizes == []


def test_a_figure_that_is_not_there_is_a_zero_of_the_median(house, crew, similar):
    """Whoever counted anything that month counts in the middle of them, with nothing where nothing stands."""

    def medians():
        with house.app_context(), transaction():
            fold_all_medians()
        with house.app_context(), db.engines["network"].connect() as network:
            query = sa.select(FigureMedian.indicator, FigureMedian.value, FigureMedian.collectives)
            known = network.execute(query.where(FigureMedian.period == MONTH, FigureMedian.size == size_of(13_000)))
            return {code: (value, number) for code, value, number in known}

    with_zeros = medians()
    assert with_zeros["doors"] == (30, 8)
    assert with_zeros["visits"] == (0, 8)
    # Of 0, 10, 20, 30, 40, 50, 55, 60 the four smallest are nothing now: the fourth is.
    with house.app_context(), transaction():
        for each in similar[:4]:
            with inside(each):
                db.session.execute(sa.delete(Figure))
                db.session.add(Figure(period=MONTH, indicator="rounds", value=1))
    without = medians()
    assert (without["doors"], without["rounds"]) == ((0, 8), (0, 8))
    with house.app_context(), transaction(), inside(similar[0]):
        db.session.add(Figure(period=MONTH, indicator="doors", value=7))
    assert medians()["doors"] == (7, 8)


def test_the_network_has_curves_too(house, helene):
    page = html.unescape(helene.get("network.show_network_curve", chiffre="doors").text)
    assert CELLS.findall(page)
    assert "Médiane" not in page
    work_off(house)
    assert 'class="curve"' in helene.get("network.show_network_curve", chiffre="doors").text


def test_the_head_sees_a_collective_beside_similar_ones(house, helene, crew, similar):
    """The same curve as its own page, by the network's role; the drawing is asked for by whoever looks first."""
    with house.app_context(), transaction():
        fold_all_medians()
    address = {"collective_id": crew.id, "chiffre": "doors"}
    page = html.unescape(helene.get("network.show_collective_curve", **address).text)
    assert "la médiane de 8 collectifs" in page
    assert CELLS.findall(page) == CELLS.findall(look(crew.coordinator))
    assert f"/reseau/collectifs/{crew.id}/courbes?chiffre=doors" in page
    work_off(house)
    assert 'class="curve"' in helene.get("network.show_collective_curve", **address).text
    assert [
        row[1] for row in CELLS.findall(html.unescape(helene.get("network.show_collective_curve", collective_id=crew.id, chiffre="situations").text))
    ] == [
        "moins de 8",
        "20",
    ]
    assert helene.get("network.show_collective_curve", collective_id=UUID(int=0)).status_code == 404
    assert crew.coordinator.get("network.show_collective_curve", collective_id=crew.id).status_code == 404


def test_the_network_draws_the_way_from_doors_with_honest_denominators(house, helene):
    with house.app_context(), db.engines["network"].connect() as network:
        table = sums(sa.orm.Session(network), "FR", [YEAR, EVER])
    page = html.unescape(helene.get("network.show_network_curve").text)
    assert page.index("De la porte à l’autonomie") < page.index("Au fil du temps")
    drawn = [(value, label, share) for label, value, share, _width in STEP.findall(page)]
    with house.test_request_context(headers={"Accept-Language": "fr"}):
        wanted = [
            (
                plain(figure(code, table[period].get(code))),
                plain(str(CATALOGUE[code].label)),
                f"sur {table[period]['doors']}" if code == "conversations" else "",
            )
            for period in (YEAR, EVER)
            for code in (*DOORS, *PEOPLE)
        ]
    assert drawn == wanted
    # Shares of people are of rounded numbers, and told nowhere.
    assert not [share for _value, label, share in drawn if label.startswith("personnes") and share]


def test_a_curve_begins_where_counting_began():
    assert len(periods_until(TODAY, by_year=False)) == 24
    assert periods_until(TODAY, by_year=True)[-1] == str(TODAY.year)
    assert curve("doors", "fr", ["2026-01", "2026-02"], {"2026-02": {"doors": 4}}, {}).periods == ["2026-02"]
    assert curve("doors", "fr", ["2026-01", "2026-02"], {}, {}).values == [0]


def test_what_came_before_anybody_began_is_not_shown():
    months = ["2026-01", "2026-02", "2026-03", "2026-04"]
    table = {"2026-01": {"doors": 0, "support_due": 1}, "2026-02": {"doors": 0, "rounds": 1}, "2026-04": {"doors": 4}}
    assert curve("doors", "fr", months, table, {}).periods == months[1:], "A round is a beginning, and a month without doors in it counts."
    assert curve("doors", "fr", months, table, {}).values == [0, 0, 4]
    nothing = {"2026-01": {"doors": 0, "support_due": 1}}
    assert curve("doors", "fr", months, nothing, {}, since="2026-03").periods == months[2:]
    assert curve("doors", "fr", months, nothing, {}, since="2026-09").periods == months[3:]


def test_a_collective_that_has_not_begun_is_shown_since_its_signing(house, addresses, crew, helene):
    with bootstrap.connect(addresses.superuser) as superuser:
        superuser.execute("update collectives set created_at = %s where id = %s", [f"{BEFORE}-03", crew.id])
    with crew.at_home():
        db.session.execute(sa.delete(Figure))
        db.session.add_all([Figure(period=month, indicator="doors", value=0) for month in months_before(MONTH, 6)])
    assert [row[1] for row in CELLS.findall(look(crew.coordinator))] == ["0", "0"]
    page = html.unescape(helene.get("network.show_collective_curve", collective_id=crew.id, chiffre="doors").text)
    assert CELLS.findall(page) == CELLS.findall(look(crew.coordinator))
