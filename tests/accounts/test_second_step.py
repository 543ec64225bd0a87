"""The second step of a sign-in, through HTTP: set up, asked for, used up, taken away."""

import base64
import re
from datetime import timedelta

import pytest
from pyotp.totp import TOTP

from app.accounts import factors, gate, pending, seals, second_step_setup
from app.accounts.factors import CodeGenerator, Passkey, RecoveryCode
from app.accounts.models import user_by_email
from app.db import db, new_id
from app.db import now as real_now
from app.demo.world import DOMAIN, PASSWORD
from app.transaction import transaction
from tenants.keys import SealBroken
from tests.cast import TOKEN, Someone
from tests.mails import link_for, work_off

MAELLE = f"benevole.saint-mars-du-desert@{DOMAIN}"
KEY = re.compile(r"<strong>((?:[A-Z2-7]{4} ?)+)</strong>")
SEALED = re.compile(r'name="secret"[^>]*value="([^"]+)"')
CODES = re.compile(r"<li>([A-Z2-9]{5}-[A-Z2-9]{5})</li>")


class Clock:
    """The present instant, moved by hand."""

    def __init__(self, monkeypatch):
        self.ahead = timedelta()
        for module in (factors, gate, pending, second_step_setup):
            monkeypatch.setattr(module, "now", self.read)

    def read(self):
        return real_now() + self.ahead

    def code(self, secret, steps=0):
        return TOTP(secret).at(int(self.read().timestamp()) + 30 * steps)


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


def prepare(someone, clock):
    """Set an application up; returns its secret and the ten codes."""
    text = someone.get("accounts.new_generator").text
    secret = KEY.search(text).group(1).replace(" ", "")
    answer = someone.post("accounts.create_generator", {"secret": SEALED.search(text).group(1), "code": clock.code(secret)})
    assert answer.status_code == 200, answer.text
    return secret, CODES.findall(answer.text)


def give_password(house, email=MAELLE):
    """A browser after the password and before the second step."""
    someone = Someone(house)
    answer = someone.client.post("/connexion", data={"email": email, "password": PASSWORD, "csrf_token": someone.token})
    assert answer.location == "/connexion/etape"
    someone.token = TOKEN.search(someone.client.get("/connexion/etape").text).group(1)
    return someone


def give_code(someone, code, **more):
    return someone.client.post("/connexion/etape", data={"code": code, "csrf_token": someone.token, **more})


def signed_in(someone):
    return someone.client.get("/compte").status_code == 200


@pytest.fixture
def maelle(saint_mars):
    return saint_mars.volunteer


@pytest.fixture
def ready(maelle, clock):
    """Maëlle's secret and her codes; the clock stands a minute later, so that her next code is fresh."""
    kept = prepare(maelle, clock)
    clock.ahead = timedelta(minutes=1)
    return kept


def test_an_application_is_set_up_with_its_first_code(maelle, clock):
    text = maelle.get("accounts.new_generator").text
    assert 'src="data:image/svg+xml' in text
    secret, codes = prepare(maelle, clock)
    assert len(secret) == 32
    assert len(set(codes)) == 10
    page = maelle.get("accounts.show_second_step").text
    assert "Application de codes" in page
    assert "il en reste 10" in page
    assert not [code for code in codes if code in page]


@pytest.mark.parametrize(
    ("code", "message"), [("", "Il manque le code"), ("000000000000", "ne va pas"), ("é" * 6, "ne va pas"), ("1" * 41, "trop long")]
)
def test_a_wrong_first_code_keeps_the_same_key(maelle, clock, code, message):
    text = maelle.get("accounts.new_generator").text
    answer = maelle.post("accounts.create_generator", {"secret": SEALED.search(text).group(1), "code": code})
    assert answer.status_code == 422
    assert message in answer.text
    assert KEY.search(answer.text).group(1) == KEY.search(text).group(1)
    assert "Pas encore" in maelle.get("accounts.edit_profile").text


def test_a_key_that_was_shown_to_another_account_is_refused(saint_mars, maelle, clock):
    text = saint_mars.second.get("accounts.new_generator").text
    secret = KEY.search(text).group(1).replace(" ", "")
    for sealed in (SEALED.search(text).group(1), base64.urlsafe_b64encode(b"rien").decode(), "é", ""):
        answer = maelle.post("accounts.create_generator", {"secret": sealed, "code": clock.code(secret)})
        assert answer.status_code == 422
        assert secret not in answer.text.replace(" ", "")


def test_the_form_sent_twice_sets_one_application_up(maelle, clock):
    text = maelle.get("accounts.new_generator").text
    form = {"secret": SEALED.search(text).group(1), "code": clock.code(KEY.search(text).group(1).replace(" ", ""))}
    assert maelle.post("accounts.create_generator", form).status_code == 200
    assert maelle.post("accounts.create_generator", form).location == "/compte/deuxieme-etape"


def test_secret_and_codes_cannot_be_read_in_the_database(house, maelle, ready):
    secret, codes = ready
    with house.app_context():
        generator = db.session.get(CodeGenerator, maelle.user_id)
        assert secret.encode() not in generator.secret_sealed
        assert generator.secret == secret
        hashes = b"".join(db.session.scalars(db.select(RecoveryCode.code_hash)))
    assert not [code for code in codes if code.encode() in hashes or code.replace("-", "").encode() in hashes]


def test_what_is_sealed_for_one_account_opens_for_no_other(house):
    mine, theirs = new_id(), new_id()
    with house.app_context():
        sealed = seals.seal_for(mine, "code-generator", "secret")
        assert seals.unseal_for(mine, "code-generator", sealed) == "secret"
        for user_id, about, text in ((theirs, "code-generator", sealed), (mine, "new-generator", sealed), (mine, "code-generator", sealed[:-1])):
            with pytest.raises(SealBroken):
                seals.unseal_for(user_id, about, text)


def test_a_hash_fits_its_text_and_its_account_alone(house):
    mine, theirs = new_id(), new_id()
    with house.app_context():
        kept = seals.hashed_for(mine, "code")
        assert seals.hash_fits(mine, "code", kept)
        for user_id, text, hashed in ((theirs, "code", kept), (mine, "other", kept), (mine, "code", kept[:-1]), (mine, "code", b"")):
            assert not seals.hash_fits(user_id, text, hashed)


def test_the_password_alone_opens_nothing(house, ready):
    someone = give_password(house)
    assert not signed_in(someone)
    assert someone.client.get("/c/saint-mars-du-desert/").location.startswith("/connexion")


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_code_opens_within_a_step_of_drift(house, clock, ready, steps):
    someone = give_password(house)
    assert give_code(someone, clock.code(ready[0], steps)).location == "/"
    assert signed_in(someone)


@pytest.mark.parametrize("steps", [-2, 2])
def test_a_code_two_steps_away_does_not(house, clock, ready, steps):
    someone = give_password(house)
    answer = give_code(someone, clock.code(ready[0], steps))
    assert answer.status_code == 422
    assert "Ce code n’ouvre pas" in answer.text
    assert not signed_in(someone)


def test_a_code_opens_once(house, clock, ready):
    code = clock.code(ready[0])
    assert give_code(give_password(house), f" {code[:3]} {code[3:]} ").status_code == 302
    assert give_code(give_password(house), code).status_code == 422
    # The one before it is used up with it.
    assert give_code(give_password(house), clock.code(ready[0], -1)).status_code == 422


def test_the_code_that_set_the_application_up_does_not_open(house, maelle, clock):
    secret, _codes = prepare(maelle, clock)
    assert give_code(give_password(house), clock.code(secret)).status_code == 422


def test_a_recovery_code_opens_once_however_it_is_typed(house, maelle, ready):
    code = ready[1][0]
    assert give_code(give_password(house), code.lower().replace("-", " ")).status_code == 302
    assert give_code(give_password(house), code).status_code == 422
    assert "il en reste 9" in maelle.get("accounts.show_second_step").text


def test_few_recovery_codes_are_said(house, ready):
    for code in ready[1][:6]:
        give_code(give_password(house), code)
    someone = give_password(house)
    give_code(someone, ready[1][6])
    assert "reste 3 codes de secours" in someone.client.get("/c/saint-mars-du-desert/").text


def test_new_recovery_codes_ask_for_the_password_and_void_the_former(house, maelle, ready):
    assert maelle.get("accounts.create_recovery_codes").status_code == 200
    wrong = maelle.post("accounts.create_recovery_codes", {"password": "autre chose"})
    assert wrong.status_code == 422
    assert "pas votre mot de passe" in wrong.text
    fresh = CODES.findall(maelle.post("accounts.create_recovery_codes", {"password": PASSWORD}).text)
    assert len(fresh) == 10
    assert give_code(give_password(house), ready[1][0]).status_code == 422
    assert give_code(give_password(house), fresh[0]).status_code == 302


def test_nobody_makes_recovery_codes_for_nothing(maelle):
    assert maelle.post("accounts.create_recovery_codes", {"password": PASSWORD}).location == "/compte/deuxieme-etape"


def test_the_codes_of_one_open_nothing_of_another(house, saint_mars, clock, ready):
    prepare(saint_mars.second, clock)
    other = f"benevole2.saint-mars-du-desert@{DOMAIN}"
    assert give_code(give_password(house, other), ready[1][0]).status_code == 422
    assert give_code(give_password(house, other), clock.code(ready[0], 1)).status_code == 422


def test_a_session_of_its_own_before_and_after(house, clock, ready):
    someone = Someone(house)
    with someone.client.session_transaction() as session:
        session["planted"] = "by someone else"
    someone.client.post("/connexion", data={"email": MAELLE, "password": PASSWORD, "csrf_token": someone.token})
    someone.token = TOKEN.search(someone.client.get("/connexion/etape").text).group(1)
    with someone.client.session_transaction() as session:
        assert "planted" not in session
        before = session["csrf_token"]
    give_code(someone, clock.code(ready[0]))
    someone.takes_token()
    with someone.client.session_transaction() as session:
        assert session["csrf_token"] != before
        assert "second_step" not in session


def test_ten_minutes_after_the_password_it_is_asked_again(house, clock, ready):
    someone = give_password(house)
    clock.ahead += timedelta(minutes=11)
    answer = give_code(someone, clock.code(ready[0]))
    assert answer.location == "/connexion"
    assert "Dix minutes" in someone.client.get("/connexion").text
    assert Someone(house).client.get("/connexion/etape").location == "/connexion"


def test_a_password_changed_meanwhile_is_asked_again(house, clock, ready):
    someone = give_password(house)
    with house.app_context(), transaction():
        user_by_email(MAELLE).password = "quatre mots qui se suivent"
    assert give_code(someone, clock.code(ready[0])).location == "/connexion"


def test_one_arrives_where_one_wanted_to_go(house, clock, ready):
    someone = Someone(house)
    target = "/c/saint-mars-du-desert/aller-vers/?liste=terminees"
    someone.client.post("/connexion", data={"email": MAELLE, "password": PASSWORD, "csrf_token": someone.token, "next": target})
    someone.token = TOKEN.search(someone.client.get("/connexion/etape").text).group(1)
    assert give_code(someone, clock.code(ready[0])).location == target
    other = Someone(house)
    other.client.post("/connexion", data={"email": MAELLE, "password": PASSWORD, "csrf_token": other.token, "next": "//evil.example"})
    other.token = TOKEN.search(other.client.get("/connexion/etape").text).group(1)
    assert give_code(other, ready[1][0]).location == "/"


def test_after_ten_wrong_codes_one_waits(house, clock, ready):
    someone = give_password(house)
    for _ in range(10):
        assert give_code(someone, "000000x").status_code == 422
    assert give_code(give_password(house), clock.code(ready[0])).status_code == 429


def test_a_new_password_does_not_go_round_the_second_step(house, stranger, clock, ready):
    stranger.post("accounts.create_reset", {"email": MAELLE})
    work_off(house)
    new = "quatre mots qui se suivent"
    answer = stranger.client.post(link_for(house, MAELLE), data={"csrf_token": stranger.token, "password": new, "again": new})
    assert answer.location == "/connexion/etape"
    assert not signed_in(stranger)


def test_an_invitation_does_not_go_round_the_second_step(house, ranzay, clock, ready):
    ranzay.coordinator.post("team.create_invitation", {"email": MAELLE, "role": "volunteer"})
    work_off(house, ranzay.id)
    someone = Someone(house)
    answer = someone.client.post(link_for(house, MAELLE), data={"csrf_token": someone.token, "password": PASSWORD})
    assert answer.location == "/connexion/etape"
    assert not signed_in(someone)


def test_an_application_is_taken_away_with_the_password(house, maelle, ready):
    assert maelle.post("accounts.delete_generator", {"password": "autre chose"}).status_code == 422
    assert maelle.get("accounts.delete_generator").status_code == 200
    for _twice in range(2):
        assert maelle.post("accounts.delete_generator", {"password": PASSWORD}).location == "/compte/deuxieme-etape"
    assert maelle.get("accounts.delete_generator").location == "/compte/deuxieme-etape"
    assert Someone(house).sign_in(MAELLE).location == "/"
    with house.app_context():
        assert db.session.scalars(db.select(RecoveryCode).where(RecoveryCode.user_id == maelle.user_id)).all() == []


def has_passkey(house, someone):
    """A passkey of an account, without a browser that made it; returns its id."""
    with house.app_context(), transaction():
        passkey = Passkey(user_id=someone.user_id, credential_id=someone.user_id.bytes, public_key=b"", sign_count=0, device="Téléphone")
        db.session.add(passkey)
        db.session.flush()
        return passkey.id


def test_a_passkey_is_taken_away_with_the_password_and_twice_like_once(house, maelle, ready):
    mine = has_passkey(house, maelle)
    assert maelle.get("accounts.delete_passkey", passkey_id=mine).status_code == 200
    assert maelle.post("accounts.delete_passkey", {"password": "autre chose"}, passkey_id=mine).status_code == 422
    for message in ("C’est retiré.", "Cette clé d’accès n’est pas dans votre compte."):
        assert maelle.post("accounts.delete_passkey", {"password": PASSWORD}, passkey_id=mine).location == "/compte/deuxieme-etape"
        assert message in maelle.get("accounts.show_second_step").text
    assert maelle.get("accounts.delete_passkey", passkey_id=mine).status_code == 404


def test_the_passkey_of_another_answers_like_none_and_stays(house, saint_mars, maelle, ready):
    theirs = has_passkey(house, saint_mars.second)
    for passkey_id in (theirs, new_id()):
        assert maelle.get("accounts.delete_passkey", passkey_id=passkey_id).status_code == 404
        assert maelle.post("accounts.delete_passkey", {"password": "autre chose"}, passkey_id=passkey_id).status_code == 404
        assert maelle.post("accounts.delete_passkey", {"password": PASSWORD}, passkey_id=passkey_id).location == "/compte/deuxieme-etape"
        assert "Cette clé d’accès n’est pas dans votre compte." in maelle.get("accounts.show_second_step").text
    with house.app_context():
        assert db.session.get(Passkey, theirs)


def test_what_is_no_answer_of_a_passkey_is_refused(house, maelle, ready):
    for answer in ("{}", "rien", "[]", '{"id": "x"}', '{"id":"eA","rawId":"eA","type":"public-key","response":{}}'):
        said = maelle.post("accounts.create_passkey", {"credential": answer})
        assert said.status_code == 422
        assert "n’a pas été créée" in said.text
        said = give_code(give_password(house), "", credential=answer)
        assert said.status_code == 422
    assert maelle.post("accounts.create_passkey").status_code == 422


def test_the_pages_need_a_sign_in(stranger):
    for name in ("show_second_step", "new_generator", "delete_generator", "create_recovery_codes"):
        assert stranger.get(f"accounts.{name}").location.startswith("/connexion?next=")


def test_english_is_spoken(house, maelle, ready):
    maelle.post("accounts.choose_language", code="en")
    assert "six-digit code" in give_password(house).client.get("/connexion/etape").text.lower()
