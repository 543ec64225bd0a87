"""Partners of Saint-Mars, and what they report."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import db, new_id
from app.people.models import Person
from app.referral.partners import Partner
from app.referral.prescriptions import Prescription
from tenants.months import today_in
from tests.cast import Someone
from tests.people.conftest import Files
from tests.referral.places import Desk, Journey

CODE = re.compile(r"[A-Z2-9]{6}-[A-Z2-9]{4}-[A-Z2-9]{4}")
TODAY = today_in("Europe/Paris")


class Referrals:
    """A collective and its partners, who act through HTTP."""

    def __init__(self, crew):
        self.crew = crew
        self.outside = Someone(crew.house)

    def partner(self, name="CCAS du Port", kind="ccas"):
        """A partner of the collective; returns its id."""
        data = {"id": str(new_id()), "kind": kind, "name": name, "contact": "Claire, 02 61 91 44 12"}
        answer = self.crew.coordinator.post("referral.create_partner", data)
        assert answer.status_code == 302, answer.text
        return answer.location.rsplit("/", 1)[1]

    def token(self, partner_id):
        with self.crew.at_home():
            return db.session.get_one(Partner, (self.crew.id, self.uuid(partner_id))).token

    @staticmethod
    def uuid(text):
        from uuid import UUID

        return UUID(str(text))

    def form(self, **values):
        return {
            "id": str(new_id()),
            "whom": "Madame Josette",
            "reached": "02 61 91 44 13, le matin",
            "noticed": "Ses volets restent fermés depuis l’été.",
            "knows": "agrees",
            "reporter": "Claire Morvan",
            "answer_at": "claire@example.org",
            **values,
        }

    def reports(self, partner_id=None, by=None, **values):
        """Somebody with the link sends the form; returns the answer and the form."""
        form = self.form(**values)
        token = self.token(partner_id or self.partner())
        return (by or self.outside).post("partner_link.create", form, token=token), form

    def reported(self, partner_id=None, days_ago=0, **values):
        """A prescription that has arrived; returns its id."""
        answer, form = self.reports(partner_id, **values)
        assert answer.status_code == 302, answer.text
        prescription_id = self.uuid(form["id"])
        if days_ago:
            with self.crew.at_home():
                row = db.session.get_one(Prescription, (self.crew.id, prescription_id))
                row.received_on -= timedelta(days=days_ago)
                row.inform_by = row.inform_by and row.inform_by - timedelta(days=days_ago)
        return prescription_id

    def row(self, prescription_id):
        return next(each for each in self.crew.rows(Prescription) if each.id == self.uuid(prescription_id))

    def code_of(self, answer):
        return CODE.search(self.outside.client.get(answer.location).text).group(0)

    def follows(self, code):
        """What the page of codes says, and its status."""
        answer = self.outside.post("partner_link.create_follow_up", {"follow_up": code})
        words = [word for word in ("Reçue", "En cours", "Suite donnée", "Sans suite") if f">{word}</h2>" in answer.text]
        return answer.status_code, words

    def inform(self, prescription_id, **values):
        data = {"informed_on": TODAY.isoformat(), "informed_how": "phone", **values}
        return self.crew.coordinator.post("referral.create_information", data, prescription_id=prescription_id)

    def decides(self, prescription_id, decision, **values):
        return self.crew.coordinator.post("referral.create_decision", {"decision": decision, **values}, prescription_id=prescription_id)

    def matches(self, prescription_id, person_id):
        return self.crew.coordinator.post("referral.create_match", {"person": str(person_id)}, prescription_id=prescription_id)

    def meets(self, prescription_id, **values):
        member = self.crew.members()[self.crew.names("coordinator")[0]]
        data = {
            "id": str(new_id()),
            "name": "Josette",
            "words": "« Oui, venez. »",
            "agreed_to": str(member),
            "given_on": TODAY.isoformat(),
            "languages": ["fr"],
            **values,
        }
        return self.crew.coordinator.post("referral.create_file", data, prescription_id=prescription_id)

    def someone(self):
        """A person of the collective."""
        return self.crew.scalar(select(Person.id).order_by(Person.opened_at).limit(1))


@pytest.fixture
def referrals(saint_mars):
    return Referrals(saint_mars)


@pytest.fixture
def files(saint_mars):
    return Files(saint_mars)


@pytest.fixture
def desk(saint_mars):
    return Desk(saint_mars)


@pytest.fixture
def journey(saint_mars, files):
    return Journey(saint_mars, files)
