"""Activities: planned, proposed, carried; guests to phone; a change of date that nobody misses; photos with consent."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from app.db import db, new_id
from app.followup.activities import Activity, ActivityGuest, Answer, Carrier
from app.followup.attendance import ActivityVisit
from app.followup.gatherings import GatheringState
from app.followup.photos import ActivityPhoto, PhotoState
from app.people.models import Stage
from app.people.path import PathStep
from app.people.tasks import Task, TaskState, settle
from tenants import ledger
from tenants.documents import Document, DocumentPiece
from tenants.months import month_of, today_in
from tests.mails import mails_to, work_off

TODAY = today_in("Europe/Paris")
VOLUNTEER = "benevole.saint-mars-du-desert@demo.essaimage.fr"


def carries(crew, activity_id, person_id, **changes):
    words = {"id": str(new_id()), "person": str(person_id), "on": TODAY.isoformat(), "words": "« Je veux bien. »", "agreed": "y"}
    return crew.coordinator.post("followup.create_carrier", words | changes, activity_id=activity_id)


def steps(crew, person_id):
    return [each.stage for each in sorted(crew.rows(PathStep), key=lambda each: each.at) if each.person_id == person_id]


def guests(crew, activity_id):
    return {each.person_id: each for each in crew.rows(ActivityGuest) if each.activity_id == activity_id}


def test_planned_and_sent_twice_is_one(saint_mars, ranzay, together):
    form = together.activity_form(title="Atelier du crible")
    for _time in range(2):
        assert saint_mars.volunteer.post("followup.create_activity", form).status_code == 302
    assert len([each for each in saint_mars.rows(Activity) if each.title == "Atelier du crible"]) == 1
    assert "Atelier du crible" in saint_mars.third.get("followup.index_activities").text
    assert ranzay.coordinator.get("followup.show_activity", activity_id=form["id"]).status_code == 404
    assert saint_mars.observer.get("followup.show_activity", activity_id=form["id"]).status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "Il manque un titre"),
        ({"day": (TODAY - timedelta(days=1)).isoformat()}, "Ce jour est passé"),
        ({"day": "2027-02-30"}, "n’existe pas"),
        ({"ends": "11h"}, "L’heure de fin vient après"),
        ({"places": "beaucoup"}, "Écrivez un nombre"),
        ({"places": "-3"}, "De 0 à 500"),
        ({"kind": "rave"}, "rave"),
        ({"where": ""}, "Il manque le lieu"),
    ],
)
def test_what_is_wrong_is_said_and_kept(saint_mars, together, changes, words):
    before = len(saint_mars.rows(Activity))
    answer = saint_mars.coordinator.post("followup.create_activity", together.activity_form(**changes))
    assert answer.status_code == 422
    assert words in answer.text or words == "rave"
    assert len(saint_mars.rows(Activity)) == before


def test_an_idea_typed_in_by_the_team_gets_its_day(saint_mars, together):
    form = {"id": str(new_id()), "kind": "walk", "title": "Voir la mer", "about": "", "idea_of": "Zéphyrine"}
    for _time in range(2):
        assert saint_mars.volunteer.post("followup.create_idea", form).status_code == 302
    idea = together.one(Activity, form["id"])
    assert (idea.state, idea.day) == (GatheringState.idea, None)
    assert "Zéphyrine".encode() not in idea.idea_of_sealed
    assert "Voir la mer" in saint_mars.third.get("followup.index_activities", liste="idees").text
    assert saint_mars.coordinator.post("followup.create_participation", {"gesture": str(new_id())}, activity_id=idea.id).status_code == 422
    saint_mars.coordinator.post("followup.create_invitation", activity_id=idea.id)
    assert together.one(Activity, idea.id).invited_at is None
    plan = together.activity_form(kind="walk", title="Voir la mer", idea_of="Zéphyrine")
    assert saint_mars.coordinator.post("followup.update_activity", plan, activity_id=idea.id).status_code == 302
    assert together.one(Activity, idea.id).state == GatheringState.planned


def test_nobody_carries_what_was_cancelled(saint_mars, together):
    ada, activity_id = together.met("Ada", "accompanied"), together.plans()
    saint_mars.coordinator.post("followup.create_activity_cancellation", {"because": "weather", "because_words": ""}, activity_id=activity_id)
    form = saint_mars.coordinator.get("followup.new_carrier", activity_id=activity_id)
    assert form.status_code == 302
    guests = saint_mars.coordinator.client.get(form.location).text
    assert "Cette activité est annulée : plus personne ne la porte." in guests
    assert "Quelqu’un la porte" not in guests
    answer = carries(saint_mars, activity_id, ada, words="« Je la prépare »")
    assert answer.status_code == 422
    for text in ("Cette activité est annulée : plus personne ne la porte.", "« Je la prépare »"):
        assert text in answer.text, text
    assert not [each for each in saint_mars.rows(Carrier) if each.activity_id == activity_id]
    assert together.person(ada).stage == "accompanied"


def test_someone_who_carries_moves_to_engaged_with_their_agreement(saint_mars, together):
    ada = together.met("Zéphyrine", Stage.accompanied.value)
    activity_id = together.plans()
    refused = carries(saint_mars, activity_id, ada, agreed="")
    assert refused.status_code == 422
    assert "Demandez-lui d’abord" in refused.text
    assert "Notez en une phrase" in carries(saint_mars, activity_id, ada, words="").text
    assert "« alcoolique »" in carries(saint_mars, activity_id, ada, words="Elle est alcoolique").text
    assert together.person(ada).stage == Stage.accompanied
    form_id = str(new_id())
    for _time in range(2):
        assert carries(saint_mars, activity_id, ada, id=form_id).status_code == 302
    assert together.person(ada).stage == Stage.engaged
    assert steps(saint_mars, ada).count(Stage.engaged) == 1
    page = saint_mars.coordinator.get("people.show", person_id=ada).text
    assert "Porte une activité : Soupe partagée" in page
    assert "Je veux bien" in saint_mars.coordinator.get("people.show_printout", person_id=ada).text
    # Taking it away takes no step back in silence.
    (carrier,) = [each for each in saint_mars.rows(Carrier) if each.activity_id == activity_id]
    for _time in range(2):
        answer = saint_mars.coordinator.post("followup.delete_carrier", activity_id=activity_id, carrier_id=carrier.id)
        assert answer.location == saint_mars.coordinator.address("followup.edit_guests", activity_id=activity_id)
    assert saint_mars.coordinator.post("followup.delete_carrier", activity_id=activity_id, carrier_id=new_id()).status_code == 404
    assert together.person(ada).stage == Stage.engaged
    assert not [each for each in saint_mars.rows(Carrier) if each.activity_id == activity_id]


def test_a_path_never_moves_back(saint_mars, together):
    ada = together.met("Zéphyrine", Stage.autonomous.value)
    activity_id = together.plans()
    assert carries(saint_mars, activity_id, ada).status_code == 302
    assert together.person(ada).stage == Stage.autonomous
    assert Stage.engaged not in steps(saint_mars, ada)


def test_a_volunteer_names_their_own_people_alone(saint_mars, together):
    ada, stranger = together.met("Zéphyrine"), together.files.opens(name="Philomène")
    activity_id = together.plans()
    form = {"id": str(new_id()), "person": str(stranger), "on": TODAY.isoformat(), "words": "« Oui »", "agreed": "y"}
    assert saint_mars.volunteer.post("followup.create_carrier", form, activity_id=activity_id).status_code == 422
    saint_mars.coordinator.post("followup.create_guests", {"guest": [str(ada), str(stranger)]}, activity_id=activity_id)
    page = saint_mars.volunteer.get("followup.edit_guests", activity_id=activity_id).text
    assert "Zéphyrine" in page
    assert "Philomène" not in page
    assert "Et une personne que vous n’accompagnez pas." in page
    other = guests(saint_mars, activity_id)[stranger]
    answer = saint_mars.volunteer.post("followup.update_guest", {"answer": "coming"}, activity_id=activity_id, guest_id=other.id)
    assert answer.status_code == 404
    assert "Zéphyrine" not in saint_mars.third.get("followup.show_activity", activity_id=activity_id).text


def test_moved_after_people_were_invited_they_are_told(saint_mars, together):
    ada = together.met("Zéphyrine")
    activity_id = together.plans(day=(TODAY + timedelta(days=3)).isoformat())
    saint_mars.coordinator.post("followup.create_guests", {"guest": [str(ada)]}, activity_id=activity_id)
    row = guests(saint_mars, activity_id)[ada]
    saint_mars.coordinator.post("followup.update_guest", {"answer": "coming"}, activity_id=activity_id, guest_id=row.id)
    for _time in range(2):
        saint_mars.coordinator.post("followup.create_invitation", activity_id=activity_id)
    work_off(saint_mars.house, saint_mars.id)
    invited = [each for each in mails_to(saint_mars.house, VOLUNTEER) if each.startswith("Repas partagé : Soupe partagée")]
    assert len(invited) == 1
    assert "Zéphyrine" not in invited[0]
    # Another title is no move.
    form = together.activity_form(title="Soupe", day=(TODAY + timedelta(days=3)).isoformat())
    saint_mars.coordinator.post("followup.update_activity", form, activity_id=activity_id)
    assert guests(saint_mars, activity_id)[ada].answer == Answer.coming
    moved = form | {"day": (TODAY + timedelta(days=4)).isoformat()}
    saint_mars.coordinator.post("followup.update_activity", moved, activity_id=activity_id)
    page = saint_mars.coordinator.get("followup.show_activity", activity_id=activity_id).text
    assert "elle reçoit un mail avec le changement" in page
    assert "Une personne avait dit oui : elle est à rappeler." in page
    work_off(saint_mars.house, saint_mars.id)
    assert any(each.startswith("Changement : Soupe") for each in mails_to(saint_mars.house, VOLUNTEER))
    assert guests(saint_mars, activity_id)[ada].answer == Answer.again
    assert "Une personne à appeler pour « Soupe »" in saint_mars.coordinator.get("tasks.index").text
    saint_mars.coordinator.post("followup.create_activity_cancellation", {"because": "weather"}, activity_id=activity_id)
    work_off(saint_mars.house, saint_mars.id)
    assert any(each.startswith("Activité annulée : Soupe") for each in mails_to(saint_mars.house, VOLUNTEER))
    # She had said yes, and is told before the task goes.
    assert "Une personne à prévenir : « Soupe »" in saint_mars.coordinator.get("tasks.index").text
    assert "C’est dit" in saint_mars.coordinator.get("followup.edit_guests", activity_id=activity_id).text
    for answer in ("coming", "not_coming", "not_coming"):
        saint_mars.coordinator.post("followup.update_guest", {"answer": answer}, activity_id=activity_id, guest_id=row.id)
    assert guests(saint_mars, activity_id)[ada].answer == Answer.not_coming
    assert not [each for each in saint_mars.rows(Task) if each.subject_id == activity_id and each.state == TaskState.open]
    # What is over does not change.
    saint_mars.coordinator.post("followup.update_activity", form, activity_id=activity_id)
    assert together.one(Activity, activity_id).state == GatheringState.cancelled


def test_attendance_is_a_contact_and_counts(saint_mars, together):
    ada = together.met("Zéphyrine")
    activity_id = together.plans()
    carries(saint_mars, activity_id, ada)
    together.comes_round(activity_id, days=1)
    with saint_mars.at_home():
        settle()
        before = ledger.recount(month_of(TODAY - timedelta(days=1)))
    assert "Raconter « Soupe partagée »" in saint_mars.coordinator.get("tasks.index").text
    saint_mars.volunteer.post("followup.update_participation", {"present": [str(ada)]}, activity_id=activity_id)
    saint_mars.volunteer.post("followup.create_participation", {"gesture": str(new_id()), "number": "7"}, activity_id=activity_id)
    assert "Raconter « Soupe partagée »" not in saint_mars.coordinator.get("tasks.index").text
    assert [each.person_id for each in saint_mars.rows(ActivityVisit) if each.activity_id == activity_id] == [ada]
    assert "Venue à une activité : Soupe partagée" in saint_mars.coordinator.get("people.show", person_id=ada).text
    with saint_mars.at_home():
        after = ledger.recount(month_of(TODAY - timedelta(days=1)))
    grown = {code: after[code] - before[code] for code in after if after[code] != before[code]}
    assert grown == {"activities": 1, "activity_known": 1, "activity_others": 7, "activities_carried": 1, "activity_carriers": 1}
    saint_mars.volunteer.post("followup.update_participation", {"was": [str(ada)]}, activity_id=activity_id)
    assert not [each for each in saint_mars.rows(ActivityVisit) if each.activity_id == activity_id]


def picture(kind="JPEG", size=(2400, 1200)):
    """A picture that a phone took: with a place and a maker in it."""
    out, image = io.BytesIO(), Image.new("RGB", size, (26, 85, 60))
    exif = Image.Exif()
    exif[0x010F] = "Fabricant Secret"
    exif[0x0112] = 6
    image.save(out, kind, **({"exif": exif} if kind != "PNG" else {}))
    return out.getvalue()


def brings(crew, activity_id, content, name="photo.jpg", **changes):
    form = {"id": str(new_id()), "caption": "Une table dans la cour", "consent": "Yvonne, à Maëlle", "agreed": "y", **changes}
    return crew.volunteer.post("followup.create_photo", form | {"photo": (io.BytesIO(content), name)}, activity_id=activity_id)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_made_anew_without_what_the_camera_wrote(saint_mars, ranzay, together, kind):
    activity_id = together.plans()
    form_id = str(new_id())
    for _time in range(2):
        assert brings(saint_mars, activity_id, picture(kind), id=form_id).status_code == 302
    (photo,) = [each for each in saint_mars.rows(ActivityPhoto) if each.activity_id == activity_id]
    assert b"Yvonne" not in photo.consent_sealed
    show = {"activity_id": activity_id, "photo_id": photo.id}
    # Nobody sees it as it came.
    assert saint_mars.coordinator.get("followup.show_photo", **show).status_code == 404
    assert "La photo se prépare" in saint_mars.coordinator.get("followup.show_activity", activity_id=activity_id).text
    work_off(saint_mars.house, saint_mars.id)
    answer = saint_mars.coordinator.get("followup.show_photo", **show)
    assert answer.mimetype == "image/jpeg"
    assert b"Fabricant Secret" not in answer.data
    with Image.open(io.BytesIO(answer.data)) as made:
        assert not made.getexif()
        assert max(made.size) == 1600
        # It lay on its side.
        assert made.size == ((800, 1600) if kind != "PNG" else (1600, 800))
    assert ranzay.coordinator.get("followup.show_photo", **show).status_code == 404
    for _time in range(2):
        assert saint_mars.volunteer.post("followup.delete_photo", **show).status_code == 302
    assert saint_mars.volunteer.post("followup.delete_photo", **{**show, "photo_id": new_id()}).status_code == 404
    assert saint_mars.coordinator.get("followup.show_photo", **show).status_code == 404
    assert not [each for each in saint_mars.rows(Document) if each.id == photo.document_id]
    assert not [each for each in saint_mars.rows(DocumentPiece) if each.document_id == photo.document_id]


@pytest.mark.parametrize(
    ("content", "changes", "words"),
    [
        (b"", {}, "Choisissez une photo"),
        (b"GIF89a" + bytes(100), {}, "n’est pas une photo que nous savons lire"),
        (b"%PDF-1.7", {}, "n’est pas une photo que nous savons lire"),
        (b"\xff\xd8\xff" + bytes(10 * 1024 * 1024), {}, "plus de 10 Mo"),
        (picture(size=(20, 20)), {"agreed": ""}, "Sans l’accord"),
        (picture(size=(20, 20)), {"consent": ""}, "Notez qui a dit oui"),
        (picture(size=(20, 20)), {"caption": ""}, "ce qu’on y voit"),
    ],
    ids=["none", "gif", "pdf", "heavy", "no agreement", "no consent", "no caption"],
)
def test_a_photo_that_cannot_be_is_said(saint_mars, together, content, changes, words):
    activity_id = together.plans()
    answer = brings(saint_mars, activity_id, content, **changes)
    assert answer.status_code == 422
    assert words in answer.text
    assert "10 Mo au plus" in answer.text
    assert not [each for each in saint_mars.rows(ActivityPhoto) if each.activity_id == activity_id]


def test_a_photo_is_asked_for(saint_mars, together):
    page = saint_mars.volunteer.get("followup.new_photo", activity_id=together.plans()).text
    assert "(facultatif)" not in page.split("La photo")[1]
    form = {"id": str(new_id()), "caption": "Une table", "consent": "Yvonne, à Maëlle", "agreed": "y", "photo": "une photo"}
    answer = saint_mars.volunteer.post("followup.create_photo", form, activity_id=together.plans())
    assert answer.status_code == 422
    assert "Choisissez une photo." in answer.text
    assert "Yvonne, à Maëlle" in answer.text


def test_sixty_megabytes_are_answered_beside_the_field_with_the_rest_kept(saint_mars, together):
    activity_id = together.plans()
    answer = brings(saint_mars, activity_id, bytes(60 * 1024 * 1024), caption="Une table dressée")
    assert answer.status_code == 422
    beside = answer.text.split('id="photo-aide"')[1].split("</div>")[0]
    assert "Cette photo pèse plus de 10 Mo." in beside
    assert 'value="Une table dressée"' in answer.text
    assert not [each for each in saint_mars.rows(ActivityPhoto) if each.activity_id == activity_id]


def test_what_is_heavier_than_any_photo_gets_a_page(saint_mars, together):
    answer = brings(saint_mars, together.plans(), bytes(101 * 1024 * 1024))
    assert answer.status_code == 413
    assert "10 Mo au plus" in answer.text


def test_what_begins_like_a_photo_and_is_none_says_so_and_keeps_no_byte(saint_mars, together):
    activity_id = together.plans()
    assert brings(saint_mars, activity_id, b"\xff\xd8\xff" + b"secret" * 1000).status_code == 302
    work_off(saint_mars.house, saint_mars.id)
    (photo,) = [each for each in saint_mars.rows(ActivityPhoto) if each.activity_id == activity_id]
    assert photo.state == PhotoState.broken
    assert "n’a pas pu être ouverte" in saint_mars.coordinator.get("followup.show_activity", activity_id=activity_id).text
    with saint_mars.at_home():
        assert db.session.get_one(Document, (saint_mars.id, photo.document_id)).read() == b""


def test_a_picture_of_too_many_points_is_refused(saint_mars):
    from workers.followup import cleaned

    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    assert cleaned(out.getvalue()) is None


def test_after_a_death_nobody_is_asked_to_phone_them(saint_mars, together):
    ada, bob = together.met("Zéphyrine"), together.met("Bob")
    activity_id = together.plans(day=(TODAY + timedelta(days=3)).isoformat())
    saint_mars.coordinator.post("followup.create_guests", {"guest": [str(ada), str(bob)]}, activity_id=activity_id)
    form = {"id": str(new_id()), "because": "died", "on": TODAY.isoformat(), "reason": ""}
    assert saint_mars.coordinator.post("people.create_closing", form, person_id=ada).status_code == 302
    assert list(guests(saint_mars, activity_id)) == [bob]
    form = {**form, "id": str(new_id())}
    assert saint_mars.coordinator.post("people.create_closing", form, person_id=bob).status_code == 302
    calls = [each for each in saint_mars.rows(Task) if each.kind == "activity_calls" and each.subject_id == activity_id]
    assert [each.state for each in calls] == [TaskState.gone]
