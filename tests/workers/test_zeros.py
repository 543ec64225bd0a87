"""A figure that is not there is zero: no zero is written where no row stood, and one that stood is overwritten."""

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine

from app.db import db, new_id
from app.network.queries import sums
from app.outreach.buildings import Building
from app.outreach.encounters import Encounter, Outcome, log_counts
from app.outreach.models import Round
from app.reports.gathering import departments
from app.reports.yearly import CODES
from tenants import ledger
from tenants.indicators import CATALOGUE
from tenants.ledger import Figure
from tenants.months import EVER, bounds, month_of, months_before, today_in, year_of
from tenants.recounting import recount_everything
from tests.newcomer import newcomer
from workers import perform
from workers.sums import fold_stale

pytestmark = pytest.mark.committed
TODAY = today_in("Europe/Paris")
MONTH = month_of(TODAY)
PERIODS = (MONTH, year_of(MONTH), EVER)


@pytest.fixture
def gueret(house, addresses):
    perform.serve(lambda: house)
    with newcomer(house, addresses) as crew:
        yield crew


def noted(crew, conversations=3, days=0):
    """A round of so many conversations, so many days from today; its month."""
    round_id = crew.plans(days=days)
    building_id = crew.adds_building(round_id, shape="counted")
    with crew.at_home():
        round_, building = db.session.get_one(Round, (crew.id, round_id)), db.session.get_one(Building, (crew.id, building_id))
        log_counts(round_, building, {Outcome.talked: conversations}, new_id())
        return month_of(round_.day)


def taken_back(crew):
    """All encounters are gone again."""
    with crew.at_home():
        db.session.execute(sa.delete(Encounter))
        ledger.mark(TODAY)


def rows(crew):
    """{(period, indicator): (value, instant of the count)}"""
    with crew.at_home():
        found = db.session.execute(sa.select(Figure.period, Figure.indicator, Figure.value, Figure.counted_at)).all()
        return {(period, code): (value, instant) for period, code, value, instant in found}


def test_no_zero_is_written_where_no_row_stood(gueret):
    noted(gueret)
    gueret.recounts()
    known = rows(gueret)
    assert all(value for value, _instant in known.values())
    assert {(period, "conversations") for period in PERIODS} <= known.keys()
    assert len(known) < len(CATALOGUE)
    with gueret.at_home():
        assert recount_everything() == []
    perform.perform_for("recount_what_changed", str(gueret.id))
    assert rows(gueret) == known


def test_nor_by_a_recount_of_everything_or_the_sweep(gueret):
    noted(gueret)
    with gueret.at_home():
        assert {each.after for each in recount_everything()} > {3}
    assert all(value for value, _instant in rows(gueret).values())
    noted(gueret, days=-40)
    perform.perform_for("recount_what_changed", str(gueret.id))
    assert all(value for value, _instant in rows(gueret).values())


@pytest.mark.parametrize("how", ["tap", "sweep", "everything"])
def test_a_zero_is_written_over_what_was_counted(house, gueret, how):
    noted(gueret)
    gueret.recounts()
    before = rows(gueret)
    with house.app_context():
        fold_stale()
    taken_back(gueret)
    if how == "tap":
        gueret.recounts()
    elif how == "sweep":
        perform.perform_for("recount_what_changed", str(gueret.id))
    else:
        with gueret.at_home():
            assert ("ever", "conversations", 3, 0) in recount_everything()
    after = rows(gueret)
    for period in PERIODS:
        assert after[period, "conversations"][0] == 0
        # The fold finds what changed by the instant of the count.
        assert after[period, "conversations"][1] > before[period, "conversations"][1]
    with house.app_context():
        assert set(PERIODS) <= set(fold_stale())
        with db.engines["network"].connect() as network:
            assert sums(sa.orm.Session(network), "D23", [EVER])[EVER].get("conversations", 0) == 0


def test_what_did_not_change_is_not_written_again(gueret):
    noted(gueret)
    gueret.recounts()
    before = rows(gueret)
    noted(gueret, conversations=2)
    gueret.recounts()
    after = rows(gueret)
    changed = {code for (_period, code), row in after.items() if before.get((_period, code)) != row}
    assert {"doors", "doors_answered", "conversations"} <= changed
    assert "coordinators" not in changed
    assert all(value == before[key][0] + 2 for key, (value, _instant) in after.items() if key[1] == "doors")


def test_the_sweep_asks_as_much_for_many_months_as_for_one(gueret):
    """All months that wait are counted in the same few statements."""
    asked = []

    def listen(_connection, _cursor, statement, *_):
        asked.append(statement)

    def sweep():
        asked.clear()
        event.listen(Engine, "before_cursor_execute", listen)
        try:
            perform.perform_for("recount_what_changed", str(gueret.id))
        finally:
            event.remove(Engine, "before_cursor_execute", listen)
        return len(asked)

    noted(gueret)
    one = sweep()
    months = {noted(gueret, days=-days) for days in (0, 40, 80, 120, 400)}
    # A year more is one sum more.
    assert sweep() <= one + 4
    figures = gueret.figures()
    assert {figures[month]["rounds"] for month in months} == {0}
    assert all(figures[month]["conversations"] for month in months)
    assert figures[EVER]["conversations"] == 3 * 6
    with gueret.at_home():
        assert recount_everything() == []


def test_an_entry_into_a_closed_year_is_counted_in_it(gueret):
    noted(gueret)
    old = noted(gueret, conversations=4, days=-400)
    perform.recount(str(gueret.id), MONTH)
    assert gueret.figures()[year_of(old)]["conversations"] == 0
    perform.recount(str(gueret.id), old)
    figures = gueret.figures()
    assert (figures[year_of(old)]["conversations"], figures[MONTH]["conversations"], figures[EVER]["conversations"]) == (4, 3, 7)


def test_the_report_takes_what_is_not_there_for_zero(house, addresses, gueret):
    """Zeros of three who counted are theirs together, whether or not they are rows; of one who never counted nothing is known."""
    with newcomer(house, addresses, "23008", "aubusson") as aubusson:
        year = year_of(MONTH)
        for crew in (gueret, aubusson):
            with crew.at_home():
                db.session.add(Figure(period=year, indicator="rounds", value=1))
        with gueret.at_home():
            db.session.add_all([Figure(period=year, indicator="visits", value=2), Figure(period=year, indicator="rides", value=0)])

        def counted(*speaking):
            with house.app_context(), db.engines["network"].connect() as network:
                return next(iter(departments(sa.orm.Session(network), int(year), speaking, "23")))

        known = counted(aubusson.id)
        assert known.sums.keys() == set(CODES)
        assert {code: (known.sums[code].value, known.sums[code].collectives) for code in ("rounds", "visits", "rides", "doors")} == {
            "rounds": (2, 2),
            "visits": (2, 1),
            "rides": (0, 2),
            "doors": (0, 2),
        }
        assert list(known.speaking.values()) == [{"rounds": 1}]
        with aubusson.at_home():
            db.session.execute(sa.delete(Figure))
        # It published a year of zeros, and a reader subtracts them.
        known = counted(aubusson.id)
        assert known.sums["doors"].collectives == 1
        assert list(known.speaking.values()) == [{}]


def test_months_that_wait_are_all_counted(gueret):
    months = months_before(MONTH, 3)
    with gueret.at_home():
        for month in months:
            ledger.mark(bounds(month)[0])
        counted = ledger.recount_months(months)
        assert {(month, code) for month in months for code in ledger.SUMS} <= counted.keys()
        assert list(db.session.scalars(ledger.months_waiting())) == []
