"""The month in one page: rounds by kind, who with whom, who not, and the streets that wait."""

from datetime import timedelta
from importlib import import_module

import pytest
import sqlalchemy as sa
from sqlalchemy import event, select

from app.db import db
from app.outreach.models import OutreachKind, Round, RoundState
from tenants.months import month_of, months_before, today_in
from tests.cast import TOKEN

TODAY = today_in("Europe/Paris")
# A month in which the demonstration has nothing, for counts that are ours alone.
QUIET = months_before(month_of(TODAY), 30)[-1]


@pytest.fixture
def went(saint_mars):
    """A closed round of 90 minutes on a day of the quiet month."""

    def plan(area="Rue des Lilas", day="10", state=RoundState.closed, kind=OutreachKind.door_to_door):
        round_id = saint_mars.plans(area)
        with saint_mars.at_home():
            round_ = db.session.get(Round, (saint_mars.id, round_id))
            round_.day, round_.state, round_.kind = TODAY.fromisoformat(f"{QUIET}-{day}"), state, kind
            round_.minutes = 90 if state == RoundState.closed else None
        return round_id

    return plan


@pytest.fixture
def month(saint_mars):
    return lambda asked=QUIET, who=None: (who or saint_mars.coordinator).get("outreach.show_month", mois=asked)


def cells(text, label):
    return [part.split(">", 1)[1].split("<")[0].strip() for part in text.split(f'data-label="{label}"')[1:]]


def test_rounds_by_kind_with_their_hours(month, went):
    went()
    went(state=RoundState.planned)
    went(kind=OutreachKind.phoning)
    text = month().text
    assert cells(text, "Tournées")[:3] == ["2", "1", "3"]
    assert cells(text, "Terminées")[:3] == ["1", "1", "2"]
    # Ninety minutes, two people.
    assert cells(text, "Heures données")[:3] == ["3", "3", "6"]


def test_who_went_with_whom_and_who_did_not(saint_mars, month, went):
    from tests.cast import Someone

    assert isinstance(saint_mars.coordinator, Someone)
    for _ in range(2):
        went()
    went(state=RoundState.planned)
    one, other, third = saint_mars.names("volunteer", "second", "third")
    text = month().text
    row = text.split("Fois</th>")[1].split("</table>")[0]
    assert row.count("<tr>") == 1
    assert one in row
    assert other in row
    assert "<td>2</td>" in row
    home = text.split('id="pas-sortis"')[1].split("</section>")[0]
    assert third in home
    assert one not in home


def test_an_empty_month_says_what_to_do(month):
    text = month().text
    assert "Pas de tournée ce mois-là" in text
    assert "Qui est sorti avec qui" not in text


def test_streets_never_visited_come_first_then_the_longest_ago(month, went, saint_mars):
    went("Rue Ancienne")
    went("rue  ancienne", day="12")
    went("Rue Jamais", state=RoundState.planned)
    went("Liste d’appels", kind=OutreachKind.phoning)
    saint_mars.plans("Rue Prochaine", days=5)
    streets = month().text.split('id="rues"')[1]
    never, ancient = streets.index("Rue Jamais"), streets.lower().index("rue ancienne")
    assert never < ancient
    assert streets.index("Rue Prochaine") < ancient
    assert streets.lower().count("ancienne</th>") == 1
    assert "jamais" in streets
    assert "sans suite" in streets
    assert "Liste d’appels" not in streets


@pytest.mark.parametrize("asked", ["2026-13", "2026", "-1", "0000-01", "9999-12", "１２３４-01", "", "x" * 300])
def test_a_month_that_cannot_be_read_is_this_one(saint_mars, month, asked):
    # Without the form's token, which is signed anew for each page.
    assert TOKEN.sub("", month(asked).text) == TOKEN.sub("", month(month_of(TODAY)).text)


def test_from_month_to_month(month):
    text = month("2026-01").text
    assert "mois=2025-12" in text
    assert "mois=2026-02" in text
    assert "mois=2101" not in month("2100-12").text
    assert "mois=1999" not in month("2000-01").text


def test_a_month_to_come_names_nobody_as_absent(month):
    later = month_of(TODAY + timedelta(days=40))
    assert "Sans sortie ce mois-là" not in month(later).text


def test_only_the_coordination_reads_it_and_finds_it(saint_mars, ranzay, month, went):
    went("Rue des Zibelines")
    assert month(who=saint_mars.volunteer).status_code == 404
    assert month(who=saint_mars.observer).status_code == 404
    assert "Zibelines" not in month(who=ranzay.coordinator).text
    place = saint_mars.coordinator.address("outreach.show_month")
    assert place in saint_mars.coordinator.get("desk.index").text
    assert place in saint_mars.coordinator.get("outreach.index").text
    assert place not in saint_mars.volunteer.get("outreach.index").text


def test_it_takes_as_many_statements_for_thirty_rounds_as_for_one(saint_mars, month, went):
    said = []

    def listen(connection, cursor, statement, *rest):
        said.append(statement)

    went()
    event.listen(sa.Engine, "before_cursor_execute", listen)
    try:
        month()
        few = len([each for each in said if "rounds" in each or "memberships" in each])
        said.clear()
        event.remove(sa.Engine, "before_cursor_execute", listen)
        for number in range(30):
            went(f"Rue {number}")
        event.listen(sa.Engine, "before_cursor_execute", listen)
        month()
        many = len([each for each in said if "rounds" in each or "memberships" in each])
    finally:
        event.remove(sa.Engine, "before_cursor_execute", listen)
    assert few == many
    # Its own four, and the door's.
    assert many <= 6


def test_streets_that_were_written_before_are_tidied_by_the_migration(saint_mars, month, went):
    round_id = went("Rue des Ronces")
    tidy = import_module("migrations.versions.0020_streets").tidy
    with saint_mars.at_home():
        connection = db.session.connection()
        connection.execute(sa.update(Round.__table__).where(Round.__table__.c.id == round_id).values(area=" \tRue  des \n Ronces "))
        tidy(connection, saint_mars.id)
        assert connection.scalar(select(Round.__table__.c.area).where(Round.__table__.c.id == round_id)) == "Rue des Ronces"
