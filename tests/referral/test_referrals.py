"""A person is taken along with their agreement; what is sent is what was seen; what comes back is kept."""

import html
import re
from datetime import timedelta
from email.message import EmailMessage as Message

import pytest

from app.db import db
from app.demo import mailbox
from app.demo.world import DOMAIN
from app.referral.referrals import Referral, ReferralState
from tenants import ledger
from tenants.months import month_of, today_in
from tests.mails import mails_to, work_off
from tests.servers import plain

LETTER = re.compile(r'<div class="card-body mail" id="mail">(.*?)</div>', re.DOTALL)
SHOWN = re.compile(r"<dt>(À|Les réponses arrivent à|Objet)</dt><dd[^>]*>(.*?)</dd>")
TO = "accueil@lefildor.example.org"


def letters(house, to=TO) -> list[Message]:
    with house.app_context():
        files = sorted(mailbox.folder().glob("*.eml")) if mailbox.folder().exists() else []
    return [mail for mail in map(mailbox.read, files) if mail["To"] == to]


def test_what_is_sent_is_what_was_seen(house, saint_mars, journey):
    before = len(letters(house))
    referral_id = journey.drafts(called="Ada, 74 ans", reached="par Maëlle", goes_on=journey.files.today)
    assert work_off(house, saint_mars.id) == 0 or len(letters(house)) == before, "Nothing leaves before the button."
    page = saint_mars.volunteer.get("referral.show_referral", referral_id=referral_id).text
    seen = html.unescape(LETTER.search(page).group(1))
    head = {label: html.unescape(text) for label, text in SHOWN.findall(page)}
    journey.sends(referral_id)
    assert len(letters(house)) == before + 1
    mail = letters(house)[-1]
    assert plain(mail.get_body().get_content()) == seen
    # A long subject begins on its second line, whose blank belongs to the fold and not to the text.
    assert (mail["To"], mail["Reply-To"], plain(mail["Subject"].strip())) == (head["À"], head["Les réponses arrivent à"], head["Objet"])
    assert "Ada, 74 ans" in seen
    assert "http://localhost/reponse/" in seen
    assert "rue des Tilleuls" not in seen
    assert "le jeudi" not in seen, "The words of the agreement stay inside."
    after = saint_mars.volunteer.get("referral.show_referral", referral_id=referral_id).text
    assert html.unescape(LETTER.search(after).group(1)) == seen


def test_the_mail_names_nobody_unless_its_sender_does(house, journey):
    journey.sends()
    mail = letters(house)[-1]
    assert "Ada" not in f"{mail['Subject']} {mail.get_body().get_content()}"


def test_a_text_that_changed_meanwhile_is_read_again_first(house, saint_mars, journey):
    referral_id = journey.drafts()
    page = saint_mars.volunteer.get("referral.show_referral", referral_id=referral_id).text
    seen = re.search(r'name="seen" value="(\w+)"', page).group(1)
    changed = {"reason": "Elle voudrait surtout de la compagnie."}
    assert journey.rewrites(referral_id, "second", journey.opened(referral_id), **changed).status_code == 302
    answer = saint_mars.volunteer.post("referral.create_sending", {"seen": seen}, referral_id=referral_id)
    assert answer.status_code == 302
    assert journey.row(referral_id).state == ReferralState.draft
    again = saint_mars.volunteer.get("referral.show_referral", referral_id=referral_id).text
    assert "Ce message a changé entre-temps" in again
    assert "surtout de la compagnie" in again


def test_it_is_sent_once_however_often_the_button_is_pressed(house, saint_mars, journey):
    before = len(letters(house))
    referral_id = journey.drafts()
    assert saint_mars.volunteer.post("referral.create_referral", journey.form, person_id=journey.row(referral_id).person_id, resource_id=journey.row(referral_id).resource_id).status_code == 302  # fmt: skip  # noqa: E501
    assert len([each for each in saint_mars.rows(Referral) if each.id == referral_id]) == 1
    journey.sends(referral_id)
    seen = journey.row(referral_id).sent_at
    saint_mars.volunteer.post("referral.create_sending", {"seen": "x"}, referral_id=referral_id)
    work_off(house, saint_mars.id)
    assert len(letters(house)) == before + 1
    assert journey.row(referral_id).sent_at == seen
    assert saint_mars.volunteer.get("referral.edit_referral", referral_id=referral_id).status_code == 404


def test_without_agreement_it_is_refused_unless_it_is_said_why(saint_mars, journey):
    person_id = journey.files.opens(name="Ada")
    journey.files.pairs(person_id)
    place = journey.resource()
    refused = journey.asks(person_id=person_id, place=place, agreed="no")
    assert refused.status_code == 422
    assert "Sans son accord, on n’oriente pas" in refused.text
    assert "Elle coud depuis toujours" in refused.text, "What was typed is kept."
    assert [each for each in saint_mars.rows(Referral) if each.person_id == person_id] == []
    assert journey.asks(person_id=person_id, place=place, agreed="").status_code == 422
    taken = journey.drafts(person_id=person_id, place=place, agreed="no", override_because="Elle dort dehors ce soir.")
    with saint_mars.at_home():
        row = db.session.get_one(Referral, (saint_mars.id, taken))
        assert (row.agreed_on, row.override_because) == (None, "Elle dort dehors ce soir.")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"reason": ""}, "Dites en une phrase ce que la personne cherche"),
        ({"agreed_on": ""}, "Il manque le jour où elle l’a dit"),
        ({"goes_on": "2020-01-01"}, "d’aujourd’hui à dans un an"),
        ({"reason": "Elle sort d’une dépression."}, "parle peut-être de santé"),
        ({"service": "00000000-0000-0000-0000-000000000000"}, "à revoir, signalés"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(journey, values, said):
    answer = journey.asks(**values)
    assert answer.status_code == 422
    assert said in answer.text


def test_a_place_without_mail_is_asked_by_phone_and_answered_by_hand(house, saint_mars, journey):
    place = journey.resource(email="")
    assert journey.asks(place=place, way="mail").status_code == 422
    referral_id = journey.sends(place=place, way="phone")
    page = saint_mars.volunteer.get("referral.show_referral", referral_id=referral_id).text
    assert "tel:+33261912040" in page
    assert "Appeler un lieu pour Ada" in saint_mars.volunteer.get("tasks.index").text
    empty = saint_mars.volunteer.post("referral.create_answer", {"answer": "no", "words": ""}, referral_id=referral_id)
    assert empty.status_code == 422
    assert (
        saint_mars.volunteer.post("referral.create_answer", {"answer": "no", "words": "Complet jusqu’en mai."}, referral_id=referral_id).status_code
        == 302
    )
    assert journey.row(referral_id).state == ReferralState.refused
    story = saint_mars.volunteer.get("people.show", person_id=journey.row(referral_id).person_id).text
    assert "Le Fil d’Or a dit non" in html.unescape(story)
    assert "Complet jusqu’en mai." in html.unescape(story)
    assert "Appeler un lieu pour Ada" not in saint_mars.volunteer.get("tasks.index").text


def test_after_a_yes_a_companion_tells_how_it_went(saint_mars, journey):
    referral_id = journey.sends()
    saint_mars.second.post("referral.create_answer", {"answer": "yes", "words": "Jeudi, demander Odile."}, referral_id=referral_id)
    assert saint_mars.second.post("referral.create_outcome", {"outcome": "", "on": journey.files.today}, referral_id=referral_id).status_code == 422
    told = {"outcome": "accompanied", "on": journey.files.today, "words": "Elle a cousu une poche."}
    assert saint_mars.second.post("referral.create_outcome", told, referral_id=referral_id).status_code == 302
    person_id = journey.row(referral_id).person_id
    story = html.unescape(saint_mars.second.get("people.show", person_id=person_id).text)
    assert "La personne y est allée, accompagnée : Le Fil d’Or" in story
    assert journey.files.person(person_id).last_seen_on == today_in("Europe/Paris")
    paper = html.unescape(saint_mars.coordinator.get("people.show_printout", person_id=person_id).text)
    for words in (
        "Les lieux que nous vous avons proposés",
        "Elle coud depuis toujours",
        "« Oui, le jeudi. »",
        "Jeudi, demander Odile.",
        "Elle a cousu une poche.",
    ):
        assert words in paper, words
    assert "Pour répondre, ouvrez cette page." in paper
    assert "/reponse/" not in paper, "On paper the link would answer for whoever reads it."


def test_figures_count_what_happened(saint_mars, journey):
    month = month_of(today_in("Europe/Paris"))
    with saint_mars.at_home():
        before = ledger.recount(month)
    accepted, refused, expired = (journey.sends() for _ in range(3))
    saint_mars.volunteer.post("referral.create_answer", {"answer": "yes"}, referral_id=accepted)
    saint_mars.volunteer.post("referral.create_outcome", {"outcome": "accompanied", "on": journey.files.today}, referral_id=accepted)
    saint_mars.volunteer.post("referral.create_answer", {"answer": "no", "words": "Complet."}, referral_id=refused)
    journey.ages(expired, 31)
    journey.night()
    journey.drafts()
    with saint_mars.at_home():
        after = ledger.recount(month)
    rise = {code: after[code] - before[code] for code in after if code.startswith(("referrals", "resources"))}
    assert rise == {
        "referrals": 3,
        "referrals_accepted": 1,
        "referrals_refused": 1,
        "referrals_unanswered": 1,
        "referrals_accompanied": 1,
        "resources_listed": 4,
    }


def test_reminded_after_ten_days_and_given_up_after_thirty(house, saint_mars, journey):
    referral_id = journey.sends()
    first = letters(house)[-1]
    count = len(letters(house))
    journey.ages(referral_id, 9)
    journey.night()
    assert len(letters(house)) == count
    journey.ages(referral_id, 2)
    journey.night()
    journey.night()
    assert len(letters(house)) == count + 1, "One reminder, not one each night."
    reminder = letters(house)[-1]
    assert reminder["Subject"].strip() == f"Rappel : {first['Subject'].strip()}"
    assert reminder.get_body().get_content() == first.get_body().get_content()
    page = saint_mars.volunteer.get("referral.show_referral", referral_id=referral_id).text
    assert "Rappel le" in page
    person_id = journey.row(referral_id).person_id
    assert "Rappel à Le Fil d’Or après dix jours" in html.unescape(saint_mars.volunteer.get("people.show", person_id=person_id).text)
    with saint_mars.at_home():
        from app.people.tasks import settle

        settle()
    assert "Prendre des nouvelles d’une orientation d’Ada" in html.unescape(saint_mars.volunteer.get("tasks.index").text)
    journey.ages(referral_id, 20)
    journey.night()
    assert journey.row(referral_id).state == ReferralState.expired
    assert "n’attend plus" in saint_mars.volunteer.get("referral.show_referral", referral_id=referral_id).text
    story = html.unescape(saint_mars.volunteer.get("people.show", person_id=person_id).text)
    assert "Trente jours sans réponse" in story
    assert "Chercher un autre lieu pour Ada" in html.unescape(saint_mars.volunteer.get("tasks.index").text)


def test_a_death_stops_every_referral_at_once(house, saint_mars, journey, stranger):
    person_id = journey.files.opens(name="Ada")
    journey.files.pairs(person_id)
    place = journey.resource()
    sent, accepted = (journey.sends(person_id=person_id, place=place) for _ in range(2))
    saint_mars.volunteer.post("referral.create_answer", {"answer": "yes"}, referral_id=accepted)
    draft = journey.drafts(person_id=person_id, place=place)
    count = len(letters(house))
    journey.closes(person_id)
    journey.ages(sent, 12)
    journey.night()
    saint_mars.coordinator.post("referral.create_sending", {"seen": "x"}, referral_id=draft)
    work_off(house, saint_mars.id)
    assert len(letters(house)) == count, "No letter leaves any more."
    assert {journey.row(each).state for each in (sent, draft)} == {ReferralState.stopped}
    for referral_id in (sent, accepted):
        page = stranger.get("referral_answer.show", token=journey.token(referral_id))
        assert page.status_code == 410
        assert "Merci d’avoir été prêts à ouvrir votre porte" in page.text
        answered = stranger.post("referral_answer.create", {"answer": "yes"}, token=journey.token(referral_id))
        assert answered.status_code == 410
    assert (
        len(letters(house, f"benevole.{saint_mars.slug}@{DOMAIN}")) == 0
        or "a répondu" not in letters(house, f"benevole.{saint_mars.slug}@{DOMAIN}")[-1]["Subject"]
    )


def test_nobody_learns_of_a_death_from_a_link(house, saint_mars, journey, stranger):
    pages = []
    for end in ("died", "cancelled", "expired"):
        referral_id = journey.sends()
        if end == "died":
            journey.closes(journey.row(referral_id).person_id)
        elif end == "cancelled":
            saint_mars.volunteer.post("referral.create_cancellation", {"reason": "Elle a changé d’avis."}, referral_id=referral_id)
        else:
            journey.ages(referral_id, 31)
            journey.night()
        token = journey.token(referral_id)
        answer = stranger.get("referral_answer.show", token=token)
        pages.append((answer.status_code, re.sub(r'value="[^"]+"', "", answer.text.replace(token, "TOKEN"))))
    assert pages[0] == pages[1] == pages[2]


def test_the_end_of_a_path_cancels_what_waits(saint_mars, journey):
    referral_id = journey.sends()
    journey.closes(journey.row(referral_id).person_id, "moved")
    assert journey.row(referral_id).state == ReferralState.cancelled


def test_a_referral_is_for_its_companions_and_the_coordination(saint_mars, ranzay, journey):
    referral_id = journey.sends()
    row = journey.row(referral_id)
    where = {"person_id": row.person_id, "resource_id": row.resource_id}
    for role in ("third", "observer", "trainer"):
        someone = getattr(saint_mars, role)
        assert someone.get("referral.show_referral", referral_id=referral_id).status_code == 404, role
        assert someone.get("referral.choose_resource", person_id=row.person_id).status_code == 404, role
        assert someone.get("referral.new_referral", **where).status_code == 404, role
        assert someone.post("referral.create_referral", journey.form, **where).status_code == 404, role
        assert someone.post("referral.create_cancellation", {"reason": "x"}, referral_id=referral_id).status_code == 404, role
    assert "Ada" not in saint_mars.third.get("referral.index_referrals").text
    for role in ("volunteer", "second", "coordinator"):
        assert getattr(saint_mars, role).get("referral.show_referral", referral_id=referral_id).status_code == 200, role
        assert "Ada" in getattr(saint_mars, role).get("referral.index_referrals").text, role
    assert ranzay.coordinator.get("referral.show_referral", referral_id=referral_id).status_code == 404
    assert ranzay.coordinator.get("referral.show_resource", resource_id=row.resource_id).status_code == 404
    assert "Fil d’Or" not in ranzay.coordinator.get("referral.index", recherche="fil d'or").text


def test_every_reading_is_written_to_the_journal(saint_mars, journey):
    referral_id = journey.sends()
    person_id = journey.row(referral_id).person_id
    before = saint_mars.coordinator.get("people.show_journal", person_id=person_id).text
    assert "a envoyé une orientation" in before
    saint_mars.second.get("referral.show_referral", referral_id=referral_id)
    after = saint_mars.coordinator.get("people.show_journal", person_id=person_id).text
    name = saint_mars.names("second")[0]
    assert after.count(name) == before.count(name) + 1


def test_a_sender_is_told_of_an_answer_without_a_name(house, saint_mars, journey, stranger):
    referral_id = journey.sends()
    stranger.post("referral_answer.create", {"answer": "yes", "words": "Venez jeudi."}, token=journey.token(referral_id))
    work_off(house, saint_mars.id)
    mail = mails_to(house, f"benevole.{saint_mars.slug}@{DOMAIN}")[-1]
    assert mail.startswith("Le Fil d’Or a répondu")
    assert "Ada" not in mail
    assert f"/orientation/{referral_id}" in mail


def test_drafts_are_forgotten_after_a_month(saint_mars, journey):
    referral_id = journey.drafts()
    with saint_mars.at_home():
        db.session.get_one(Referral, (saint_mars.id, referral_id)).opened_at -= timedelta(days=31)
    from workers import perform

    perform.serve(lambda: saint_mars.house)
    perform.perform_for("forget_drafts_of_referrals", str(saint_mars.id))
    assert referral_id not in {each.id for each in saint_mars.rows(Referral)}
