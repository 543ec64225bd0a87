"""Everything is counted again by one command, which says what differed; and what rooms write is counted, or says why not."""

import re
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine

from app import cli
from app.db import db, new_id
from app.outreach.buildings import Building
from app.outreach.encounters import Outcome, log_counts
from app.outreach.models import Round
from app.training.models import Course
from tenants import ledger
from tenants.counting import PeriodCounter, count, where_there_is
from tenants.indicators import CATALOGUE
from tenants.ledger import Figure
from tenants.months import bounds
from tenants.recounting import all_figures, months_with_rows, recount_everything
from tests.cast import Crew
from tests.newcomer import newcomer
from tests.tenants.samples import CLASSES
from workers import recounting

# Tables of collectives that no indicator counts, each with its reason. A new table is counted by its room, or gets one here.
UNCOUNTED = {
    "activity_guests": "who may be asked along; who came is counted",
    "activity_photos": "pictures, with the consent of those on them",
    "bond_moments": "how a bond goes, read by its companions",
    "check_ins": "that a pair is back; the meeting is counted",
    "drop_in_rules": "when permanences are due; each of them is counted",
    "drop_in_subjects": "what was talked about, read on its own page",
    "erasures": "that a file is gone, and nothing of it",
    "feed_links": "secret addresses of calendars",
    "team_answers": "who of the team comes; who came is counted",
    "file_endings": "when a file ends",
    "silence_defaults": "after how many days one asks",
    "silence_rules": "after how many days one asks for someone",
    "agreements": "what a person agreed to, not what was done",
    "agenda_lines": "a copy of sessions for the trainer",
    "buildings": "where doors are",
    "collective_keys": "secrets",
    "attendance_changes": "who changed a presence, and from what; the presence is counted",
    "companion_cards": "what a companion likes",
    "document_pieces": "parts of a document",
    "course_answers": "opinions of a course, read by its team alone",
    "course_reports": "made from what is counted",
    "course_results": "opinions added up, read by the course’s team alone",
    "drafts": "typed and not sent yet",
    "documents": "papers made from what is counted",
    "figures": "the ledger itself",
    "invitations": "not of the team yet",
    "journal": "who did what",
    "ledger_marks": "the ledger itself",
    "pairs": "who accompanies, not who is accompanied",
    "person_enrolments": "which participant is which person: both are counted",
    "stamps": "when a table was last written to",
    "phone_numbers": "numbers to call; the calls are counted",
    "phone_scripts": "what callers say",
    "projects": "counted by their steps",
    "report_photos": "chosen for a report",
    "reports": "made from what is counted",
    "resource_imports": "what is brought into the directory",
    "resource_services": "what places offer, not what was done",
    "street_notices": "what was noticed in a street, told on the round's page alone",
    "tasks": "what waits, not what was done",
    "tellings": "a person's story",
    "wishes": "who wants to be left alone: never counted",
}


def tables_that_counters_read(crew):
    """Names of the tables in the statements of all counters."""
    said = []

    def listen(_connection, _cursor, statement, *_):
        said.append(statement)

    with crew.at_home():
        event.listen(Engine, "before_cursor_execute", listen)
        try:
            for counter in [*ledger.counters, *ledger.once_counters]:
                counter(*bounds("2026-11"))
        finally:
            event.remove(Engine, "before_cursor_execute", listen)
    return set(re.findall(r"\b(?:FROM|JOIN)\s+(\w+)", " ".join(said), re.IGNORECASE))


def test_what_a_room_writes_is_counted_or_says_why_not(saint_mars):
    read = tables_that_counters_read(saint_mars)
    known = {each.__tablename__ for each in CLASSES}
    silent = known - read - UNCOUNTED.keys()
    assert not silent, f"No indicator counts {sorted(silent)}: register a counter (@ledger.counts), or say why not in UNCOUNTED."
    assert not UNCOUNTED.keys() - known, f"{sorted(UNCOUNTED.keys() - known)} are no tables any more."
    assert not UNCOUNTED.keys() & read, f"{sorted(UNCOUNTED.keys() & read)} are counted: take them off UNCOUNTED."


# To these no browser has written.
@pytest.mark.parametrize("slug", ["lormes", "homecourt"])
def test_the_demonstration_was_counted_right(house, slug):
    with Crew(house, slug).at_home():
        assert any(all_figures().values())
        assert recount_everything() == []


def test_all_months_at_once_are_each_month_by_itself(saint_mars):
    with saint_mars.at_home():
        months = sorted(months_with_rows())
        assert len(months) > 5
        for counter in [*ledger.counters, *ledger.once_counters]:
            known = {key: value for key, value in count([counter], months).items() if value}
            alone = {
                ("ever" if CATALOGUE[code].kept == "state" else month, code): value
                for month in months
                for code, value in counter(*bounds(month)).items()
                if value
            }
            assert known == alone


def test_what_is_counted_by_a_date_that_nobody_has_need_not_be_asked(saint_mars):
    with saint_mars.at_home():
        months = sorted(months_with_rows())
        whole = count(ledger.counters, months)
        named = {column for counter in ledger.counters if isinstance(counter, PeriodCounter) for days in counter.days for column in days}
        assert {"rounds.day", "drop_ins.day", "home_meetings.starts_at"} <= named
        without = count(ledger.counters, months, ["drop_ins.day"])
        gone = {code for _period, code in whole.keys() - without.keys()}
        assert gone == {"drop_ins_planned", "drop_ins_held", "drop_in_known", "drop_in_anonymous"}


@pytest.mark.committed
def test_what_needs_a_row_is_not_asked_where_there_is_none(house, addresses):
    asked = []
    needs = where_there_is(Course)(lambda start, _end: asked.append(start) or {"courses_started": 0})
    with newcomer(house, addresses) as gueret, gueret.at_home():
        assert count([needs], ["2026-01", "2026-02"]) == {}
        assert asked == []


def test_a_wrong_a_lost_and_an_invented_figure_are_found(saint_mars):
    with saint_mars.at_home():
        recount_everything()
        month = max(period for period, code in all_figures() if len(period) == 7 and code == "doors" and all_figures()[period, code])
        right = all_figures()
        db.session.execute(sa.update(Figure).where(Figure.period == month, Figure.indicator == "doors").values(value=9999))
        db.session.execute(sa.delete(Figure).where(Figure.period == month, Figure.indicator == "conversations"))
        db.session.add(Figure(period="2019-01", indicator="doors", value=7))
    with saint_mars.at_home():
        found = {(each.period, each.indicator): (each.before, each.after) for each in recount_everything()}
        assert found[month, "doors"] == (9999, right[month, "doors"])
        assert found[month, "conversations"] == (0, right[month, "conversations"])
        assert found["2019-01", "doors"] == (7, 0)
        assert {key: value for key, value in all_figures().items() if value} == {key: value for key, value in right.items() if value}
        assert recount_everything() == []


def test_a_month_whose_mark_was_lost_is_counted(saint_mars):
    round_id = saint_mars.plans(days=-1000)
    building_id = saint_mars.adds_building(round_id, shape="counted")
    with saint_mars.at_home():
        round_, building = db.session.get_one(Round, (saint_mars.id, round_id)), db.session.get_one(Building, (saint_mars.id, building_id))
        log_counts(round_, building, {Outcome.talked: 3}, new_id())
        month = f"{round_.day:%Y-%m}"
        db.session.execute(sa.delete(ledger.LedgerMark))
    with saint_mars.at_home():
        assert month in months_with_rows() - set(db.session.scalars(ledger.months_counted()))
        found = {(each.period, each.indicator): each.after for each in recount_everything()}
        assert (found[month, "doors"], found[month, "conversations"]) == (3, 3)


@pytest.fixture
def runner(house):
    return house.test_cli_runner()


@pytest.mark.committed
def test_the_command_says_what_differs_and_corrects_it(runner, saint_mars):
    with saint_mars.at_home():
        ((period, value),) = db.session.execute(
            sa.select(Figure.period, Figure.value).where(Figure.indicator == "rounds", sa.func.length(Figure.period) == 7, Figure.value > 0).limit(1)
        ).all()
        db.session.execute(sa.update(Figure).where(Figure.indicator == "rounds", Figure.period == period).values(value=value + 5))
    checked = runner.invoke(args=["ledger", "recount", "--all", "--check"])
    assert checked.exit_code == 0, checked.output
    assert f"Saint-Mars-du-Désert: rounds, {period}: {value + 5} -> {value}" in checked.output
    assert "figures differ" in checked.output
    corrected = runner.invoke(args=["ledger", "recount", "--collective", "saint-mars-du-desert"])
    assert f"{value + 5} -> {value}" in corrected.output
    assert "0 figures differ" in runner.invoke(args=["ledger", "recount", "--all", "--check"]).output


@pytest.mark.committed
def test_a_run_that_was_stopped_goes_on_where_it_was(runner, monkeypatch):
    counted, stops = [], [True]
    real = cli._recount

    def recount(collective_id, name, check):
        if len(counted) == 2 and stops:
            stops.pop()
            raise KeyboardInterrupt
        counted.append(name)
        return real(collective_id, name, check)

    monkeypatch.setattr(cli, "_recount", recount)
    command = ["ledger", "recount", "--all", "--check"]
    assert runner.invoke(args=command).exit_code == 1
    assert len(counted) == 2
    # Correcting is another walk, and begins at its own beginning.
    with runner.app.app_context():
        assert recounting.stopped_after(check=False) is None
    again = runner.invoke(args=command)
    assert again.exit_code == 0, again.output
    assert f"Going on where an earlier run stopped: 2 of {len(counted)} collectives are done." in again.output
    assert f"{len(counted) - 2} collectives, " in again.output
    assert len(counted) == len(set(counted)) > 2
    # The walk came to its end: the next one begins at the beginning.
    assert "Going on" not in runner.invoke(args=command).output


@pytest.mark.committed
def test_a_run_that_was_stopped_may_begin_anew(runner):
    with runner.app.app_context():
        recounting.remember(True, UUID(int=2**128 - 1))
    assert "0 collectives, 0 figures differ." in runner.invoke(args=["ledger", "recount", "--all", "--check"]).output
    with runner.app.app_context():
        recounting.remember(True, UUID(int=2**128 - 1))
    anew = runner.invoke(args=["ledger", "recount", "--all", "--check", "--anew"]).output
    assert "Going on" not in anew
    assert "0 collectives" not in anew


def test_only_what_differs_is_written(saint_mars):
    with saint_mars.at_home():
        recount_everything()
        before = db.session.execute(sa.select(sa.func.max(Figure.counted_at))).scalar_one()
        assert recount_everything() == []
        assert db.session.execute(sa.select(sa.func.max(Figure.counted_at))).scalar_one() == before
        db.session.execute(sa.update(Figure).where(Figure.period == "ever", Figure.indicator == "doors").values(value=1))
        assert [(each.period, each.indicator) for each in recount_everything(write=False)] == [("ever", "doors")]
        assert [(each.period, each.indicator) for each in recount_everything()] == [("ever", "doors")]
        assert recount_everything() == []


def test_the_command_says_what_it_needs(runner):
    assert runner.invoke(args=["ledger", "recount"]).exit_code == 2
    answer = runner.invoke(args=["ledger", "recount", "--collective", "nulle-part"])
    assert "There is no collective at nulle-part." in answer.output
