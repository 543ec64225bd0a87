"""Someone whom Saint-Mars accompanies, what its team does together, and a clock that is moved by moving what was noted."""

from datetime import time, timedelta

import pytest
from sqlalchemy import select, update

from app.db import db, new_id
from app.followup.activities import Activity
from app.followup.drop_ins import DropIn
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
        if days_ago:
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


class Together:
    """A collective's permanences and activities."""

    def __init__(self, crew):
        self.crew = crew
        self.files = Files(crew)

    def member(self, role):
        return self.crew.members()[self.crew.names(role)[0]]

    def rule_form(self, **changes):
        return {
            "id": str(new_id()),
            "nth": "second",
            "day_of_week": "1",
            "begins": "10h",
            "ends": "12 h",
            "where": "à la maison de quartier",
            "since": TODAY.isoformat(),
            "until": "",
            "phone": "",
            "on_holidays": "keep",
            "one": "",
            "other": "",
            **changes,
        }

    def sets_rule(self, **changes):
        answer = self.crew.coordinator.post("followup.create_rule", self.rule_form(**changes))
        assert answer.status_code == 302, answer.text
        return answer

    def drop_in(self, day=TODAY, **changes):
        """A permanence of its own on a day, hosted by the volunteer and the second; returns its id."""
        drop_in_id = new_id()
        hosts = {"one_id": self.member("volunteer"), "other_id": self.member("second")} | changes
        with self.crew.at_home():
            db.session.add(DropIn(id=drop_in_id, planned_on=day, day=day, begins=time(10), ends=time(12), where="à la mairie", **hosts))
        return drop_in_id

    def activity_form(self, **changes):
        day = (TODAY + timedelta(days=10)).isoformat()
        form = {"id": str(new_id()), "kind": "meal", "title": "Soupe partagée", "day": day, "begins": "12h", "ends": "14h", "where": "à la grange"}
        return form | {"places": "", "about": "", "idea_of": "", "sure": "y"} | changes

    def plans(self, by="coordinator", **changes):
        form = self.activity_form(**changes)
        answer = getattr(self.crew, by).post("followup.create_activity", form)
        assert answer.status_code == 302, answer.text
        return next(each.id for each in self.crew.rows(Activity) if str(each.id) == form["id"])

    def comes_round(self, activity_id, days=0):
        """The day of an activity has come, so many days ago."""
        with self.crew.at_home():
            db.session.get_one(Activity, (self.crew.id, activity_id)).day = TODAY - timedelta(days=days)

    def met(self, name="Ada", stage=None):
        """Someone whom the volunteer and the second accompany; returns their id."""
        person_id = self.files.opens(name=name)
        self.files.pairs(person_id)
        if stage:
            step = {"id": str(new_id()), "stage": stage, "on": self.files.today, "reason": ""}
            assert self.crew.coordinator.post("people.create_step", step, person_id=person_id).status_code == 302
        return person_id

    def person(self, person_id):
        with self.crew.at_home():
            return db.session.scalars(select(Person).where(Person.id == person_id)).one()

    def one(self, kind, row_id):
        return next(each for each in self.crew.rows(kind) if str(each.id) == str(row_id))


@pytest.fixture
def together(saint_mars):
    return Together(saint_mars)
