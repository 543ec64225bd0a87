"""A month of a collective on a phone: a permanence with visitors whom nobody asks for a name, an activity that someone carries, a meeting with the
network whose decision becomes a task; and the figures of all of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import db, new_id
from app.followup.drop_ins import DropIn
from app.followup.support import SupportDecision
from app.people.models import Person, Stage
from tenants import ledger
from tenants.months import today_in
from tests.browser.looking import looked_at
from tests.mails import work_off
from tests.newcomer import newcomer
from tests.people.conftest import Files

TODAY = today_in("Europe/Paris")
WHO = "coordination.bourg-du-suivi"


@pytest.fixture
def crew(house, addresses, live):
    with newcomer(house, addresses, slug="bourg-du-suivi") as someone:
        yield someone


def counted_to(page, number):
    """The counter answered."""
    page.wait_for_selector(f"#grille .fig:first-child dd:text-is('{number}')")


def accompanied(crew, name):
    """Someone whom the collective accompanies; returns their id."""
    person_id = Files(crew).opens(name=name)
    step = {"id": str(new_id()), "stage": Stage.accompanied.value, "on": TODAY.isoformat(), "reason": ""}
    assert crew.coordinator.post("people.create_step", step, person_id=person_id).status_code == 302
    return person_id


def figures(crew):
    with crew.at_home():
        for month in db.session.scalars(ledger.months_waiting()).all():
            ledger.recount(month)
    return crew.figures()["ever"]


def test_a_permanence_with_visitors_whom_nobody_asks_for_a_name(crew, opens):
    person_id = accompanied(crew, "Ada")
    page = opens(WHO)
    page.goto(f"/c/{crew.slug}/suivi/")
    looked_at(page)
    page.click("text=Choisir le jour")
    page.select_option("[name=nth]", "second")
    page.select_option("[name=day_of_week]", "1")
    page.fill("[name=begins]", "10:00")
    page.fill("[name=ends]", "12:00")
    page.fill("[name=where]", "à la maison de quartier")
    page.fill("[name=phone]", "02 61 91 00 11")
    looked_at(page)
    page.click("main .btn-primary")
    if page.is_visible("text=Et les jours fériés ?"):
        looked_at(page)
        page.check("text=On ne fait rien ces jours-là")
        page.click("main .btn-primary")
    assert "Le deuxième mardi du mois" in page.inner_text("main")
    looked_at(page)
    page.click("text=Une permanence de plus")
    page.fill("[name=day]", TODAY.isoformat())
    page.select_option("[name=one]", label="Odile Brévin")
    page.select_option("[name=other]", label="Marius Talec")
    page.click("main .btn-primary")
    if page.is_visible("[name=sure]"):
        page.check("[name=sure]")
        page.click("main .btn-primary")
    looked_at(page)
    page.click("text=Noter qui est venu")
    looked_at(page)
    for number in range(1, 4):
        page.click("text=Une personne de plus")
        counted_to(page, number)
    page.click("#grille >> text=Annuler")
    counted_to(page, 2)
    page.click("text=Plusieurs personnes à la fois")
    page.fill("#nombre", "4")
    page.click("#grille >> text=Compter")
    counted_to(page, 6)
    page.click(".tap label:has-text('Ada')")
    page.click("main .dock .btn-primary")
    page.click("summary:has-text('De quoi on a parlé')")
    page.check("text=rencontrer du monde")
    page.click("text=Enregistrer les sujets")
    page.wait_for_load_state()
    looked_at(page)
    page.click("text=Retour")
    text = page.inner_text("main")
    assert "rencontrer du monde" in text
    assert "a eu lieu" in text
    counted = figures(crew)
    assert {code: counted[code] for code in ("drop_ins_planned", "drop_ins_held", "drop_in_known", "drop_in_anonymous")} == {
        "drop_ins_planned": 1,
        "drop_ins_held": 1,
        "drop_in_known": 1,
        "drop_in_anonymous": 6,
    }
    with crew.at_home():
        assert db.session.get_one(Person, (crew.id, person_id)).last_seen_on == TODAY
    assert [each.state.value for each in crew.rows(DropIn) if each.rule_id is None] == ["held"]


def test_an_activity_is_proposed_and_carried_and_the_path_moves(crew, opens):
    person_id = accompanied(crew, "Zéphyrine")
    page = opens(WHO)
    page.goto(f"/c/{crew.slug}/suivi/activites/")
    page.click("text=Noter une idée")
    page.check("text=Repas partagé")
    page.fill("[name=title]", "La soupe du lavoir")
    page.fill("[name=idea_of]", "Zéphyrine")
    looked_at(page)
    page.click("main .btn-primary")
    looked_at(page)
    page.click("text=Lui donner un jour")
    page.fill("[name=day]", (TODAY + timedelta(days=4)).isoformat())
    page.fill("[name=begins]", "12:00")
    page.fill("[name=ends]", "14:00")
    page.fill("[name=where]", "au lavoir")
    page.fill("[name=places]", "8")
    looked_at(page)
    page.click("main .btn-primary")
    if page.is_visible("[name=sure]"):
        page.check("[name=sure]")
        page.click("main .btn-primary")
    page.click("text=Qui inviter, qui appeler")
    looked_at(page)
    page.check("text=Zéphyrine")
    page.click("text=Mettre sur la liste")
    page.click("button[value=coming] >> nth=0")
    assert page.inner_text("main .list .badge") == "vient"
    page.click("text=Quelqu’un la porte")
    page.select_option("[name=person]", label="Zéphyrine")
    page.fill("[name=words]", "« D’accord, je fais la soupe. »")
    page.click("main .btn-primary")
    # Without the agreement nothing is noted.
    assert "Demandez-lui d’abord" in page.inner_text("main")
    looked_at(page)
    page.check("[name=agreed]")
    page.click("main .btn-primary")
    assert "Son chemin passe à" in page.inner_text("main .alert")
    page.click("main .list a:has-text('Zéphyrine')")
    assert page.inner_text(".path [aria-current]").startswith("Engagée")
    assert "Porte une activité : La soupe du lavoir" in page.inner_text(".story").replace("\xa0", " ")
    with crew.at_home():
        assert db.session.get_one(Person, (crew.id, person_id)).stage == Stage.engaged


def test_all_places_are_taken_and_one_is_given_back(crew, opens):
    accompanied(crew, "Zéphyrine")
    page = opens(WHO)
    page.goto(f"/c/{crew.slug}/suivi/activites/nouvelle")
    page.check("text=Sortie")
    values = {
        "title": "Voir la mer",
        "day": (TODAY + timedelta(days=4)).isoformat(),
        "begins": "09:00",
        "ends": "18:00",
        "where": "au car",
        "places": "1",
    }
    for name, value in values.items():
        page.fill(f"[name={name}]", value)
    page.click("main form .btn-primary")
    page.wait_for_load_state()
    if page.is_visible("[name=sure]"):
        page.check("[name=sure]")
        page.click("main form .btn-primary")
    # With the keyboard alone: one's own answer.
    page.focus("button:has-text('Je viens')")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=C’est noté : vous venez.")
    assert "De l’équipe, viennent : Odile Brévin." in page.inner_text("main").replace("\xa0", " ")
    looked_at(page)
    page.click("text=Qui inviter, qui appeler")
    page.check("text=Zéphyrine")
    page.click("text=Mettre sur la liste")
    page.click("button:has-text('Viendrait') >> nth=0")
    page.wait_for_selector("text=La personne est en attente")
    assert page.inner_text("main .list .badge") == "en attente"
    looked_at(page)
    page.click("a.back")
    page.click("text=Je ne viens pas")
    page.wait_for_selector("text=une personne qui attendait est à rappeler")
    looked_at(page)
    page.click("text=Qui inviter, qui appeler")
    assert page.inner_text("main .list .badge") == "à rappeler"
    assert page.troubles == []


def test_a_meeting_with_the_network_its_decision_its_task(crew, opens):
    head = opens("reseau")
    head.goto(f"/reseau/collectifs/{crew.id}/soutien/")
    looked_at(head)
    day = TODAY + timedelta(days=1)
    head.fill("[name=first_date]", f"{day}T14:00")
    head.fill("[name=where]", "à la mairie")
    head.click("main .btn-primary")
    looked_at(head)
    page = opens(WHO)
    page.goto(f"/c/{crew.slug}/suivi/soutien/")
    looked_at(page)
    page.click("main .list a >> nth=0")
    page.click("[name=proposal] >> nth=0")
    page.check("text=On fatigue")
    page.fill("[name=difficulties]", "La salle est prise le mardi")
    page.fill("[name=needs]", "Une affiche plus lisible")
    page.click("text=Enregistrer la note")
    page.wait_for_load_state()
    looked_at(page)
    head.reload()
    assert head.input_value("[name=needs]") == "Une affiche plus lisible"
    head.click("text=Ajouter une décision")
    head.fill("[name=what]", "Demander la salle")
    head.fill("[name=who]", "Odile")
    head.fill("[name=due_on]", TODAY.isoformat())
    head.click("text=Décider")
    head.wait_for_load_state()
    head.click("text=Signer la note")
    # What was on the other screen is of before: it is shown as it is now, and then signed.
    page.click("text=Signer la note")
    assert "relisez-la avant de signer" in page.inner_text("main")
    looked_at(page)
    page.click("text=Signer la note")
    assert "La note est signée de votre côté" in page.inner_text("main")
    page.goto(f"/c/{crew.slug}/a-faire/")
    assert "Demander la salle" in page.inner_text("main")
    page.click(".care:has-text('Demander la salle') >> button:has-text('Fait')")
    page.wait_for_load_state()
    head.reload()
    assert "fait" in head.inner_text("main .list .badge >> nth=0")
    looked_at(head)
    with crew.at_home():
        assert db.session.scalar(select(SupportDecision.done_at).where(SupportDecision.publisher_id == crew.id)) is not None
    assert {code: figures(crew)[code] for code in ("support_due", "support_held")} == {"support_due": 1, "support_held": 1}
    head.goto(f"/reseau/collectifs/{crew.id}")
    head.select_option("#groupe", "permanences")
    head.click("text=Montrer")
    head.wait_for_load_state()
    assert "permanence de soutien tenue" in head.inner_text("main")
    looked_at(head)
    work_off(crew.house, crew.id)
