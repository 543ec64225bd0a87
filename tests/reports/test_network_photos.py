"""Photos of the network's report are made anew like a collective's, and go out with the edition that was published with them."""

import html
import io
from uuid import UUID

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory
from PIL import Image
from sqlalchemy.orm import Session

from app.db import db, new_id
from app.reports.models import MOST_PHOTOS, NETWORK, ReportEdition
from app.reports.network_photos import NetworkPhoto
from tenants import bootstrap
from tenants.keys import SealBroken
from tests.house.test_migrations import MIGRATIONS
from tests.mails import work_off
from tests.reports.conftest import YEAR, picture
from tests.reports.test_photos import taken_at_home
from workers.photos import NoPicture, anew

pytestmark = pytest.mark.committed
COLUMNS = "id, year, kind, caption_sealed, content_sealed, added_at"


@pytest.fixture
def head(helene, addresses):
    """Of the head, with no photo and no edition but the demonstration's; all of it goes again."""

    def forget():
        with bootstrap.connect(addresses.superuser) as superuser:
            superuser.execute("delete from network_photos")
            for table in ("photo_withdrawals", "edition_files"):
                superuser.execute(
                    f"delete from {table} where publisher_id = %s and edition_id not in (select id from report_editions where number = 1)", [NETWORK]
                )
            superuser.execute("delete from report_editions where publisher_id = %s and number > 1", [NETWORK])
            superuser.execute("update network_reports set asked_edition_id = null, refused_at = null, correction = null")

    with bootstrap.connect(addresses.superuser) as superuser:
        kept = superuser.execute(f"select {COLUMNS} from network_photos").fetchall()
    forget()
    yield helene
    forget()
    with bootstrap.connect(addresses.superuser) as superuser:
        for row in kept:
            superuser.execute(f"insert into network_photos ({COLUMNS}) values (%s, %s, %s, %s, %s, %s)", row)


def brings(head, content, caption="Deux équipes en gare", **fields):
    data = {"id": str(new_id()), "caption": caption, "agreed": "y", "csrf_token": head.token, **fields, "photo": (io.BytesIO(content), "photo.jpg")}
    return head.client.post(head.address("network.create_network_photo", year=YEAR), data=data, content_type="multipart/form-data")


def ids(addresses):
    with bootstrap.connect(addresses.network) as network:
        return [row[0] for row in network.execute("select id from network_photos order by added_at, id")]


def report(head):
    return html.unescape(head.get("network.show_report", year=YEAR).text)


def test_a_photo_is_made_anew_and_goes_out_with_the_edition(house, head, addresses):
    assert "Pas de photo." in report(head)
    assert brings(head, taken_at_home()).status_code == 302
    (photo_id,) = ids(addresses)
    assert "La photo se prépare." in report(head)
    assert head.get("network.show_network_photo", network_photo_id=photo_id).status_code == 404
    work_off(house)
    shown = head.get("network.show_network_photo", network_photo_id=photo_id)
    made = Image.open(io.BytesIO(shown.data))
    assert made.size == (48, 64)
    assert not dict(made.getexif())
    assert b"chez Odile" not in shown.data
    head.post("network.create_network_edition", {"id": str(new_id()), "correction": "Une photo"}, year=YEAR)
    work_off(house)
    stranger = house.test_client()
    assert "Deux équipes en gare" in html.unescape(stranger.get(f"/rapports/reseau/{YEAR}").text)
    with house.app_context():
        number = db.session.scalar(
            sa.select(sa.func.max(ReportEdition.number)).where(ReportEdition.publisher_id == NETWORK, ReportEdition.year == YEAR)
        )
    address = f"/rapports/reseau/{YEAR}/{number}/photo-1.jpg"
    assert stranger.get(address).data == shown.data
    # Taken out of the draft, it stays where it was published.
    for _twice in range(2):
        answer = head.post("network.delete_network_photo", year=YEAR, network_photo_id=photo_id)
        assert answer.location == f"{head.address('network.show_report', year=YEAR)}#photos"
    assert ids(addresses) == []
    assert stranger.get(address).data == shown.data


def test_what_lies_in_the_database_shows_nothing_and_opens_nowhere_else(house, head, addresses):
    first, second = str(new_id()), str(new_id())
    brings(head, taken_at_home(), id=first)
    brings(head, picture(), caption="Une autre", id=second)
    for stands in ("as it was brought", "made anew"):
        with bootstrap.connect(addresses.superuser) as superuser:
            rows = superuser.execute("select caption_sealed, content_sealed from network_photos").fetchall()
        assert len(rows) == 2, stands
        for caption, content in rows:
            assert b"gare" not in caption
            assert not [each for each in (b"JFIF", b"Exif", b"chez Odile", b"\xff\xd8\xff") if each in content], stands
        work_off(house)
    assert head.get("network.show_network_photo", network_photo_id=first).status_code == 200
    with bootstrap.connect(addresses.superuser) as superuser:
        superuser.execute(
            "update network_photos p set content_sealed = o.content_sealed from network_photos o where p.id = %s and o.id = %s", [second, first]
        )
    with house.app_context(), Session(db.engines["network"]) as session, pytest.raises(SealBroken):
        _ = session.get(NetworkPhoto, UUID(second)).content


def test_what_lay_there_open_was_sealed_as_the_house_seals_it(house):
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    sealed = next(each.module.sealed for each in ScriptDirectory.from_config(config).walk_revisions() if hasattr(each.module, "sealed"))
    photo_id = new_id()
    with house.app_context():
        photo = NetworkPhoto(id=photo_id, caption_sealed=sealed("À la gare".encode(), "caption", photo_id))
        photo.content_sealed = sealed(b"picture", "content", photo_id)
        assert (photo.caption, photo.content) == ("À la gare", b"picture")


def test_a_photo_sent_twice_is_one_and_six_are_the_most(house, head, addresses):
    photo_id = str(new_id())
    for _ in range(2):
        assert brings(head, picture("WEBP"), id=photo_id).status_code == 302
    assert len(ids(addresses)) == 1
    for _ in range(MOST_PHOTOS - 1):
        assert brings(head, picture("PNG")).status_code == 302
    answer = brings(head, picture("PNG"))
    assert answer.status_code == 422
    assert "Six photos, c’est le plus." in answer.text
    assert "Deux équipes en gare" in answer.text
    assert len(ids(addresses)) == MOST_PHOTOS


def test_what_is_no_photo_is_refused_or_set_aside(house, head, addresses):
    for content, fields, message in (
        (b"", {}, "Choisissez une photo."),
        (b"MZ" * 40, {}, "pas une photo"),
        (picture(), {"caption": ""}, "Il manque la phrase"),
        (picture(), {"agreed": ""}, "choisissez une autre photo"),
    ):
        answer = brings(head, content, **fields)
        assert answer.status_code == 422
        assert message in html.unescape(answer.text)
    assert ids(addresses) == []
    brings(head, b"\xff\xd8\xff not quite")
    work_off(house)
    assert "ne se lit pas comme une photo" in report(head)


def test_years_and_photos_that_are_not_there(head):
    assert head.get("network.new_network_photo", year=1999).status_code == 404
    assert head.get("network.show_network_photo", network_photo_id=new_id()).status_code == 404
    assert head.post("network.delete_network_photo", year=1999, network_photo_id=new_id()).status_code == 404
    data = {"id": str(new_id()), "caption": "x", "agreed": "y", "csrf_token": head.token, "photo": (io.BytesIO(picture()), "photo.jpg")}
    address = head.address("network.create_network_photo", year=1999)
    assert head.client.post(address, data=data, content_type="multipart/form-data").status_code == 404
    assert 'type="file"' in head.get("network.new_network_photo", year=YEAR).text


def test_a_picture_that_unfolds_to_gigabytes_is_no_picture():
    """A worker that stumbled over one would stumble again at every new try."""
    huge = picture("PNG", size=(20_000, 10_000))
    assert len(huge) < 1_000_000
    with pytest.raises(NoPicture):
        anew(huge)
