"""A year is published with one click, the same everywhere it is read, and never changes again."""

import csv
import html
import io
import json
import re
from datetime import date

import openpyxl
import psycopg
import pypdf
import pytest
from sqlalchemy import select

from app.db import db, new_id
from app.reports import yearly
from app.reports.content import checksum
from app.reports.models import PATIENCE, Report
from tenants import bootstrap
from tenants.disclosure import CannotProtect
from tests.mails import work_off
from tests.reports.conftest import FIGURES, YEAR, draft, editions, files, give, publishes
from workers import reports as work

pytestmark = pytest.mark.committed
ROW = re.compile(r'<tr><th scope="row" class="fw-normal">([^<]+)</th><td class="text-end text-nowrap"><span[^>]*>([^<]*)</span>')


def page_of(crew, year=YEAR, number=None):
    address = f"/rapports/{crew.slug}/{year}" + (f"/{number}" if number else "")
    return html.unescape(crew.house.test_client().get(address, headers={"Accept-Language": "fr"}).text)


def text_of(pdf):
    return " ".join(" ".join(each.extract_text() for each in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


def test_one_click_and_the_year_is_out(gueret):
    page = gueret.coordinator.get("reports.index").text
    assert page.count("btn-primary") == 1
    assert f"Publier le rapport {YEAR}" in page
    assert publishes(gueret).status_code == 302
    (edition,) = editions(gueret)
    assert (edition.row.number, edition.row.provisional) == (1, True)
    assert "Chiffres provisoires" in page_of(gueret)


def test_the_page_the_papers_and_the_tables_say_the_same(gueret):
    publishes(gueret)
    known = files(gueret)
    content = editions(gueret)[0].content
    on_page = dict(ROW.findall(page_of(gueret)))
    in_csv = {each["label"]: each for each in csv.DictReader(io.StringIO(known["chiffres.csv"].decode()))}
    sheet = openpyxl.load_workbook(io.BytesIO(known["chiffres.xlsx"]))["chiffres"]
    in_sheet = {row[4]: row for row in sheet.iter_rows(min_row=2, values_only=True)}
    paper = text_of(known["rapport.pdf"])
    assert len(on_page) == len(yearly.CODES)
    for code, words in content.words("fr").items():
        label = words["label"]
        assert on_page[label] == in_csv[label]["text"] == in_sheet[label][8]
        assert " ".join(f"{label} {on_page[label]}".split()) in paper, label
        number = in_csv[label]["value"]
        assert (float(number) if number else None) == in_sheet[label][6]
        exact = content.answers[next(iter(content.areas)), code]
        assert exact.number is None or code in yearly.PEOPLE or exact.number == FIGURES.get(code, 0)


def test_people_are_rounded_and_small_numbers_are_not_told(gueret):
    publishes(gueret)
    on_page = dict(ROW.findall(page_of(gueret)))
    assert on_page["situations d’isolement repérées"] == "20"
    assert on_page["personnes accompagnées"] == "15"
    assert on_page["personnes engagées"] == "moins de 13"
    assert on_page["personnes au bout du parcours"] == "0"
    assert on_page["portes"] == "200"
    assert on_page["heures bénévoles"] == "33,5"
    assert "De 1 à 12, nous écrivons « moins de 13 »." in page_of(gueret)


def test_what_is_published_stays_as_it_is_and_late_entries_are_told_apart(gueret):
    publishes(gueret)
    before, page, known = editions(gueret)[0].bytes, ROW.findall(page_of(gueret)), files(gueret)
    assert checksum(before) == editions(gueret)[0].row.checksum
    assert checksum(before) in page_of(gueret)
    assert known["edition.json"] == before
    assert "Saisi depuis la parution" not in gueret.coordinator.get("reports.show", year=YEAR).text
    give(gueret, {"doors": 230, "people_engaged": 19})
    assert editions(gueret)[0].bytes == before
    assert ROW.findall(page_of(gueret)) == page
    assert files(gueret) == known
    told = gueret.coordinator.get("reports.show", year=YEAR).text.split("Saisi depuis la parution")[1].split("</section>")[0]
    assert re.findall(r'<td data-label="[^"]+">(\d+)</td>', told) == ["200", "230", "4", "19"]
    assert "Saisi depuis la parution" not in gueret.observer.get("reports.show", year=YEAR).text


def test_a_correction_says_why_and_stands_beside_the_first(gueret):
    publishes(gueret)
    give(gueret, {"doors": 230})
    refused = publishes(gueret, correction=" ")
    assert refused.status_code == 422
    assert "Dites en une phrase ce qui a changé." in refused.text
    assert len(editions(gueret)) == 1
    assert publishes(gueret, correction="Une feuille retrouvée").status_code == 302
    assert [each.row.number for each in editions(gueret)] == [2, 1]
    assert "Cette édition corrige la précédente : Une feuille retrouvée" in page_of(gueret)
    assert "Une édition plus récente corrige celle-ci." in page_of(gueret, number=1)
    assert (dict(ROW.findall(page_of(gueret)))["portes"], dict(ROW.findall(page_of(gueret, number=1)))["portes"]) == ("230", "200")


def test_two_who_publish_at_once_publish_one_edition(gueret):
    first, second = str(new_id()), str(new_id())
    for each in (first, first, second):
        assert gueret.coordinator.post("reports.create_edition", {"id": each}, year=YEAR).status_code == 302
    assert "se prépare" in gueret.coordinator.get("reports.show", year=YEAR).text
    work_off(gueret.house, gueret.id)
    assert [str(each.row.id) for each in editions(gueret)] == [first]
    assert gueret.coordinator.post("reports.create_edition", {"id": first}, year=YEAR).status_code == 302
    assert work_off(gueret.house, gueret.id) == 0


def test_a_worker_that_never_came_back_is_not_waited_for_for_ever(gueret):
    first, second = str(new_id()), str(new_id())
    gueret.coordinator.post("reports.create_edition", {"id": first}, year=YEAR)
    with gueret.at_home():
        db.session.scalars(select(Report)).one().asked_at -= PATIENCE
    gueret.coordinator.post("reports.create_edition", {"id": second}, year=YEAR)
    work_off(gueret.house, gueret.id)
    assert [str(each.row.id) for each in editions(gueret)] == [second]


def test_a_year_to_come_is_not_told_and_one_that_is_over_comes_first(gueret, helene):
    give(gueret, {"sessions_planned": 8}, YEAR + 1)
    assert f"Publier le rapport {YEAR}" in gueret.coordinator.get("reports.index").text
    assert gueret.coordinator.get("reports.show", year=YEAR + 1).status_code == 404
    assert helene.get("network.show_report", year=YEAR + 1).status_code == 404
    give(gueret, {"doors": 8}, YEAR - 1)
    assert f"Publier le rapport {YEAR - 1}" in gueret.coordinator.get("reports.index").text
    publishes(gueret, YEAR - 1)
    assert not editions(gueret, YEAR - 1)[0].row.provisional
    assert f"Publier le rapport {YEAR}" in gueret.coordinator.get("reports.index").text
    # One that nobody told in its time is there for whoever wants to, and does not press.
    give(gueret, {"doors": 8}, YEAR - 3)
    assert f"Publier le rapport {YEAR}" in gueret.coordinator.get("reports.index").text


def test_a_year_that_has_not_appeared_is_a_task_of_who_publishes_alone(gueret):
    give(gueret, {"doors": 8}, YEAR - 1)
    read = {role: getattr(gueret, role).get("reports.index").text for role in ("coordinator", "observer", "volunteer")}
    assert {role: "à faire" in page.split('id="annees"')[1].split("</ul>")[0] for role, page in read.items()} == {
        "coordinator": True,
        "observer": False,
        "volunteer": False,
    }
    assert "pas encore paru" in read["observer"]
    assert all(f'<strong>{YEAR}</strong><span class="badge">en cours</span>' in page for page in read.values())


def test_an_edition_that_would_reveal_is_not_published(gueret, monkeypatch):
    def never(*_, **__):
        raise CannotProtect("everything")

    with monkeypatch.context() as patched:
        patched.setattr(work, "protect", never)
        publishes(gueret)
    assert editions(gueret) == []
    assert "n’a pas pu paraître" in html.unescape(gueret.coordinator.get("reports.show", year=YEAR).text)
    publishes(gueret)
    assert len(editions(gueret)) == 1


def test_an_edition_keeps_its_definitions_when_they_change(gueret, monkeypatch):
    publishes(gueret)
    other = dict.fromkeys(yearly.CODES, yearly.CATALOGUE["kilometres"])
    monkeypatch.setattr("app.reports.content.CATALOGUE", other)
    assert editions(gueret)[0].content.words("fr")["doors"]["label"] == "portes"
    assert "portes" in dict(ROW.findall(page_of(gueret)))


def test_an_edition_from_before_an_indicator_was_told_is_read_and_corrected(gueret, monkeypatch):
    """A list of tables that grows leaves the edition as it is, calls nothing late, and stands in the correction."""
    fewer = tuple(each for each in yearly.SECTIONS if each.code != "se-retrouver")
    codes = tuple(code for each in fewer for code in each.codes)
    with monkeypatch.context() as patched:
        for where in ("app.reports.content", "app.reports.yearly"):
            patched.setattr(f"{where}.SECTIONS", fewer)
        for where in ("app.reports.yearly", "app.reports.gathering", "workers.reports"):
            patched.setattr(f"{where}.CODES", codes)
        publishes(gueret)
    assert "permanences tenues" not in dict(ROW.findall(page_of(gueret)))
    assert "Saisi depuis la parution" not in gueret.coordinator.get("reports.show", year=YEAR).text
    assert publishes(gueret, correction="Avec les permanences").status_code == 302
    assert (dict(ROW.findall(page_of(gueret)))["permanences tenues"], len(ROW.findall(page_of(gueret, number=1)))) == ("9", len(codes))


def test_who_reads_and_who_publishes(gueret):
    publishes(gueret)
    for role in ("observer", "volunteer"):
        someone = getattr(gueret, role)
        page = someone.get("reports.show", year=YEAR)
        assert page.status_code == 200
        assert f"/rapports/gueret/{YEAR}/1" in page.text
        assert re.findall(r'class="btn btn-primary" href="([^"]+)"', page.text) == [f"/rapports/gueret/{YEAR}/1"]
        assert f"/rapports/gueret/{YEAR}/1/conseil-municipal.pdf" in page.text
        assert "Exacts, pour l’équipe" not in page.text
        assert someone.post("reports.create_edition", {"id": str(new_id())}, year=YEAR).status_code == 404
        assert someone.get("reports.edit", year=YEAR).status_code == 404
    assert gueret.coordinator.get("reports.show", year=1999).status_code == 404
    assert gueret.house.test_client().get(f"/rapports/nulle-part/{YEAR}").status_code == 404
    assert gueret.house.test_client().get(f"/rapports/gueret/{YEAR}/1/passwd").status_code == 404


def test_the_papers_are_tagged_and_the_councils_has_two_pages(gueret):
    gueret.coordinator.post("reports.update", dict.fromkeys(("opening", "moments", "ahead"), "Une longue phrase de plus. " * 110), year=YEAR)
    assert draft(gueret) is not None
    publishes(gueret)
    papers = {name: data for name, data in files(gueret).items() if name.endswith(".pdf")}
    assert sorted(papers) == ["conseil-municipal.en.pdf", "conseil-municipal.pdf", "rapport.en.pdf", "rapport.pdf"]
    for name, data in papers.items():
        pdf = pypdf.PdfReader(io.BytesIO(data))
        assert pdf.trailer["/Root"]["/Lang"] == ("en" if ".en." in name else "fr")
        assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
        assert b"pdfuaid" in pdf.trailer["/Root"]["/Metadata"].get_data()
        assert len(pdf.pages) == 2 or not name.startswith("conseil")


def test_texts_that_are_too_long_are_kept_and_said(gueret):
    answer = gueret.coordinator.post("reports.update", {"opening": "x" * 3001}, year=YEAR)
    assert answer.status_code == 422
    assert "x" * 3001 in answer.text
    assert "Trois mille caractères au plus." in answer.text


def test_nobody_changes_an_edition(gueret, addresses):
    publishes(gueret)
    with bootstrap.connect(addresses.app) as app:
        for statement in (
            "update report_editions set year = 1",
            "delete from report_editions",
            "update edition_files set name = 'x'",
            "update photo_withdrawals set name = 'x'",
            "delete from photo_withdrawals",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(statement)
        # Of files those go that show a photo which was taken back, and here none was.
        with app.transaction():
            app.execute(f"set local app.collective_id = '{gueret.id}'")
            assert app.execute("select count(*) from edition_files where publisher_id = %s", [gueret.id]).fetchone() != (0,)
            assert app.execute("delete from edition_files").rowcount == 0
    with bootstrap.connect(addresses.network) as network, pytest.raises(psycopg.errors.InsufficientPrivilege):
        network.execute(
            "insert into report_editions (publisher_id, id, year, number, published_on, provisional, checksum, content) "
            "values (%s, %s, 2020, 1, now(), false, 'x', '')",
            [gueret.id, new_id()],
        )


@pytest.mark.parametrize("rest", ["0", "99999", "99999/1", f"{YEAR}/0", f"{YEAR}/99999", f"{YEAR}/99999/chiffres.csv", "0/1/chiffres.csv"])
def test_a_year_or_an_edition_that_cannot_be_is_not_there(gueret, rest):
    publishes(gueret)
    assert gueret.house.test_client().get(f"/rapports/gueret/{rest}").status_code == 404


def test_what_was_said_before_the_year_was_over_says_so_wherever_it_is_read(gueret):
    publishes(gueret)
    known = files(gueret)
    assert "Chiffres provisoires" in json.loads(known["datapackage.json"])["description"]
    method = openpyxl.load_workbook(io.BytesIO(known["chiffres.xlsx"]))["méthode"]
    assert any("Chiffres provisoires" in str(row[0]) for row in method.iter_rows(values_only=True))
    assert all("rovis" in text_of(known[name]) for name in known if name.endswith(".pdf"))


def test_a_year_that_is_over_asks_for_the_edition_that_is_no_longer_provisional(gueret, monkeypatch):
    give(gueret, {"doors": 8}, YEAR - 1)
    with monkeypatch.context() as patched:
        patched.setattr(work, "today_in", lambda _zone: date(YEAR - 1, 12, 1))
        publishes(gueret, YEAR - 1)
    assert editions(gueret, YEAR - 1)[0].row.provisional
    page = html.unescape(gueret.coordinator.get("reports.index").text)
    waits = page.split('id="attend"')[1].split("</section>")[0]
    assert f"L’année {YEAR - 1}" in waits
    assert "Ce qui est paru est provisoire" in waits
    assert "Publier le rapport" not in waits
    assert "provisoire" in page.split('id="annees"')[1].split("</ul>")[0]
    assert publishes(gueret, YEAR - 1, correction="L’année est finie").status_code == 302
    assert f"Publier le rapport {YEAR}" in gueret.coordinator.get("reports.index").text
