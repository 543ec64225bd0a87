"""Of two who publish the same year in the same minute, the second waits and is attacked with the edition of the first."""

import threading

import pytest
import sqlalchemy as sa

from app.db import db, new_id
from app.reports.gathering import take_turns
from app.reports.models import editions_of
from tenants import bootstrap
from tenants.disclosure import protect
from tests.mails import work_off
from tests.newcomer import newcomer, until, waits_for_a_lock
from tests.reports.conftest import FIGURES, YEAR, draft, editions, give
from workers import reports as work

pytestmark = pytest.mark.committed


@pytest.fixture
def neighbour(house, addresses, gueret):
    """Another collective of the Creuse."""
    with newcomer(house, addresses, insee_code="23008", slug="aubusson") as crew:
        give(crew, FIGURES)
        yield crew
        with bootstrap.connect(addresses.superuser) as superuser:
            for table in ("edition_files", "report_editions"):
                superuser.execute(f"delete from {table} where publisher_id = %s", [crew.id])


def asks(crew):
    assert crew.coordinator.post("reports.create_edition", {"id": str(new_id())}, year=YEAR).status_code == 302


@pytest.mark.parametrize("department", ["23", None])
def test_the_second_waits_for_the_first(house, addresses, gueret, department):
    """Somebody of the department, or the network, is at it: the job waits, without holding the draft, and then goes on."""
    asks(gueret)
    with house.app_context(), db.engines["network"].connect() as other, bootstrap.connect(addresses.superuser) as superuser:
        superuser.autocommit = True
        take_turns(sa.orm.Session(other), YEAR, department)
        job = threading.Thread(target=work_off, args=(house, gueret.id))
        job.start()
        until(lambda: waits_for_a_lock(superuser))
        assert editions(gueret) == []
        assert gueret.coordinator.post("reports.update", {"opening": "Pendant ce temps"}, year=YEAR).status_code == 302
        other.rollback()
        job.join()
    (edition,) = editions(gueret)
    assert edition.content.parts["texts"]["opening"] == "Pendant ce temps"
    assert draft(gueret).asked_edition_id is None


def test_other_departments_do_not_wait(house, addresses, gueret):
    asks(gueret)
    with house.app_context(), db.engines["network"].connect() as other:
        take_turns(sa.orm.Session(other), YEAR, "44")
        take_turns(sa.orm.Session(other), YEAR - 1)
        work_off(house, gueret.id)
        assert len(editions(gueret)) == 1
        other.rollback()


def test_two_neighbours_at_once_know_of_each_other(house, gueret, neighbour, monkeypatch):
    """Both jobs at the same instant: one after the other, in whatever order, and the second is attacked with the first."""
    known = []

    def protecting(table, before=(), **how):
        known.append(len(before))
        return protect(table, before, **how)

    monkeypatch.setattr(work, "protect", protecting)
    for crew in (gueret, neighbour):
        asks(crew)
    jobs = [threading.Thread(target=work_off, args=(house, crew.id)) for crew in (gueret, neighbour)]
    for each in jobs:
        each.start()
    for each in jobs:
        each.join()
    with house.app_context():
        published = [db.session.scalars(editions_of(crew.id, YEAR)).all() for crew in (gueret, neighbour)]
    assert [len(each) for each in published] == [1, 1]
    assert known == [known[0], known[0] + 1]
