"""A published photo is taken back: it is gone with the papers that show it, and all else of the edition stays."""

import html

import pytest
from sqlalchemy import func, select

from app.db import db, new_id
from app.reports.models import NETWORK, Report, ReportEdition, ReportPhoto
from app.reports.withdrawals import PhotoWithdrawal
from tenants import bootstrap
from tenants.journal import JournalLine
from tests.mails import work_off
from tests.reports.conftest import YEAR, editions, files, give, picture, publishes
from tests.reports.test_network_photos import brings as head_brings
from tests.reports.test_network_photos import head  # noqa: F401
from tests.reports.test_photos import brings

pytestmark = pytest.mark.committed
PAPERS = {"rapport.pdf", "rapport.en.pdf", "conseil-municipal.pdf", "conseil-municipal.en.pdf"}
TABLES = {"chiffres.csv", "chiffres.xlsx", "dictionnaire.csv", "datapackage.json", "edition.json"}


@pytest.fixture
def told(gueret):
    """Two photos, published twice: the first edition shows both, the second as well."""
    for caption, size in (("Un banc repeint", (64, 48)), ("La fête des voisins", (48, 64))):
        brings(gueret, picture(size=size), caption=caption)
    work_off(gueret.house, gueret.id)
    publishes(gueret)
    give(gueret, {"doors": 300})
    publishes(gueret, correction="Cent portes de plus")
    return gueret


def takes_back(crew, name, number=2):
    return crew.coordinator.post("reports.create_withdrawal", year=YEAR, number=number, name=name)


def public(crew, rest):
    answer = crew.house.test_client().get(f"/rapports/{crew.slug}/{YEAR}/{rest}")
    return answer.status_code, html.unescape(answer.text) if answer.mimetype == "text/html" else ""


def test_a_photo_that_is_taken_back_is_gone_from_every_edition(told):
    before = {number: files(told, number=number) for number in (1, 2)}
    frozen = [each.bytes for each in editions(told)]
    page = html.unescape(told.coordinator.get("reports.index_published_photos", year=YEAR).text)
    assert page.count("<img ") == 2, "A photo of two editions is shown once."
    answer = takes_back(told, "photo-1.jpg")
    assert answer.location.endswith(f"/rapports/{YEAR}#publier")
    for number in (1, 2):
        for name in {"photo-1.jpg"} | PAPERS:
            status, text = public(told, f"{number}/{name}")
            assert status == 410, name
            assert "n’était plus d’accord" in text
            assert f"/rapports/gueret/{YEAR}/{number}" in text
        left = files(told, number=number)
        assert left == {name: data for name, data in before[number].items() if name not in {"photo-1.jpg"} | PAPERS}
        assert left.keys() >= TABLES
        status, text = public(told, f"{number}")
        assert status == 200
        assert "Photo retirée le" in text
        assert "Un banc repeint" not in text
        assert "La fête des voisins" in text
        assert "Rapport en PDF" not in text
    assert [each.bytes for each in editions(told)] == frozen
    assert len(told.rows(ReportPhoto)) == 1, "It is gone from the draft too."
    assert "Un banc repeint" not in told.coordinator.get("reports.index_published_photos", year=YEAR).text


def test_the_correction_after_it_has_papers_again(told):
    takes_back(told, "photo-1.jpg")
    assert "elle n’a plus de PDF" in told.coordinator.get("reports.show", year=YEAR).text
    assert "Rapport en PDF" not in told.observer.get("reports.show", year=YEAR).text
    publishes(told, correction="Une photo de moins")
    assert files(told, number=3).keys() == {"photo-1.jpg"} | PAPERS | TABLES
    assert "elle n’a plus de PDF" not in told.coordinator.get("reports.show", year=YEAR).text
    assert "Rapport en PDF" in told.observer.get("reports.show", year=YEAR).text
    assert "Une édition plus récente corrige celle-ci" in public(told, "2")[1]
    assert "Lire la plus récente" in public(told, "2/rapport.pdf")[1]


def test_the_pages_for_the_council_stay_where_they_do_not_show_it(told):
    takes_back(told, "photo-2.jpg")
    assert {name for name in PAPERS if public(told, f"2/{name}")[0] == 410} == {"rapport.pdf", "rapport.en.pdf"}
    assert public(told, "2/photo-1.jpg")[0] == 200


def test_twice_is_once_and_only_its_coordination_does_it(told, ranzay):
    for someone in (told.volunteer, told.observer):
        assert someone.post("reports.create_withdrawal", year=YEAR, number=2, name="photo-1.jpg").status_code == 404
        assert someone.get("reports.index_published_photos", year=YEAR).status_code == 404
    assert ranzay.coordinator.post("reports.create_withdrawal", year=YEAR, number=2, name="photo-1.jpg").status_code == 404
    for name, number in (("chiffres.csv", 2), ("photo-9.jpg", 2), ("photo-1.jpg", 9), ("photo-1.jpg", 99999)):
        assert takes_back(told, name, number).status_code == 404
    assert public(told, "2/photo-1.jpg")[0] == 200
    for _ in range(2):
        assert takes_back(told, "photo-1.jpg").status_code == 302
    assert [line.act for line in told.rows(JournalLine)].count("withdrew a photo") == 1
    with told.house.app_context():
        lines = db.session.scalars(select(PhotoWithdrawal.name).where(PhotoWithdrawal.publisher_id == told.id)).all()
    assert lines == ["photo-1.jpg"] * 2
    assert public(told, "2/photo-9.jpg")[0] == 404


def test_what_is_being_prepared_with_the_photo_does_not_appear(told):
    told.coordinator.post("reports.create_edition", {"id": str(new_id()), "correction": "Encore"}, year=YEAR)
    takes_back(told, "photo-1.jpg")
    work_off(told.house, told.id)
    assert [each.row.number for each in editions(told)] == [2, 1]
    assert not told.rows(Report)[0].is_being_made


def test_the_database_lets_go_of_nothing_else(told, addresses):
    takes_back(told, "photo-2.jpg")
    with bootstrap.connect(addresses.app) as app, app.transaction():
        app.execute(f"set local app.collective_id = '{told.id}'")
        # Nor of a table, if a line names it.
        columns = "publisher_id, id, edition_id, name, withdrawn_on"
        named = "select publisher_id, gen_random_uuid(), edition_id, name, current_date from edition_files where media_type not like 'image/%'"
        app.execute(f"insert into photo_withdrawals ({columns}) {named} and publisher_id = '{told.id}'")
        app.execute("delete from edition_files")
        left = {row[0] for row in app.execute("select name from edition_files where publisher_id = %s", [told.id])}
    assert left >= {"photo-1.jpg"} | TABLES
    with bootstrap.connect(addresses.network) as network:
        assert network.execute("delete from edition_files where publisher_id = %s", [told.id]).rowcount == 0


def test_the_head_takes_back_a_photo_of_the_network(house, head):  # noqa: F811
    head_brings(head, picture())
    work_off(house)
    head.post("network.create_network_edition", {"id": str(new_id()), "correction": "Une photo"}, year=YEAR)
    work_off(house)
    with house.app_context():
        number = db.session.scalar(select(func.max(ReportEdition.number)).where(ReportEdition.publisher_id == NETWORK, ReportEdition.year == YEAR))
    assert "Deux équipes en gare" in html.unescape(head.get("network.index_published_photos", year=YEAR).text)
    for _ in range(2):
        assert head.post("network.create_withdrawal", year=YEAR, number=number, name="photo-1.jpg").status_code == 302
    stranger = house.test_client()
    for name, status in (("photo-1.jpg", 410), ("rapport.pdf", 410), ("chiffres.csv", 200), ("edition.json", 200)):
        assert stranger.get(f"/rapports/reseau/{YEAR}/{number}/{name}").status_code == status
    assert "elle n’a plus de PDF" in head.get("network.show_report", year=YEAR).text
    assert "Pas de photo." in head.get("network.show_report", year=YEAR).text


@pytest.fixture
def both(gueret, head):  # noqa: F811
    """A picture that Guéret and the network have both published; the number of the network's edition."""
    brings(gueret, picture(size=(80, 60)))
    work_off(gueret.house, gueret.id)
    publishes(gueret)
    head_brings(head, picture(size=(80, 60)))
    work_off(gueret.house)
    head.post("network.create_network_edition", {"id": str(new_id()), "correction": "Une photo"}, year=YEAR)
    work_off(gueret.house)
    with gueret.house.app_context():
        return db.session.scalar(select(func.max(ReportEdition.number)).where(ReportEdition.publisher_id == NETWORK, ReportEdition.year == YEAR))


def on_lists(crew, head):  # noqa: F811
    """What each side reads beside its published photos: the collective's page, the network's."""
    return [
        html.unescape(someone.get(f"{room}.index_published_photos", year=YEAR).text)
        for someone, room in ((crew.coordinator, "reports"), (head, "network"))
    ]


def test_both_sides_know_of_a_picture_that_the_other_published_too(gueret, head, both):  # noqa: F811
    ours, theirs = on_lists(gueret, head)
    assert f"La même image, le réseau, rapport {YEAR}" in ours
    assert f'href="/rapports/reseau/{YEAR}/{both}"' in ours
    assert f"La même image, Guéret, rapport {YEAR}" in theirs
    assert f'href="/rapports/gueret/{YEAR}/1"' in theirs
    # The collective takes its own back: it is told where it still is, and the head what happened.
    takes_back(gueret, "photo-1.jpg", number=1)
    assert f"le réseau ({YEAR}). Prévenez-les" in html.unescape(gueret.coordinator.get("reports.show", year=YEAR).text)
    assert "retirée le" in on_lists(gueret, head)[1]
    assert gueret.house.test_client().get(f"/rapports/reseau/{YEAR}/{both}/photo-1.jpg").status_code == 200
    head.post("network.create_withdrawal", year=YEAR, number=both, name="photo-1.jpg")
    assert "Prévenez-les" not in html.unescape(head.get("network.show_report", year=YEAR).text)


def test_the_head_who_takes_one_back_is_told_which_collective_shows_it(gueret, head, both):  # noqa: F811
    head.post("network.create_withdrawal", year=YEAR, number=both, name="photo-1.jpg")
    assert f"Guéret ({YEAR}). Prévenez-les" in html.unescape(head.get("network.show_report", year=YEAR).text)
    ours, theirs = on_lists(gueret, head)
    assert "retirée le" in ours
    assert "Guéret" not in theirs


def test_what_is_no_year_has_no_photos(saint_mars, helene):
    for year in (0, 40_000, 10**25):
        assert saint_mars.coordinator.get("reports.index_published_photos", year=year).status_code == 404
        assert helene.get("network.index_published_photos", year=year).status_code == 404
