"""Sums by department and for the whole network: right, and written by the network's role alone."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from app.db import db
from tenants.months import EVER
from tests.newcomer import newcomer
from workers import perform
from workers.sums import fold_stale

pytestmark = pytest.mark.committed


def sums(house):
    """{area: (doors ever, collectives)}"""
    query = sa.text("select area, value, collectives from figure_sums where period = 'ever' and indicator = 'doors'")
    with house.app_context(), db.engines["network"].connect() as network:
        return {row.area: (row.value, row.collectives) for row in network.execute(query)}


def set_doors(crew, value):
    """A figure as a recount leaves it."""
    with crew.at_home():
        perform.ledger.write({(EVER, "doors"): value})


def fold(house):
    perform.serve(lambda: house)
    with house.app_context():
        return fold_stale()


@pytest.fixture
def gueret(house, addresses):
    with newcomer(house, addresses) as crew:
        yield crew


def test_sums_by_department_and_for_all(house, addresses, gueret):
    before = sums(house)
    assert before["FR"][0] == sum(doors for area, (doors, _number) in before.items() if area != "FR")
    with newcomer(house, addresses, "23008", "aubusson") as aubusson:
        set_doors(gueret, 7)
        set_doors(aubusson, 5)
        assert EVER in fold(house)
        after = sums(house)
        assert after["D23"] == (12, 2)
        assert after["FR"] == (before["FR"][0] + 12, before["FR"][1] + 2)
        assert after["D44"] == before["D44"]
        set_doors(aubusson, 0)
        fold(house)
        assert sums(house)["D23"] == (7, 2)


def test_what_has_only_a_present_value_is_not_added_up(house, gueret):
    gueret.recounts()
    fold(house)
    with house.app_context(), db.engines["network"].connect() as network:
        added = set(network.scalars(sa.text("select distinct indicator from figure_sums")))
    assert "doors" in added
    assert not added & {"coordinators", "last_activity"}


def test_the_application_may_not_touch_the_sums(house):
    for act in ("select * from figure_sums", "update figure_sums set value = 0", "delete from figure_sums"):
        with house.app_context(), db.engine.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(sa.text(act))


def test_the_network_may_not_touch_a_figure_nor_read_a_round(house):
    with house.app_context(), db.engines["network"].connect() as network:
        assert network.scalar(sa.text("select count(*) from figures")) > 0
        for act in (
            "update figures set value = 0",
            "select 1 from rounds",
            "select 1 from encounters",
            "select 1 from users",
            "select 1 from journal",
        ):
            with pytest.raises(ProgrammingError, match="permission denied"), network.begin_nested():
                network.execute(sa.text(act))
