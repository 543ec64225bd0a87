"""What is refused on a phone is said where one looks, and what was typed or ticked is still there."""

import pytest
from sqlalchemy import select

from app.db import db, new_id
from app.followup.support import Side, SupportDecision, SupportMeeting
from tenants.months import month_of, today_in
from tests.browser.looking import looked_at
from tests.newcomer import newcomer

PLACE = "bourg-a-cote"


@pytest.fixture
def crew(house, addresses, live):
    with newcomer(house, addresses, slug=PLACE) as someone:
        yield someone


def idea(crew):
    """An activity without a day; returns its id."""
    form = {"id": str(new_id()), "kind": "meal", "title": "Soupe partagée", "about": "", "idea_of": ""}
    assert crew.coordinator.post("followup.create_idea", form).status_code == 302
    return form["id"]


def test_a_photo_that_is_too_heavy_is_said_before_it_is_sent(crew, opens):
    activity_id = idea(crew)
    page = opens(f"coordination.{PLACE}")
    page.goto(f"/c/{PLACE}/suivi/activites/{activity_id}/photos/nouvelle")
    page.fill("[name=caption]", "Une table dressée")
    page.set_input_files("[name=photo]", {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff" + bytes(11 * 1024 * 1024)})
    page.wait_for_selector("text=Cette photo pèse plus de 10 Mo.")
    looked_at(page)
    page.click("main .btn-primary")
    assert page.url.endswith("/nouvelle"), "Nothing was sent."
    page.set_input_files("[name=photo]", {"name": "photo.txt", "mimeType": "image/jpeg", "buffer": b"petit"})
    assert not page.is_visible("text=Cette photo pèse plus de 10 Mo.")
    page.click("main .btn-primary")
    page.wait_for_selector("text=n’est pas une photo que nous savons lire")
    assert page.input_value("[name=caption]") == "Une table dressée"


def decision(crew, what):
    """Something that the head decided to do with this team."""
    today = today_in("Europe/Paris")
    with crew.at_home():
        meeting = SupportMeeting(publisher_id=crew.id, id=new_id(), month=month_of(today), proposed_by=Side.network)
        db.session.add(meeting)
        db.session.flush()
        db.session.add(SupportDecision(publisher_id=crew.id, meeting_id=meeting.id, what=what, side=Side.network, who="Hélène", due_on=today))


def stands(crew, what):
    """Whether a decision is done, and whether it was put off."""
    row = crew.scalar(select(SupportDecision).where(SupportDecision.what == what))
    return row.done_at is not None, row.put_off_until is not None and row.put_off_until > today_in("Europe/Paris")


def test_what_was_decided_waits_for_the_head_on_a_phone(crew, opens):
    decision(crew, "Trouver une formatrice")
    page = opens("reseau")
    page.goto("/reseau/veille")
    page.click("main p a:text-matches('attend')")
    looked_at(page, dark=True)
    line = "li.care:has(h3:text-is('Trouver une formatrice'))"
    page.click(f"{line} button:has-text('Plus tard')")
    page.wait_for_selector("text=Elle reviendra dans une semaine")
    assert stands(crew, "Trouver une formatrice") == (False, True)
    page.click("a.nav-link:text-is('Plus tard')")
    looked_at(page)
    page.click(f"{line} button:has-text('Fait')")
    page.wait_for_selector("text=C’est fait, merci.")
    assert stands(crew, "Trouver une formatrice")[0] is True
    page.click("a.nav-link:text-is('Faites')")
    looked_at(page)
    page.click(f"{line} button:has-text('Ce n’était pas fait')")
    page.wait_for_selector("text=La décision attend de nouveau.")
    assert stands(crew, "Trouver une formatrice")[0] is False
    assert page.troubles == []
