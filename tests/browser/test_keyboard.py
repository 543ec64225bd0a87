"""Whoever has no mouse, or does not see well: where the focus is, what is said, what a narrow screen hides."""

import pytest

S = "/c/saint-mars-du-desert"
WHERE = "document.activeElement.id || document.activeElement.name"
# A form, what to spoil in it, and where the focus is when it comes back.
TROUBLE = [
    (f"{S}/aller-vers/tournees/nouvelle", "a-revoir"),
    (f"{S}/personnes/nouvelle", "a-revoir"),
    (f"{S}/suivi/activites/nouvelle", "a-revoir"),
    (f"{S}/a-faire/nouvelle", "a-revoir"),
    (f"{S}/equipe/", "email"),
]


def test_what_is_wrong_has_the_focus_and_is_in_the_title(opens):
    page = opens("coordination.saint-mars-du-desert")
    for path, where in TROUBLE:
        page.goto(path)
        assert page.evaluate("document.activeElement.tagName") == "BODY", path
        page.click("main form[novalidate] button:not([name]) >> nth=-1")
        page.wait_for_selector("[aria-invalid], .invalid-feedback")
        assert page.title().startswith("À revoir"), path
        assert page.evaluate(WHERE) == where, path
        if where == "a-revoir":
            links = page.locator("#a-revoir a")
            assert links.count(), path
            missing = links.evaluate_all("all => all.map(each => each.hash.slice(1)).filter(id => !document.getElementById(id))")
            assert missing == [], path
            page.keyboard.press("Tab")
            page.keyboard.press("Enter")
            page.wait_for_function(f"document.activeElement.id === '{links.first.get_attribute('href')[1:]}'")


def test_a_wrong_password_leads_back_to_its_field(opens):
    page = opens()
    page.goto("/connexion")
    page.fill("[name=email]", "quelquun")
    page.click("main .btn-primary")
    page.wait_for_selector("[aria-invalid]")
    assert page.evaluate(WHERE) == "email"
    assert page.title().startswith("À revoir")


@pytest.mark.parametrize("path", ["/reseau/", "/reseau/veille"])
def test_what_sorts_and_what_leads_on_is_seen_when_it_has_the_focus(opens, path):
    page = opens("reseau")
    page.goto(path)
    cut = """() => { const box = document.activeElement.getBoundingClientRect();
        return box.width > 2 && document.activeElement.closest('thead')?.getBoundingClientRect().height < 20; }"""
    for _each in range(60):
        page.keyboard.press("Tab")
        assert not page.evaluate(cut), page.evaluate("document.activeElement.outerHTML")


def test_with_the_colours_of_the_device_what_is_ticked_is_seen(opens):
    page = opens("coordination.saint-mars-du-desert", forced_colors="active")
    page.goto(f"{S}/equipe/")
    assert page.evaluate("getComputedStyle(document.querySelector('.form-check-input')).appearance") == "auto"
    page.goto(f"{S}/suivi/permanences/?liste=passees")
    page.click("main a:has-text('a eu lieu') >> nth=0")
    page.click("main a:has-text('Voir et corriger') >> nth=0")
    seen = """all => all.map(each =>
        getComputedStyle(each.querySelector('label > .icon')).visibility === 'visible' === each.querySelector('input').checked)"""
    assert set(page.locator(".tap li").evaluate_all(seen)) == {True}


SPACING = "* {line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important} p {margin-bottom: 2em !important}"


@pytest.mark.parametrize(
    ("who", "paths"),
    [
        ("benevole.saint-mars-du-desert", [f"{S}/", f"{S}/personnes/", f"{S}/chiffres"]),
        ("reseau", ["/reseau/", "/reseau/veille"]),
        ("formatrice", ["/formation/"]),
    ],
)
def test_nothing_is_cut_on_320_px_or_with_text_set_wide(opens, who, paths):
    page = opens(who)
    cut = """document.documentElement.scrollWidth - innerWidth +
        [...document.querySelectorAll('.rooms span')].filter(each => each.offsetParent && each.getBoundingClientRect().right > innerWidth).length"""
    for path in paths:
        page.goto(path)
        for width, style in ((320, ""), (360, SPACING)):
            page.set_viewport_size({"width": width, "height": 740})
            page.evaluate("text => { const sheet = new CSSStyleSheet(); sheet.replaceSync(text); document.adoptedStyleSheets = [sheet]; }", style)
            assert page.evaluate(cut) <= 0, (path, width)


UNNAMED = """() => [...document.querySelectorAll('main table:has(thead)')]
    .filter(each => !each.caption && !document.getElementById(each.getAttribute('aria-labelledby') ?? ''))
    .map(each => each.innerText.slice(0, 60))"""
ALIKE = """() => {
    const name = each => (each.getAttribute('aria-label') ?? each.textContent).replace(/\\s+/g, ' ').trim();
    const all = [...document.querySelectorAll('main a[href], main button, main summary')].map(each => [name(each), each.getAttribute('href') ?? '']);
    const words = new Map();
    for (const [said, where] of all) words.set(said, (words.get(said) ?? new Set()).add(where || Math.random()));
    return [...words].filter(([, places]) => places.size > 1).map(([said]) => said);
}"""


def test_tables_have_a_name_and_what_does_something_says_to_what(opens):
    page = opens("coordination.saint-mars-du-desert")
    titles = []
    for path in (
        f"{S}/equipe/",
        f"{S}/chiffres",
        f"{S}/aller-vers/mois",
        f"{S}/aller-vers/",
        f"{S}/aller-vers/?liste=terminees",
        f"{S}/personnes/?liste=finis",
        f"{S}/suivi/permanences/?liste=passees",
        f"{S}/suivi/permanences/",
        f"{S}/a-faire/?liste=faites",
        f"{S}/a-faire/",
        f"{S}/orientation/en-cours",
        f"{S}/orientation/en-cours?liste=finies",
    ):
        page.goto(path)
        assert page.evaluate(UNNAMED) == [], path
        assert page.evaluate(ALIKE) == [], path
        titles.append(page.title())
    assert len(set(titles)) == len(titles)


def test_what_was_done_has_the_focus_on_the_page_that_says_it(opens):
    page = opens("benevole.saint-mars-du-desert")
    page.goto("/compte")
    page.focus("main form[novalidate] button")
    page.keyboard.press("Enter")
    page.wait_for_selector("main > .alert[role=status]")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "status"
    page.keyboard.press("Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('main'))")


def test_a_page_read_in_the_dark_is_printed_on_white(opens):
    page = opens("benevole.saint-mars-du-desert", color_scheme="dark")
    page.goto(f"{S}/chiffres")
    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    page.emulate_media(media="print")
    token = "name => getComputedStyle(document.documentElement).getPropertyValue(name).trim()"
    assert [page.evaluate(token, each) for each in ("--paper", "--green-deep", "--lav")] == ["#fff", "#113a29", "#3d4084"]
