"""Every page on a small phone: nothing that axe objects to, light and dark; nothing wider than the screen; nothing too small to touch."""

import pytest

from tenants.months import today_in
from tests.browser.looking import CONTRAST, RULES, SMALL, axe

S = "/c/saint-mars-du-desert"
# A path, then the words of the links that a person follows from there.
PERSON = f"{S}/personnes/ > Bachir"
COURSE, FINISHED = f"{S}/parcours/ > Salle des Cèdres", f"{S}/parcours/ > Maison des associations"
PRESCRIPTIONS, PARTNERS = f"{S}/orientation/prescriptions/", f"{S}/orientation/partenaires/"
YEAR = today_in("Europe/Paris").year
TOLD = ["/rapports/", f"/rapports/saint-mars-du-desert/{YEAR}", f"/rapports/reseau/{YEAR}", "/decouvrir/", "/decouvrir/saint-mars-du-desert"]
WATCHED = [
    "/reseau/veille",
    "/reseau/a-faire",
    "/reseau/rapports",
    f"/reseau/rapports/{YEAR}",
    f"/reseau/rapports/{YEAR}/textes",
    f"/reseau/rapports/{YEAR}/photos/nouvelle",
    f"/reseau/rapports/{YEAR}/photos/parues",
    "/reseau/courbes",
]
DROP_INS, ACTIVITIES, SUPPORT = (f"{S}/suivi/{name}/" for name in ("permanences", "activites", "soutien"))
PAGES = {
    None: ["/connexion", "/mot-de-passe/oubli", "/_ui", "/rien", "/demo/mails", "/indicateurs", "/invitation/nimporte", "/suivi", *TOLD],
    "coordination.saint-mars-du-desert": [
        f"{S}/",
        f"{S}/aller-vers/",
        f"{S}/aller-vers/?liste=terminees",
        f"{S}/aller-vers/tournees/nouvelle",
        f"{S}/equipe/",
        f"{S}/equipe/ > Retirer Solène Abgrall",
        f"{S}/chiffres",
        "/compte",
        "/collectifs",
        "round",
        "round edit",
        "reopening",
        f"{S}/aller-vers/mois",
        f"{S}/rapports/",
        f"{S}/rapports/{YEAR}",
        f"{S}/rapports/{YEAR}/textes",
        f"{S}/rapports/{YEAR}/photos/nouvelle",
        f"{S}/rapports/{YEAR}/photos/parues",
        f"{S}/rapports/page-publique",
        f"{S}/rapports/courbes?chiffre=situations",
        f"{S}/suivi/veille",
        f"{S}/suivi/liens",
        f"{S}/a-faire/",
        f"{S}/a-faire/?liste=faites",
        f"{S}/a-faire/nouvelle",
        f"{S}/personnes/",
        f"{S}/personnes/?recherche=zzz",
        f"{S}/personnes/nouvelle",
        f"{PERSON}",
        f"{PERSON} > Raconter une rencontre",
        f"{PERSON} > Changer d’étape",
        f"{PERSON} > Mesurer",
        f"{PERSON} > Revoir son accord",
        f"{PERSON} > Changer le binôme",
        f"{PERSON} > Compléter la fiche",
        f"{PERSON} > Qui a ouvert cette fiche",
        f"{PERSON} > Tout imprimer pour la personne",
        f"{PERSON} > Finir le chemin",
        f"{PERSON} > Inscrire à un parcours",
        f"{S}/parcours/",
        COURSE,
        f"{COURSE} > Inscrire quelqu’un",
        f"{COURSE} > Hervé",
        f"{COURSE} > Lieu, équipe et places",
        f"{COURSE} > La porte et la rue > Qui a noté quoi",
        f"{COURSE} > L’avis des personnes",
        f"{FINISHED} > L’avis des personnes",
        f"{FINISHED} > Bilan du parcours",
        f"{FINISHED} > Bilan du parcours > Compléter le bilan",
        f"{S}/orientation/",
        f"{S}/orientation/?recherche=zzz",
        f"{S}/orientation/?theme=remobilisation--lien-social&lieu=5",
        f"{S}/orientation/ > Café partagé du mardi",
        f"{S}/orientation/ > Café partagé du mardi > Modifier le lieu",
        f"{S}/orientation/ > Café partagé du mardi > Ajouter",
        f"{S}/orientation/lieux/nouveau",
        f"{S}/orientation/lieux/imports",
        f"{S}/orientation/en-cours",
        f"{S}/orientation/en-cours?liste=finies",
        f"{S}/orientation/en-cours > à envoyer",
        f"{S}/orientation/en-cours > à envoyer > Modifier",
        f"{S}/orientation/en-cours > attend une réponse",
        f"{S}/orientation/en-cours > accompagnée",
        f"{S}/orientation/en-cours?liste=finies > refusée",
        f"{S}/orientation/en-cours?liste=finies > sans réponse",
        PRESCRIPTIONS,
        f"{PRESCRIPTIONS} > Monsieur Gaston",
        f"{PRESCRIPTIONS} > Noémie",
        f"{PRESCRIPTIONS} > Armand > aller à sa rencontre",
        PARTNERS,
        f"{PARTNERS} > Ajouter un partenaire",
        f"{PARTNERS} > CCAS",
        f"{PARTNERS} > CCAS > Modifier",
        f"{S}/suivi/",
        DROP_INS,
        f"{DROP_INS} > Changer la règle",
        f"{DROP_INS} > Ajouter une règle",
        f"{DROP_INS} > Une permanence de plus",
        f"{DROP_INS} > Accueil > Changer le jour",
        f"{DROP_INS} > Accueil > Annuler cette permanence",
        f"{DROP_INS} > Accueil > Qui prévenir",
        f"{DROP_INS}?liste=passees",
        f"{DROP_INS}?liste=passees > a eu lieu > Voir et corriger",
        ACTIVITIES,
        f"{ACTIVITIES}?liste=idees",
        f"{ACTIVITIES} > Prévoir une activité",
        f"{ACTIVITIES} > Noter une idée",
        f"{ACTIVITIES} > étangs > Qui inviter > Quelqu’un la porte",
        f"{ACTIVITIES} > étangs > Ajouter une photo",
        f"{ACTIVITIES} > étangs > Annuler",
        f"{ACTIVITIES}?liste=passees > soupe",
        SUPPORT,
        f"{SUPPORT} > signée",
    ],
    "benevole.saint-mars-du-desert": [
        f"{S}/",
        "round",
        "building",
        "question",
        "new building",
        "closure",
        "sheet",
        "typing",
        f"{S}/aller-vers/feuilles?code=AAAAA",
        f"{S}/aller-vers/projets",
        f"{S}/a-faire/",
        f"{S}/personnes/",
        f"{S}/personnes/ma-carte",
        f"{S}/suivi/",
        f"{DROP_INS}?liste=passees > a eu lieu > Voir et corriger",
        f"{ACTIVITIES} > étangs > Qui inviter",
        f"{SUPPORT} > signée",
        f"{S}/orientation/",
        f"{S}/orientation/en-cours",
    ],
    "elu.saint-mars-du-desert": [f"{S}/chiffres", f"{S}/rapports/", f"{S}/rapports/{YEAR}"],
    "formatrice": ["/formation/", "/formation/?tout=1", "/formation/bilans"],
    "reseau": [
        "/reseau/",
        "/reseau/?periode=toujours&tri=doors",
        "/reseau/?recherche=zzz",
        "/reseau/reperes",
        "/reseau/soutien/",
        "collective",
        "support",
        *WATCHED,
    ],
}


def go(page, path):
    """Follow a path, or the links a person would."""
    if path.startswith("/"):
        where, *words = path.split(" > ")
        page.goto(where)
        for each in words:
            page.click(f"main a:has-text('{each}') >> nth=0")
            page.wait_for_load_state()
        return
    if path == "collective":
        page.goto("/reseau/")
        page.click("tbody a >> nth=0")
    elif path == "support":
        go(page, "collective")
        page.click("text=Les permanences de soutien")
    elif path == "reopening":
        page.goto(f"{S}/aller-vers/?liste=terminees")
        page.click("main .list a >> nth=0")
        page.click("text=Rouvrir")
    else:
        page.goto(f"{S}/aller-vers/")
        page.click("main .list a:has-text('Les Tilleuls') >> nth=0")
        page.wait_for_load_state()
        if path == "round edit":
            page.click("text=Modifier le lieu")
        if path == "new building":
            page.click("text=Ajouter un lieu")
        if path == "closure":
            page.click("text=Terminer la tournée")
        if path == "sheet":
            page.click("text=Imprimer la feuille")
        if path == "typing":
            page.click("text=Recopier une feuille")
        if path in ("building", "question"):
            page.click("main .list a >> nth=0")
        if path == "question":
            page.click("a[data-door] >> nth=2")
            page.wait_for_selector("dialog[open]")
    page.wait_for_load_state()


# A page is visited once and looked at in both themes and all widths; a long list is walked by several at once.
AT_ONCE = 20
WALKS = [(who, pages[first : first + AT_ONCE]) for who, pages in PAGES.items() for first in range(0, len(pages), AT_ONCE)]


@pytest.mark.parametrize(("who", "pages"), WALKS, ids=[f"{who or 'anyone'}-{pages[0]}" for who, pages in WALKS])
def test_pages(opens, who, pages):
    page = opens(who)
    for path in pages:
        go(page, path)
        small = page.evaluate(SMALL)
        assert not small, f"{path}: too small to touch: {small}"
        # As tall as the page: what sticks to the foot of the screen hides what one is about to scroll past.
        page.set_viewport_size({"width": 360, "height": 4000})
        # Between the themes nothing differs but colours.
        for theme, rules in (("dark", CONTRAST), ("light", RULES)):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            found = axe(page, rules)
            assert found.violations_count == 0, f"{path} ({theme}): {found.generate_report()}"
        # A phone, a desk, and a desk at twice the size.
        for width in (360, 640, 1280):
            page.set_viewport_size({"width": width, "height": 740})
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, f"{path} is {wide} px wider than {width} px."
        page.set_viewport_size({"width": 360, "height": 740})
        assert [each for each in page.troubles if "404" not in each and "410" not in each] == [], path


def test_a_dark_page_is_dark(opens):
    page = opens("coordination.saint-mars-du-desert")
    page.goto(f"{S}/")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(paper) != light


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_has_seven_to_one(opens, theme):
    page = opens("coordination.saint-mars-du-desert", color_scheme=theme)
    page.goto(f"{S}/")
    rules = {"runOnly": {"type": "rule", "values": ["color-contrast-enhanced"]}, "rules": {"color-contrast-enhanced": {"enabled": True}}}
    found = axe(page, rules, "main")
    assert found.violations_count == 0, found.generate_report()
