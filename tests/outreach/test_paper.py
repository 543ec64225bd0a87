"""Paper: the sheet and its code, the grid it is typed back into, and what is typed twice."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app.db import db, new_id
from app.outreach.encounters import Encounter, Outcome
from app.outreach.models import OutreachKind, Round
from app.outreach.paper import round_code
from tenants.founding import READABLE
from tests.cast import Crew
from workers.outreach import forget_doors


@pytest.fixture
def round_id(saint_mars):
    return saint_mars.plans()


@pytest.fixture
def building_id(saint_mars, round_id):
    return saint_mars.adds_building(round_id)


@pytest.fixture
def types(saint_mars, round_id, building_id):
    """Type letters into doors: `types({"3/33": "e"})`."""

    def send(letters, who=None, gesture=None, building=None):
        fields = {f"{(building or building_id).hex}.{place.replace('/', '.')}": letter for place, letter in letters.items()}
        return (who or saint_mars.volunteer).post("outreach.update_sheet", {"gesture": str(gesture or new_id()), **fields}, round_id=round_id)

    return send


def lines(crew, round_id, *conditions):
    return crew.scalar(select(func.count()).select_from(Encounter).where(Encounter.round_id == round_id, *conditions))


def doors(crew, round_id):
    return crew.volunteer.get("outreach.show", round_id=round_id).text


def code_of(crew, round_id):
    from tenants.models import Collective

    return f"{crew.scalar(select(Collective.short_code).where(Collective.id == crew.id))}-{round_code(round_id)}"


def test_the_code_of_a_round_is_five_readable_letters_always_the_same():
    some = UUID("0190b6f2-0000-7000-8000-000000000001")
    assert round_code(some) == round_code(some)
    assert len(round_code(some)) == 5
    assert set("".join(round_code(new_id()) for _ in range(200))) <= set(READABLE)


def test_the_sheet_has_a_line_for_each_door_and_the_code(saint_mars, round_id, building_id):
    saint_mars.adds_building(round_id, label="Le marché", shape="counted")
    text = saint_mars.volunteer.get("outreach.show_sheet", round_id=round_id).text
    assert code_of(saint_mars, round_id) in text
    assert text.count('<th scope="row">') == 18 + 5
    assert text.count('class="tick"') == 18 * 5
    assert "On n’écrit ni nom, ni santé" in text
    assert "Rue des Lilas" in text


def test_a_door_where_nobody_is_to_come_again_has_no_boxes(saint_mars, round_id, types):
    types({"3/33": "r"})
    text = saint_mars.volunteer.get("outreach.show_sheet", round_id=round_id).text
    assert "ne plus passer" in text
    assert text.count('class="tick"') == 17 * 5


def test_a_sheet_without_a_place_has_blank_lines(saint_mars, round_id):
    assert "Aucun lieu n’est préparé" in saint_mars.volunteer.get("outreach.show_sheet", round_id=round_id).text


@pytest.mark.parametrize(
    ("kind", "column"),
    [
        (OutreachKind.street_walk, "Personnes croisées"),
        (OutreachKind.courtesy_visit, "Comment cela s’est passé"),
        (OutreachKind.solidarity_ride, "Kilomètres"),
        (OutreachKind.project_support, "Prochaine étape"),
    ],
)
def test_other_kinds_have_a_plain_sheet_and_are_typed_in_on_their_page(saint_mars, round_id, kind, column):
    with saint_mars.at_home():
        db.session.get(Round, (saint_mars.id, round_id)).kind = kind
    assert column in saint_mars.volunteer.get("outreach.show_sheet", round_id=round_id).text
    assert saint_mars.volunteer.get("outreach.edit_sheet", round_id=round_id).status_code == 404
    found = saint_mars.volunteer.get("outreach.find_sheet", code=code_of(saint_mars, round_id))
    assert found.location == saint_mars.volunteer.address("outreach.show", round_id=round_id)


def test_numbers_are_never_on_paper(saint_mars, round_id):
    with saint_mars.at_home():
        db.session.get(Round, (saint_mars.id, round_id)).kind = OutreachKind.phoning
    assert saint_mars.volunteer.get("outreach.show_sheet", round_id=round_id).status_code == 404


@pytest.mark.parametrize("spell", [str, str.lower, lambda code: code.replace("-", " "), lambda code: code[-5:]])
def test_a_code_finds_its_round_however_it_is_written(saint_mars, round_id, spell):
    answer = saint_mars.volunteer.get("outreach.find_sheet", code=spell(code_of(saint_mars, round_id)))
    assert answer.location == saint_mars.volunteer.address("outreach.edit_sheet", round_id=round_id)


def test_a_code_leads_who_is_not_in_the_team_to_the_page_of_the_round(saint_mars, round_id):
    answer = saint_mars.third.get("outreach.find_sheet", code=code_of(saint_mars, round_id))
    assert answer.location == saint_mars.third.address("outreach.show", round_id=round_id)


def test_the_code_of_next_door_and_no_code_at_all_get_the_same_words(saint_mars, ranzay, round_id):
    theirs = ranzay.plans()
    answers = []
    for code in (code_of(ranzay, theirs), "K7M2QX-AAAAA", "n’importe quoi"):
        answer = saint_mars.volunteer.get("outreach.find_sheet", code=code)
        assert answer.status_code == 404
        assert "Aucune tournée n’a ce code" in answer.text
        answers.append(answer.text.replace(code, ""))
    assert answers[0] == answers[1]
    assert "taper son code" in saint_mars.volunteer.get("outreach.find_sheet").text


def test_two_rounds_with_one_code_are_both_offered(saint_mars, round_id, monkeypatch):
    saint_mars.plans("Rue des Roses")
    monkeypatch.setattr("app.outreach.paper.round_code", lambda _id: "AAAAA")
    text = saint_mars.volunteer.get("outreach.find_sheet", code="AAAAA").text
    assert "Deux tournées ont ce code" in text
    assert "Rue des Roses" in text
    assert "Rue des Lilas" in text


def test_letters_of_either_case_and_digits_are_doors(saint_mars, round_id, types):
    assert types({"4/41": "p", "4/42": "R", "4/43": "3", "4/44": "V", "3/31": "5", "3/32": ""}).status_code == 302
    noted = {each.door: each.outcome for each in saint_mars.rows(Encounter) if each.round_id == round_id}
    assert noted == {"41": Outcome.nobody, "42": Outcome.refused, "43": Outcome.talked, "44": Outcome.again, "31": Outcome.isolation}
    assert "5 portes recopiées" in doors(saint_mars, round_id)


def test_a_wrong_letter_saves_nothing_and_keeps_everything(saint_mars, round_id, building_id, types):
    for wrong in ("x", "é", "9", "pp", "<"):
        answer = types({"4/41": "p", "4/42": wrong})
        assert answer.status_code == 422
        assert "Une seule lettre" in answer.text
        assert f'name="{building_id.hex}.4.41" type="text" value="p"' in answer.text
    assert lines(saint_mars, round_id) == 0


def test_an_empty_sheet_says_so(types):
    answer = types({})
    assert answer.status_code == 422
    assert "Rien n’est tapé" in answer.text


def test_what_was_typed_twice_counts_once_by_whoever(saint_mars, round_id, types):
    sheet = {"4/41": "p", "4/42": "e"}
    for who in (saint_mars.volunteer, saint_mars.volunteer, saint_mars.second):
        assert types(sheet, who=who).status_code == 302
    assert lines(saint_mars, round_id) == 2
    assert "Tout était déjà noté" in saint_mars.second.get("outreach.show", round_id=round_id).text


def test_one_form_sent_twice_is_one_gesture_and_a_corrected_one_another(saint_mars, round_id, types):
    gesture = new_id()
    for letter in ("p", "p", "e"):
        types({"4/41": letter}, gesture=gesture)
    assert lines(saint_mars, round_id) == 2
    text = doors(saint_mars, round_id)
    assert "1 porte sur 18" in text


def test_a_correction_is_the_last_word_on_its_door_alone(saint_mars, round_id, building_id, types):
    types({"4/41": "p", "4/42": "e"})
    types({"4/41": "e", "4/42": "e"}, who=saint_mars.second)
    assert lines(saint_mars, round_id) == 3
    text = saint_mars.volunteer.get("outreach.show_building", round_id=round_id, building_id=building_id).text
    assert "<b>41</b>échange" in text


def test_a_door_of_another_building_is_not_read(saint_mars, ranzay, round_id, types):
    theirs = ranzay.adds_building(ranzay.plans())
    assert types({"4/41": "p"}, building=theirs).status_code == 422
    assert types({"9/99": "p"}).status_code == 422
    assert lines(saint_mars, round_id) == 0


@pytest.fixture
def counts(saint_mars, round_id):
    """Type numbers of a counted place."""
    place = saint_mars.adds_building(round_id, label="Le marché", shape="counted")

    def send(numbers, who=None):
        fields = {f"{place.hex}.{outcome}": number for outcome, number in numbers.items()}
        return (who or saint_mars.volunteer).post("outreach.update_sheet", {"gesture": str(new_id()), **fields}, round_id=round_id)

    return send


def tally(crew, round_id):
    return crew.scalar(select(func.coalesce(func.sum(Encounter.tally), 0)).where(Encounter.round_id == round_id))


def test_the_same_numbers_again_add_nothing_and_greater_ones_the_difference(saint_mars, round_id, counts):
    counts({"nobody": "12", "talked": "3"})
    assert tally(saint_mars, round_id) == 15
    counts({"nobody": "12", "talked": "3"}, who=saint_mars.second)
    assert tally(saint_mars, round_id) == 15
    assert "déjà 12" in saint_mars.volunteer.get("outreach.edit_sheet", round_id=round_id).text
    counts({"nobody": "14"})
    assert tally(saint_mars, round_id) == 17


@pytest.mark.parametrize("number", ["3", "-1", "2001", "beaucoup", "²"])
def test_a_smaller_number_or_none_gets_a_message(saint_mars, round_id, counts, number):
    counts({"nobody": "12"})
    answer = counts({"nobody": number, "talked": "4"})
    assert answer.status_code == 422
    assert "déjà comptées" in answer.text or "Un nombre de 0 à 2000" in answer.text
    assert 'value="4"' in answer.text
    assert tally(saint_mars, round_id) == 12


def test_a_closed_round_keeps_what_is_typed_on_the_page(saint_mars, round_id, building_id, types):
    saint_mars.closes(round_id, days_ago=4)
    answer = types({"4/41": "p"})
    assert answer.status_code == 422
    assert "La tournée est terminée" in answer.text
    assert f'name="{building_id.hex}.4.41" type="text" value="p"' in answer.text
    assert "Recopier" in saint_mars.volunteer.get("outreach.edit_sheet", round_id=round_id).text
    assert lines(saint_mars, round_id) == 0


def test_a_sheet_that_was_being_typed_when_someone_closed_the_round_is_kept(saint_mars, round_id, types):
    saint_mars.closes(round_id)
    assert types({"4/41": "p", "4/42": "e"}).status_code == 302
    assert lines(saint_mars, round_id) == 2
    assert "2 lignes sont arrivées après la clôture" in saint_mars.volunteer.get("outreach.show", round_id=round_id).text


def test_nothing_is_typed_before_the_day(saint_mars):
    round_id = saint_mars.plans(days=3)
    building_id = saint_mars.adds_building(round_id)
    answer = saint_mars.volunteer.post("outreach.update_sheet", {f"{building_id.hex}.4.41": "p"}, round_id=round_id)
    assert answer.status_code == 422
    assert "prévue pour plus tard" in answer.text


def test_a_round_whose_doors_are_forgotten_is_not_typed_again(saint_mars, round_id, types):
    from app.db import now

    with saint_mars.at_home():
        db.session.get(Round, (saint_mars.id, round_id)).forgotten_at = now()
    answer = types({"4/41": "p"})
    assert answer.status_code == 422
    assert "deux fois" in answer.text


def test_who_is_not_in_the_team_types_nothing(saint_mars, ranzay, round_id, types):
    assert types({"4/41": "p"}, who=saint_mars.third).status_code == 404
    assert ranzay.volunteer.get("outreach.edit_sheet", round_id=round_id).status_code == 404
    assert ranzay.volunteer.get("outreach.show_sheet", round_id=round_id).status_code == 404
    assert types({"4/41": "p"}, who=saint_mars.coordinator).status_code == 302
    assert lines(saint_mars, round_id) == 1


@pytest.mark.committed
def test_two_people_who_send_one_sheet_at_once_count_it_once(house):
    crew = Crew(house, "saint-mars-du-desert")
    round_id = crew.plans(f"Rue {new_id()}")
    try:
        place = crew.adds_building(round_id, shape="counted")
        people = [crew.volunteer, crew.second] * 2

        def send(who):
            return who.post("outreach.update_sheet", {"gesture": str(new_id()), f"{place.hex}.nobody": "12"}, round_id=round_id).status_code

        with ThreadPoolExecutor(2) as pool:
            for pair in (people[:2], people[2:]):
                assert set(pool.map(send, pair)) == {302}
        assert tally(crew, round_id) == 12
    finally:
        with crew.at_home():
            db.session.delete(db.session.get(Round, (crew.id, round_id)))


def test_a_place_without_a_name_any_more_is_called_so_on_paper(saint_mars):
    round_id = saint_mars.plans()
    saint_mars.adds_building(round_id, label="Le pavillon de Mme Martin", shape="counted")
    saint_mars.closes(round_id, days_ago=31)
    with saint_mars.at_home():
        forget_doors()
    text = saint_mars.volunteer.get("outreach.show_sheet", round_id=round_id).text
    assert '<h2 id="lieu-1">Un tout petit lieu</h2>' in text
