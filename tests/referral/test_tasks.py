"""What a prescription asks of the coordination stands among what waits, and leaves by itself."""

import html

from app.db import new_id
from app.people.tasks import Task, TaskState, settle
from tests.mails import work_off
from tests.referral.conftest import TODAY


def asked(saint_mars, prescription_id):
    """Kinds of tasks that wait for a prescription."""
    return {each.kind for each in saint_mars.rows(Task) if each.subject_id == prescription_id and each.state == TaskState.open}


def listed(someone):
    return html.unescape(someone.get("tasks.index").text)


def test_first_to_tell_then_to_decide(saint_mars, referrals, house):
    prescription_id = referrals.reported(knows="unaware", whom="Zéphyrine")
    assert asked(saint_mars, prescription_id) == set()
    work_off(house, saint_mars.id)
    assert asked(saint_mars, prescription_id) == {"inform"}
    assert "Dire à Zéphyrine qu’un partenaire nous a écrit à son sujet" in listed(saint_mars.coordinator)
    assert "Zéphyrine" not in listed(saint_mars.volunteer)
    referrals.inform(prescription_id)
    assert asked(saint_mars, prescription_id) == {"prescription"}
    assert "Répondre à un partenaire, pour Zéphyrine" in listed(saint_mars.coordinator)
    referrals.decides(prescription_id, "not_reachable")
    assert asked(saint_mars, prescription_id) == set()
    saint_mars.coordinator.post("referral.delete_decision", prescription_id=prescription_id)
    assert asked(saint_mars, prescription_id) == {"prescription"}


def test_someone_known_is_still_to_be_told_and_a_death_ends_it_at_once(saint_mars, referrals, house):
    prescription_id, person_id = referrals.reported(knows="knows"), referrals.someone()
    work_off(house, saint_mars.id)
    referrals.matches(prescription_id, person_id)
    assert asked(saint_mars, prescription_id) == {"inform_known"}
    closing = {"id": str(new_id()), "because": "died", "on": TODAY.isoformat()}
    assert saint_mars.coordinator.post("people.create_closing", closing, person_id=person_id).status_code == 302
    assert asked(saint_mars, prescription_id) == set()


def test_a_month_that_passed_stands_first_until_it_is_done(saint_mars, referrals):
    prescription_id = referrals.reported(knows="unaware", days_ago=45, whom="Zéphyrine")
    with saint_mars.at_home():
        settle()
    assert asked(saint_mars, prescription_id) == set()
    desk = html.unescape(saint_mars.coordinator.get("desk.index").text)
    assert "Dire à Zéphyrine qu’un partenaire nous a écrit à son sujet" in desk
    assert "Le mois est passé depuis le" in desk
    assert "Zéphyrine" not in saint_mars.volunteer.get("desk.index").text
    referrals.inform(prescription_id)
    assert asked(saint_mars, prescription_id) == {"prescription"}
    assert "Dire à Zéphyrine" not in html.unescape(saint_mars.coordinator.get("desk.index").text)
