"""A file begins with a first name and a yes; only those who accompany read it, and each reading is noted."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import db, new_id
from app.people.agreements import Agreement
from app.people.models import Person, Stage
from app.people.path import PathStep
from app.people.words import NEED_NAMES
from tenants.journal import JournalLine
from tenants.months import today_in


def test_a_first_name_and_a_yes_are_enough(saint_mars, files):
    person_id = files.opens()
    page = saint_mars.coordinator.get("people.show", person_id=person_id)
    assert page.status_code == 200
    assert "« Oui, repassez. »" in page.text
    assert files.person(person_id).stage == Stage.spotted


def test_without_agreement_nothing_is_opened(saint_mars, files):
    form = files.form(words="", name="Berthe")
    answer = saint_mars.coordinator.post("people.create", form)
    assert answer.status_code == 422
    assert "Sans son accord, pas de fiche" in answer.text
    assert "Berthe" in answer.text
    assert form["id"] not in {str(each.id) for each in saint_mars.rows(Person)}


def test_the_same_form_twice_opens_one_file(saint_mars, files):
    form = files.form()
    before = len(saint_mars.rows(Person))
    for _time in range(2):
        assert saint_mars.coordinator.post("people.create", form).status_code == 302
    assert len(saint_mars.rows(Person)) == before + 1
    assert len([each for each in saint_mars.rows(Agreement) if str(each.person_id) == form["id"]]) == 1


def test_names_and_words_are_sealed(saint_mars, files):
    person_id = files.opens(name="Zéphyrine", likes="la dentelle")
    with saint_mars.at_home():
        row = db.session.execute(select(Person.__table__).where(Person.__table__.c.id == person_id)).one()
    assert "Zéphyrine".encode() not in b"".join(value for value in row if isinstance(value, bytes))
    assert files.person(person_id).name_sealed[:1] == b"\x01"


def test_someone_who_may_be_known_already_is_asked_about_once(saint_mars, files):
    files.opens(name="Léontine", street="3 rue du Port")
    form = files.form(name="leontine", street="12, rue du Port")
    answer = saint_mars.coordinator.post("people.create", form)
    assert answer.status_code == 422
    assert "Vous connaissez peut-être déjà cette personne" in answer.text
    assert saint_mars.coordinator.post("people.create", {**form, "sure": "y"}).status_code == 302


def test_a_volunteer_is_not_told_who_is_known(saint_mars, files):
    files.opens(name="Léontine", street="3 rue du Port")
    answer = saint_mars.volunteer.post("people.create", files.form(name="Léontine", street="3 rue du Port"))
    assert answer.status_code == 302


def test_next_door_knows_nobody(saint_mars, ranzay, files):
    files.opens(name="Léontine", street="3 rue du Port", phone="02 61 91 44 77")
    answer = ranzay.coordinator.get("people.index", recherche="leontine")
    assert "Léontine" not in answer.text


def test_a_volunteer_reads_the_people_of_their_own_pairs_alone(saint_mars, files):
    mine, other = files.opens(name="Ada"), files.opens(name="Berthe")
    assert files.pairs(mine).status_code == 302
    assert files.pairs(other, "second", "third").status_code == 302
    assert saint_mars.volunteer.get("people.show", person_id=mine).status_code == 200
    assert saint_mars.volunteer.get("people.show", person_id=other).status_code == 404
    listed = saint_mars.volunteer.get("people.index").text
    assert str(mine) in listed
    assert str(other) not in listed
    for role in ("observer", "trainer"):
        assert getattr(saint_mars, role).get("people.show", person_id=mine).status_code == 404


def test_each_reading_is_written_down_and_can_be_read(saint_mars, files):
    person_id = files.opens()
    files.pairs(person_id)
    saint_mars.volunteer.get("people.show", person_id=person_id)
    lines = [each for each in saint_mars.rows(JournalLine) if each.subject_id == person_id and each.act == "read"]
    assert [each.user_id for each in lines] == [saint_mars.volunteer.user_id]
    page = saint_mars.coordinator.get("people.show_journal", person_id=person_id).text
    assert saint_mars.names("volunteer")[0] in page
    assert saint_mars.volunteer.get("people.show_journal", person_id=person_id).status_code == 404


def test_the_second_of_two_writers_sees_what_the_first_changed(saint_mars, files):
    person_id = files.opens(name="Ada", street="rue Haute")
    base = {"version": "1", "name": "Ada", "languages": ["fr"]}
    first = saint_mars.coordinator.post("people.update", {**base, "street": "rue Basse"}, person_id=person_id)
    assert first.status_code == 302
    second = saint_mars.coordinator.post("people.update", {**base, "street": "rue Haute", "likes": "les roses"}, person_id=person_id)
    assert second.status_code == 409
    assert "rue Basse" in second.text
    assert "les roses" in second.text
    again = saint_mars.coordinator.post("people.update", {**base, "version": "2", "street": "rue Basse", "likes": "les roses"}, person_id=person_id)
    assert again.status_code == 302
    assert files.person(person_id).version == 3


@pytest.mark.parametrize("text", ["Elle a du diabète", "sous antidépresseurs"])
def test_what_looks_like_health_is_asked_about_and_kept_if_wished(saint_mars, files, text):
    person_id = files.opens()
    form = {"id": str(new_id()), "occasion": "visit", "on": files.today, "text": text}
    answer = saint_mars.coordinator.post("people.create_telling", form, person_id=person_id)
    assert answer.status_code == 422
    assert "parle peut-être de santé" in answer.text
    assert saint_mars.coordinator.post("people.create_telling", {**form, "keep_words": "y"}, person_id=person_id).status_code == 302


def test_steps_forwards_back_and_taken_back(saint_mars, files):
    person_id = files.opens()
    coordinator = saint_mars.coordinator

    def goes(stage, reason=""):
        form = {"id": str(new_id()), "stage": stage, "on": files.today, "reason": reason}
        return coordinator.post("people.create_step", form, person_id=person_id)

    assert goes("accompanied").status_code == 302
    back = goes("met")
    assert back.status_code == 422
    assert "dites pourquoi" in back.text
    assert goes("met", "Elle préfère attendre.").status_code == 302
    assert files.person(person_id).stage == Stage.met
    last = max((each for each in saint_mars.rows(PathStep) if each.person_id == person_id), key=lambda each: each.at)
    answer = coordinator.post("people.create_step_undo", {"reason": "Une erreur."}, person_id=person_id, path_step_id=last.id)
    assert answer.status_code == 302
    assert files.person(person_id).stage == Stage.accompanied
    first = min((each for each in saint_mars.rows(PathStep) if each.person_id == person_id), key=lambda each: each.at)
    refused = coordinator.post("people.create_step_undo", {"reason": "Une erreur."}, person_id=person_id, path_step_id=first.id)
    assert refused.status_code == 422
    assert "cette étape ne se retire pas" in refused.text
    assert "Macro" not in refused.text


def test_a_death_ends_the_pair_and_every_meeting_with_one_warm_sentence(saint_mars, files):
    person_id = files.opens(name="Ada")
    files.pairs(person_id)
    form = {"id": str(new_id()), "because": "died", "on": files.today, "reason": ""}
    answer = saint_mars.coordinator.post("people.create_closing", form, person_id=person_id)
    assert answer.status_code == 302
    page = saint_mars.coordinator.get("people.show", person_id=person_id).text
    assert "Merci d’avoir été là pour Ada" in page
    assert "Former un binôme" not in page
    assert files.person(person_id).has_died
    assert saint_mars.volunteer.get("people.show", person_id=person_id).status_code == 404


def test_the_printout_holds_everything_that_is_written(saint_mars, files):
    texts = {"name": "Zéphyrine", "street": "rue de la Soif", "reached": "le soir", "likes": "la dentelle", "gives": "des boutures"}
    person_id = files.opens(**texts, phone="02 61 91 44 77", words="« Entrez donc. »")
    form = {"id": str(new_id()), "occasion": "call", "on": files.today, "title": "Un coup de fil", "text": "Elle a ri."}
    saint_mars.coordinator.post("people.create_telling", form, person_id=person_id)
    again = (today_in("Europe/Paris") + timedelta(days=90)).isoformat()
    agreed = {"id": str(new_id()), "agreed_to": files.form()["agreed_to"], "given_on": files.today, "words": "« Encore. »", "ask_again_on": again}
    assert saint_mars.coordinator.post("people.create_agreement", agreed, person_id=person_id).status_code == 302
    ended = {"id": str(new_id()), "because": "moved", "on": files.today, "reason": "Chez sa fille."}
    assert saint_mars.coordinator.post("people.create_closing", ended, person_id=person_id).status_code == 302
    page = saint_mars.coordinator.get("people.show_printout", person_id=person_id).text
    more = ["« Entrez donc. »", "Un appel", "Un coup de fil", "Elle a ri.", "À redemander le", "La personne habite ailleurs", "Chez sa fille"]
    for text in [*texts.values(), *more]:
        assert text in page, text


def test_suggestions_explain_themselves(saint_mars, files):
    card = {"languages": ["fr", "wo"], "likes": "la dentelle", "street": "4 rue de la Soif"}
    assert saint_mars.third.post("people.update_card", card).status_code == 302
    person_id = files.opens(languages=["fr", "wo"], likes="La dentelle", street="9, rue de la Soif")
    page = saint_mars.coordinator.get("people.new_pair", person_id=person_id).text
    for reason in ("Parle aussi wolof", "Aime aussi : La dentelle", "Habite la même rue"):
        assert reason in page
    assert page.index(saint_mars.names("third")[0]) < page.index("Accompagne" if "Accompagne" in page else "N’accompagne")


def test_one_person_twice_is_no_pair(saint_mars, files):
    answer = files.pairs(files.opens(), "volunteer", "volunteer")
    assert answer.status_code == 422
    assert "Il faut deux personnes" in answer.text


def test_a_file_needs_few_queries_whatever_its_history(saint_mars, files, house):
    import sqlalchemy as sa

    person_id = files.opens()
    for number in range(12):
        form = {"id": str(new_id()), "occasion": "call", "on": files.today, "text": f"Appel {number}"}
        saint_mars.coordinator.post("people.create_telling", form, person_id=person_id)
    # The richest histories of the demonstration too: bonds, calls, referrals, courses, activities.
    with saint_mars.at_home():
        everyone = [person_id, *db.session.scalars(select(Person.id).where(Person.stage != Stage.closed))]
    for each in everyone:
        seen = []

        def note(connection, cursor, statement, *rest, seen=seen):
            if not statement.startswith(("SAVEPOINT", "RELEASE", "SET LOCAL", "BEGIN")):
                seen.append(statement)

        sa.event.listen(sa.engine.Engine, "before_cursor_execute", note)
        try:
            assert saint_mars.coordinator.get("people.show", person_id=each).status_code == 200
        finally:
            sa.event.remove(sa.engine.Engine, "before_cursor_execute", note)
        # One of them is the door’s: who signs in, and the membership.
        assert len(seen) - 1 <= 12, "\n".join(seen)


def test_needs_are_themes_of_data_inclusion_and_none_of_health():
    from data_inclusion.schema.v1 import Thematique

    assert set(NEED_NAMES) <= {each.value for each in Thematique}
    assert not [each for each in NEED_NAMES if each.startswith("sante")]


def test_a_person_met_in_a_round_is_opened_from_it(saint_mars, files):
    round_id = saint_mars.plans()
    assert saint_mars.volunteer.get("outreach.new_person", round_id=round_id).status_code == 200
    form = files.form(found_by="round")
    assert saint_mars.volunteer.post("outreach.create_person", form, round_id=round_id).status_code == 302
    assert str(files.person(next(each.id for each in saint_mars.rows(Person) if str(each.id) == form["id"])).round_id) == str(round_id)
    assert saint_mars.third.get("outreach.new_person", round_id=round_id).status_code == 404


def test_a_day_to_come_is_refused(saint_mars, files):
    tomorrow = (today_in("Europe/Paris") + timedelta(days=1)).isoformat()
    answer = saint_mars.coordinator.post("people.create", files.form(found_on=tomorrow))
    assert answer.status_code == 422
    assert "n’est pas encore venu" in answer.text


def test_what_has_an_answer_already_is_not_called_optional(saint_mars, files):
    person_id = files.opens()
    fields = {"new": ["agreed_to"], "new_agreement": ["agreed_to"], "new_pair": ["one", "other"], "new_meeting": ["one"], "new_circles": ["moment"]}
    for endpoint, names in fields.items():
        page = saint_mars.coordinator.get(f"people.{endpoint}", **({} if endpoint == "new" else {"person_id": person_id})).text
        for name in names:
            label = page.split(f'<label class="form-label" for="{name}">')[1].split("</label>")[0]
            assert "facultatif" not in label, (endpoint, name)
