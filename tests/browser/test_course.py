"""A whole course on a phone: opened, twelve enrolled, eight sessions, two who miss too many, certificates, opinions, report, figures."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import db
from app.training.models import Course, sessions_of_course
from app.training.participants import Participant
from tenants import ledger
from tenants.months import today_in
from tests.browser.looking import looked_at
from tests.mails import work_off
from tests.newcomer import newcomer
from workers import perform

NAMES = ("Amina", "Bernard", "Chantal", "Driss", "Élodie", "Farid", "Gwenaëlle", "Hervé", "Inès", "Maëlle", "Nadia", "Pascal")
MISSING = ("Hervé", "Pascal")
TODAY = today_in("Europe/Paris")


@pytest.fixture
def crew(house, addresses, live):
    with newcomer(house, addresses, slug="bourg-du-parcours") as someone:
        yield someone


def test_a_whole_course_on_a_phone(crew, opens):
    page = opens("coordination.bourg-du-parcours")
    page.goto(f"/c/{crew.slug}/parcours/")
    looked_at(page)
    page.click("text=Ouvrir un parcours")
    page.fill("[name=day]", TODAY.isoformat())
    page.fill("[name=begins]", "18:00")
    page.fill("[name=place]", "Salle des fêtes")
    page.check("text=Odile Brévin")
    looked_at(page)
    page.click("main .btn-primary")
    enrols_alone(page, opens(), NAMES[-1])
    for name in NAMES[:-1]:
        page.click("text=Inscrire quelqu’un")
        page.fill("[name=name]", name)
        if name == NAMES[0]:
            looked_at(page)
        page.click("main .btn-primary")
    looked_at(page)
    course_page = page.url
    (course,) = crew.rows(Course)
    with crew.at_home():
        sessions = db.session.scalars(sessions_of_course(course.id)).all()
        for each in sessions:
            each.day = TODAY - timedelta(days=7 * (8 - each.position))
        ids = [each.id for each in sessions]
    for number, session_id in enumerate(ids):
        page.goto(f"/c/{crew.slug}/parcours/seances/{session_id}/presences")
        for name in NAMES:
            if name not in MISSING or number < 2:
                page.click(f".tap label:has-text('{name}')")
        if number == 5:
            assert "n’atteindra plus 6 séances" in page.inner_text(".tap label:has-text('Hervé')")
            looked_at(page)
        page.click("main .dock .btn-primary")
        assert f"{12 if number < 2 else 10} présences" in page.inner_text("main .alert")
    for path in ("", "/precisions", "/bilan", "/mur", "/trace"):
        page.goto(f"/c/{crew.slug}/parcours/seances/{ids[-1]}{path}")
        looked_at(page)
    page.goto(course_page)
    looked_at(page)
    page.click("text=Toutes les attestations")
    assert page.locator("progress").count() == 1
    looked_at(page)
    work_off(crew.house, crew.id)
    # The page looks again by itself.
    page.wait_for_selector("text=Votre document est prêt")
    looked_at(page)
    with page.expect_download() as download:
        page.click("text=Télécharger le PDF")
    assert download.value.suggested_filename == "attestations.pdf"
    with crew.at_home():
        codes = [each.certificate for each in db.session.scalars(select(Participant)) if each.certificate]
    assert len(codes) == 10
    public = opens()
    public.goto("/attestation")
    public.fill("[name=certificate]", codes[0])
    public.click("main .btn-primary")
    assert "Cette attestation est vraie." in public.inner_text("main")
    looked_at(public)
    hears(crew, page, public, course_page)
    page.goto(course_page)
    page.click("text=Terminer le parcours")
    with crew.at_home():
        for month in db.session.scalars(ledger.months_waiting()).all():
            ledger.recount(month)
    perform.serve(lambda: crew.house)
    perform.fold()
    ever = crew.figures()["ever"]
    assert {code: ever[code] for code in ("courses_started", "sessions_held", "participants", "completions", "certificates", "presences")} == {
        "courses_started": 1,
        "sessions_held": 8,
        "participants": 12,
        "completions": 10,
        "certificates": 10,
        "presences": 84,
    }
    head = opens("reseau")
    head.goto(f"/reseau/collectifs/{crew.id}?groupe=parcours")
    assert head.locator(".fig:has(dt:text-is('attestations')) dd").last.inner_text() == "10"
    head.goto("/reseau/parcours")
    looked_at(head)
    head.click("main .list a >> nth=0")
    looked_at(head)


def enrols_alone(page, public, name):
    """Through the link, which the coordination opens and closes again."""
    page.click("text=Ouvrir un lien")
    link = "/" + page.inner_text("main .mail").split("/", 3)[3]
    public.goto(link)
    looked_at(public)
    public.fill("[name=name]", name)
    public.fill("[name=contact]", "02 61 91 20 00")
    public.click("main .btn-primary")
    assert "C’est noté" in public.inner_text("main")
    looked_at(public)
    page.click("text=Fermer le lien")


def hears(crew, page, public, course_page):
    """The link of the questionnaire, four answers through it and one from paper, what they say; then the trainer's report."""
    page.goto(course_page)
    page.click("text=L’avis des personnes")
    looked_at(page)
    link = "/" + page.inner_text("main .mail").split("/", 3)[3]
    for number in range(4):
        public.goto(link)
        if number == 0:
            looked_at(public)
            public.click("main .btn-primary")
            assert "Répondez à une question au moins." in public.inner_text("main")
            looked_at(public)
        for name in ("useful", "at_ease", "recommend"):
            public.check(f"[name={name}][value='4']")
        public.check("[name=ready][value='2']")
        public.click("main .btn-primary")
        assert "sans votre nom" in public.inner_text("main")
    looked_at(public)
    page.click("text=Recopier une feuille")
    looked_at(page)
    page.check("[name=ready][value='3']")
    page.fill("[name=remark]", "Écrit au crayon.")
    page.click("main .btn-primary")
    page.click("text=C’était la dernière")
    page.click("text=Fermer et lire les réponses")
    said = page.inner_text("main")
    assert "5 réponses pour 12 personnes inscrites, dont 1 sur papier" in said
    assert "Écrit au crayon." in said
    assert "1 sur 5" in said, "Of five who answered one would dare: the third question."
    looked_at(page)
    public.goto(link)
    assert "fermé" in public.inner_text("main")
    looked_at(public)
    page.goto(course_page)
    page.click("text=Bilan du parcours")
    looked_at(page)
    page.click("text=Écrire le bilan")
    page.fill("[name=went_well]", "Les jeux de rôle.")
    looked_at(page)
    page.click("main .btn-primary")
    assert "Au bout du parcours : 10 sur 12." in page.inner_text("main").replace("\xa0", " ")
    looked_at(page)
