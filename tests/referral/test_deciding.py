"""What the coordination does with a prescription: inform, meet, recognise, pass on, let go; and what is forgotten of it."""

import html
from datetime import timedelta

import pytest

from app.db import db, new_id
from app.people.agreements import Agreement
from app.people.models import FoundBy, Person
from app.referral.prescriptions import NAMING, Decision, Prescription, uninformed
from tenants import ledger
from tenants.months import EVER, month_of
from tests.referral.conftest import TODAY
from workers.prescription import forget_prescriptions


def text_of(answer):
    return html.unescape(answer.text)


def show(saint_mars, prescription_id):
    answer = saint_mars.coordinator.get("referral.show_prescription", prescription_id=prescription_id)
    assert answer.status_code == 200
    return text_of(answer)


def waiting_for_word(saint_mars):
    with saint_mars.at_home():
        return {each.id for each in db.session.scalars(uninformed())}


def test_the_coordination_reads_it_and_the_reading_is_in_the_journal(saint_mars, referrals):
    prescription_id = referrals.reported()
    listed = text_of(saint_mars.coordinator.get("referral.index_prescriptions"))
    assert "Madame Josette" in listed
    assert "nouvelle" in listed
    first = show(saint_mars, prescription_id)
    assert "Ses volets restent fermés depuis l’été." in first
    assert "Claire Morvan, claire@example.org" in first
    assert f"{saint_mars.names('coordinator')[0]} l’a lue" in show(saint_mars, prescription_id)


@pytest.mark.parametrize("role", ["volunteer", "observer", "trainer"])
def test_nobody_else_of_the_collective_reads_prescriptions(saint_mars, referrals, role):
    prescription_id, someone = referrals.reported(), getattr(saint_mars, role)
    assert someone.get("referral.index_prescriptions").status_code == 404
    assert someone.get("referral.show_prescription", prescription_id=prescription_id).status_code == 404
    assert someone.post("referral.create_decision", {"decision": "died"}, prescription_id=prescription_id).status_code == 404
    assert referrals.row(prescription_id).decision is None


def test_next_door_neither_reads_nor_decides(saint_mars, ranzay, referrals):
    prescription_id, elsewhere = referrals.reported(), referrals.someone()
    assert saint_mars.coordinator.get("referral.show_prescription", prescription_id=prescription_id).status_code == 200
    for endpoint in ("show_prescription", "new_file"):
        assert ranzay.coordinator.get(f"referral.{endpoint}", prescription_id=prescription_id).status_code == 404
    for endpoint in ("create_information", "create_match", "create_decision", "delete_decision", "create_file"):
        data = {"decision": "died", "person": str(elsewhere)}
        assert ranzay.coordinator.post(f"referral.{endpoint}", data, prescription_id=prescription_id).status_code == 404
    assert referrals.row(prescription_id).decision is None


def test_someone_who_does_not_know_is_informed_first(saint_mars, referrals):
    prescription_id = referrals.reported(knows="unaware")
    assert "À informer avant le" in show(saint_mars, prescription_id)
    early = saint_mars.coordinator.get("referral.new_file", prescription_id=prescription_id)
    assert early.status_code == 302
    assert "Dites-lui d’abord" in show(saint_mars, prescription_id)
    assert referrals.meets(prescription_id).status_code == 302
    assert referrals.row(prescription_id).person_id is None
    assert referrals.inform(prescription_id).status_code == 302
    row = referrals.row(prescription_id)
    assert (row.informed_on, row.informed_how.value, row.ticks()) == (TODAY, "phone", False)
    page = show(saint_mars, prescription_id)
    assert "À informer avant le" not in page
    assert "informée le" in page
    assert referrals.meets(prescription_id).status_code == 302
    assert referrals.row(prescription_id).decision == Decision.meet


def test_a_month_that_passed_keeps_asking(saint_mars, referrals):
    prescription_id = referrals.reported(knows="unaware", days_ago=40)
    assert "à informer : le mois est passé" in text_of(saint_mars.coordinator.get("referral.index_prescriptions"))
    assert "Le mois pour l’informer est passé" in show(saint_mars, prescription_id)
    assert prescription_id in waiting_for_word(saint_mars)
    referrals.inform(prescription_id)
    assert prescription_id not in waiting_for_word(saint_mars)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"informed_on": (TODAY + timedelta(days=1)).isoformat()}, "n’est pas encore venu"),
        ({"informed_on": (TODAY - timedelta(days=3)).isoformat()}, "n’était pas encore arrivée"),
        ({"informed_on": ""}, "Il manque le jour."),
        ({"informed_how": ""}, "Dites comment."),
    ],
)
def test_when_and_how_someone_was_informed_must_be_possible(referrals, values, message):
    prescription_id = referrals.reported(knows="unaware")
    answer = referrals.inform(prescription_id, **values)
    assert answer.status_code == 422
    assert message in text_of(answer)
    assert referrals.row(prescription_id).informed_on is None


def test_to_meet_opens_a_file_with_the_persons_own_words(saint_mars, referrals):
    prescription_id = referrals.reported()
    begun = text_of(saint_mars.coordinator.get("referral.new_file", prescription_id=prescription_id))
    assert 'value="Madame Josette"' in begun
    assert 'value="02 61 91 44 13"' in begun
    refused = referrals.meets(prescription_id, words="")
    assert refused.status_code == 422
    assert referrals.row(prescription_id).decision is None
    answer = referrals.meets(prescription_id)
    row = referrals.row(prescription_id)
    person = next(each for each in saint_mars.rows(Person) if each.id == row.person_id)
    assert answer.location.endswith(f"/personnes/{person.id}")
    assert (person.found_by, person.found_on) == (FoundBy.prescription, TODAY)
    assert [each.person_id for each in saint_mars.rows(Agreement)].count(person.id) == 1
    people = len(saint_mars.rows(Person))
    referrals.meets(prescription_id)
    assert len(saint_mars.rows(Person)) == people


def test_the_persons_page_tells_who_reported_and_the_pair_reads_no_more(saint_mars, referrals):
    prescription_id = referrals.reported(referrals.partner("CCAS du Port"))
    referrals.meets(prescription_id)
    person_id = referrals.row(prescription_id).person_id
    told = text_of(saint_mars.coordinator.get("people.show", person_id=person_id))
    assert "Un partenaire nous a écrit à son sujet : CCAS du Port" in told
    assert f"/orientation/prescriptions/{prescription_id}" in told
    members = saint_mars.members()
    one, other = (members[name] for name in saint_mars.names("volunteer", "second"))
    pair = {"id": str(new_id()), "one": str(one), "other": str(other), "since": TODAY.isoformat()}
    assert saint_mars.coordinator.post("people.create_pair", pair, person_id=person_id).status_code == 302
    read = text_of(saint_mars.volunteer.get("people.show", person_id=person_id))
    assert "Un partenaire nous a écrit à son sujet : CCAS du Port" in read
    assert str(prescription_id) not in read
    assert "Ses volets restent fermés" not in read
    printed = text_of(saint_mars.coordinator.get("people.show_printout", person_id=person_id))
    for written in ("Ce que des partenaires nous ont dit de vous", "Ses volets restent fermés depuis l’été.", "Écrit par Claire Morvan."):
        assert written in printed


def test_someone_known_is_recognised_inside_the_collective_alone(saint_mars, ranzay, referrals):
    with saint_mars.at_home():
        person = db.session.get_one(Person, (saint_mars.id, referrals.someone()))
        name, person_id = person.name, person.id
    prescription_id = referrals.reported(whom=f"Mme {name}", knows="knows")
    assert f"/personnes/{person_id}" in show(saint_mars, prescription_id)
    foreign = ranzay.scalar(Person.__table__.select().with_only_columns(Person.id).limit(1))
    assert referrals.matches(prescription_id, foreign).status_code == 422
    assert referrals.matches(prescription_id, person_id).status_code == 302
    row = referrals.row(prescription_id)
    assert (row.decision, row.person_id) == (Decision.already_known, person_id)
    assert "Un partenaire nous a écrit à son sujet" in text_of(saint_mars.coordinator.get("people.show", person_id=person_id))
    # Known is not informed: the month goes on.
    assert prescription_id in waiting_for_word(saint_mars)


def test_a_death_stops_the_clock(saint_mars, referrals):
    person_id = referrals.someone()
    known, unknown = referrals.reported(knows="unaware"), referrals.reported(knows="unaware")
    referrals.matches(known, person_id)
    assert {known, unknown} <= waiting_for_word(saint_mars)
    closing = {"id": str(new_id()), "because": "died", "on": TODAY.isoformat()}
    assert saint_mars.coordinator.post("people.create_closing", closing, person_id=person_id).status_code == 302
    referrals.decides(unknown, "died")
    assert not {known, unknown} & waiting_for_word(saint_mars)
    assert "À informer" not in show(saint_mars, known)


def test_nobody_is_passed_on_behind_their_back(saint_mars, referrals):
    prescription_id = referrals.reported(knows="unaware")
    refused = referrals.decides(prescription_id, "passed_on", passed_to="La mission locale")
    assert refused.status_code == 422
    assert "sans qu’elle le sache" in text_of(refused)
    referrals.inform(prescription_id)
    nowhere = referrals.decides(prescription_id, "passed_on")
    assert "Dites quel lieu prend le relais." in text_of(nowhere)
    assert referrals.decides(prescription_id, "passed_on", passed_to="La mission locale").status_code == 302
    assert "La mission locale" in show(saint_mars, prescription_id)


def test_a_decision_that_opened_no_file_may_be_taken_back(saint_mars, referrals):
    prescription_id = referrals.reported()
    referrals.decides(prescription_id, "not_reachable")
    again = referrals.decides(prescription_id, "died")
    assert again.status_code == 302
    assert referrals.row(prescription_id).decision == Decision.not_reachable
    saint_mars.coordinator.post("referral.delete_decision", prescription_id=prescription_id)
    assert referrals.row(prescription_id).decision is None
    referrals.meets(prescription_id)
    saint_mars.coordinator.post("referral.delete_decision", prescription_id=prescription_id)
    assert referrals.row(prescription_id).decision == Decision.meet


def decided_days_ago(saint_mars, prescription_id, days):
    with saint_mars.at_home():
        db.session.get_one(Prescription, (saint_mars.id, prescription_id)).decided_on = TODAY - timedelta(days=days)


def forget(saint_mars):
    with saint_mars.at_home():
        forget_prescriptions()


def counted(saint_mars):
    with saint_mars.at_home():
        return ledger.recount(month_of(TODAY))


def test_thirty_days_after_a_decision_without_file_nothing_that_names_is_left(saint_mars, referrals):
    answer, form = referrals.reports()
    gone, code = referrals.uuid(form["id"]), referrals.code_of(answer)
    fresh, undecided, met = referrals.reported(), referrals.reported(days_ago=90), referrals.reported()
    referrals.decides(gone, "passed_on", passed_to="La mission locale")
    referrals.decides(fresh, "no_wish")
    referrals.meets(met)
    for each, days in ((gone, 31), (fresh, 30), (met, 300)):
        decided_days_ago(saint_mars, each, days)
    before = counted(saint_mars)
    forget(saint_mars)
    row = referrals.row(gone)
    assert not [name for name in NAMING if getattr(row, f"{name}_sealed") is not None]
    assert row.decided_by is None
    for kept in (fresh, undecided, met):
        assert referrals.row(kept).whom_sealed is not None
    assert counted(saint_mars) == before
    page = show(saint_mars, gone)
    assert "Tout ce qui la nommait est effacé." in page
    assert "Reprendre cette décision" not in page
    assert "Quelqu’un, oublié depuis" in text_of(saint_mars.coordinator.get("referral.index_prescriptions"))
    assert referrals.follows(code) == (200, ["Suite donnée"])
    forgotten_at = row.forgotten_at
    forget(saint_mars)
    assert referrals.row(gone).forgotten_at == forgotten_at


def test_prescriptions_are_counted_by_kind_of_partner_and_people_once_they_were_met(saint_mars, referrals):
    before = counted(saint_mars)
    school = referrals.partner("Collège du Port", "school")
    met, known = referrals.reported(school), referrals.reported(school)
    referrals.reported(referrals.partner("CCAS du Port"))
    referrals.matches(known, referrals.someone())
    referrals.meets(met)
    after = counted(saint_mars)
    more = {code: after[code] - before[code] for code in after if code.startswith("prescriptions") and after[code] != before[code]}
    assert more == {"prescriptions": 3, "prescriptions_school": 2, "prescriptions_ccas": 1}
    step = {"id": str(new_id()), "stage": "met", "on": TODAY.isoformat()}
    assert saint_mars.coordinator.post("people.create_step", step, person_id=referrals.row(met).person_id).status_code == 302
    assert counted(saint_mars)["prescriptions_met"] == before["prescriptions_met"] + 1
    with saint_mars.at_home():
        ever = ledger.by_period(db.session.execute(ledger.figures_for([EVER])))[EVER]
    assert ever["prescriptions_met"] >= before["prescriptions_met"] + 1


def test_what_was_typed_of_the_next_place_is_kept_where_a_decision_is_missing_and_nowhere_else(saint_mars, referrals):
    prescription_id = referrals.reported()
    answer = referrals.decides(prescription_id, "", passed_to="La mission locale")
    assert answer.status_code == 422
    assert "La mission locale" in answer.text
    assert referrals.decides(prescription_id, "not_reachable", passed_to="La mission locale").status_code == 302
    assert "La mission locale" not in show(saint_mars, prescription_id)
