"""Social phoning: a pasted list, a queue, outcomes, pauses, wishes, forgetting."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from babel.dates import format_date
from sqlalchemy import func, select

from app.db import db, new_id, now
from app.outreach import pasting
from app.outreach.models import Round
from app.outreach.phoning import Call, PhoneNumber, count_calls, next_number, waiting
from app.phone_numbers import normalised
from tenants.months import today_in
from workers.phoning import forget_numbers

FIRST, SECOND, THIRD = "02 61 91 00 01", "02.61.91.00.02", "+33 2 61 91 00 03"


@pytest.fixture
def round_id(saint_mars):
    return saint_mars.plans(kind="phoning")


@pytest.fixture
def pastes(saint_mars, round_id):
    return lambda text, who=None: (who or saint_mars.volunteer).post("outreach.create_numbers", {"numbers": text}, round_id=round_id)


@pytest.fixture
def takes(saint_mars, round_id):
    """Someone takes the next number; its id, or None."""

    def take(who):
        answer = who.post("outreach.create_hold", round_id=round_id)
        return UUID(answer.location.rsplit("/", 1)[1]) if "/numeros/" in answer.location else None

    return take


@pytest.fixture
def calls(saint_mars, round_id, takes):
    """Someone takes the next number and says how it ended."""

    def call(outcome, who=None, **more):
        who = who or saint_mars.volunteer
        number_id = takes(who)
        return number_id, who.post("outreach.create_call", {"id": str(new_id()), "outcome": outcome, **more}, round_id=round_id, number_id=number_id)

    return call


def count(crew, kind, round_id):
    return crew.scalar(select(func.count()).select_from(kind).where(kind.round_id == round_id))


def test_a_list_is_read_as_people_write_it(saint_mars, round_id, pastes):
    assert pastes(f"{FIRST}\n{SECOND};\n\n{THIRD}").status_code == 302
    assert count(saint_mars, PhoneNumber, round_id) == 3


def test_numbers_are_sealed(saint_mars, round_id, pastes):
    pastes(FIRST)
    row = next(each for each in saint_mars.rows(PhoneNumber) if each.round_id == round_id)
    assert b"261910001" not in row.number_sealed
    assert b"261910001" not in row.mark
    with saint_mars.at_home():
        assert db.session.get(PhoneNumber, (saint_mars.id, row.id)).number == "+33261910001"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("bonjour", "ce n’est pas un numéro"),
        ("02 61 91 00", "ce numéro n’existe pas"),
        ("+44 20 7946 0000", "numéro étranger"),
        ("08 36 65 65 65", "numéro de service"),
        ("3630", "ce numéro n’existe pas"),
    ],
)
def test_each_faulty_line_is_named_and_the_others_are_kept(saint_mars, round_id, pastes, line, reason):
    answer = pastes(f"{FIRST}\n{line}\n{SECOND}")
    assert answer.status_code == 200
    assert "Ligne 2" in answer.text
    assert reason in answer.text
    assert count(saint_mars, PhoneNumber, round_id) == 2


def test_the_same_number_twice_is_said_and_added_once(saint_mars, round_id, pastes):
    answer = pastes(f"{FIRST}\n0261910001")
    assert "Ligne 2 : déjà dans la liste" in answer.text
    again = pastes(FIRST)
    assert "Aucun numéro ajouté" in again.text
    assert count(saint_mars, PhoneNumber, round_id) == 1


def test_two_thousand_lines_are_taken_and_more_are_not(saint_mars, round_id, pastes):
    lines = [f"03 53 01 {index // 100:02d} {index % 100:02d}" for index in range(10_000)]
    too_many = pastes("\n".join(lines))
    assert too_many.status_code == 422
    assert "rien n’est enregistré" in too_many.text
    assert count(saint_mars, PhoneNumber, round_id) == 0
    assert pastes("\n".join(lines[:2000])).status_code == 302
    assert count(saint_mars, PhoneNumber, round_id) == 2000


def test_an_empty_list(pastes):
    answer = pastes("")
    assert answer.status_code == 422
    assert "Collez au moins un numéro" in answer.text


def test_a_call_shows_the_number_and_the_script(saint_mars, round_id, pastes, takes):
    pastes(FIRST)
    page = saint_mars.volunteer.get("outreach.show_number", round_id=round_id, number_id=takes(saint_mars.volunteer)).text
    assert 'href="tel:+33261910001"' in page
    assert "02 61 91 00 01" in page
    assert "rien à vendre" in page


def test_two_callers_never_hold_the_same_number(saint_mars, pastes, takes):
    pastes(f"{FIRST}\n{SECOND}")
    mine, theirs = takes(saint_mars.volunteer), takes(saint_mars.second)
    assert mine != theirs
    assert takes(saint_mars.volunteer) == mine
    assert takes(saint_mars.coordinator) is None


def test_a_number_given_to_another_is_not_shown(saint_mars, round_id, pastes, takes):
    pastes(FIRST)
    number_id = takes(saint_mars.volunteer)
    assert saint_mars.second.get("outreach.show_number", round_id=round_id, number_id=number_id).status_code == 404
    answer = saint_mars.second.post("outreach.create_call", {"outcome": "talked"}, round_id=round_id, number_id=number_id)
    assert answer.status_code == 404


def test_a_conversation_ends_it_and_counts(saint_mars, round_id, pastes, calls, takes):
    pastes(FIRST)
    number_id, answer = calls("talked")
    assert answer.status_code == 302
    assert takes(saint_mars.volunteer) is None
    assert saint_mars.scalar(select(PhoneNumber.done).where(PhoneNumber.id == number_id)) is True
    page = saint_mars.volunteer.get("outreach.show", round_id=round_id).text
    assert "<dt>personne jointe</dt><dd>1</dd>" in page


def test_the_same_call_twice_counts_once(saint_mars, round_id, pastes, takes):
    pastes(FIRST)
    number_id, known = takes(saint_mars.volunteer), str(new_id())
    for _ in range(2):
        answer = saint_mars.volunteer.post("outreach.create_call", {"id": known, "outcome": "no_answer"}, round_id=round_id, number_id=number_id)
        assert answer.status_code == 302
    assert count(saint_mars, Call, round_id) == 1
    assert saint_mars.scalar(select(PhoneNumber.attempts).where(PhoneNumber.id == number_id)) == 1


def test_three_days_between_attempts_and_four_attempts_at_most(saint_mars, round_id, pastes, calls, takes):
    pastes(FIRST)
    for attempt in range(1, 5):
        number_id, _answer = calls("no_answer")
        assert takes(saint_mars.volunteer) is None
        with saint_mars.at_home():
            number = db.session.get(PhoneNumber, (saint_mars.id, number_id))
            assert number.not_before > now() + timedelta(days=2, hours=23)
            assert number.done is (attempt == 4)
            number.not_before = now() - timedelta(minutes=1)


def test_while_all_numbers_pause_the_page_says_when_the_next_can_be_called(saint_mars, round_id, pastes, calls, takes):
    def page(who=saint_mars.volunteer):
        return who.get("outreach.show", round_id=round_id).text.split("Les appels")[1].split("</section>")[0]

    pastes(f"{FIRST}\n{SECOND}")
    calls("no_answer")
    assert "Appeler le prochain numéro" in page()
    calls("call_back", call_back_on=(today_in("Europe/Paris") + timedelta(days=1)).isoformat())
    assert "2 numéros attendent encore" in page()
    assert "Appeler le prochain numéro" not in page()
    tomorrow = written_date(today_in("Europe/Paris") + timedelta(days=1))
    assert f"Le prochain pourra être appelé {tomorrow}, à partir de 8 h." in page().replace("\xa0", " ")
    # The same is said to whoever still has the button on an older page.
    assert takes(saint_mars.volunteer) is None
    assert "Le prochain pourra être appelé" in saint_mars.volunteer.get("outreach.show", round_id=round_id).text
    with saint_mars.at_home():
        for number in db.session.scalars(select(PhoneNumber).where(PhoneNumber.round_id == round_id)):
            number.not_before = now() - timedelta(minutes=1)
    assert "Appeler le prochain numéro" in page()
    # One that another holds is free again after a quarter of an hour; one's own is there at once.
    takes(saint_mars.volunteer)
    takes(saint_mars.second)
    assert "Appeler le prochain numéro" in page()
    assert "Appeler le prochain numéro" not in page(saint_mars.coordinator)
    assert "Le prochain pourra être appelé" in page(saint_mars.coordinator)


def written_date(day):
    return format_date(day, "EEEE d MMMM", locale="fr").replace(" 1 ", " 1er ")


def test_the_coordination_sets_its_own_rules(saint_mars, pastes, calls):
    assert saint_mars.volunteer.get("outreach.edit_script").status_code == 404
    bad = saint_mars.coordinator.post("outreach.update_script", {"text": "", "attempts": "11", "pause_days": "3"})
    assert bad.status_code == 422
    assert "Il manque le texte" in bad.text
    assert "Entre 1 et 10" in bad.text
    saint_mars.coordinator.post("outreach.update_script", {"text": "Bonjour du collectif", "attempts": "1", "pause_days": "7"})
    pastes(FIRST)
    number_id, _answer = calls("no_answer")
    assert saint_mars.scalar(select(PhoneNumber.done).where(PhoneNumber.id == number_id)) is True


def test_a_number_that_waits_in_another_open_round_is_marked(saint_mars, round_id, pastes):
    pastes(f"{FIRST}\n{SECOND}")
    other = saint_mars.plans(area="Autre liste", kind="phoning")
    answer = saint_mars.volunteer.post("outreach.create_numbers", {"numbers": f"{THIRD}\n{SECOND}"}, round_id=other)
    assert "Ligne 2 : déjà dans une autre tournée ouverte du collectif" in answer.text
    assert count(saint_mars, PhoneNumber, other) == 1
    saint_mars.closes(round_id)
    answer = saint_mars.volunteer.post("outreach.create_numbers", {"numbers": SECOND}, round_id=other)
    assert "Ligne 1 : déjà dans une tournée terminée, qui ne l’avait pas appelé. Ce numéro est ajouté." in answer.text
    assert count(saint_mars, PhoneNumber, other) == 2


def test_a_number_that_was_called_in_another_round_is_marked_and_left_to_whoever_pastes(saint_mars, round_id, pastes, calls):
    pastes(f"{FIRST}\n{SECOND}")
    calls("talked")
    calls("no_answer")
    saint_mars.closes(round_id)
    other = saint_mars.plans(area="Autre liste", kind="phoning")
    answer = saint_mars.volunteer.post("outreach.create_numbers", {"numbers": f"{FIRST}\n{SECOND}\n{THIRD}"}, round_id=other)
    assert "Ligne 1 : ce numéro a déjà été appelé ces dernières semaines, dans une autre tournée. Il est laissé de côté." in answer.text
    assert "Ligne 2 : déjà dans une tournée terminée" in answer.text
    assert count(saint_mars, PhoneNumber, other) == 2
    # The pause between two attempts goes on in the other list.
    waits = select(PhoneNumber.not_before).where(PhoneNumber.round_id == other).order_by(PhoneNumber.position)
    with saint_mars.at_home():
        assert [each > now() for each in db.session.scalars(waits)] == [True, False]
    again = {"numbers": answer.text.split('name="numbers" value="')[1].split('"')[0], "again": "oui"}
    for _time in range(2):
        saint_mars.volunteer.post("outreach.create_numbers", again, round_id=other)
        assert count(saint_mars, PhoneNumber, other) == 3


def reopens(crew, round_id):
    """Opens a round again; returns its page."""
    assert crew.coordinator.post("outreach.create_reopening", {"reason": "Il en reste"}, round_id=round_id).status_code == 302
    return crew.coordinator.get("outreach.show", round_id=round_id).text


def left_in(crew, round_id):
    """The numbers of a round that wait for a call, in their order."""
    with crew.at_home():
        return [each.number for each in db.session.scalars(waiting(round_id))]


def test_a_list_that_is_taken_up_again_leaves_out_what_waits_elsewhere(saint_mars, round_id, pastes, calls):
    pastes(f"{FIRST}\n{SECOND}\n{THIRD}")
    tried, _answer = calls("no_answer")
    saint_mars.closes(round_id)
    other = saint_mars.plans(area="Autre liste", kind="phoning")
    saint_mars.volunteer.post("outreach.create_numbers", {"numbers": f"{FIRST}\n{SECOND}"}, round_id=other)
    assert "2 numéros sont laissés de côté" in reopens(saint_mars, round_id)
    assert left_in(saint_mars, round_id) == [normalised(THIRD)]
    assert left_in(saint_mars, other) == [normalised(FIRST), normalised(SECOND)]
    # The call that was made counts on; what was never tried is not in this list any more.
    assert count(saint_mars, Call, round_id) == 1
    assert count(saint_mars, PhoneNumber, round_id) == 2
    assert saint_mars.scalar(select(PhoneNumber.done).where(PhoneNumber.id == tried)) is True
    assert "laissé" not in reopens(saint_mars, round_id)


@pytest.mark.parametrize(("outcome", "waits"), [("talked", False), ("wrong_number", False), ("no_answer", True)])
def test_a_list_that_is_taken_up_again_knows_who_was_called_meanwhile(saint_mars, round_id, pastes, outcome, waits):
    pastes(f"{FIRST}\n{SECOND}")
    saint_mars.closes(round_id)
    other = saint_mars.plans(area="Autre liste", kind="phoning")
    who = saint_mars.volunteer
    who.post("outreach.create_numbers", {"numbers": FIRST}, round_id=other)
    number_id = who.post("outreach.create_hold", round_id=other).location.rsplit("/", 1)[1]
    who.post("outreach.create_call", {"id": str(new_id()), "outcome": outcome}, round_id=other, number_id=number_id)
    saint_mars.closes(other)
    assert ("Un numéro est laissé de côté" in reopens(saint_mars, round_id)) is not waits
    assert left_in(saint_mars, round_id) == [normalised(FIRST), normalised(SECOND)][not waits :]
    # The pause between two attempts goes on here.
    with saint_mars.at_home():
        first = db.session.scalars(waiting(round_id)).first()
        assert (first.not_before > now()) is waits


def test_what_was_heard_before_and_listed_again_on_purpose_stays(saint_mars, round_id, pastes, calls):
    pastes(FIRST)
    calls("talked")
    saint_mars.closes(round_id)
    other = saint_mars.plans(area="Autre liste", kind="phoning")
    saint_mars.volunteer.post("outreach.create_numbers", {"numbers": FIRST, "again": "oui"}, round_id=other)
    saint_mars.closes(other)
    assert "laissé" not in reopens(saint_mars, other)
    assert left_in(saint_mars, other) == [normalised(FIRST)]


def test_a_round_of_doors_is_reopened_without_a_word_of_numbers(saint_mars):
    round_id = saint_mars.plans()
    saint_mars.closes(round_id)
    assert "laissé" not in reopens(saint_mars, round_id)


def test_numbers_that_were_forgotten_are_not_known_any_more(saint_mars, round_id, pastes, calls):
    pastes(FIRST)
    calls("talked")
    saint_mars.closes(round_id, days_ago=31)
    with saint_mars.at_home():
        forget_numbers()
    other = saint_mars.plans(area="Autre liste", kind="phoning")
    assert saint_mars.volunteer.post("outreach.create_numbers", {"numbers": FIRST}, round_id=other).status_code == 302


def test_numbers_of_a_round_nobody_closed_go_thirty_days_after_the_last_was_due(saint_mars, pastes):
    old = saint_mars.plans(area="Jamais close", kind="phoning", days=-80)
    saint_mars.volunteer.post("outreach.create_numbers", {"numbers": FIRST}, round_id=old)
    with saint_mars.at_home():
        number = db.session.scalars(select(PhoneNumber).where(PhoneNumber.round_id == old)).one()
        forget_numbers()
        assert number.number_sealed is not None
        number.not_before = now() - timedelta(days=31)
        db.session.flush()
        forget_numbers()
        db.session.expire_all()
        assert number.number_sealed is None


def test_a_call_back_has_its_day(saint_mars, round_id, pastes, takes):
    pastes(FIRST)
    number_id = takes(saint_mars.volunteer)
    where = {"round_id": round_id, "number_id": number_id}
    yesterday = today_in("Europe/Paris") - timedelta(days=1)
    for day in ("", yesterday.isoformat(), "31/02/2027"):
        answer = saint_mars.volunteer.post("outreach.create_call", {"outcome": "call_back", "call_back_on": day}, **where)
        assert answer.status_code == 422, day
    soon = today_in("Europe/Paris") + timedelta(days=5)
    assert saint_mars.volunteer.post("outreach.create_call", {"outcome": "call_back", "call_back_on": soon.isoformat()}, **where).status_code == 302
    assert saint_mars.scalar(select(Call.call_back_on).where(Call.phone_number_id == number_id)) == soon


def test_a_wish_not_to_be_called_outlives_the_list_and_can_be_taken_back(saint_mars, ranzay, pastes, calls):
    pastes(FIRST)
    calls("refused")
    other = saint_mars.plans(area="Autre liste", kind="phoning")
    answer = saint_mars.volunteer.post("outreach.create_numbers", {"numbers": f"{FIRST}\n{SECOND}"}, round_id=other)
    assert "ne souhaite plus qu’on l’appelle" in answer.text
    assert count(saint_mars, PhoneNumber, other) == 1
    there = ranzay.plans(kind="phoning")
    assert ranzay.volunteer.post("outreach.create_numbers", {"numbers": FIRST}, round_id=there).status_code == 302
    change = {"kind": "no_call", "about": "+33261910001", "change": "again"}
    assert saint_mars.volunteer.post("outreach.update_wishes", change).status_code == 302
    again = {"numbers": FIRST, "again": "oui"}
    assert saint_mars.volunteer.post("outreach.create_numbers", again, round_id=other).status_code == 302
    assert saint_mars.volunteer.post("outreach.update_wishes", change).status_code == 422


def test_a_round_closed_while_one_is_calling_keeps_the_last_call(saint_mars, round_id, pastes, takes):
    pastes(FIRST)
    number_id = takes(saint_mars.volunteer)
    saint_mars.coordinator.post("outreach.create_closure", {"minutes": "60"}, round_id=round_id)
    answer = saint_mars.volunteer.post("outreach.create_call", {"id": str(new_id()), "outcome": "talked"}, round_id=round_id, number_id=number_id)
    assert answer.status_code == 302
    assert count(saint_mars, Call, round_id) == 1
    assert takes(saint_mars.volunteer) is None


def test_numbers_are_forgotten_thirty_days_after_closing_and_figures_stay(saint_mars, round_id, pastes, calls):
    pastes(f"{FIRST}\n{SECOND}\n{THIRD}")
    calls("talked")
    calls("no_answer")
    saint_mars.coordinator.post("outreach.create_closure", {"minutes": "60"}, round_id=round_id)
    today = today_in("Europe/Paris")
    span = (today.replace(day=1), today + timedelta(days=1))
    with saint_mars.at_home():
        before = count_calls(*span)
        forget_numbers()
        assert db.session.scalars(select(PhoneNumber.number_sealed).where(PhoneNumber.round_id == round_id)).first() is not None
        db.session.get(Round, (saint_mars.id, round_id)).closed_at = now() - timedelta(days=31)
        db.session.flush()
        forget_numbers()
        left = db.session.execute(select(PhoneNumber.number_sealed, PhoneNumber.mark).where(PhoneNumber.round_id == round_id)).all()
        assert left == [(None, None)] * 3
        assert set(db.session.scalars(select(Call.by_user).where(Call.round_id == round_id))) == {None}
        assert count_calls(*span) == before
    assert "Les nombres restent" in saint_mars.volunteer.get("outreach.show", round_id=round_id).text


def test_the_queue_skips_a_number_that_is_just_being_taken(saint_mars, round_id, pastes):
    pastes(f"{FIRST}\n{SECOND}")
    with saint_mars.at_home():
        round_ = db.session.get(Round, (saint_mars.id, round_id))
        first = next_number(round_, new_id())
        second = next_number(round_, new_id())
        assert first is not None
        assert second is not None
        assert first.id != second.id


def test_numbers_of_the_demonstration_are_of_the_range_kept_for_fiction():
    assert normalised("02 61 91 12 34") == "+33261911234"


@pytest.mark.committed
def test_sixteen_callers_at_once_get_sixteen_numbers(saint_mars, house):
    round_id = saint_mars.plans(kind="phoning")
    lines = "\n".join(f"02 61 91 77 {index:02d}" for index in range(20))
    saint_mars.volunteer.post("outreach.create_numbers", {"numbers": lines}, round_id=round_id)

    def take(_):
        with saint_mars.at_home():
            return next_number(db.session.get(Round, (saint_mars.id, round_id)), new_id()).id

    try:
        with ThreadPoolExecutor(16) as callers:
            taken = list(callers.map(take, range(16)))
        assert len(set(taken)) == 16
    finally:
        with saint_mars.at_home():
            db.session.delete(db.session.get(Round, (saint_mars.id, round_id)))


def test_a_long_talk_is_noted_even_if_the_number_was_handed_on_meanwhile(saint_mars, round_id, pastes, takes):
    pastes(FIRST)
    where = {"round_id": round_id, "number_id": takes(saint_mars.volunteer)}
    saint_mars.volunteer.get("outreach.show_number", **where)
    with saint_mars.at_home():
        db.session.get(PhoneNumber, (saint_mars.id, where["number_id"])).held_until = now() - timedelta(minutes=1)
    assert takes(saint_mars.second) == where["number_id"]
    saint_mars.second.get("outreach.show_number", **where)

    def tells(who, outcome, call_id=None):
        return who.post("outreach.create_call", {"id": str(call_id or new_id()), "outcome": outcome}, **where).status_code

    assert tells(saint_mars.volunteer, "talked") == 302
    # The other's phone only rang: that is kept too, and nobody calls once more.
    assert tells(saint_mars.second, "no_answer") == 302
    assert count(saint_mars, Call, round_id) == 2
    assert saint_mars.scalar(select(PhoneNumber.done).where(PhoneNumber.id == where["number_id"])) is True
    # Told once, each of them has nothing more to tell.
    assert tells(saint_mars.volunteer, "talked") == 404
    assert tells(saint_mars.third, "talked") == 404


def test_a_number_whose_wish_is_said_later_waits_for_nobody(saint_mars, round_id, pastes, takes):
    pastes(f"{FIRST}\n{SECOND}")

    def changes(change):
        data = {"kind": "no_call", "about": FIRST, "change": change}
        assert saint_mars.coordinator.post("outreach.update_wishes", data).status_code == 302

    changes("stop")
    assert "Un numéro attend encore" in saint_mars.volunteer.get("outreach.show", round_id=round_id).text
    assert takes(saint_mars.volunteer) is not None
    assert takes(saint_mars.second) is None
    changes("again")
    assert takes(saint_mars.second) is not None


def test_two_thousand_lines_and_the_end_of_the_last_are_taken(saint_mars, round_id, pastes):
    lines = "".join(f"03 53 01 {index // 100:02d} {index % 100:02d}\r\n" for index in range(2000))
    assert pastes(lines).status_code == 302
    assert count(saint_mars, PhoneNumber, round_id) == 2000


@pytest.mark.committed
def test_two_lists_pasted_at_once_lose_no_number(saint_mars, house):
    round_id = saint_mars.plans(kind="phoning")

    def paste(numbers):
        with saint_mars.at_home():
            return pasting.paste(db.session.get(Round, (saint_mars.id, round_id)), "\n".join(numbers)).added

    shared = [f"02 61 91 66 {index:02d}" for index in range(60)]
    try:
        with ThreadPoolExecutor(8) as callers:
            added = list(callers.map(paste, [[f"02 61 91 65 {each:02d}", *shared, f"02 61 91 64 {each:02d}"] for each in range(8)]))
        assert sum(added) == 60 + 16
    finally:
        with saint_mars.at_home():
            db.session.delete(db.session.get(Round, (saint_mars.id, round_id)))


def test_a_slip_of_the_finger_is_corrected_by_its_caller(saint_mars, round_id, pastes, calls):
    pastes(f"{FIRST}\n{SECOND}")
    number_id, _answer = calls("refused")
    page = saint_mars.volunteer.get("outreach.show", round_id=round_id).text
    assert "Corriger mon dernier appel : « Ne plus appeler »" in page
    assert "Corriger" not in saint_mars.second.get("outreach.show", round_id=round_id).text
    call_id = saint_mars.scalar(select(Call.id).where(Call.round_id == round_id))

    def undoes(who, named=call_id):
        return who.post("outreach.create_call_undo", {"undone": str(named)}, round_id=round_id).location

    # Neither another's, nor one that is not there.
    for who, named in ((saint_mars.second, call_id), (saint_mars.volunteer, new_id())):
        assert undoes(who, named) == who.address("outreach.show", round_id=round_id)
    # Twice, as a trembling finger does.
    where = {"round_id": round_id, "number_id": number_id}
    for _time in range(2):
        assert undoes(saint_mars.volunteer) == saint_mars.volunteer.address("outreach.show_number", **where)
    assert count(saint_mars, Call, round_id) == 0
    assert "02 61 91 00 01" in saint_mars.volunteer.get("outreach.show_number", **where).text
    answer = saint_mars.volunteer.post("outreach.create_call", {"id": str(new_id()), "outcome": "no_answer"}, **where)
    assert answer.status_code == 302
    assert saint_mars.scalar(select(PhoneNumber.attempts).where(PhoneNumber.id == number_id)) == 1
    assert saint_mars.scalar(select(PhoneNumber.done).where(PhoneNumber.id == number_id)) is False
    # The wish went with the slip.
    saint_mars.closes(round_id)
    other = saint_mars.plans(area="Autre liste", kind="phoning")
    answer = saint_mars.volunteer.post("outreach.create_numbers", {"numbers": FIRST}, round_id=other)
    assert "ne souhaite plus" not in answer.text
    assert count(saint_mars, PhoneNumber, other) == 1
    assert "Corriger" not in saint_mars.volunteer.get("outreach.show", round_id=round_id).text


def test_correcting_a_refusal_leaves_a_wish_said_anew(saint_mars, round_id, pastes, calls):
    pastes(FIRST)
    calls("refused")
    call_id = saint_mars.scalar(select(Call.id).where(Call.round_id == round_id))
    with saint_mars.at_home():
        db.session.get(Call, (saint_mars.id, call_id)).at = now() - timedelta(minutes=9)
    for change in ("again", "stop"):
        saint_mars.coordinator.post("outreach.update_wishes", {"kind": "no_call", "about": FIRST, "change": change})
    saint_mars.volunteer.post("outreach.create_call_undo", {"undone": str(call_id)}, round_id=round_id)
    assert count(saint_mars, Call, round_id) == 0
    saint_mars.closes(round_id)
    other = saint_mars.plans(area="Autre liste", kind="phoning")
    answer = saint_mars.volunteer.post("outreach.create_numbers", {"numbers": FIRST}, round_id=other)
    assert "ne souhaite plus qu’on l’appelle" in answer.text
