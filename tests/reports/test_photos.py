"""Photos are made anew before anybody sees them, and go out with the edition that was published with them."""

import io

import pytest
from PIL import Image

from app.db import new_id
from app.reports.models import MOST_PHOTOS, ReportPhoto
from tenants.documents import Document, DocumentPiece
from tests.mails import work_off
from tests.reports.conftest import YEAR, files, give, picture, publishes
from workers.followup import cleaned
from workers.photos import anew

pytestmark = pytest.mark.committed
EXIF_GPS, EXIF_ORIENTATION = 0x8825, 0x0112


def brings(crew, content, caption="Un banc repeint", **fields):
    """The answer to a photo brought by its coordination."""
    data = {"id": str(new_id()), "caption": caption, "agreed": "y", "csrf_token": crew.coordinator.token, **fields}
    address = crew.coordinator.address("reports.create_photo", year=YEAR)
    return crew.coordinator.client.post(address, data={**data, "photo": (io.BytesIO(content), "photo.jpg")}, content_type="multipart/form-data")


def taken_at_home():
    """A photo that says where it was taken, and lies on its side."""
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = 6
    exif.get_ifd(EXIF_GPS)[2] = (46.0, 10.0, 7.0)
    return picture(size=(64, 48), exif=exif.tobytes(), comment=b"chez Odile")


def test_a_photo_loses_what_it_said_and_stands_upright(gueret):
    original = taken_at_home()
    assert Image.open(io.BytesIO(original)).getexif().get_ifd(EXIF_GPS)
    assert brings(gueret, original).status_code == 302
    (photo,) = gueret.rows(ReportPhoto)
    assert gueret.coordinator.get("reports.show_photo", report_photo_id=photo.id).status_code == 404
    assert "La photo se prépare." in gueret.coordinator.get("reports.show", year=YEAR).text
    work_off(gueret.house, gueret.id)
    shown = gueret.coordinator.get("reports.show_photo", report_photo_id=photo.id)
    assert shown.mimetype == "image/jpeg"
    made = Image.open(io.BytesIO(shown.data))
    assert made.size == (48, 64)
    assert not dict(made.getexif())
    assert b"chez Odile" not in shown.data
    assert gueret.observer.get("reports.show_photo", report_photo_id=photo.id).status_code == 404
    publishes(gueret)
    assert files(gueret)["photo-1.jpg"] == shown.data
    assert "Un banc repeint" in gueret.house.test_client().get(f"/rapports/gueret/{YEAR}").text


def test_what_is_no_photo_is_refused_or_set_aside(gueret):
    for content, message in ((b"", "Choisissez une photo."), (b"MZ" * 40, "pas une photo"), (b"\xff\xd8\xff" * 4_000_000, "dépasse 10 Mo")):
        answer = brings(gueret, content)
        assert answer.status_code == 422, message
        assert message in answer.text
        assert "Un banc repeint" in answer.text
    for nothing in ("", "   "):
        answer = brings(gueret, picture(), caption=nothing)
        assert (answer.status_code, "Il manque la phrase" in answer.text) == (422, True)
    assert "choisissez une autre photo" in brings(gueret, picture(), agreed="").text
    assert gueret.rows(ReportPhoto) == []
    brings(gueret, b"\xff\xd8\xff not quite")
    work_off(gueret.house, gueret.id)
    assert "ne se lit pas comme une photo" in gueret.coordinator.get("reports.show", year=YEAR).text
    publishes(gueret)
    assert "photo-1.jpg" not in files(gueret)


def test_a_photo_sent_twice_is_one_and_one_taken_away_leaves_nothing(gueret):
    photo_id = str(new_id())
    for _ in range(2):
        assert brings(gueret, picture("WEBP"), id=photo_id).status_code == 302
    work_off(gueret.house, gueret.id)
    assert len(gueret.rows(ReportPhoto)) == 1
    assert gueret.coordinator.post("reports.delete_photo", year=YEAR - 1, report_photo_id=photo_id).status_code == 404
    # A second tap finds it gone, and leads to the same place.
    for _twice in range(2):
        answer = gueret.coordinator.post("reports.delete_photo", year=YEAR, report_photo_id=photo_id)
        assert answer.location == f"{gueret.coordinator.address('reports.show', year=YEAR)}#photos"
    assert gueret.coordinator.post("reports.delete_photo", year=YEAR, report_photo_id=new_id()).status_code == 404
    assert gueret.rows(ReportPhoto) == gueret.rows(Document) == gueret.rows(DocumentPiece) == []


def test_six_photos_are_the_most(gueret):
    for _ in range(MOST_PHOTOS):
        assert brings(gueret, picture("PNG")).status_code == 302
    answer = brings(gueret, picture("PNG"))
    assert answer.status_code == 422
    assert "Six photos, c’est le plus." in answer.text


def test_a_published_photo_stays_when_the_draft_loses_it(gueret):
    brings(gueret, picture())
    work_off(gueret.house, gueret.id)
    publishes(gueret)
    before = files(gueret)["photo-1.jpg"]
    (photo,) = gueret.rows(ReportPhoto)
    gueret.coordinator.post("reports.delete_photo", year=YEAR, report_photo_id=photo.id)
    give(gueret, {"doors": 300})
    publishes(gueret, correction="Sans photo")
    assert files(gueret)["photo-1.jpg"] == before
    assert "photo-1.jpg" not in files(gueret, number=2)


def test_what_is_transparent_becomes_paper():
    """A drawing or a logo cut out of its background stands on white, in the report as on the page of an activity."""
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(out, "PNG")
    for made in (anew(out.getvalue()), cleaned(out.getvalue())):
        assert Image.open(io.BytesIO(made)).getpixel((4, 4)) == (255, 255, 255)
