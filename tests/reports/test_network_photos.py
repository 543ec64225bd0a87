"""Photos of the network's report are made anew like a collective's, and go out with the edition that was published with them."""

import html
import io

import pytest
import sqlalchemy as sa
from PIL import Image

from app.db import db, new_id
from app.reports.models import MOST_PHOTOS, NETWORK, ReportEdition
from tenants import bootstrap
from tests.mails import work_off
from tests.reports.conftest import YEAR, picture
from tests.reports.test_photos import taken_at_home
from workers.photos import NoPicture, anew

pytestmark = pytest.mark.committed


@pytest.fixture
def head(helene, addresses):
    """Of the head, with no photo and no edition but the demonstration's; all of it goes again."""

    def forget():
        with bootstrap.connect(addresses.superuser) as superuser:
            superuser.execute("delete from network_photos")
            superuser.execute(
                "delete from edition_files where publisher_id = %s and edition_id not in (select id from report_editions where number = 1)", [NETWORK]
            )
            superuser.execute("delete from report_editions where publisher_id = %s and number > 1", [NETWORK])
            superuser.execute("update network_reports set asked_edition_id = null, refused_at = null, correction = null")

    with bootstrap.connect(addresses.superuser) as superuser:
        kept = superuser.execute("select id, year, kind, caption, content, added_at from network_photos").fetchall()
    forget()
    yield helene
    forget()
    with bootstrap.connect(addresses.superuser) as superuser:
        for row in kept:
            superuser.execute("insert into network_photos (id, year, kind, caption, content, added_at) values (%s, %s, %s, %s, %s, %s)", row)


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
    assert head.post("network.delete_network_photo", network_photo_id=photo_id).status_code == 302
    assert ids(addresses) == []
    assert stranger.get(address).data == shown.data


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
    assert head.post("network.delete_network_photo", network_photo_id=new_id()).status_code == 404
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
