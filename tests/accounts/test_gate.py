"""Before the file of a person: seven days of grace, then the second step; and nothing else is closed."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts import gate
from app.accounts.models import User
from app.db import db, now
from app.transaction import transaction
from tenants.access import PERMISSIONS, READS_FILES, may
from tenants.models import Role
from tests.accounts.test_second_step import Clock, prepare

FILES = "outreach.index"


@pytest.fixture
def files(house, monkeypatch):
    """A page that shows files of people, in the place of one that does not."""
    monkeypatch.setitem(house.view_functions, f"workspace.{FILES}", may("see people")(lambda: "les fiches"))


@pytest.fixture
def for_real(house, monkeypatch):
    """Not the demonstration."""
    monkeypatch.setitem(house.config, "MODE", "production")


def made(house, someone, days):
    """Their account was made so many days ago."""
    with house.app_context(), transaction():
        db.session.execute(sa.update(User).where(User.id == someone.user_id).values(created_at=now() - timedelta(days=days)))


@pytest.mark.parametrize("role", ["volunteer", "coordinator"])
def test_files_are_open_for_seven_days_and_the_home_page_says_so(house, saint_mars, files, for_real, role):
    someone = getattr(saint_mars, role)
    made(house, someone, 6)
    assert someone.get(FILES).text == "les fiches"
    home = someone.get("desk.index").text
    assert "À préparer avant le" in home
    assert "/compte/deuxieme-etape" in home


@pytest.mark.parametrize("role", ["volunteer", "coordinator"])
def test_afterwards_they_lead_to_the_setting_up_and_all_else_stays_open(house, saint_mars, files, for_real, role):
    someone = getattr(saint_mars, role)
    made(house, someone, 8)
    answer = someone.get(FILES, liste="terminees")
    assert answer.location == "/compte/deuxieme-etape?next=/c/saint-mars-du-desert/aller-vers/?liste%3Dterminees"
    page = someone.client.get(answer.location).text
    assert "s’ouvrent avec une deuxième étape" in page
    home = someone.get("desk.index")
    assert home.status_code == 200
    assert "Elle se prépare en trois minutes" in home.text
    assert someone.get("team.index" if role == "coordinator" else "desk.figures").status_code == 200


def test_with_a_second_step_they_open_and_one_is_led_back(house, saint_mars, files, for_real, monkeypatch):
    someone = saint_mars.volunteer
    made(house, someone, 8)
    someone.client.get(someone.get(FILES).location)
    prepare(someone, Clock(monkeypatch))
    assert someone.get(FILES).text == "les fiches"
    assert "deuxième étape" not in someone.get("desk.index").text


def test_after_the_setting_up_the_button_leads_back(house, saint_mars, files, for_real, monkeypatch):
    from tests.accounts.test_second_step import KEY, SEALED

    someone, clock = saint_mars.volunteer, Clock(monkeypatch)
    made(house, someone, 8)
    someone.client.get(someone.get(FILES).location)
    text = someone.get("accounts.new_generator").text
    secret = KEY.search(text).group(1).replace(" ", "")
    answer = someone.post("accounts.create_generator", {"secret": SEALED.search(text).group(1), "code": clock.code(secret)})
    assert 'href="/c/saint-mars-du-desert/aller-vers/"' in answer.text


def test_who_may_not_read_files_is_told_nothing(house, saint_mars, files, for_real):
    for someone in (saint_mars.observer, saint_mars.trainer):
        made(house, someone, 400)
        assert someone.get(FILES).status_code == 404
    assert "deuxième étape" not in saint_mars.observer.get("desk.figures").text


def test_accounts_of_the_demonstration_need_none_in_the_demonstration_alone(house, saint_mars, files, monkeypatch):
    someone = saint_mars.volunteer
    made(house, someone, 400)
    assert someone.get(FILES).text == "les fiches"
    assert "À préparer" not in someone.get("desk.index").text
    monkeypatch.setitem(house.config, "MODE", "production")
    assert someone.get(FILES).status_code == 302


def test_another_account_needs_one_in_the_demonstration_too(house, saint_mars, files):
    someone = saint_mars.volunteer
    made(house, someone, 400)
    with house.app_context(), transaction():
        db.session.execute(sa.update(User).where(User.id == someone.user_id).values(email="maelle@example.org"))
    assert someone.get(FILES).status_code == 302


def test_what_was_taken_up_is_kept_where_the_gate_sends_the_form_elsewhere(house, saint_mars, for_real, monkeypatch):
    """A form that the gate turns away has become nothing: its draft stays."""
    from app.accounts.drafts import Draft

    someone = saint_mars.coordinator
    made(house, someone, 400)
    monkeypatch.setitem(house.view_functions, "workspace.outreach.create", may("see people")(lambda: "écrit"))
    with saint_mars.at_home():
        draft = Draft(user_id=someone.user_id, path="/c/x", fields="[]")
        db.session.add(draft)
        draft_id = draft.id
    assert someone.post("outreach.create", {"draft_id": str(draft_id)}).location.startswith("/compte/deuxieme-etape?next=/c/saint-mars-du-desert/")
    assert [each.id for each in saint_mars.rows(Draft)] == [draft_id]


def test_the_rows_of_the_table():
    assert PERMISSIONS["see people"] == {Role.coordinator, Role.volunteer}
    assert PERMISSIONS.keys() >= READS_FILES
    assert timedelta(days=7) == gate.GRACE
