"""Heart bonds: agreed by both, followed, read from both sides, ended with a reason and by a death without a mail."""

import re
from datetime import timedelta

import pytest
from dateutil.relativedelta import relativedelta
from sqlalchemy import update

from app.db import db, new_id
from app.followup.bonds import BondEnd, BondMoment, HeartBond, WithOneself, begin
from app.people.models import Person
from tenants import ledger
from tenants.months import month_of
from tests.followup.conftest import TODAY
from tests.mails import work_off


def form_of(crew, **values):
    me = str(crew.members()[crew.names("volunteer")[0]])
    return {
        "id": str(new_id()),
        "side": "person",
        "other_person": "",
        "family": "",
        "member": "",
        "began_on": TODAY.isoformat(),
        "how": "À l’atelier, autour d’une fermeture.",
        "words": "« Elle me rappelle ma grand-mère. »",
        "agreed_on": TODAY.isoformat(),
        "agreed_to": me,
        "other_words": "« Il me fait rire. »",
        "other_agreed_on": TODAY.isoformat(),
        "other_agreed_to": me,
        **values,
    }


@pytest.fixture
def begins(saint_mars, files):
    """A bond of two people; returns (one, other, bond id)."""

    def begin_one(by="coordinator", **values):
        one, other = files.accompanies(name="Zéphyrine"), files.accompanies(name="Anatole")
        form = form_of(saint_mars, other_person=str(other), **values)
        answer = getattr(saint_mars, by).post("followup.create_bond", form, person_id=one)
        assert answer.status_code == 302, answer.text
        return one, other, form["id"]

    return begin_one


def bonds(crew, *people):
    return [each for each in crew.rows(HeartBond) if each.person_id in people]


def test_a_bond_is_told_in_both_stories_and_each_prints_their_own_side(saint_mars, begins):
    one, other, _bond = begins()
    assert "Un lien de cœur avec Anatole" in saint_mars.volunteer.get("people.show", person_id=one).text
    assert "Un lien de cœur avec Zéphyrine" in saint_mars.volunteer.get("people.show", person_id=other).text
    hers = saint_mars.coordinator.get("people.show_printout", person_id=one).text
    his = saint_mars.coordinator.get("people.show_printout", person_id=other).text
    assert "ma grand-mère" in hers
    assert "Il me fait rire" not in hers
    assert "Il me fait rire" in his
    assert "ma grand-mère" not in his


@pytest.mark.parametrize(("side", "values", "name"), [("family", {"family": "Les Rouault"}, "Les Rouault"), ("member", {}, "")])
def test_a_family_and_a_grandparent_of_the_heart(saint_mars, files, side, values, name):
    person_id = files.accompanies()
    member = saint_mars.names("third")[0]
    values = values or {"member": str(saint_mars.members()[member])}
    assert saint_mars.volunteer.post("followup.create_bond", form_of(saint_mars, side=side, **values), person_id=person_id).status_code == 302
    assert f"Un lien de cœur avec {name or member}" in saint_mars.volunteer.get("people.show", person_id=person_id).text
    assert (name or member) in saint_mars.coordinator.get("followup.index_bonds").text


def test_a_bond_with_oneself_is_refused_with_words(saint_mars, files):
    person_id = files.accompanies()
    form = form_of(saint_mars, other_person=str(person_id))
    answer = saint_mars.coordinator.post("followup.create_bond", form, person_id=person_id)
    assert answer.status_code == 422
    assert "Un lien relie deux personnes : c’est la même." in answer.text
    assert "autour d’une fermeture" in answer.text
    assert bonds(saint_mars, person_id) == []
    with saint_mars.at_home(), pytest.raises(WithOneself):
        begin(HeartBond(person_id=person_id, other_person_id=person_id, began_on=TODAY))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Choisissez la personne."),
        ({"other_person": str(new_id())}, "Choisissez la personne."),
        ({"side": "family"}, "Écrivez un nom pour cette famille."),
        ({"side": "member"}, "Choisissez quelqu’un de l’équipe."),
        ({"side": ""}, "Dites avec qui."),
        ({"side": "family", "family": "Les Rouault", "words": ""}, "Sans l’accord des deux"),
        ({"side": "family", "family": "Les Rouault", "other_words": ""}, "Sans l’accord des deux"),
        ({"side": "family", "family": "Les Rouault", "began_on": (TODAY + timedelta(days=2)).isoformat()}, "n’est pas encore venu"),
        ({"side": "family", "family": "Les Rouault", "how": "À l’hôpital psychiatrique"}, "parle peut-être de santé"),
    ],
)
def test_what_is_missing_is_said_and_nothing_begins(saint_mars, files, values, words):
    person_id = files.accompanies()
    answer = saint_mars.coordinator.post("followup.create_bond", form_of(saint_mars, **values), person_id=person_id)
    assert answer.status_code == 422
    assert words in answer.text
    assert bonds(saint_mars, person_id) == []


def test_the_same_form_twice_is_one_bond_and_the_same_two_are_bound_once(saint_mars, files):
    one, other = files.accompanies(name="Zéphyrine"), files.accompanies(name="Anatole")
    form = form_of(saint_mars, other_person=str(other))
    for _time in range(2):
        assert saint_mars.coordinator.post("followup.create_bond", form, person_id=one).status_code == 302
    again = form_of(saint_mars, other_person=str(one))
    assert "Ce lien existe déjà." in saint_mars.coordinator.post("followup.create_bond", again, person_id=other).text
    assert len(bonds(saint_mars, one, other)) == 1


def test_a_volunteer_chooses_among_those_whom_they_accompany(saint_mars, files):
    mine, stranger = files.accompanies(name="Zéphyrine"), files.accompanies(name="Inconnue", pair=False)
    assert "Inconnue" not in saint_mars.volunteer.get("followup.new_bond", person_id=mine).text
    answer = saint_mars.volunteer.post("followup.create_bond", form_of(saint_mars, other_person=str(stranger)), person_id=mine)
    assert answer.status_code == 422


def test_only_the_pairs_concerned_and_the_coordination_read_it(saint_mars, ranzay, begins):
    one, other, bond_id = begins()
    third = files_of(saint_mars, "Lointaine")
    for crew, who, person, status in (
        (saint_mars, "volunteer", one, 200),
        (saint_mars, "volunteer", other, 200),
        (saint_mars, "coordinator", one, 200),
        (saint_mars, "coordinator", third, 404),
        (saint_mars, "third", one, 404),
        (ranzay, "coordinator", one, 404),
    ):
        assert getattr(crew, who).get("followup.show_bond", person_id=person, bond_id=bond_id).status_code == status


def files_of(crew, name):
    from tests.followup.conftest import Accompanied

    return Accompanied(crew).accompanies(name=name)


def began(crew, bond_id, months):
    with crew.at_home():
        db.session.execute(update(HeartBond).where(HeartBond.id == bond_id).values(began_on=TODAY - relativedelta(months=months)))


def test_it_is_followed_after_one_three_and_twelve_months(saint_mars, files, begins):
    one, _other, bond_id = begins()
    files.night()
    assert files.waiting(one, "bond") == []
    for months, told in ((1, "month_1"), (3, "months_3"), (12, "months_12")):
        began(saint_mars, bond_id, months)
        files.night()
        ((kind, desk, on),) = files.waiting(one, "bond")
        assert (kind, desk, on) == ("bond", "pair", TODAY - relativedelta(months=months) + relativedelta(months=months))
        assert "Demander comment va le lien de cœur de Zéphyrine" in saint_mars.volunteer.get("tasks.index").text
        page = saint_mars.volunteer.get("followup.show_bond", person_id=one, bond_id=bond_id).text
        assert re.search(rf'<input [^>]*checked[^>]*value="{told}"', page), "The form begins with what is due."
        form = {"id": str(new_id()), "told": told, "on": files.today, "member": "", "note": "Ils se voient le mardi."}
        for _time in range(2):
            assert saint_mars.volunteer.post("followup.create_moment", form, person_id=one, bond_id=bond_id).status_code == 302
        assert files.waiting(one, "bond") == []
    assert len([each for each in saint_mars.rows(BondMoment) if str(each.bond_id) == bond_id]) == 3


def test_first_meetings_are_accompanied_and_are_a_contact_with_both(saint_mars, files, begins):
    one, other, bond_id = begins()
    for each in (one, other):
        files.passes(each, 40)
    form = {"id": str(new_id()), "told": "meeting", "on": files.today, "member": "", "note": "Un thé."}
    answer = saint_mars.volunteer.post("followup.create_moment", form, person_id=one, bond_id=bond_id)
    assert answer.status_code == 422
    assert "dites par qui" in answer.text
    form["member"] = str(saint_mars.members()[saint_mars.names("second")[0]])
    assert saint_mars.volunteer.post("followup.create_moment", form, person_id=one, bond_id=bond_id).status_code == 302
    assert {files.person(each).last_seen_on for each in (one, other)} == {TODAY}
    assert "une rencontre accompagnée" in saint_mars.volunteer.get("people.show", person_id=other).text


def test_it_ends_with_a_reason(saint_mars, files, begins):
    one, other, bond_id = begins()
    where = {"person_id": other, "bond_id": bond_id}
    assert saint_mars.volunteer.post("followup.create_bond_end", {"ended_on": files.today}, **where).status_code == 422
    form = {"ended_because": "moved", "ended_on": files.today, "ended_words": "À Brest."}
    early = saint_mars.volunteer.post("followup.create_bond_end", form | {"ended_on": (TODAY - timedelta(days=1)).isoformat()}, **where)
    assert early.status_code == 422
    assert "n’avait pas commencé" in early.text
    assert "À Brest." in early.text
    assert bonds(saint_mars, one)[0].ended_on is None
    assert saint_mars.volunteer.post("followup.create_bond_end", form, **where).status_code == 302
    assert "L’un des deux habite ailleurs" in saint_mars.volunteer.get("people.show", person_id=one).text
    (bond,) = bonds(saint_mars, one)
    assert (bond.ended_on, bond.ended_because) == (TODAY, BondEnd.moved)


def test_a_death_ends_it_with_warm_words_and_no_mail(house, saint_mars, files, begins):
    one, other, bond_id = begins()
    began(saint_mars, bond_id, 1)
    work_off(house, saint_mars.id)
    form = {"id": str(new_id()), "because": "died", "on": files.today, "reason": ""}
    assert saint_mars.coordinator.post("people.create_closing", form, person_id=one).status_code == 302
    assert work_off(house, saint_mars.id) == 0
    assert "Zéphyrine nous a quittés. Ce lien a compté pour l’un comme pour l’autre." in saint_mars.volunteer.get("people.show", person_id=other).text
    assert "Il a accompagné Zéphyrine jusqu’au bout." in saint_mars.coordinator.get("people.show", person_id=one).text
    files.night()
    assert files.waiting(one, "bond") == files.waiting(other, "bond") == []


def test_whoever_goes_their_own_way_keeps_it(saint_mars, files, begins):
    one, _other, _bond = begins()
    form = {"id": str(new_id()), "because": "on_their_own", "on": files.today, "reason": ""}
    assert saint_mars.coordinator.post("people.create_closing", form, person_id=one).status_code == 302
    assert bonds(saint_mars, one)[0].ended_on is None


def goes_their_own_way(crew, files, person_id):
    form = {"id": str(new_id()), "because": "on_their_own", "on": files.today, "reason": ""}
    assert crew.coordinator.post("people.create_closing", form, person_id=person_id).status_code == 302


def test_once_a_path_is_over_one_asks_through_the_other(saint_mars, files, begins):
    one, other, bond_id = begins()
    began(saint_mars, bond_id, 1)
    files.night()
    assert [desk for _kind, desk, _on in files.waiting(one, "bond")] == ["pair"]
    goes_their_own_way(saint_mars, files, one)
    assert files.waiting(one, "bond") == [], "Asked anew in the same transaction, not at night."
    assert [desk for _kind, desk, _on in files.waiting(other, "bond")] == ["pair"]
    assert "Demander comment va le lien de cœur d’Anatole" in saint_mars.volunteer.get("tasks.index").text
    goes_their_own_way(saint_mars, files, other)
    for _asked in range(2):
        assert files.waiting(other, "bond") == []
        assert [desk for _kind, desk, _on in files.waiting(one, "bond")] == ["coordination"]
        files.night()
    assert "Sa fiche est close : demandez plutôt à l’autre côté." in saint_mars.coordinator.get("tasks.index", page=1).text
    form = {"id": str(new_id()), "told": "month_1", "on": files.today, "member": "", "note": "Ils se voient le mardi."}
    assert saint_mars.coordinator.post("followup.create_moment", form, person_id=one, bond_id=bond_id).status_code == 302
    assert files.waiting(one, "bond") == files.waiting(other, "bond") == []


def test_a_path_that_is_taken_up_again_is_asked_first_again(saint_mars, files, begins):
    one, other, bond_id = begins()
    goes_their_own_way(saint_mars, files, one)
    began(saint_mars, bond_id, 3)
    files.night()
    assert len(files.waiting(other, "bond")) == 1
    with saint_mars.at_home():
        db.session.get_one(Person, (saint_mars.id, one)).stage = "accompanied"
    assert files.waiting(other, "bond") == []
    assert len(files.waiting(one, "bond")) == 1


def test_a_bond_with_a_family_is_asked_of_the_coordination_once_the_path_is_over(saint_mars, files):
    person_id = files.accompanies()
    form = form_of(saint_mars, side="family", family="Les Rouault")
    assert saint_mars.volunteer.post("followup.create_bond", form, person_id=person_id).status_code == 302
    goes_their_own_way(saint_mars, files, person_id)
    began(saint_mars, form["id"], 12)
    files.night()
    assert [desk for _kind, desk, _on in files.waiting(person_id, "bond")] == ["coordination"]


def test_bonds_and_silences_are_counted(saint_mars, files, begins):
    month = month_of(TODAY)
    with saint_mars.at_home():
        before = ledger.recount(month)
    one, _other, bond_id = begins()
    files.passes(one, 61)
    with saint_mars.at_home():
        after = ledger.recount(month)
    assert {code: after[code] - before[code] for code in ("heart_bonds_begun", "heart_bonds_now", "people_silent")} == {
        "heart_bonds_begun": 1,
        "heart_bonds_now": 1,
        "people_silent": 1,
    }
    form = {"ended_because": "faded", "ended_on": files.today, "ended_words": ""}
    saint_mars.volunteer.post("followup.create_bond_end", form, person_id=one, bond_id=bond_id)
    with saint_mars.at_home():
        ended = ledger.recount(month)
    assert ended["heart_bonds_begun"] == after["heart_bonds_begun"]
    assert ended["heart_bonds_now"] == before["heart_bonds_now"]


def test_words_of_a_bond_are_sealed(saint_mars, begins):
    one, _other, _bond = begins()
    (bond,) = bonds(saint_mars, one)
    kept = b"".join(value for name, value in vars(bond).items() if name.endswith("_sealed") and value)
    assert b"rire" not in kept
    assert b"fermeture" not in kept


def test_the_network_reads_them_protected(house, saint_mars, helene):
    page = helene.get("network.show", collective_id=saint_mars.id).text
    assert re.search("personnes? sans nouvelles depuis 60 jours", page)
    assert "sans nouvelles depuis" not in saint_mars.observer.get("desk.figures").text
