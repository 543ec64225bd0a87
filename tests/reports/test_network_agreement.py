"""The network’s edition says the same as a page, on paper, in tables and as open data; each cell is the ledger’s or its protected form."""

import csv
import html
import io
import json
import re

import openpyxl
import pytest
import sqlalchemy as sa

from app.db import db, new_id
from app.network.departments import NAMES
from app.reports.models import NETWORK, EditionFile, ReportEdition
from app.reports.saying import value_of
from app.reports.yearly import CODES, PEOPLE, REGION, WHOLE, wider
from tenants.disclosure.rounding import published
from tenants.ledger import FigureSum
from tests.mails import work_off
from tests.reports.conftest import YEAR
from tests.reports.test_network import latest
from tests.reports.test_publishing import ROW, text_of
from workers.sums import fold_stale

pytestmark = pytest.mark.committed
LINE = re.compile(r'<tr><th scope="row">([^<]+)</th>(<td data-label.*?)</tr>')
CELL = re.compile(r'<td data-label="([^"]+)"><span[^>]*>([^<]*)</span>')


@pytest.fixture
def edition(house, helene, gueret, silent):
    """The newest edition of the network: number, content, {name of a file: bytes}, page."""
    with house.app_context():
        fold_stale(everything=True)
    helene.post("network.create_network_edition", {"id": str(new_id()), "correction": "Pour comparer"}, year=YEAR)
    work_off(house)
    number, content = latest(house)
    stranger = house.test_client()
    with house.app_context():
        of_edition = sa.select(ReportEdition.id).where(
            ReportEdition.publisher_id == NETWORK, ReportEdition.year == YEAR, ReportEdition.number == number
        )
        names = db.session.scalars(sa.select(EditionFile.name).where(EditionFile.edition_id == of_edition.scalar_subquery())).all()
    files = {name: stranger.get(f"/rapports/reseau/{YEAR}/{number}/{name}").data for name in names}
    page = html.unescape(stranger.get(f"/rapports/reseau/{YEAR}/{number}", headers={"Accept-Language": "fr"}).text)
    return content, files, page


def test_all_forms_say_the_same(edition):
    content, files, page = edition
    words = content.words("fr")
    on_page = {("France", label): text for label, text in ROW.findall(page)}
    on_page |= {(name, label): text for name, rest in LINE.findall(page) for label, text in CELL.findall(rest)}
    in_csv = list(csv.DictReader(io.StringIO(files["chiffres.csv"].decode())))
    sheet = openpyxl.load_workbook(io.BytesIO(files["chiffres.xlsx"]))["chiffres"]
    in_sheet = [[str(cell) if cell is not None else "" for cell in row] for row in sheet.iter_rows(min_row=2, values_only=True)]
    frozen = {(area, code): (number, reason) for area, code, number, reason in json.loads(files["edition.json"])["cells"]}
    assert len(in_csv) == len(in_sheet) == len(frozen) == len(content.areas) * len(CODES) == len(on_page)
    assert {WHOLE, "D23", "D44", f"{REGION}pays-de-la-loire"} <= content.areas.keys()
    for line, row in zip(in_csv, in_sheet, strict=True):
        number, reason = frozen[line["area"], line["indicator"]]
        assert line["text"] == row[8] == on_page[line["area_name"], words[line["indicator"]]["label"]]
        assert line["protection"] == row[7] == (reason or "")
        told = "" if number is None else value_of(line["indicator"], number)
        assert (line["value"], row[6]) == (str(told), str(told))
    paper = text_of(files["rapport.pdf"])
    for code, word in words.items():
        assert " ".join(f"{word['label']} {on_page['France', word['label']]}".split()) in paper, code
    # Each region and department stands on paper with its cells one after another, notes between them.
    for area, name in content.areas.items():
        if area == WHOLE:
            continue
        for _heading, codes in content.sections("fr"):
            cells = [" ".join(on_page[name, words[code]["label"]].split()) for code in codes]
            assert re.search(r"[a-f ]*".join(re.escape(each) for each in [name, *cells]).replace(r"\ ", r"\s+").replace(r"\-", r"-\s*"), paper), (
                name,
                cells,
            )


def test_each_cell_is_the_ledgers_or_its_protected_form(house, edition):
    content, _files, _page = edition
    with house.app_context(), db.engines["network"].connect() as network:
        query = sa.select(FigureSum.area, FigureSum.indicator, FigureSum.value, FigureSum.collectives).where(FigureSum.period == str(YEAR))
        ledger = {(area, code): value for area, code, value, _collectives in network.execute(query)}
    departments = {area for area, _code in ledger if area[1:] in NAMES}
    assert {area for area in content.areas if area != WHOLE and not area.startswith(REGION)} == departments
    for (area, code), value in list(ledger.items()):
        if area in departments:
            region = wider(area[1:])
            ledger[region, code] = ledger.get((region, code), 0) + value
    assert {area for area in content.areas if area.startswith(REGION)} == {wider(area[1:]) for area in departments}
    told = withheld = 0
    for (area, code), answer in content.answers.items():
        value = ledger.get((area, code), 0)
        if code not in PEOPLE:
            assert answer.withheld or answer.number == value, (area, code)
            assert not answer.withheld or answer.reason.value == "narrowed"
        elif answer.withheld:
            withheld += 1
        else:
            assert answer.number == published(value), (area, code)
            told += 1
    assert told
    assert withheld


def test_it_says_of_how_many_collectives_it_is(house, edition, addresses):
    """Those that have figures of the year, on the page and on paper in both languages; whoever signed up since is not of it."""
    content, files, page = edition
    with house.app_context(), db.engines["network"].connect() as network:
        number = network.scalar(sa.text("select count(distinct collective_id) from figures where period = :year"), {"year": str(YEAR)})
        everybody = network.scalar(sa.text("select count(*) from collectives"))
    departments = sum(area.startswith("D") for area in content.areas)
    assert content.parts["publisher"]["collectives"] == number <= everybody
    for text in (page, text_of(files["rapport.pdf"])):
        assert f"{number} collectifs, dans {departments} départements." in text
    assert f"{number} collectives, in {departments} departments." in text_of(files["rapport.en.pdf"])
    assert " collectifs, dans" not in html.unescape(house.test_client().get("/rapports/saint-mars-du-desert/2025").text)
