"""Someone whom Saint-Mars accompanies, and a clock that is moved by moving what was noted."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.db import db, new_id
from app.people.models import Person
from app.people.tasks import Task, TaskState, settle
from tenants.months import today_in
from tests.people.conftest import Files

TODAY = today_in("Europe/Paris")


class Accompanied(Files):
    """Files whose last contact can be put back."""

    def accompanies(self, name="Ada", days_ago=0, pair=True, **values):
        """Someone whom a pair accompanies and saw so many days ago; returns their id."""
        person_id = self.opens(name=name, **values)
        if pair:
            assert self.pairs(person_id).status_code == 302
        step = {"id": str(new_id()), "stage": "accompanied", "on": self.today, "reason": ""}
        assert self.crew.coordinator.post("people.create_step", step, person_id=person_id).status_code == 302
        self.passes(person_id, days_ago)
        return person_id

    def passes(self, person_id, days):
        """So many days pass since anyone has seen the person; then the night asks who waits."""
        with self.crew.at_home():
            past = TODAY - timedelta(days=days)
            db.session.execute(update(Person).where(Person.id == person_id).values(last_seen_on=past, found_on=past))
        self.night()

    def night(self):
        with self.crew.at_home():
            settle()

    def waiting(self, person_id, *kinds):
        """What waits about the person, as (kind, desk, occasion)."""
        rows = [each for each in self.crew.rows(Task) if each.person_id == person_id and each.state == TaskState.open and each.kind in kinds]
        return sorted((each.kind, each.desk.value, each.occasion_on) for each in rows)


@pytest.fixture
def files(saint_mars):
    return Accompanied(saint_mars)
