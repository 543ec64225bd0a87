"""A job that publishes holds the draft at its end alone: whoever writes meanwhile does not wait, and a worker that is killed leaves all as it was."""

import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db import db, new_id
from app.reports.models import NETWORK, NetworkReport, ReportEdition
from app.transaction import transaction
from tenants import bootstrap
from tenants.disclosure import CannotProtect, protect
from tests.mails import work_off
from tests.reports.conftest import YEAR, draft, editions
from tests.reports.test_network import latest
from workers import perform
from workers import reports as work

pytestmark = pytest.mark.committed


@pytest.fixture
def asked(house, helene, gueret, silent):
    """An edition of the network that is asked for: its id."""
    edition_id = new_id()
    assert helene.post("network.create_network_edition", {"id": str(edition_id), "correction": "Encore"}, year=YEAR).status_code == 302
    return edition_id


@pytest.fixture
def meanwhile(monkeypatch):
    """Has something done while the attack runs."""

    def do(act):
        def protecting(*what, **how):
            act()
            return protect(*what, **how)

        monkeypatch.setattr(work, "protect", protecting)

    return do


def numbers(house):
    with house.app_context():
        query = sa.select(ReportEdition.number).where(ReportEdition.publisher_id == NETWORK, ReportEdition.year == YEAR)
        return sorted(db.session.scalars(query))


def of_network(house):
    with house.app_context(), Session(db.engines["network"]) as session:
        return session.get(NetworkReport, YEAR)


def publish(house, edition_id):
    perform.serve(lambda: house)
    with house.app_context(), transaction():
        work.publish_network_report(str(YEAR), str(edition_id))


def test_the_head_writes_while_the_network_is_counted(house, helene, addresses, asked, meanwhile):
    """What it writes then waits for the next edition."""

    def write():
        with bootstrap.connect(addresses.superuser) as superuser:
            superuser.execute("set lock_timeout = '2s'")
            superuser.execute("select 1 from network_reports for update")
        assert helene.post("network.update_report", {"opening": "Pendant ce temps"}, year=YEAR).status_code == 302

    before, stood = numbers(house), of_network(house)
    meanwhile(write)
    work_off(house)
    assert len(numbers(house)) == len(before) + 1
    assert latest(house)[1].parts["texts"]["opening"] == stood.opening != "Pendant ce temps"
    assert (of_network(house).opening, of_network(house).asked_edition_id) == ("Pendant ce temps", None)
    with bootstrap.connect(addresses.superuser) as superuser:
        texts = (stood.opening, stood.moments, stood.ahead, YEAR)
        superuser.execute("update network_reports set opening = %s, moments = %s, ahead = %s where year = %s", texts)


def test_so_does_a_coordination(house, gueret, meanwhile):
    def write():
        assert gueret.coordinator.post("reports.update", {"opening": "Pendant ce temps"}, year=YEAR).status_code == 302

    gueret.coordinator.post("reports.create_edition", {"id": str(new_id())}, year=YEAR)
    meanwhile(write)
    work_off(house, gueret.id)
    assert [each.content.parts["texts"]["opening"] for each in editions(gueret)] == [None]
    with gueret.at_home():
        assert draft(gueret).asked_edition_id is None


def test_two_jobs_at_once_publish_one_edition(house, asked):
    before = numbers(house)
    jobs = [threading.Thread(target=publish, args=(house, asked)) for _ in range(2)]
    for each in jobs:
        each.start()
    for each in jobs:
        each.join()
    assert len(numbers(house)) == len(before) + 1
    publish(house, asked)
    assert len(numbers(house)) == len(before) + 1


def test_what_was_killed_in_the_middle_is_done_again(house, asked, meanwhile):
    def die():
        raise KeyboardInterrupt

    before = numbers(house)
    meanwhile(die)
    with pytest.raises(KeyboardInterrupt):
        work_off(house)
    assert (numbers(house), of_network(house).asked_edition_id) == (before, asked)
    meanwhile(lambda: None)
    assert work_off(house) == 1
    assert (len(numbers(house)), of_network(house).asked_edition_id) == (len(before) + 1, None)


@pytest.mark.parametrize("refused", [False, True])
def test_a_job_whose_edition_is_no_more_wanted_says_nothing(house, addresses, asked, meanwhile, refused):
    """After an hour another was asked for: the first comes back late, and neither publishes nor refuses."""
    other, before = new_id(), numbers(house)

    def ask_for_another():
        with bootstrap.connect(addresses.superuser) as superuser:
            superuser.execute("update network_reports set asked_edition_id = %s, asked_at = now() where year = %s", [other, YEAR])
        if refused:
            raise CannotProtect

    meanwhile(ask_for_another)
    work_off(house)
    assert (numbers(house), of_network(house).asked_edition_id, of_network(house).refused_at) == (before, other, None)
