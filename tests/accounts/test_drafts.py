"""What was typed when a session ended: kept sealed, found again, sent once."""

import html
import io
import re

import pytest
from sqlalchemy import select, update

from app.accounts.drafts import AT_ONCE, Draft
from app.accounts.models import SignIn
from app.db import db, new_id, now
from app.outreach.models import Round
from app.transaction import transaction
from tenants.months import today_in
from tests.cast import TOKEN

AREA = "Rue du Puits & de l’Étang"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def round_to_plan(crew):
    people = crew.members()
    team = [str(people[name]) for name in crew.names("volunteer", "second")]
    return {"id": str(new_id()), "area": AREA, "day": today_in("Europe/Paris").isoformat(), "team": team, "companions": "1", "kind": "door_to_door"}


def rounds_called(crew, area):
    return [each for each in crew.rows(Round) if each.area == area]


@pytest.fixture
def interrupted(house, saint_mars):
    """The coordinator sends a round whose sign-in has just ended; returns the answer."""
    solene = saint_mars.coordinator
    data = round_to_plan(saint_mars)
    with house.app_context(), transaction():
        db.session.execute(update(SignIn).where(SignIn.id == solene.sign_in_id).values(ended_at=now()))
    return solene.post("outreach.create", data)


@pytest.fixture
def draft_page(saint_mars, interrupted):
    """Where she lands after signing in again."""
    answer = saint_mars.coordinator.sign_in(saint_mars.coordinator.email)
    return answer.location


def test_a_form_of_an_ended_session_is_kept_sealed_and_not_taken(saint_mars, interrupted):
    assert interrupted.location.startswith("/connexion?next=")
    assert "Ce que vous aviez tapé est gardé" in saint_mars.coordinator.client.get(interrupted.location).text
    assert rounds_called(saint_mars, AREA) == []
    with saint_mars.at_home():
        draft = db.session.scalars(select(Draft)).one()
        assert ("area", AREA) in draft.typed()
        assert not {"csrf_token", "password"} & dict(draft.typed()).keys()
        sealed = bytes(draft.fields_sealed)
    for text in (AREA, "Puits", "area"):
        assert text.encode() not in sealed


def test_after_signing_in_one_finds_it_and_sends_it_once(saint_mars, draft_page):
    solene = saint_mars.coordinator
    page = solene.client.get(draft_page).text
    assert html.escape(AREA) in page
    # In the words of the form, not in those of the code.
    assert "<dt>Où allez-vous ?</dt>" in page
    assert not {"<dt>area</dt>", "<dt>team</dt>", '<dd class="mail">door_to_door</dd>'} & set(re.findall(r"<d[td].*?</d[td]>", page))
    sent = page[page.index('action="/c/saint-mars-du-desert/aller-vers/tournees"') :].split("</form>")[0]
    fields = {}
    for name, value in HIDDEN.findall(sent):
        fields.setdefault(name, []).append(html.unescape(value))
    assert TOKEN.search(sent)
    for _ in range(2):
        assert solene.client.post("/c/saint-mars-du-desert/aller-vers/tournees", data=fields).status_code == 302
    assert [each.companions for each in rounds_called(saint_mars, AREA)] == [1]
    assert saint_mars.rows(Draft) == []
    assert solene.client.get(draft_page).status_code == 404
    assert solene.sign_in(solene.email).location == "/"


def test_it_can_be_thrown_away(saint_mars, draft_page):
    for _twice in range(2):
        answer = saint_mars.coordinator.client.post(f"{draft_page}/oubli", data={"csrf_token": saint_mars.coordinator.token})
        assert answer.location == saint_mars.coordinator.address("desk.index")
    assert saint_mars.rows(Draft) == []
    assert rounds_called(saint_mars, AREA) == []


def test_what_another_typed_does_not_exist(saint_mars, ranzay, draft_page):
    elsewhere = draft_page.replace("saint-mars-du-desert", "nantes-ranzay")
    assert saint_mars.volunteer.client.get(draft_page).status_code == 404
    assert ranzay.coordinator.client.get(draft_page).status_code == 404
    assert ranzay.coordinator.client.get(elsewhere).status_code == 404
    for someone, address in ((saint_mars.volunteer, draft_page), (ranzay.coordinator, elsewhere)):
        assert someone.client.post(f"{address}/oubli", data={"csrf_token": someone.token}).status_code == 404
        draft_id = draft_page.rsplit("/", 1)[1]
        someone.post("outreach.create", {"draft_id": draft_id, "area": ""})
    assert saint_mars.coordinator.client.get(draft_page).status_code == 200
    assert len(saint_mars.rows(Draft)) == 1


def test_the_same_page_twice_keeps_the_last(saint_mars, interrupted):
    later = round_to_plan(saint_mars) | {"area": "Rue Haute"}
    saint_mars.coordinator.post("outreach.create", later)
    with saint_mars.at_home():
        assert dict(db.session.scalars(select(Draft)).one().typed())["area"] == "Rue Haute"


def test_the_latest_ones_are_kept_however_many_addresses_are_asked(saint_mars, interrupted):
    solene = saint_mars.coordinator
    for number in range(AT_ONCE + 3):
        answer = solene.client.post(f"{solene.address('outreach.create')}?n={number}", data={"area": f"Rue {number}", "csrf_token": solene.token})
        assert "Ce que vous aviez tapé est gardé" in solene.client.get(answer.location).text
    kept = {each.path.partition("?n=")[2] for each in saint_mars.rows(Draft)}
    assert kept == {str(number) for number in range(3, AT_ONCE + 3)}


def test_nothing_is_kept_for_who_was_never_in(saint_mars, ranzay, stranger):
    data = round_to_plan(saint_mars)
    stranger.client.post("/c/saint-mars-du-desert/aller-vers/tournees", data={**data, "csrf_token": stranger.token})
    paul = ranzay.volunteer
    with paul.house.app_context(), transaction():
        db.session.execute(update(SignIn).where(SignIn.id == paul.sign_in_id).values(ended_at=now()))
    paul.client.post("/c/saint-mars-du-desert/aller-vers/tournees", data={**data, "csrf_token": paul.token})
    assert saint_mars.rows(Draft) == []
    assert ranzay.rows(Draft) == []


def test_a_faulty_draft_comes_back_with_its_message(saint_mars, draft_page):
    solene = saint_mars.coordinator
    draft_id = draft_page.rsplit("/", 1)[1]
    answer = solene.post("outreach.create", {"draft_id": draft_id, "area": AREA, "day": "31/02/2026"})
    assert answer.status_code == 422
    assert html.escape(AREA) in answer.text
    assert "Ce jour n’existe pas" in answer.text


NUMBERS = "\r\n".join(f"02 40 {n // 100:02d} {n % 100:02d} 17  (palier {n}, escalier du fond, rappeler plutôt le soir)" for n in range(2000))


def ends(someone):
    with someone.house.app_context(), transaction():
        db.session.execute(update(SignIn).where(SignIn.id == someone.sign_in_id).values(ended_at=now()))


def test_a_long_list_of_numbers_is_kept_whole(saint_mars):
    solene, round_id = saint_mars.coordinator, saint_mars.plans(kind="phoning")
    ends(solene)
    solene.post("outreach.create_numbers", {"numbers": NUMBERS}, round_id=round_id)
    draft_page = solene.sign_in(solene.email).location
    kept = dict(HIDDEN.findall(solene.client.get(draft_page).text))["numbers"]
    assert html.unescape(kept) == NUMBERS


def test_a_file_is_not_kept_and_that_is_said(saint_mars):
    solene, year = saint_mars.coordinator, today_in("Europe/Paris").year
    for photo, said in (((io.BytesIO(b"\xff\xd8\xff"), "banc.jpg"), True), ((io.BytesIO(), ""), False)):
        ends(solene)
        data = {"id": str(new_id()), "caption": "Un banc repeint", "csrf_token": solene.token, "photo": photo}
        address = solene.address("reports.create_photo", year=year)
        answer = solene.client.post(address, data=data, content_type="multipart/form-data")
        page = solene.client.get(answer.location).text
        assert "Ce que vous aviez tapé est gardé" in page
        assert ("Le fichier que vous aviez choisi n’est pas gardé" in page) == said
        kept = solene.client.get(solene.sign_in(solene.email).location).text
        assert "Un banc repeint" in kept
        assert "Voici ce qui est gardé" in kept


def test_what_is_too_long_to_be_kept_is_said(saint_mars, stranger):
    solene = saint_mars.coordinator
    text = "Très long. " * 120_000
    ends(solene)
    answer = solene.post("outreach.create", round_to_plan(saint_mars) | {"area": text})
    page = solene.client.get(answer.location).text
    assert "trop long pour être gardé" in page
    assert "Ce que vous aviez tapé est gardé" not in page
    assert saint_mars.rows(Draft) == []
    # Whoever has no place here has nothing that could be kept, and is told nothing of it.
    answer = stranger.client.post("/c/saint-mars-du-desert/aller-vers/tournees", data={"area": text, "csrf_token": stranger.token})
    assert "trop long pour être gardé" not in stranger.client.get(answer.location).text


def test_what_is_too_long_with_a_token_of_a_former_session_says_where_it_is(saint_mars):
    solene = saint_mars.coordinator
    old = solene.token
    solene.sign_in(solene.email)
    data = round_to_plan(saint_mars) | {"area": "Très long. " * 120_000, "csrf_token": old}
    answer = solene.client.post("/c/saint-mars-du-desert/aller-vers/tournees", data=data, headers=OURS)
    assert answer.status_code == 400
    assert "ce que vous avez écrit y est encore" in answer.text
    assert saint_mars.rows(Draft) == []


OURS = {"Origin": "http://localhost"}


@pytest.mark.parametrize(
    ("headers", "kept"), [(OURS, True), ({"Origin": "https://elsewhere.example"}, False), ({}, False), ({**OURS, "X-Fragment": "grid"}, False)]
)
def test_a_form_with_the_token_of_a_former_session_is_kept_if_our_page_sent_it(saint_mars, headers, kept):
    solene = saint_mars.coordinator
    old = solene.token
    solene.sign_in(solene.email)
    address = "/c/saint-mars-du-desert/aller-vers/tournees"
    answer = solene.client.post(address, data={**round_to_plan(saint_mars), "csrf_token": old}, headers=headers)
    assert rounds_called(saint_mars, AREA) == []
    assert len(saint_mars.rows(Draft)) == kept
    if kept:
        assert answer.status_code == 302
        assert html.escape(AREA) in solene.client.get(answer.location).text
    else:
        assert answer.status_code == 400
