"""A partner reports someone in two minutes, without an account, and learns four words at most."""

import html
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from dateutil.relativedelta import relativedelta

from app.db import db, new_id, now
from app.limits import limiter
from app.referral.prescriptions import Decision, Prescription
from tests.cast import Someone
from tests.mails import mails_to, work_off
from tests.referral.conftest import CODE, TODAY

COORDINATION = "coordination.saint-mars-du-desert@demo.essaimage.fr"
TEXTS = ("whom", "reached", "noticed", "reporter", "answer_at")


def test_what_a_partner_writes_arrives_sealed(saint_mars, referrals):
    answer, form = referrals.reports()
    assert answer.status_code == 302
    row = referrals.row(form["id"])
    with saint_mars.at_home():
        assert {name: getattr(row, name) for name in TEXTS} == {name: form[name] for name in TEXTS}
    kept = b"".join(getattr(row, f"{name}_sealed") for name in TEXTS)
    assert not [name for name in TEXTS if form[name].encode() in kept]
    assert (row.received_on, row.inform_by, row.first_read_at) == (TODAY, None, None)


@pytest.mark.parametrize("knows", ["knows", "unaware"])
def test_without_agreement_it_is_accepted_and_the_month_begins(referrals, knows):
    row = referrals.row(referrals.reported(knows=knows))
    assert row.inform_by == TODAY + relativedelta(months=1)
    assert row.ticks()


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("whom", " ", "Il manque un prénom, ou un surnom."),
        ("reached", "", "Sans cela, nous ne la trouverons pas."),
        ("noticed", "", "Écrivez une phrase au moins."),
        ("knows", "", "Choisissez une réponse."),
        ("reporter", "", "Il manque votre nom."),
        ("answer_at", "", "Il manque un téléphone ou un mail."),
        ("whom", "J" * 61, "60 caractères au plus."),
    ],
)
def test_what_is_missing_is_said_next_to_it_and_the_rest_is_kept(saint_mars, referrals, field, value, message):
    before = len(saint_mars.rows(Prescription))
    answer, form = referrals.reports(**{field: value})
    text = html.unescape(answer.text)
    assert answer.status_code == 422
    assert message in text
    assert not [form[name] for name in ("noticed", "reporter") if name != field and form[name] not in text]
    assert len(saint_mars.rows(Prescription)) == before


def test_words_that_look_like_health_are_asked_about_once(referrals):
    partner_id = referrals.partner()
    asked, form = referrals.reports(partner_id, noticed="Elle sort d’une dépression.")
    assert asked.status_code == 422
    assert "Ce texte parle peut-être de santé" in html.unescape(asked.text)
    assert 'name="keep_words"' in asked.text
    kept, _form = referrals.reports(partner_id, **{**form, "keep_words": "y"})
    assert kept.status_code == 302


def test_sent_twice_it_counts_once_and_leads_to_the_same_receipt(saint_mars, referrals, house):
    partner_id = referrals.partner()
    first, form = referrals.reports(partner_id)
    second, _form = referrals.reports(partner_id, **form)
    assert first.location == second.location
    assert referrals.code_of(first) == referrals.code_of(second)
    assert [str(each.id) for each in saint_mars.rows(Prescription)].count(form["id"]) == 1
    before = len(mails_to(house, COORDINATION))
    work_off(house, saint_mars.id)
    assert len(mails_to(house, COORDINATION)) == before + 1


def test_the_receipt_has_a_code_and_names_nobody(saint_mars, referrals):
    answer, form = referrals.reports(knows="unaware")
    receipt = html.unescape(referrals.outside.client.get(answer.location).text)
    assert CODE.search(receipt)
    assert "Elle dira à la personne que vous avez parlé d’elle." in receipt
    assert not [name for name in TEXTS if form[name] in receipt]


def test_a_receipt_is_shown_on_its_day_to_its_partner_alone(saint_mars, referrals):
    answer, form = referrals.reports()
    other = referrals.token(referrals.partner("Bailleur du Port", "landlord"))
    assert CODE.search(referrals.outside.client.get(answer.location).text)
    elsewhere = referrals.outside.get("partner_link.show", token=other, prescription_id=form["id"])
    nowhere = referrals.outside.get("partner_link.show", token=other, prescription_id=new_id())
    assert elsewhere.status_code == nowhere.status_code == 404
    with saint_mars.at_home():
        db.session.get_one(Prescription, (saint_mars.id, referrals.uuid(form["id"]))).received_at = now() - timedelta(days=1)
    assert referrals.outside.client.get(answer.location).location == "/suivi"


def test_a_code_says_four_words_and_nothing_else(saint_mars, referrals):
    partner_id = referrals.partner()
    answer, form = referrals.reports(partner_id)
    code = referrals.code_of(answer)
    assert referrals.follows(code) == (200, ["Reçue"])
    saint_mars.coordinator.get("referral.show_prescription", prescription_id=form["id"])
    assert referrals.follows(code.lower().replace("-", " ")) == (200, ["En cours"])
    page = html.unescape(referrals.outside.post("partner_link.create_follow_up", {"follow_up": code}).text)
    assert not [text for text in (*(form[name] for name in TEXTS), "CCAS du Port", "Saint-Mars", str(TODAY.year)) if text in page]


@pytest.mark.parametrize(
    ("decision", "word"),
    [
        (Decision.already_known, "Suite donnée"),
        (Decision.meet, "Suite donnée"),
        (Decision.passed_on, "Suite donnée"),
        (Decision.not_reachable, "Sans suite"),
        (Decision.no_wish, "Sans suite"),
        (Decision.died, "Sans suite"),
    ],
)
def test_each_decision_reads_as_one_of_two_words(referrals, decision, word):
    answer, form = referrals.reports()
    if decision == Decision.already_known:
        done = referrals.matches(form["id"], referrals.someone())
    elif decision == Decision.meet:
        done = referrals.meets(form["id"])
    else:
        done = referrals.decides(form["id"], decision.value, passed_to="La mission locale")
    assert done.status_code == 302, done.text
    assert referrals.row(form["id"]).decision == decision
    assert referrals.follows(referrals.code_of(answer)) == (200, [word])


def test_every_wrong_code_gets_the_same_answer(saint_mars, referrals):
    answer, _form = referrals.reports()
    code = referrals.code_of(answer)
    short_code = code[:6]
    wrong = ["", "rien", f"{short_code}-2222-2222", "ZZZZZZ-2222-2222", code[:-1], "'; drop table prescriptions; --"]
    pages = set()
    for each in wrong:
        said = referrals.outside.post("partner_link.create_follow_up", {"follow_up": each})
        assert said.status_code == 422
        assert "Ce code ne mène à rien" in said.text
        # The form token changes with the second.
        pages.add(re.sub(r'(name="csrf_token"[^>]*value=")[^"]+', r"\1", html.unescape(said.text).replace(f'value="{each}"', "")))
    assert len(pages) == 1


def statements(act):
    """What the database is asked while something is done, without values."""
    seen = []

    def note(connection, cursor, statement, *rest):
        if not statement.startswith(("SAVEPOINT", "RELEASE", "SET LOCAL", "BEGIN")):
            seen.append(statement)

    sa.event.listen(sa.engine.Engine, "before_cursor_execute", note)
    try:
        answer = act()
    finally:
        sa.event.remove(sa.engine.Engine, "before_cursor_execute", note)
    return answer, seen


def test_whoever_reports_cannot_learn_who_is_known(saint_mars, referrals):
    """Same answer, and the same statements in the same order: what is known of people is not even asked for."""
    partner_id = referrals.partner()
    with saint_mars.at_home():
        from app.people.models import Person

        known = db.session.get_one(Person, (saint_mars.id, referrals.someone())).name
    referrals.reports(partner_id)
    (one, _form), asked_of_known = statements(lambda: referrals.reports(partner_id, whom=known))
    (other, _form), asked_of_unknown = statements(lambda: referrals.reports(partner_id, whom="Zébulon"))
    assert (one.status_code, one.location[:40]) == (other.status_code, other.location[:40])
    assert asked_of_known == asked_of_unknown
    assert not [each for each in asked_of_known if "FROM persons" in each]


@pytest.fixture
def limits():
    limiter.reset()
    yield
    limiter.reset()


def test_links_and_codes_are_tried_so_often_and_no_more(referrals, limits):
    token = referrals.token(referrals.partner())
    someone = Someone(referrals.crew.house)
    answers = [someone.post("partner_link.create", referrals.form(whom=""), token=token).status_code for _ in range(21)]
    assert (set(answers[:20]), answers[20]) == ({422}, 429)
    codes = [someone.post("partner_link.create_follow_up", {"follow_up": "rien"}).status_code for _ in range(21)]
    assert (set(codes[:20]), codes[20]) == ({422}, 429)


def test_the_mail_to_the_coordination_names_nobody(saint_mars, referrals, house):
    _answer, form = referrals.reports(knows="unaware")
    work_off(house, saint_mars.id)
    mail = mails_to(house, COORDINATION)[-1]
    assert "Un partenaire nous parle de quelqu’un" in mail
    assert f"/orientation/prescriptions/{form['id']}" in mail
    assert "il faut l’en informer avant le" in mail
    assert not [name for name in TEXTS if form[name] in mail]
    assert "CCAS" not in mail


def test_no_mail_leaves_for_a_prescription_that_was_decided_meanwhile(saint_mars, referrals, house):
    prescription_id = referrals.reported()
    referrals.decides(prescription_id, "died")
    before = len(mails_to(house, COORDINATION))
    work_off(house, saint_mars.id)
    assert len(mails_to(house, COORDINATION)) == before


def test_the_form_speaks_english_too(referrals, stranger):
    token = referrals.token(referrals.partner())
    page = stranger.client.get(f"/prescrire/{token}", headers={"Accept-Language": "en"}).text
    assert "Tell us about someone" in html.unescape(page)


def test_the_form_and_the_receipt_lead_where_they_say(referrals, stranger):
    """As a browser does: the form posts to the address that its page says, and no address is made of anything but the link."""
    token = referrals.token(referrals.partner())
    page = stranger.get("partner_link.new", token=token).text
    assert '<form method="post" class="stack" novalidate>' in page
    receipt = referrals.outside.client.get(referrals.reports()[0].location).text
    assert 'href="/suivi"' in receipt
    assert "Macro" not in page + receipt
