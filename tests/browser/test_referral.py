"""On a phone: a person is taken along, the mail is read before it leaves, the place answers from its link."""

import re
from urllib.parse import urlsplit

from tests.browser.looking import RULES, axe
from tests.browser.test_pages import S, go

LINK = re.compile(r"http\S+/reponse/\S+")


def sound(page):
    page.set_viewport_size({"width": 360, "height": 4000})
    found = axe(page, RULES)
    page.set_viewport_size({"width": 360, "height": 740})
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert [each for each in page.troubles if "410" not in each and "422" not in each] == []


def test_from_a_person_to_a_place_and_back(opens):
    page = opens("coordination.saint-mars-du-desert")
    go(page, f"{S}/personnes/ > Accompagnée > Orienter > Café partagé du mardi")
    sound(page)
    # Without an agreement nothing goes on, and what was typed is there.
    page.fill("#reason", "Un café, et quelqu’un à qui parler du jardin.")
    page.click("text=Relire avant d’envoyer")
    page.wait_for_selector("main:has-text('Dites si la personne est d’accord')")
    sound(page)
    page.check("text=Oui, elle me l’a dit")
    page.fill("#called", "Madame S.")
    page.click("text=Relire avant d’envoyer")
    page.wait_for_selector("text=Envoyer ce message")
    seen = page.inner_text("#mail")
    assert "Madame S." in seen
    assert "quelqu’un à qui parler du jardin" in seen
    sound(page)
    page.click("text=Envoyer ce message")
    page.wait_for_selector("main:has-text('La demande est partie')")
    sound(page)
    stood = page.url
    place = opens(None)
    place.goto(urlsplit(LINK.search(seen).group(0)).path)
    place.wait_for_selector("h1:has-text('Pouvez-vous accueillir quelqu’un')")
    sound(place)
    place.click("text=Envoyer ma réponse")
    place.wait_for_selector("main:has-text('Choisissez une réponse')")
    place.check("text=Oui, nous pouvons accueillir")
    place.fill("#words", "Mardi à 15 h, demandez Rozenn.")
    place.click("text=Envoyer ma réponse")
    place.wait_for_selector("h1:has-text('Merci, votre réponse est arrivée')")
    sound(place)
    place.reload()
    place.wait_for_selector("main:has-text('Vous avez dit oui')")
    page.goto(stood)
    page.wait_for_selector("main:has-text('Mardi à 15 h, demandez Rozenn.')")
    page.check("text=La personne y est allée, accompagnée")
    page.click("main button:has-text('Garder')")
    page.click("main a.back")
    page.wait_for_selector("#histoire")
    story = page.inner_text("#histoire ~ ol").replace("\xa0", " ")
    assert "La personne y est allée, accompagnée : Maison des Possibles" in story
    assert "Maison des Possibles a dit oui" in story
