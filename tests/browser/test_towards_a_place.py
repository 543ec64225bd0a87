"""From a closed door to a place that helps: a person met in a stairwell, a yes, a visit in a pair, circles, and figures that move."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from app.db import db, now
from app.people.home_meetings import HomeMeeting
from app.people.models import Person, Stage
from tenants import ledger
from tenants.months import EVER, today_in
from tests.browser.test_referral import LINK
from tests.mails import work_off
from tests.newcomer import TEAM, newcomer
from tests.referral.places import Journey
from workers import perform

SLUG = "bourg-du-chemin"
ADA = "Ada"


@pytest.fixture
def crew(house, addresses, live):
    with newcomer(house, addresses, slug=SLUG) as someone:
        yield someone


def goes(page, words):
    """Follow a link of the page by its words."""
    page.click(f"main a:has-text('{words}') >> nth=0")
    page.wait_for_load_state()


def sends(page):
    """The filled button of the page."""
    page.click("main form .btn-primary")
    page.wait_for_load_state()


def hours_pass(crew, **hours):
    """What was planned for tomorrow has been."""
    with crew.at_home():
        for meeting in db.session.scalars(select(HomeMeeting)):
            meeting.starts_at = now() - timedelta(**hours)


def recounts(crew):
    work_off(crew.house, crew.id)
    perform.serve(lambda: crew.house)
    with crew.at_home():
        months = db.session.scalars(ledger.months_waiting()).all()
    for month in months:
        perform.recount(str(crew.id), month)
    perform.fold()


def test_from_a_door_to_a_place_that_helps(crew, opens):
    round_id = crew.plans("Rue du Moulin")
    building_id = crew.adds_building(round_id)
    marius = opens(f"benevole.{SLUG}")
    marius.goto(f"/c/{SLUG}/aller-vers/tournees/{round_id}/immeubles/{building_id}")
    marius.click("a[data-door='3/34']")
    marius.click("dialog button[name=isolation]")
    marius.wait_for_selector("text=1 porte sur 18")

    marius.goto(f"/c/{SLUG}/aller-vers/tournees/{round_id}")
    goes(marius, "Quelqu’un est d’accord")
    marius.fill("[name=name]", ADA)
    marius.fill("[name=words]", "« Oui, repassez, ça me fera de la compagnie. »")
    marius.select_option("[name=agreed_to]", label=TEAM["volunteer"][1])
    sends(marius)

    odile = opens(f"coordination.{SLUG}")
    goes(odile, "Choisir deux personnes")
    odile.select_option("[name=one]", label=TEAM["volunteer"][1])
    odile.select_option("[name=other]", label=TEAM["second"][1])
    sends(odile)
    odile.goto(f"/c/{SLUG}/")
    goes(odile, "Proposer un rendez-vous")
    odile.fill("[name=day]", (today_in("Europe/Paris") + timedelta(days=1)).isoformat())
    odile.fill("[name=hour]", "14:30")
    sends(odile)
    hours_pass(crew, hours=5)

    odile.goto(f"/c/{SLUG}/")
    assert "Prendre des nouvelles du binôme d’Ada" in odile.inner_text("main")
    marius.goto(f"/c/{SLUG}/personnes/")
    goes(marius, ADA)
    goes(marius, "La prochaine rencontre")
    marius.click("text=Je suis de retour")
    marius.fill("[name=heard]", "Elle jouait de l’accordéon. Elle aimerait revoir du monde le jeudi.")
    marius.click("button:has-text('Garder')")
    marius.wait_for_load_state()
    # What was heard is a meeting: the path has moved by itself.
    marius.goto(f"/c/{SLUG}/personnes/")
    goes(marius, ADA)
    goes(marius, "Mesurer")
    for circle, often in (("family", "1"), ("friends", "0"), ("neighbours", "2")):
        marius.check(f"[name={circle}][value='{often}']")
    sends(marius)
    assert "Elle jouait de l’accordéon" in marius.inner_text("main")
    (person,) = crew.rows(Person)
    assert (person.stage, person.last_seen_on) == (Stage.met, today_in("Europe/Paris"))

    taken_along(crew, odile, opens(None))

    recounts(crew)
    ever = crew.figures()[EVER]
    assert (ever["doors"], ever["people_met"], ever["home_meetings"], ever["referrals"], ever["referrals_accepted"]) == (1, 1, 1, 1, 1)
    odile.goto(f"/c/{SLUG}/chiffres?groupe=orientation")
    assert odile.locator(".fig:has(dt:text-is('orientation')) dd").last.inner_text() == "1"
    head = opens("reseau")
    head.goto("/reseau/?periode=toujours&recherche=gueret")
    assert head.locator("tbody tr:has-text('Guéret') td[data-label=portes]").first.inner_text() == "1"
    head.goto("/reseau/?periode=toujours&groupe=orientation&recherche=gueret")
    assert "1" in head.locator("tbody tr:has-text('Guéret')").first.inner_text()
    assert marius.troubles == odile.troubles == head.troubles == []


def taken_along(crew, odile, place):
    """A place is asked, answers from its link without an account, and the story tells it."""
    Journey(crew, None).resource(town="Guéret", postal_code="23000")
    odile.goto(f"/c/{SLUG}/personnes/")
    goes(odile, ADA)
    goes(odile, "Orienter")
    goes(odile, "Atelier couture")
    odile.fill("#reason", "Coudre avec d’autres, le jeudi.")
    odile.check("text=Oui, elle me l’a dit")
    odile.fill("#called", "Ada")
    odile.click("text=Relire avant d’envoyer")
    odile.wait_for_selector("text=Envoyer ce message")
    seen = odile.inner_text("#mail")
    odile.click("text=Envoyer ce message")
    odile.wait_for_selector("main:has-text('La demande est partie')")
    place.goto(urlsplit(LINK.search(seen).group(0)).path)
    place.check("text=Oui, nous pouvons accueillir")
    place.fill("#words", "Jeudi à 14 h, demandez Rozenn.")
    place.click("text=Envoyer ma réponse")
    place.wait_for_selector("h1:has-text('Merci, votre réponse est arrivée')")
    odile.goto(f"/c/{SLUG}/personnes/")
    goes(odile, ADA)
    story = odile.inner_text("#histoire ~ ol")
    assert "Le Fil d’Or a dit oui" in story
    assert "Jeudi à 14 h, demandez Rozenn." in story
    assert place.troubles == []
