"""A month of a collective, on phones of 360 px: a permanence, a silence that someone hears, an activity that an inhabitant carries, a meeting with
the network, and the figures of all of it. The clock moves by moving back what was noted; nobody waits for it."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.db import db, new_id
from app.followup.activities import Activity
from app.followup.drop_ins import DropIn
from app.people.models import Person, Stage
from app.people.tasks import Task, TaskState
from tenants import ledger
from tenants.months import EVER, month_of, today_in
from tests.browser.looking import looked_at
from tests.browser.test_followup import counted_to
from tests.browser.test_towards_a_place import goes, recounts, sends
from tests.network.tiles import catalogued
from tests.newcomer import TEAM, newcomer
from tests.people.conftest import Files
from tests.servers import plain
from workers import perform

SLUG = "bourg-du-mois"
TODAY = today_in("Europe/Paris")
ADA = "Zéphyrine"
ODILE, MARIUS = TEAM["coordinator"][1], TEAM["volunteer"][1]
# What was counted, as the pages name it.
PERMANENCES = {"permanences prévues": 1, "permanences tenues": 1, "visites de personnes connues": 1, "autres visites aux permanences": 12}
SUPPORT = {"permanences de soutien attendues": 1, "permanences de soutien tenues": 1}
ACTIVITIES = {"activités": 1, "participations de personnes connues": 1, "autres participations": 9, "activités portées par des habitants": 1}
# Counts of people leave the team's room protected.
GUARDED = {1: "moins de 8", 9: "10", 12: "10"}
OF_PEOPLE = ("visites de personnes connues", "autres visites aux permanences", "participations de personnes connues", "autres participations")


@pytest.fixture
def crew(house, addresses, live):
    with newcomer(house, addresses, slug=SLUG) as someone:
        yield someone


@pytest.fixture
def ada(crew):
    """Someone whom Marius and Jeannine accompany."""
    files = Files(crew)
    person_id = files.opens(name=ADA, phone="02 61 91 44 88")
    assert files.pairs(person_id).status_code == 302
    step = {"id": str(new_id()), "stage": Stage.accompanied.value, "on": files.today, "reason": ""}
    assert crew.coordinator.post("people.create_step", step, person_id=person_id).status_code == 302
    return person_id


def answered(page):
    """What the page says after a form; a public holiday is asked about once."""
    page.wait_for_load_state()
    if page.is_visible("[name=sure]"):
        page.check("[name=sure]")
        sends(page)


def days_pass(crew, days):
    """So many days ago is when all of it was; then the night looks who waits."""
    back = timedelta(days=days)
    with crew.at_home():
        db.session.execute(update(Person).values(last_seen_on=Person.last_seen_on - back, found_on=Person.found_on - back))
        db.session.execute(update(DropIn).values(day=DropIn.day - back, planned_on=DropIn.planned_on - back))
        ledger.mark(TODAY - back)
    perform.serve(lambda: crew.house)
    perform.perform_for("settle_tasks", str(crew.id))


def test_a_month_of_a_collective(crew, ada, opens):
    marius, odile, head = opens(f"benevole.{SLUG}"), opens(f"coordination.{SLUG}"), opens("reseau")
    a_permanence_where_nobody_is_asked_for_a_name(odile, marius)
    days_pass(crew, 31)
    a_silence_a_task_a_call_a_contact(crew, marius, ada)
    an_idea_becomes_an_activity_and_someone_carries_it(crew, marius, ada)
    a_meeting_with_the_network_a_decision_a_task(crew, odile, head)
    recounts(crew)
    the_collective_reads_its_figures(odile)
    the_network_reads_them_protected(head)
    assert marius.troubles == odile.troubles == head.troubles == []


def a_permanence_where_nobody_is_asked_for_a_name(odile, marius):
    odile.goto(f"/c/{SLUG}/suivi/permanences/nouvelle")
    for name, value in (("day", TODAY.isoformat()), ("begins", "10:00"), ("ends", "12:00"), ("where", "à la maison de quartier")):
        odile.fill(f"[name={name}]", value)
    odile.select_option("[name=one]", label=MARIUS)
    sends(odile)
    answered(odile)
    looked_at(odile)
    marius.goto(f"/c/{SLUG}/suivi/")
    goes(marius, "Ouvrir la permanence")
    goes(marius, "Noter qui est venu")
    looked_at(marius)
    for number in range(1, 4):
        marius.click("text=Une personne de plus")
        counted_to(marius, number)
    marius.click("text=Plusieurs personnes à la fois")
    marius.fill("#nombre", "9")
    marius.click("#grille >> text=Compter")
    counted_to(marius, 12)
    marius.click(f".tap label:has-text('{ADA}')")
    marius.click("main .dock .btn-primary")
    marius.wait_for_selector("#grille .fig:last-child dd:text-is('1')")


def a_silence_a_task_a_call_a_contact(crew, marius, ada):
    marius.goto(f"/c/{SLUG}/")
    assert f"Prendre des nouvelles de {ADA}" in marius.inner_text("main")
    assert "Personne ne l’a vue depuis 31 jours." in marius.inner_text("main")
    looked_at(marius)
    # Two taps: that one has called, and how it went.
    goes(marius, "J’ai appelé")
    marius.click("text=On s’est parlé, tout va bien")
    marius.wait_for_selector(f"h1:has-text('{ADA}')")
    assert "Un appel : tout va bien" in plain(marius.locator(".story li").first.inner_text())
    marius.goto(f"/c/{SLUG}/a-faire/")
    assert f"Prendre des nouvelles de {ADA}" not in marius.inner_text("main")
    assert Files(crew).person(ada).last_seen_on == TODAY


def an_idea_becomes_an_activity_and_someone_carries_it(crew, marius, ada):
    marius.goto(f"/c/{SLUG}/suivi/activites/idees/nouvelle")
    marius.check("text=Repas partagé")
    marius.fill("[name=title]", "La soupe du lavoir")
    marius.fill("[name=idea_of]", ADA)
    sends(marius)
    goes(marius, "Lui donner un jour")
    for name, value in (("day", (TODAY + timedelta(days=4)).isoformat()), ("begins", "12:00"), ("ends", "14:00"), ("where", "au lavoir")):
        marius.fill(f"[name={name}]", value)
    sends(marius)
    answered(marius)
    goes(marius, "Qui inviter, qui appeler")
    goes(marius, "Quelqu’un la porte")
    marius.select_option("[name=person]", label=ADA)
    marius.fill("[name=words]", "« D’accord, je fais la soupe. »")
    marius.check("[name=agreed]")
    sends(marius)
    assert "Son chemin passe à" in marius.inner_text("main .alert")
    goes(marius, ADA)
    assert marius.inner_text(".path [aria-current]").startswith("Engagée")
    assert "Porte une activité : La soupe du lavoir" in plain(marius.inner_text(".story"))
    assert Files(crew).person(ada).stage == Stage.engaged
    with crew.at_home():
        db.session.execute(update(Activity).values(day=TODAY))
    marius.goto(f"/c/{SLUG}/suivi/activites/")
    goes(marius, "La soupe du lavoir")
    goes(marius, "Noter qui est venu")
    marius.click("text=Plusieurs personnes à la fois")
    marius.fill("#nombre", "9")
    marius.click("#grille >> text=Compter")
    counted_to(marius, 9)
    marius.click(f".tap label:has-text('{ADA}')")
    marius.click("main .dock .btn-primary")
    marius.wait_for_selector("#grille .fig:last-child dd:text-is('1')")
    looked_at(marius)


def a_meeting_with_the_network_a_decision_a_task(crew, odile, head):
    head.goto(f"/reseau/collectifs/{crew.id}/soutien/")
    head.fill("[name=first_date]", f"{TODAY}T18:00")
    head.fill("[name=where]", "à la mairie")
    sends(head)
    odile.goto(f"/c/{SLUG}/suivi/")
    assert "Des dates sont proposées" in odile.inner_text("#soutien ~ *")
    goes(odile, "Les permanences de soutien")
    odile.click("main .list a >> nth=0")
    odile.click("[name=proposal] >> nth=0")
    odile.check("text=Ça tient")
    odile.fill("[name=needs]", "Une affiche plus lisible")
    odile.click("text=Enregistrer la note")
    odile.wait_for_load_state()
    odile.click("text=Ajouter une décision")
    odile.fill("[name=what]", "Demander la salle du bas")
    odile.fill("[name=who]", ODILE)
    odile.fill("[name=due_on]", TODAY.isoformat())
    odile.click("button:has-text('Décider')")
    odile.wait_for_load_state()
    for page in (odile, head):
        page.reload()
        page.click("text=Signer la note")
        page.wait_for_selector("text=La note est signée de votre côté")
    odile.goto(f"/c/{SLUG}/a-faire/")
    odile.click(".care:has-text('Demander la salle du bas') >> button:has-text('Fait')")
    odile.wait_for_selector("text=C’est fait, merci")
    (task,) = [each for each in crew.rows(Task) if each.kind == "decision"]
    assert task.state == TaskState.done
    head.reload()
    assert head.inner_text("main .list .badge >> nth=0") == "fait"
    looked_at(head)


def figures_on(page, section):
    """What a section of a page of figures says, by label."""
    labels, values = (map(plain, page.locator(f"{section} .fig {each}").all_inner_texts()) for each in ("dt", "dd"))
    return dict(zip(map(catalogued, labels), values, strict=True))


def the_collective_reads_its_figures(odile):
    this_month = {}
    for group, expected in (("permanences", PERMANENCES | SUPPORT), ("activites", ACTIVITIES)):
        odile.goto(f"/c/{SLUG}/chiffres?groupe={group}")
        looked_at(odile)
        told = figures_on(odile, f"section[aria-labelledby='p-{EVER}']")
        assert {label: told[label] for label in expected} == {label: str(value) for label, value in expected.items()}
        this_month |= figures_on(odile, f"section[aria-labelledby='p-{month_of(TODAY)}']")
    # The permanence was a month ago.
    assert (this_month["activités"], this_month["permanences tenues"]) == ("1", "0")


def the_network_reads_them_protected(head):
    for group, expected in (("permanences", PERMANENCES | SUPPORT), ("activites", ACTIVITIES)):
        head.goto(f"/reseau/?periode=toujours&groupe={group}&recherche=gueret")
        row = head.locator("tbody tr:has-text('Guéret')").first
        for label, value in expected.items():
            told = GUARDED[value] if label in OF_PEOPLE else str(value)
            assert plain(row.locator(f"td[data-label='{label}']").inner_text()) == told, label
        looked_at(head)
    head.click("tbody th a:has-text('Guéret')")
    head.wait_for_load_state()
    assert figures_on(head, "main")["personnes sans nouvelles depuis 60 jours"] == "0"
    assert ADA not in head.content()
