"""The network's year: sums alone, protected together with what its collectives publish, and attacked before it appears."""

import html
import random
import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from app.db import db, new_id
from app.network.watching import Watch
from app.outreach.buildings import Building
from app.outreach.encounters import Outcome, log_counts
from app.outreach.models import Round
from app.reports import network_views
from app.reports.content import Content, freeze
from app.reports.gathering import earlier
from app.reports.models import NETWORK, NetworkReport, ReportEdition
from app.reports.yearly import CODES, PEOPLE, REGION, WHOLE, Department, alone, named, together
from app.transaction import transaction
from tenants import bootstrap
from tenants.disclosure import Answer, Count, Edition, Key, Reason, Shape, narrowed, protect
from tenants.ledger import Figure
from tenants.months import EVER, today_in
from tests.mails import work_off
from tests.newcomer import forget
from tests.reports.conftest import FIGURES, YEAR, editions, files, give, publishes
from workers.sums import fold_stale
from workers.watching import watch_over


def asks(helene, **fields):
    answer = helene.post("network.create_network_edition", {"id": str(new_id()), **fields}, year=YEAR)
    work_off(helene.house)
    return answer


def latest(house):
    """The network's newest edition of this year."""
    with house.app_context():
        query = sa.select(ReportEdition).where(ReportEdition.publisher_id == NETWORK, ReportEdition.year == YEAR)
        row = db.session.scalars(query.order_by(ReportEdition.number.desc()).options(sa.orm.undefer(ReportEdition.content)).limit(1)).one()
        return row.number, Content.read(row.content)


@pytest.mark.committed
def test_the_network_publishes_sums_and_departments(house, helene, gueret, silent):
    with house.app_context():
        fold_stale(everything=True)
    assert asks(helene).status_code == 422
    assert asks(helene, correction="Guéret est arrivé").status_code == 302
    number, content = latest(house)
    assert number == 2
    assert {"Creuse", "Nouvelle-Aquitaine"} <= set(content.areas.values())
    for parts in ("D", REGION):
        sums = sum(answer.number for (area, code), answer in content.answers.items() if code == "doors" and area.startswith(parts))
        assert content.answers[WHOLE, "doors"].number == sums > 400
    # One collective alone in its department: what it says of people is said by itself, or not.
    of_the_creuse = {code: content.answers["D23", code] for code in PEOPLE}
    assert all(answer.withheld for answer in of_the_creuse.values())
    page = html.unescape(house.test_client().get(f"/rapports/reseau/{YEAR}").text)
    assert "Moins de trois collectifs sont concernés" in page
    assert "Guéret est arrivé" in page
    assert "Rapports du réseau" in html.unescape(house.test_client().get("/rapports/").text)


@pytest.mark.committed
def test_late_entries_of_the_network_are_acts_alone(house, helene, gueret, silent):
    asks(helene, correction="avant")
    give(gueret, {"doors": 999, "people_met": 99})
    with house.app_context():
        fold_stale(everything=True)
    page = html.unescape(helene.get("network.show_report", year=YEAR).text)
    told = page.split("Saisi depuis la parution")[1].split("</section>")[0]
    assert re.findall(r'<th scope="row">([^<]+)</th>', told) == ["portes"]


def test_what_was_withheld_is_not_late(house):
    answers = {Key(WHOLE, "conversations", YEAR): Answer(None, Reason.narrowed), Key(WHOLE, "rounds", YEAR): Answer(3)}
    with house.test_request_context():
        row = SimpleNamespace(content=freeze({"year": YEAR}, {WHOLE: "France"}, Edition(answers, Shape(frozenset()))))
    told = network_views._late(row, {"conversations": 2, "rounds": 4})
    assert [(each.code, then, present) for each, then, present in told] == [("rounds", 3, 4)]


@pytest.mark.committed
def test_a_collective_that_speaks_after_the_network_is_attacked_with_it(house, helene, gueret, silent):
    """The network has said nothing of its department's people: it may say nearly everything, and nothing that narrows what was said."""
    asks(helene, correction="avant")
    publishes(gueret)
    (own,) = editions(gueret)
    _number, content = latest(house)
    assert sum(answer.withheld for answer in own.content.answers.values()) <= 1
    assert narrowed([content.edition(), own.content.edition()]) == {}
    assert "conseil-municipal.pdf" in files(gueret)


@pytest.mark.committed
def test_two_of_the_head_who_publish_at_once_publish_one_edition(house, helene, gueret, silent):
    first, second = str(new_id()), str(new_id())
    before, _content = latest(house)
    for each in (first, first, second):
        answer = helene.post("network.create_network_edition", {"id": each, "correction": "Deux à la fois"}, year=YEAR)
        assert answer.status_code == 302
    assert "se prépare" in helene.get("network.show_report", year=YEAR).text
    work_off(house)
    number, content = latest(house)
    assert number == before + 1
    assert content.parts["provisional"]
    assert "Chiffres provisoires" in html.unescape(house.test_client().get(f"/rapports/reseau/{YEAR}", headers={"Accept-Language": "fr"}).text)
    # The same click once more, after it was answered.
    assert helene.post("network.create_network_edition", {"id": first, "correction": "Deux à la fois"}, year=YEAR).status_code == 302
    assert work_off(house) == 0


@pytest.mark.committed
def test_a_collective_that_ended_in_the_middle_of_the_year_is_in_the_years_sums(house, helene, gueret, silent):
    """Nobody coordinates it any more and nothing was noted for a year: what it did until then is counted, and stays as it was published."""
    with gueret.at_home():
        long_ago = (today_in("Europe/Paris") - timedelta(days=400)).toordinal() - date(1970, 1, 1).toordinal()
        db.session.add_all([Figure(period=EVER, indicator="coordinators", value=0), Figure(period=EVER, indicator="last_activity", value=long_ago)])
    with house.app_context(), transaction():
        fold_stale(everything=True)
        watch_over()
        with db.engines["network"].connect() as network:
            assert network.execute(sa.select(Watch.stage).where(Watch.id == gueret.id)).scalar_one() == "ended"
    asks(helene, correction="avec Guéret")
    _number, content = latest(house)
    assert content.answers["D23", "doors"].number == FIGURES["doors"]
    with house.app_context(), transaction():
        watch_over()


@pytest.mark.committed
def test_what_a_collective_published_before_it_left_is_still_attacked(house, addresses, gueret, silent):
    publishes(gueret)
    (before,) = editions(gueret)
    forget(addresses, gueret.id)
    with house.app_context(), db.engines["network"].connect() as network:
        session = sa.orm.Session(network)
        there, elsewhere = earlier(session, YEAR, "23"), earlier(session, YEAR, "44")
    own = before.content.edition()
    assert own in there
    assert own not in elsewhere
    # Byte by byte as it was, though its publisher is no more.
    with bootstrap.connect(addresses.superuser) as superuser:
        (content,) = superuser.execute("select content from report_editions where publisher_id = %s", [gueret.id]).fetchone()
    assert bytes(content) == before.bytes


@pytest.mark.committed
def test_the_head_writes_its_words(house, helene, silent, addresses):
    assert helene.post("network.update_report", {"opening": "x" * 3001}, year=YEAR).status_code == 422
    with bootstrap.connect(addresses.network) as network:
        (before,) = network.execute("select opening from network_reports where year = %s", [YEAR]).fetchone()
    assert helene.post("network.update_report", {"opening": f"{before} Bravo"}, year=YEAR).status_code == 302
    assert "Bravo" in helene.get("network.show_report", year=YEAR).text
    helene.post("network.update_report", {"opening": before}, year=YEAR)
    assert helene.get("network.show_report", year=1999).status_code == 404
    assert helene.post("network.update_report", {"opening": ""}, year=1999).status_code == 404
    assert NetworkReport.__tablename__ == "network_reports"


def some_departments(chance, speaking, size=1):
    """Three departments, two of one region, of a few collectives each, of which some publish by themselves; `size` makes some of them large."""
    found = []
    for code in ("44", "53", "58"):
        every = []
        for _ in range(chance.randint(1, 6)):
            one = {each: chance.choice([0, 1, 4, 12, 13, 14, 30 * size]) if each in PEOPLE else chance.randint(40, 400) for each in CODES}
            one |= {
                "people_met": max(one["people_met"], one["prescriptions_met"]),
                "doors": 900,
                "doors_answered": 700,
                "conversations": 500,
                "phone_attempts": 400,
                "phone_contacts": 300,
            }
            every.append(one | {"completions": min(one["completions"], one["participants"])})
        sums = {}
        for each in CODES:
            fed = sum(bool(one[each]) for one in every)
            value = sum(one[each] for one in every)
            sums[each] = Count(value, fed if value else len(every))
        found.append(Department(code, sums, {f"C{code}{n}": one for n, one in enumerate(every[:speaking])}))
    return found


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("speaking", [0, 2])
@pytest.mark.parametrize("size", [1, 9])
def test_no_reader_of_all_editions_pins_anybody_down(seed, speaking, size):
    """The reader knows every part of every sum, those that the attack before publishing left out as well."""
    departments = some_departments(random.Random(seed), speaking, size)  # noqa: S311  # a seed, not a secret
    everything = together(YEAR, departments, whole=True, every=True)
    own = [protect(alone(YEAR, area, figures)) for each in departments for area, figures in each.speaking.items()]
    edition = protect(together(YEAR, departments, whole=True), own)
    said = {key: Answer(None, Reason.narrowed) for key in everything.counts} | {
        key: answer for one in (*own, edition) for key, answer in one.answers.items()
    }
    assert narrowed([*own, Edition(said, everything.shape)]) == {}
    # With the protection switched off the same reader finds people.
    assert narrowed([protect(everything, shielded=False)])


def test_what_the_rest_of_a_department_counts_is_never_said():
    departments = some_departments(random.Random(1), 1)  # noqa: S311  # a seed, not a secret
    edition = protect(together(YEAR, departments, whole=True, every=True))
    rest = [
        answer for key, answer in edition.answers.items() if key.area.startswith("R") and not key.area.startswith(REGION) and key.indicator in PEOPLE
    ]
    assert rest
    assert all(answer.withheld for answer in rest)
    assert Key(WHOLE, "doors", YEAR) in edition.answers


def test_a_region_is_the_exact_sum_of_its_departments_protected_as_one():
    """A cell of people that too few collectives feed in a department is told of the region, if enough do there."""
    few = {each: Count(20 if each in PEOPLE else 100, 2) for each in CODES}
    edition = protect(together(YEAR, [Department(code, few, {}) for code in ("44", "53", "58")], whole=True))
    region, alone_in_it = f"{REGION}pays-de-la-loire", f"{REGION}bourgogne-franche-comte"
    assert edition.shape.areas == {"D44": region, "D53": region, "D58": alone_in_it, region: WHOLE, alone_in_it: WHOLE}
    assert edition.answers[Key(region, "doors", YEAR)] == Answer(200)
    assert edition.answers[Key(region, "people_met", YEAR)] == Answer(40, Reason.rounded)
    for area in ("D44", "D53", "D58", alone_in_it):
        assert edition.answers[Key(area, "people_met", YEAR)].reason == Reason.few_collectives


def test_a_code_of_no_region_is_a_part_of_the_network():
    none = dict.fromkeys(CODES, Count(0, 3))
    assert together(YEAR, [Department("00", none, {}), Department("44", none, {})], whole=True).shape.areas["D00"] == WHOLE
    assert list(named(["00", "44"]).items()) == [
        (WHOLE, "France"),
        (f"{REGION}pays-de-la-loire", "Pays de la Loire"),
        ("D00", "00"),
        ("D44", "Loire-Atlantique"),
    ]


@pytest.mark.committed
def test_what_was_noted_a_moment_ago_is_in_the_sums_of_its_department_too(house, helene, gueret, silent):
    """The network has spoken, then doors are noted, and the year is published before they are counted again."""
    give(gueret, dict.fromkeys(FIGURES, 0))
    asks(helene, correction="avant")
    round_id = gueret.plans()
    building_id = gueret.adds_building(round_id, shape="counted")
    with gueret.at_home():
        round_, building = db.session.get_one(Round, (gueret.id, round_id)), db.session.get_one(Building, (gueret.id, building_id))
        log_counts(round_, building, {Outcome.talked: 3}, new_id())
    publishes(gueret)
    (own,) = editions(gueret)
    (area,) = own.content.areas
    assert own.content.answers[area, "doors"] == Answer(3)
