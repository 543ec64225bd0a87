"""What the network sees: all collectives side by side, figures that reveal nobody, and no one else at the table."""

import csv
import html
import io
import re
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from app.db import db, new_id
from app.transaction import transaction
from tenants.founding import found_collective
from tenants.groups import GROUPS
from tenants.indicators import CATALOGUE, SHOWN
from tenants.ledger import Figure
from tenants.models import Collective, Role
from tenants.months import EVER
from tests.network.tiles import tiles
from tests.newcomer import forget, newcomer
from tests.servers import plain
from workers.sums import fold_stale
from workers.watching import watch_over

pytestmark = pytest.mark.committed
ROW = re.compile(r'<tr><th scope="row"><a href="/reseau/collectifs/([0-9a-f-]+)">([^<]+)</a>(.*?)</tr>')
CELL = re.compile(r'<td data-label="([^"]+)"[^>]*>([^<]*)</td>')


def rows(page):
    """{name: {column: text}} of the table, in its order."""
    return {html.unescape(name): dict(CELL.findall(html.unescape(rest))) for _id, name, rest in ROW.findall(page)}


def look(helene, **query):
    return helene.client.get("/reseau/", query_string=query).text


def sheet(helene):
    answer = helene.client.get("/reseau/collectifs.csv")
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))


def figures_ever(page):
    """The figures of a page's last section, which is "ever", of the first group."""
    return tiles(html.unescape(page).rpartition('<dl class="figs')[2])


@pytest.fixture
def gueret(house, addresses):
    with newcomer(house, addresses) as crew:
        yield crew


def give(crew, **figures):
    """Figures of all time, as a recount leaves them."""
    with crew.at_home():
        db.session.add_all(Figure(period=EVER, indicator=code, value=value) for code, value in figures.items())


def test_two_hundred_doors_everywhere(helene, saint_mars):
    line = next(each for each in sheet(helene) if each["collectif"] == "Saint-Mars-du-Désert")
    assert rows(look(helene, periode="toujours"))["Saint-Mars-du-Désert"]["portes"] == "200"
    assert line["portes (depuis le début)"] == "200"
    for page in (
        helene.get("network.show", collective_id=saint_mars.id).text,
        saint_mars.coordinator.get("desk.figures").text,
        saint_mars.observer.get("desk.figures").text,
    ):
        assert figures_ever(page)["portes"] == "200"


def test_the_whole_network_is_the_sum_of_its_collectives(helene):
    page = look(helene, periode="toujours")
    shown = tiles(html.unescape(page))
    assert "5 collectifs" in lead(page)
    assert int(shown["portes"]) == sum(int(line["portes"]) for line in rows(page).values()) > 200


def test_situations_are_protected_outside_the_team_and_exact_inside(helene, saint_mars):
    word = "situations d’isolement repérées"
    assert rows(look(helene, periode="toujours"))["Saint-Mars-du-Désert"][word] == "20"
    assert next(each for each in sheet(helene) if each["code INSEE"] == "44179")[f"{word} (depuis le début)"] == "20"
    assert figures_ever(helene.get("network.show", collective_id=saint_mars.id).text)[word] == "20"
    assert figures_ever(saint_mars.observer.get("desk.figures").text)[word] == "20"
    assert figures_ever(saint_mars.trainer.get("desk.figures").text)[word] == "20"
    assert figures_ever(saint_mars.coordinator.get("desk.figures").text)[word] == "21"
    assert figures_ever(saint_mars.volunteer.get("desk.figures").text)[word] == "21"


@pytest.mark.parametrize(("count", "read"), [(0, "0"), (1, "moins de 8"), (7, "moins de 8"), (8, "10"), (12, "10"), (13, "15")])
def test_a_small_number_of_people_is_not_told(helene, gueret, count, read):
    word = "situations d’isolement repérées"
    give(gueret, doors=7, situations=count)
    line = rows(look(helene, periode="toujours"))["Guéret"]
    assert (line["portes"], line[word]) == ("7", read)
    assert next(each for each in sheet(helene) if each["collectif"] == "Guéret")[f"{word} (depuis le début)"] == read
    assert figures_ever(helene.get("network.show", collective_id=gueret.id).text)[word] == read


def test_searching_by_name_and_by_department(helene):
    assert list(rows(look(helene, recherche="DESERT"))) == ["Saint-Mars-du-Désert"]
    assert list(rows(look(helene, recherche="loire-atl"))) == ["Nantes, Ranzay", "Saint-Mars-du-Désert"]
    assert list(rows(look(helene, recherche="58"))) == ["Lormes"]
    nothing = look(helene, recherche="<b>%_")
    assert rows(nothing) == {}
    assert "Aucun collectif ne répond à « &lt;b&gt;%_ »" in nothing


def test_sorting(helene):
    names = ["Homécourt", "Lorient, Kervénanec", "Lormes", "Nantes, Ranzay", "Saint-Mars-du-Désert"]
    assert list(rows(look(helene))) == names
    by_doors = rows(look(helene, tri="doors", periode="toujours"))
    doors = [int(line["portes"]) for line in by_doors.values()]
    assert doors == sorted(doors, reverse=True)
    assert next(iter(by_doors)) == "Nantes, Ranzay"
    assert list(rows(look(helene, tri="nonsense", periode="nonsense"))) == names


def test_a_collective_that_never_counted_comes_last(helene, gueret):
    assert list(rows(look(helene, tri="last_activity")))[-1] == "Guéret"
    # Beside the name, where it is seen without scrolling.
    assert next(iter(rows(look(helene))["Guéret"])) == "Dernière activité"
    assert rows(look(helene))["Guéret"]["Dernière activité"] == "pas encore"
    assert "Pas encore de chiffres" in helene.get("network.show", collective_id=gueret.id).text


def test_one_group_of_figures_at_a_time_and_all_of_them_in_the_export(house, helene):
    with house.test_request_context():
        words = {code: plain(str(CATALOGUE[code].label)) for code in SHOWN}
    for group in GROUPS.values():
        labels = [words[code] for code in group.codes]
        page = look(helene, groupe=group.code, periode="toujours", recherche="lormes")
        assert list(rows(page)["Lormes"]) == ["Dernière activité", *labels]
        assert list(tiles(html.unescape(page))) == labels
        assert f'<option value="{group.code}" selected>' in page
    exported = sheet(helene)[0].keys()
    assert not [label for label in words.values() if f"{label} (depuis le début)" not in exported]
    assert rows(look(helene, groupe="nonsense")) == rows(look(helene))


def test_what_was_chosen_stays_through_the_links_of_the_page(helene):
    links = re.findall(r'href="/reseau/\?([^"]+)"', html.unescape(look(helene, groupe="portes", periode="annee", tri="doors", recherche="44")))
    assert len(links) == 3 + 7
    assert all("groupe=portes" in each and "recherche=44" in each for each in links)
    # The order by a column of another group would look like no order.
    assert list(rows(look(helene, groupe="seances", tri="doors"))) == list(rows(look(helene)))


@pytest.fixture
def sixty(house, addresses):
    """Sixty more collectives of one commune."""
    with house.app_context(), transaction():
        ids = [found_collective("23096", f"Quartier {number:02d}", slug=f"gueret-{number}").id for number in range(60)]
    yield ids
    forget(addresses, *ids)
    with house.app_context():
        fold_stale(everything=True)
    with house.app_context(), transaction():
        watch_over()


def test_pages_of_fifty(helene, sixty):
    first, second, third = (rows(look(helene, page=str(number))) for number in (1, 2, 3))
    assert (len(first), len(second), len(third)) == (50, 15, 0)
    assert not first.keys() & second.keys()
    assert 'page=2">Suivante' in look(helene)
    assert "Suivante</a>" not in look(helene, page="2")
    assert list(rows(look(helene, page="beaucoup"))) == list(first)
    assert len(rows(look(helene, recherche="quartier", page="2"))) == 10
    assert len(sheet(helene)) == 65


def lead(page):
    """What stands below the title, without its link."""
    return re.sub(r"<[^>]+>", "", re.search(r'<p class="lead mb-4">(.*?)</p>', html.unescape(page)).group(1)).strip()


def test_how_many_there_are_is_counted_on_one_sheet_and_known_from_the_watch_beyond(house, helene, sixty):
    """To count a whole network for a heading takes longer the larger it is; the watch of the hour has done it."""
    with house.app_context(), transaction():
        watch_over()
    with house.app_context(), db.engines["network"].connect() as network:
        departments, to_call = network.execute(sa.text("select count(distinct department), sum(to_call) from watch_sums")).one()
    wanted = f"65 collectifs, dans {departments} départements. {to_call} aimeraient qu’on les appelle."
    assert lead(look(helene)) == wanted
    assert 'href="/reseau/veille?appeler=1"' in look(helene)
    forget_watch = sa.text("delete from watch_sums")
    with house.app_context(), db.engines["network"].begin() as network:
        network.execute(forget_watch)
    # Before there was a watch they are counted, and nothing else is known of them.
    assert lead(look(helene)) == "65 collectifs."
    assert 'class="lead mb-4"' not in look(helene, page="2")
    assert 'class="lead mb-4"' not in look(helene, recherche="quartier")


def test_pages_of_the_network_keep_what_the_database_prepared(house, helene):
    """After a rollback psycopg forgets every prepared statement of the connection, and each page has them parsed anew."""
    look(helene)
    said = []

    def listen(_connection):
        said.append("rollback")

    with house.app_context():
        network = db.engines["network"]
        event.listen(network, "rollback", listen)
        try:
            look(helene)
            helene.get("network.show_department", department="44")
            helene.get("network.index_watch")
        finally:
            event.remove(network, "rollback", listen)
    assert said == []


def test_the_table_to_download_holds_no_formula(house, helene, gueret):
    with house.app_context(), transaction():
        db.session.execute(sa.update(Collective).where(Collective.id == gueret.id).values(name='=HYPERLINK("http://evil.example"; "Guéret")'))
    assert [each["collectif"] for each in sheet(helene) if each["code INSEE"] == "23096"] == ['\'=HYPERLINK("http://evil.example"; "Guéret")']


def test_nobody_else_is_of_the_network(saint_mars, stranger):
    for path in ("/reseau/", "/reseau/collectifs.csv", f"/reseau/collectifs/{saint_mars.id}"):
        for role in Role:
            assert getattr(saint_mars, role.value).client.get(path).status_code == 404
        assert stranger.client.get(path).location.startswith("/connexion")
    answer = saint_mars.coordinator.post("network.create_coordination", {"email": "x@example.fr"}, collective_id=saint_mars.id)
    assert answer.status_code == 404


def test_the_network_enters_no_workspace(helene, saint_mars):
    assert helene.client.get("/c/saint-mars-du-desert/").status_code == 404
    assert helene.get("network.show", collective_id=new_id()).status_code == 404
    assert helene.get("network.show", collective_id=UUID(int=0)).status_code == 404


def test_the_spans_of_time_stand_in_one_line_on_a_phone(helene):
    spans = helene.get("network.index").text.split('class="nav nav-underline')[1].split("</ul>")[0]
    assert '<span class="d-sm-none">En tout</span><span class="d-none d-sm-inline">Depuis le début</span>' in spans
