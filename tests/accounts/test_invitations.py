"""Invitations: a mail, a page with a button, a place in the team; once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.models import Invitation, User, user_by_email
from app.db import db, new_id, now
from app.demo.world import DOMAIN, PASSWORD
from tenants.journal import JournalLine
from tenants.models import Membership, Role
from tests.cast import Someone
from tests.mails import link_for, mails_to, work_off
from tests.newcomer import newcomer

ELIANE = f"eliane@{DOMAIN}"
HOME = "/c/saint-mars-du-desert/"
NEW_ACCOUNT = {"name": "Éliane Bossard", "password": "un bol de soupe chaude", "again": "un bol de soupe chaude"}


@pytest.fixture
def invite(house, saint_mars):
    def send(email=ELIANE, role="volunteer", **more):
        answer = saint_mars.coordinator.post("team.create_invitation", {"id": str(new_id()), "email": email, "role": role, **more})
        assert answer.status_code == 302, answer.text
        assert work_off(house, saint_mars.id) == 1
        return link_for(house, email)

    return send


def accept(someone, link, **data):
    return someone.client.post(link, data={"csrf_token": someone.token, **data})


def places_of(crew, email):
    """The present memberships of an address in a collective."""
    query = select(Membership).join(User, User.id == Membership.user_id).where(User.email == email, Membership.left_at.is_(None))
    with crew.at_home():
        return list(db.session.scalars(query).all())


def test_a_new_account_joins(saint_mars, stranger, invite):
    link = invite(role="coordinator")
    page = stranger.client.get(link)
    assert "Rejoindre le collectif" in page.text
    assert "coordination" in page.text
    answer = accept(stranger, link, **NEW_ACCOUNT)
    assert answer.location == HOME
    assert "Bonjour Éliane" in stranger.client.get(HOME).text
    assert [place.role for place in places_of(saint_mars, ELIANE)] == [Role.coordinator]
    assert {"invited", "joined"} <= {line.act for line in saint_mars.rows(JournalLine)}


def test_looking_at_the_link_changes_nothing(house, saint_mars, invite):
    link = invite()
    for _ in range(2):
        assert Someone(house).client.get(link).status_code == 200
    with house.app_context():
        assert user_by_email(ELIANE) is None
    assert [each.accepted_at for each in saint_mars.rows(Invitation) if each.email == ELIANE] == [None]


def test_the_mail_says_who_invites_and_into_what(house, saint_mars, invite):
    invite()
    mail = mails_to(house, ELIANE)[-1]
    assert "Saint-Mars-du-Désert" in mail
    assert saint_mars.names("coordinator")[0] in mail


def test_an_account_that_exists_joins_with_its_password(ranzay, saint_mars, stranger, invite):
    paul = f"benevole.nantes-ranzay@{DOMAIN}"
    link = invite(paul)
    assert 'name="name"' not in stranger.client.get(link).text
    wrong = accept(stranger, link, password="not the right one")
    assert wrong.status_code == 422
    assert "Ce n’est pas le mot de passe" in wrong.text
    assert places_of(saint_mars, paul) == []
    assert accept(stranger, link, password=PASSWORD).location == HOME
    assert "Nantes, Ranzay" in stranger.client.get("/collectifs").text
    assert stranger.client.get("/").location == "/collectifs"


def test_who_is_signed_in_joins_with_the_button_alone(ranzay, saint_mars, invite):
    paul = ranzay.volunteer
    link = invite(paul.email)
    assert 'type="password"' not in paul.client.get(link).text
    assert paul.client.get(HOME).status_code == 404
    assert accept(paul, link).location == HOME
    assert paul.client.get(HOME).status_code == 200


def test_an_invitation_is_for_its_address_alone(ranzay, saint_mars, invite):
    link = invite()
    answer = accept(ranzay.volunteer, link)
    assert answer.status_code == 422
    assert "Il manque" in answer.text
    assert places_of(saint_mars, ranzay.volunteer.email) == []


def test_a_new_account_that_cannot_be(stranger, invite):
    answer = accept(stranger, invite(), name="Éliane", password="court", again="long")
    assert answer.status_code == 422
    assert 'value="Éliane"' in answer.text
    assert "au moins 12" in answer.text
    assert "ne sont pas les mêmes" in answer.text


def gone(crew, link, how):
    """Make the link useless, in one of three ways."""
    if how == "withdrawn":
        invitation = next(each for each in crew.rows(Invitation) if each.email == ELIANE)
        crew.coordinator.post("team.delete_invitation", invitation_id=invitation.id)
    elif how == "expired":
        with crew.at_home():
            db.session.scalars(select(Invitation).where(Invitation.email == ELIANE)).one().expires_at = now() - timedelta(minutes=1)
    else:
        accept(Someone(crew.house), link, **NEW_ACCOUNT)


@pytest.mark.parametrize("how", ["withdrawn", "expired", "used"])
def test_a_link_that_is_over_says_so(saint_mars, stranger, invite, how):
    link = invite()
    assert stranger.client.get(link).status_code == 200
    assert f"{ELIANE}<br>" in saint_mars.coordinator.get("team.index").text
    gone(saint_mars, link, how)
    before = len(places_of(saint_mars, ELIANE))
    for answer in (stranger.client.get(link), accept(stranger, link, **NEW_ACCOUNT)):
        assert answer.status_code == 410
        assert "Ce lien ne sert plus" in answer.text
    assert len(places_of(saint_mars, ELIANE)) == before
    assert f"{ELIANE}<br>" not in saint_mars.coordinator.get("team.index").text


def test_a_link_that_was_not_made_here_leads_nowhere(stranger, invite):
    link = invite()
    assert stranger.client.get(f"{link}x").status_code == 404
    assert stranger.client.get("/invitation/rien").status_code == 404


def test_the_same_form_twice_is_one_invitation(house, saint_mars):
    data = {"id": str(new_id()), "email": ELIANE, "role": "volunteer"}
    for _ in range(2):
        assert saint_mars.coordinator.post("team.create_invitation", data).status_code == 302
    assert work_off(house, saint_mars.id) == 1
    assert [each.email for each in saint_mars.rows(Invitation)].count(ELIANE) == 1


def test_a_second_form_for_the_same_address_meets_the_first(house, saint_mars):
    def invites(role, email=ELIANE):
        answer = saint_mars.coordinator.post("team.create_invitation", {"id": str(new_id()), "email": email, "role": role})
        return saint_mars.coordinator.client.get(answer.location).text, work_off(house, saint_mars.id)

    assert invites("volunteer")[1] == 1
    first = link_for(house, ELIANE)
    # Sent twice, or by two at once: one mail is enough.
    text, mails = invites("volunteer", ELIANE.upper())
    assert (f"L’invitation part à {ELIANE}" in text, mails) == (True, 0)
    text, mails = invites("coordinator")
    assert f"Une invitation attendait déjà {ELIANE}. Elle repart (coordination)" in text
    assert mails == 1
    with saint_mars.at_home():
        db.session.scalars(select(Invitation).where(Invitation.email == ELIANE)).one().expires_at = now() + timedelta(days=1)
    text, mails = invites("coordinator")
    assert ("Elle repart" in text, mails) == (True, 1)
    waiting = [each for each in saint_mars.rows(Invitation) if each.email == ELIANE]
    assert [(each.role, each.waits) for each in waiting] == [(Role.coordinator, True)]
    assert waiting[0].expires_at > now() + timedelta(days=13)
    assert accept(Someone(house), first, **NEW_ACCOUNT).location == HOME
    assert [place.role for place in places_of(saint_mars, ELIANE)] == [Role.coordinator]


@pytest.mark.committed
def test_two_who_invite_the_same_address_at_once_send_one_invitation(house, addresses):
    with newcomer(house, addresses) as gueret:
        email, solene = f"eliane.gueret@{DOMAIN}", gueret.coordinator
        browsers = [solene, *(Someone(house, solene.email, gueret.slug) for _ in range(3))]

        def invites(someone):
            return someone.post("team.create_invitation", {"id": str(new_id()), "email": email, "role": "volunteer"}).status_code

        with ThreadPoolExecutor(4) as at_once:
            assert set(at_once.map(invites, browsers)) == {302}
        assert [each.email for each in gueret.rows(Invitation)] == [email]
        assert work_off(house, gueret.id) == 1


def test_after_one_that_is_over_another_can_be_sent(saint_mars, invite):
    first = invite()
    gone(saint_mars, first, "expired")
    assert invite() != first


def test_who_has_the_place_already_is_not_invited_into_it(saint_mars):
    bernard = saint_mars.second.email
    answer = saint_mars.coordinator.post("team.create_invitation", {"email": bernard, "role": "volunteer"})
    assert answer.status_code == 422
    assert "fait déjà partie de l’équipe, dans ce rôle" in answer.text
    assert f'value="{bernard}"' in answer.text
    assert [each for each in saint_mars.rows(Invitation) if each.email == bernard] == []


def test_accepting_twice_joins_once(saint_mars, ranzay, invite):
    paul = ranzay.volunteer
    link = invite(paul.email)
    accept(paul, link)
    paul.takes_token()
    assert accept(paul, link).location == HOME
    assert len(places_of(saint_mars, paul.email)) == 1


def test_who_left_comes_back_in_the_new_role(saint_mars, invite):
    bernard = saint_mars.second
    membership = saint_mars.members()[saint_mars.names("second")[0]]
    saint_mars.coordinator.post("team.create_departure", membership_id=membership)
    assert places_of(saint_mars, bernard.email) == []
    accept(bernard, invite(bernard.email, role="coordinator"))
    places = places_of(saint_mars, bernard.email)
    assert [(place.id, place.role) for place in places] == [(membership, Role.coordinator)]


@pytest.mark.parametrize(
    ("changes", "message"),
    [({"email": ""}, "Il manque l’adresse"), ({"email": "eliane"}, "n’est pas complète"), ({"role": "queen"}, "Pour faire quoi")],
)
def test_an_invitation_that_cannot_be(saint_mars, changes, message):
    answer = saint_mars.coordinator.post("team.create_invitation", {"email": ELIANE, "role": "volunteer", **changes})
    assert answer.status_code == 422
    assert message in answer.text
    assert [each for each in saint_mars.rows(Invitation) if each.email == ELIANE] == []


def test_only_the_coordination_invites(saint_mars):
    for each in (saint_mars.volunteer, saint_mars.observer, saint_mars.trainer):
        assert each.post("team.create_invitation", {"email": ELIANE, "role": "coordinator"}).status_code == 404
        assert each.get("team.index").status_code == 404
    assert saint_mars.scalar(select(func.count()).select_from(Invitation).where(Invitation.email == ELIANE)) == 0


def test_forty_invitations_an_hour_are_enough_on_all_devices_together(house, saint_mars):
    data = {"email": "eliane", "role": "volunteer"}
    answers = [saint_mars.coordinator.post("team.create_invitation", data).status_code for _ in range(41)]
    assert answers == [422] * 40 + [429]
    again = Someone(house, saint_mars.coordinator.email, saint_mars.slug)
    assert again.post("team.create_invitation", data).status_code == 429
