"""A passkey in a real browser, with an authenticator that exists in it alone; and what axe says of the pages."""

import pytest
import sqlalchemy as sa

from app.accounts.factors import FactorRemoval, Passkey, forget_second_step
from app.accounts.models import user_by_email
from app.accounts.tokens import removal_token
from app.db import db, new_id, now
from app.demo.world import DOMAIN, PASSWORD
from app.transaction import transaction
from tests.browser.looking import RULES, axe

WHO = "benevole3.saint-mars-du-desert"
SETUP = "/compte/deuxieme-etape"


@pytest.fixture
def opens_by_name(opens, live, house):
    """A passkey belongs to a name: the same server, called localhost. What was set up is gone afterwards."""

    def open_by_name(who=None, **options):
        page = opens(**options)
        page.goto(f"{live.replace('127.0.0.1', 'localhost')}/connexion")
        if who:
            give_password(page, who)
        return page

    yield open_by_name
    with house.app_context(), transaction():
        user = user_by_email(f"{WHO}@{DOMAIN}")
        forget_second_step(user)
        db.session.execute(sa.delete(FactorRemoval).where(FactorRemoval.user_id == user.id))


def give_password(page, who):
    page.fill("[name=email]", f"{who}@{DOMAIN}")
    page.fill("[name=password]", PASSWORD)
    page.click("main .btn-primary")
    page.wait_for_url(lambda url: not url.endswith("/connexion"))


def authenticator(page):
    """A device that answers at once, as a finger would."""
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
    return wire, wire.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def go(page, path):
    page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + path)


def check(page, where):
    page.set_viewport_size({"width": 360, "height": 4000})
    found = axe(page, RULES)
    page.set_viewport_size({"width": 360, "height": 740})
    assert found.violations_count == 0, f"{where}: {found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, f"{where} is wider than the phone."
    small = page.evaluate(
        """[...document.querySelectorAll("main button, main .btn, main .form-control")]
        .filter(each => each.offsetParent && each.getBoundingClientRect().height < 47).map(each => each.outerHTML.slice(0, 80))"""
    )
    assert not small, f"{where}: too small to touch: {small}"
    assert [each for each in page.troubles if "422" not in each and "410" not in each] == [], where


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_passkey_is_made_and_opens(opens_by_name, house, theme):
    page = opens_by_name(WHO, color_scheme=theme)
    wire, device = authenticator(page)
    go(page, SETUP)
    check(page, "setup")
    page.click("text=Créer une clé d’accès")
    page.wait_for_selector("h1:has-text('Vos codes de secours')")
    check(page, "codes")
    codes = page.locator(".codes li").all_inner_texts()
    assert len(codes) == 10
    page.click("text=Je les ai rangés")
    page.wait_for_selector("h2:has-text('Ce qui est prêt')")
    check(page, "ready")
    page.click("text=Se déconnecter")
    give_password(page, WHO)
    page.wait_for_selector("h1:has-text('La deuxième étape')")
    check(page, "second step")
    page.click("text=Utiliser ma clé d’accès")
    page.wait_for_url("**/c/saint-mars-du-desert/")
    with house.app_context():
        passkey = db.session.scalars(sa.select(Passkey)).one()
        assert passkey.used_at is not None
        assert passkey.sign_count == wire.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"][0]["signCount"]


def test_a_device_that_does_not_answer_says_so_and_a_paper_code_opens(opens_by_name):
    page = opens_by_name(WHO)
    wire, device = authenticator(page)
    go(page, SETUP)
    page.click("text=Créer une clé d’accès")
    page.wait_for_selector(".codes")
    code = page.locator(".codes li").first.inner_text()
    page.click("text=Se déconnecter")
    give_password(page, WHO)
    wire.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    wire.send("WebAuthn.clearCredentials", {"authenticatorId": device})
    page.click("text=Utiliser ma clé d’accès")
    page.wait_for_selector("[data-failed]:visible")
    page.fill("[name=code]", "000000")
    page.click("main .btn-primary")
    page.wait_for_selector(".invalid-feedback")
    check(page, "wrong code")
    page.fill("[name=code]", code.lower())
    page.click("main .btn-primary")
    page.wait_for_url("**/c/saint-mars-du-desert/")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_other_pages_stand(opens_by_name, house, theme):
    page = opens_by_name(WHO, color_scheme=theme)
    go(page, f"{SETUP}/application")
    check(page, "application")
    with house.app_context(), transaction():
        user = user_by_email(f"{WHO}@{DOMAIN}")
        user.second_step_since = now()
        removal = FactorRemoval(id=new_id(), user_id=user.id, requested_by=user.id, due_at=now())
        db.session.add(removal)
        token = removal_token(removal.id)
    for path in (SETUP, f"{SETUP}/codes", f"/deuxieme-etape/{token}", "/compte"):
        go(page, path)
        check(page, path)


def test_the_head_and_the_team_stand(opens):
    page = opens("reseau")
    page.goto("/reseau/deuxieme-etape")
    check(page, "head")
    page = opens("coordination.saint-mars-du-desert")
    page.goto("/c/saint-mars-du-desert/equipe/")
    assert "sans deuxième étape" in page.content()
    check(page, "team")
