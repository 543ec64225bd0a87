"""A resource answers from its link: looking changes nothing, the button answers once, and a link may end."""

import html
from uuid import uuid4

import pytest
from sqlalchemy import update

from app.db import db, now
from app.demo.world import DOMAIN
from app.limits import limiter
from app.referral.referrals import ReferralState
from tenants.models import Membership
from tests.mails import mails_to, work_off


def test_a_filter_that_opens_the_link_answers_nothing(journey, stranger):
    referral_id = journey.sends()
    token = journey.token(referral_id)
    for _ in range(3):
        page = stranger.get("referral_answer.show", token=token)
    assert page.status_code == 200
    assert journey.row(referral_id).state == ReferralState.sent
    assert 'method="post"' in page.text


def test_the_page_tells_what_its_sender_chose_and_nothing_else(saint_mars, journey, stranger):
    referral_id = journey.sends()
    text = html.unescape(stranger.get("referral_answer.show", token=journey.token(referral_id)).text)
    assert "Elle coud depuis toujours" in text
    for hidden in ("Ada", "Tilleuls", "le jeudi", "Maëlle"):
        assert hidden not in text, hidden
    named = journey.sends(called="Ada, 74 ans", reached="chez sa voisine")
    text = html.unescape(stranger.get("referral_answer.show", token=journey.token(named)).text)
    assert "Ada, 74 ans" in text
    assert "chez sa voisine" in text


@pytest.mark.parametrize(("answer", "state"), [("yes", ReferralState.accepted), ("no", ReferralState.refused)])
def test_an_answer_is_given_once(saint_mars, journey, stranger, answer, state):
    referral_id = journey.sends()
    token = journey.token(referral_id)
    first = stranger.post("referral_answer.create", {"answer": answer, "words": "Parce que."}, token=token)
    assert first.status_code == 200
    assert "Merci, votre réponse est arrivée" in first.text
    other = "no" if answer == "yes" else "yes"
    second = stranger.post("referral_answer.create", {"answer": other, "words": "Autre chose."}, token=token)
    assert second.status_code == 200
    assert "Vous avez dit oui" in second.text if answer == "yes" else "Vous avez dit non" in second.text
    assert journey.row(referral_id).state == state
    shown = stranger.get("referral_answer.show", token=token).text
    assert "Parce que." in shown
    assert "Elle coud depuis toujours" not in html.unescape(shown), "Once answered, the page keeps no more than the answer."
    page = html.unescape(saint_mars.volunteer.get("referral.show_referral", referral_id=referral_id).text)
    assert "Parce que." in page


def test_a_refusal_says_why_and_what_was_typed_is_kept(journey, stranger):
    referral_id = journey.sends()
    token = journey.token(referral_id)
    answer = stranger.post("referral_answer.create", {"answer": "no", "words": " "}, token=token)
    assert answer.status_code == 422
    assert "Dites pourquoi en quelques mots" in answer.text
    assert stranger.post("referral_answer.create", {}, token=token).status_code == 422
    assert journey.row(referral_id).state == ReferralState.sent


def test_one_may_answer_later(saint_mars, journey, stranger):
    referral_id = journey.sends()
    token = journey.token(referral_id)
    said = stranger.post("referral_answer.create", {"answer": "later"}, token=token)
    assert "vous répondrez plus tard" in said.text
    assert journey.row(referral_id).waits
    assert "répondrait plus tard" in html.unescape(saint_mars.volunteer.get("referral.show_referral", referral_id=referral_id).text)
    stranger.post("referral_answer.create", {"answer": "yes"}, token=token)
    assert journey.row(referral_id).state == ReferralState.accepted


def test_later_is_said_once_and_the_thirty_days_count_from_there(saint_mars, journey, stranger):
    referral_id = journey.sends()
    token = journey.token(referral_id)
    for days in (20, 31):
        stranger.post("referral_answer.create", {"answer": "later"}, token=token)
        assert journey.row(referral_id).waits
        journey.ages(referral_id, days)
    journey.night()
    assert journey.row(referral_id).state == ReferralState.expired


def test_a_link_ends_with_what_it_is_for(saint_mars, journey, stranger):
    referral_id = journey.sends()
    assert saint_mars.volunteer.post("referral.create_cancellation", {"reason": ""}, referral_id=referral_id).status_code == 422
    saint_mars.volunteer.post("referral.create_cancellation", {"reason": "Elle préfère attendre."}, referral_id=referral_id)
    for answer in (
        stranger.get("referral_answer.show", token=journey.token(referral_id)),
        stranger.post("referral_answer.create", {"answer": "yes"}, token=journey.token(referral_id)),
    ):
        assert answer.status_code == 410
        assert "n’attend plus de réponse" in answer.text
        assert "Elle préfère attendre" not in answer.text
    assert journey.row(referral_id).state == ReferralState.cancelled


def test_a_draft_has_no_page_yet(journey, stranger):
    assert stranger.get("referral_answer.show", token=journey.token(journey.drafts())).status_code == 410


def test_a_link_cannot_be_guessed_or_moved(saint_mars, ranzay, journey, stranger):
    referral_id = journey.sends()
    token = journey.token(referral_id)
    from app.referral.letters import answer_token

    with saint_mars.house.app_context():
        moved, nobody = answer_token(ranzay.id, referral_id), answer_token(uuid4(), referral_id)
    assert stranger.get("referral_answer.show", token=token[:-2] + "xx").status_code == 404
    assert stranger.get("referral_answer.show", token="nimporte").status_code == 404
    assert stranger.get("referral_answer.show", token=nobody).status_code == 404
    assert stranger.get("referral_answer.show", token=moved).status_code == 410


def test_trying_is_limited(journey, stranger):
    token = journey.token(journey.sends())
    assert limiter.enabled
    answers = [stranger.post("referral_answer.create", {"answer": ""}, token=token).status_code for _ in range(31)]
    assert answers[:30] == [422] * 30
    assert answers[30] == 429


def test_what_looks_like_health_is_asked_about_once(journey, stranger):
    token = journey.token(journey.sends())
    form = {"answer": "yes", "words": "Nous avons un groupe pour le diabète."}
    answer = stranger.post("referral_answer.create", form, token=token)
    assert answer.status_code == 422
    assert "parle peut-être de santé" in answer.text
    assert "un groupe pour le diabète" in answer.text
    assert stranger.post("referral_answer.create", {**form, "keep_words": "y"}, token=token).status_code == 200


def test_whoever_has_left_is_told_of_no_answer(house, saint_mars, journey, stranger):
    token = journey.token(journey.sends())
    work_off(house, saint_mars.id)
    email = f"benevole.{saint_mars.slug}@{DOMAIN}"
    before = len(mails_to(house, email))
    with saint_mars.at_home():
        db.session.execute(update(Membership).where(Membership.display_name == saint_mars.names("volunteer")[0]).values(left_at=now()))
    assert stranger.post("referral_answer.create", {"answer": "yes", "words": ""}, token=token).status_code == 200
    work_off(house, saint_mars.id)
    assert len(mails_to(house, email)) == before
