"""Each partner has a link of its own, which can be renewed and taken back."""

import re

import pytest

from app.db import db, new_id
from app.referral.partners import Partner, partner_token
from app.referral.prescriptions import Prescription
from tenants.models import Collective

LINK = re.compile(r'value="[^"]*(/prescrire/[^"]+)"')


def link_of(saint_mars, partner_id):
    return LINK.search(saint_mars.coordinator.get("referral.show_partner", partner_id=partner_id).text).group(1)


def test_a_partner_gets_a_link_that_opens_a_form_without_an_account(saint_mars, referrals, stranger):
    partner_id = referrals.partner("Cabinet infirmier du Port", "health")
    answer = stranger.client.get(link_of(saint_mars, partner_id))
    assert answer.status_code == 200
    assert "Cabinet infirmier du Port" in answer.text
    assert "Nous parler de quelqu’un" in answer.text


def test_a_partner_sent_twice_is_one_and_keeps_its_link(saint_mars, referrals):
    data = {"id": str(new_id()), "kind": "school", "name": "Collège du Port", "contact": ""}
    first = saint_mars.coordinator.post("referral.create_partner", data)
    link = link_of(saint_mars, data["id"])
    assert saint_mars.coordinator.post("referral.create_partner", data).location == first.location
    assert [str(each.id) for each in saint_mars.rows(Partner)].count(data["id"]) == 1
    assert link_of(saint_mars, data["id"]) == link


def test_a_renewed_link_ends_the_former_one(saint_mars, referrals, stranger):
    partner_id = referrals.partner()
    former = link_of(saint_mars, partner_id)
    saint_mars.coordinator.post("referral.create_link", partner_id=partner_id)
    present = link_of(saint_mars, partner_id)
    assert present != former
    assert stranger.client.get(former).status_code == 410
    assert stranger.client.get(present).status_code == 200


def test_a_revoked_link_says_so_with_the_collectives_phone_and_takes_nothing_in(saint_mars, referrals, stranger):
    assert saint_mars.coordinator.post("referral.update_phone", {"collective_phone": "02 61 91 00 12"}).status_code == 302
    partner_id = referrals.partner()
    link, token = link_of(saint_mars, partner_id), referrals.token(partner_id)
    saint_mars.coordinator.post("referral.delete_link", partner_id=partner_id)
    before = len(saint_mars.rows(Prescription))
    for answer in (stranger.client.get(link), stranger.post("partner_link.create", referrals.form(), token=token)):
        assert answer.status_code == 410
        assert "Ce lien ne sert plus" in answer.text
        assert "02 61 91 00 12" in answer.text
        assert "CCAS du Port" not in answer.text
    assert len(saint_mars.rows(Prescription)) == before
    saint_mars.coordinator.post("referral.create_link", partner_id=partner_id)
    assert stranger.client.get(link).status_code == 410
    assert stranger.client.get(link_of(saint_mars, partner_id)).status_code == 200


def test_a_link_that_was_not_made_here_leads_nowhere(saint_mars, ranzay, referrals, stranger, house):
    token = referrals.token(referrals.partner())
    assert stranger.get("partner_link.new", token=token[:-2] + "xx").status_code == 404
    with house.app_context():
        elsewhere = partner_token(ranzay.id, referrals.uuid(new_id()), new_id())
    assert stranger.get("partner_link.new", token=elsewhere).status_code == 410


def test_the_phone_is_kept_as_one_dials_it_and_a_wrong_one_is_explained(saint_mars):
    refused = saint_mars.coordinator.post("referral.update_phone", {"collective_phone": "12"})
    assert refused.status_code == 422
    assert "ce numéro n’existe pas" in refused.text.lower()
    saint_mars.coordinator.post("referral.update_phone", {"collective_phone": "0261910012"})
    with saint_mars.at_home():
        assert db.session.get_one(Collective, saint_mars.id).phone == "+33261910012"


@pytest.mark.parametrize(("field", "message"), [("name", "Il manque le nom du partenaire"), ("kind", "Dites quel partenaire c’est.")])
def test_a_partner_needs_a_name_and_a_kind(saint_mars, field, message):
    data = {"id": str(new_id()), "kind": "other", "name": "Le boulanger", "contact": "", field: ""}
    answer = saint_mars.coordinator.post("referral.create_partner", data)
    assert answer.status_code == 422
    assert message in answer.text


def test_partners_are_changed_and_kept_sealed(saint_mars, referrals):
    partner_id = referrals.partner("Office HLM", "landlord")
    data = {"id": partner_id, "kind": "landlord", "name": "Office de l’habitat", "contact": "Ahmed"}
    assert saint_mars.coordinator.post("referral.update_partner", data, partner_id=partner_id).status_code == 302
    row = next(each for each in saint_mars.rows(Partner) if str(each.id) == partner_id)
    with saint_mars.at_home():
        assert (row.name, row.contact) == ("Office de l’habitat", "Ahmed")
    assert b"habitat" not in row.name_sealed


@pytest.mark.parametrize("role", ["volunteer", "observer", "trainer"])
def test_only_the_coordination_keeps_partners(saint_mars, referrals, role):
    partner_id = referrals.partner()
    someone = getattr(saint_mars, role)
    assert someone.get("referral.index_partners").status_code == 404
    assert someone.get("referral.show_partner", partner_id=partner_id).status_code == 404
    assert someone.post("referral.delete_link", partner_id=partner_id).status_code == 404
    assert link_of(saint_mars, partner_id)


def test_next_door_finds_no_partner(saint_mars, ranzay, referrals):
    partner_id = referrals.partner()
    assert saint_mars.coordinator.get("referral.show_partner", partner_id=partner_id).status_code == 200
    assert ranzay.coordinator.get("referral.show_partner", partner_id=partner_id).status_code == 404
    assert ranzay.coordinator.post("referral.delete_link", partner_id=partner_id).status_code == 404
    assert "CCAS du Port" not in ranzay.coordinator.get("referral.index_partners").text
