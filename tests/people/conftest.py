"""Someone whom Saint-Mars has just met."""

import pytest
from sqlalchemy import select

from app.db import new_id
from app.people.models import Person
from tenants.months import today_in


class Files:
    """Files of a collective, written through HTTP."""

    def __init__(self, crew):
        self.crew = crew
        self.today = today_in("Europe/Paris").isoformat()

    def form(self, **values):
        member = self.crew.members()[self.crew.names("volunteer")[0]]
        return {
            "id": str(new_id()),
            "name": "Ada",
            "words": "« Oui, repassez. »",
            "agreed_to": str(member),
            "given_on": self.today,
            "found_on": self.today,
            "found_by": "neighbour",
            "languages": ["fr"],
            **values,
        }

    def opens(self, by="coordinator", **values):
        form = self.form(**{"sure": "y", **values})
        answer = getattr(self.crew, by).post("people.create", form)
        assert answer.status_code == 302, answer.text
        with self.crew.at_home():
            from app.db import db

            return db.session.scalars(select(Person.id).where(Person.id == form["id"])).one()

    def pairs(self, person_id, one="volunteer", other="second"):
        people = self.crew.members()
        one_name, other_name = self.crew.names(one, other)
        data = {"id": str(new_id()), "one": str(people[one_name]), "other": str(people[other_name]), "since": self.today}
        return self.crew.coordinator.post("people.create_pair", data, person_id=person_id)

    def person(self, person_id):
        return next(each for each in self.crew.rows(Person) if each.id == person_id)


@pytest.fixture
def files(saint_mars):
    return Files(saint_mars)
