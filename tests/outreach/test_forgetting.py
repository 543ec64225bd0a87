"""Thirty-one days after closing: of no kind of round anything precise is left, and no figure moves."""

from datetime import date

import pytest
import sqlalchemy as sa

from app.db import db, new_id
from app.outreach.last_lines import LINES
from app.outreach.models import OutreachKind, Round
from app.outreach.phoning import PhoneNumber
from tenants import ledger
from workers.outreach import forget_doors, forget_words
from workers.phoning import forget_numbers

PRECISE = {"went", "floor", "door", "mark", "held_by", "held_until", "call_back_on", "by_user"}


@pytest.fixture
def rounds(saint_mars):
    """A round of each kind with something precise in it."""
    rounds = {kind: saint_mars.plans(kind=kind.value) for kind in OutreachKind}
    post = saint_mars.volunteer.post
    place = saint_mars.adds_building(rounds[OutreachKind.door_to_door])
    driver = str(saint_mars.members()[saint_mars.names("second")[0]])
    sent = {
        OutreachKind.door_to_door: ("create_encounter", {"talked": "3/33", "gesture": str(new_id())}, {"building_id": place}),
        OutreachKind.phoning: ("create_numbers", {"numbers": "02 61 91 33 01"}, {}),
        OutreachKind.street_walk: ("create_meeting", {"what": "talked", "gesture": str(new_id())}, {}),
        OutreachKind.courtesy_visit: (
            "create_visit",
            {"id": str(new_id()), "to_whom": "Yvonne", "how": "good", "went": [driver], "note": "Du thé."},
            {},
        ),
        OutreachKind.solidarity_ride: (
            "create_ride",
            {"id": str(new_id()), "origin": "Bourg", "destination": "Gare", "kilometres": "9", "driver": driver, "carried": "2"},
            {},
        ),
        OutreachKind.project_support: (
            "create_step",
            {"id": str(new_id()), "project": "new", "title": "Le four", "carriers": "Odile", "state": "happened", "note": "Bien."},
            {},
        ),
    }
    for kind, (endpoint, data, where) in sent.items():
        assert post(f"outreach.{endpoint}", data, round_id=rounds[kind], **where).status_code == 302
    where = post("outreach.create_hold", round_id=rounds[OutreachKind.phoning]).headers["Location"]
    assert (
        post(
            "outreach.create_call",
            {"id": str(new_id()), "outcome": "talked"},
            round_id=rounds[OutreachKind.phoning],
            number_id=where.rsplit("/", 1)[1],
        ).status_code
        == 302
    )
    return rounds


def figures():
    return {code: value for counter in [*ledger.counters, *ledger.once_counters] for code, value in counter(date.min, date.max).items()}


def precise(round_ids):
    """(table, column) of everything that says more than a number."""
    left = set()
    for kind in {*LINES.values(), PhoneNumber}:
        for column in (each for each in kind.__table__.c if each.name in PRECISE or each.name.endswith("_sealed")):
            if db.session.scalar(sa.select(sa.func.count(column)).where(kind.round_id.in_(round_ids))):
                left.add((kind.__tablename__, column.name))
    return left


def test_nothing_precise_is_left_and_every_figure_is_as_before(saint_mars, rounds):
    for round_id in rounds.values():
        saint_mars.closes(round_id, days_ago=29)

    def night():
        for job in (forget_doors, forget_numbers, forget_words):
            job()
        db.session.flush()
        db.session.expire_all()

    with saint_mars.at_home():
        before = figures()
        night()
        kept = precise(rounds.values())
        assert {table for table, _column in kept} >= {"encounters", "phone_numbers", "street_meetings", "courtesy_visits", "rides", "project_steps"}
    for round_id in rounds.values():
        saint_mars.passes(round_id, 2)
    with saint_mars.at_home():
        night()
        assert precise(rounds.values()) == set()
        assert figures() == before
        assert all(each.forgotten_at for each in db.session.scalars(sa.select(Round).where(Round.id.in_(rounds.values()))))
    for round_id in rounds.values():
        page = saint_mars.coordinator.get("outreach.show", round_id=round_id).text
        assert "Effacé le" in page
        assert "Yvonne" not in page
        assert "Odile" not in page
