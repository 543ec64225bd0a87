"""Files of data·inclusion as tests write them, and an import through HTTP, performed where it stands."""

import csv
import io
import json
import re
from datetime import timedelta
from uuid import UUID

from app.db import db, new_id
from app.referral.imports import ResourceImport
from app.referral.letters import answer_token
from app.referral.referrals import Referral
from app.referral.resources import ResourceService
from tests.mails import work_off
from workers import perform

STRUCTURE = {
    "source": "dora",
    "id": "dora--1",
    "nom": "Le Fil d’Or",
    "date_maj": "2026-03-05",
    "commune": "Saint-Mars-du-Désert",
    "code_insee": "44179",
}
SERVICE = {
    "source": "dora",
    "id": "dora--s1",
    "structure_id": "dora--1",
    "nom": "Atelier couture",
    "description": "Une machine pour chacun, un café pour tous.",
    "date_maj": "2026-03-05",
    "thematiques": ["remobilisation--lien-social"],
    "publics": ["seniors"],
    "frais": "gratuit",
    "courriel": "accueil@lefildor.example.org",
}


def structure(number, **values):
    return {**STRUCTURE, "id": f"dora--{number}", "nom": f"Lieu numéro {number}", **values}


def service(number, of=1, **values):
    return {**SERVICE, "id": f"dora--s{number}", "structure_id": f"dora--{of}", "nom": f"Service numéro {number}", **values}


def as_json(rows):
    return json.dumps(rows, ensure_ascii=False, indent=1).encode()


def as_csv(rows, delimiter=","):
    text = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(names)
    writer.writerows([[json.dumps(value) if isinstance(value := row.get(name), list) else value for name in names] for row in rows])
    return text.getvalue().encode()


class Desk:
    """The coordination of a collective, with files in its hands."""

    def __init__(self, crew):
        self.crew = crew

    def brings(self, *files):
        """Bring files, (name, bytes) each; returns the import once it was read."""
        import_id = new_id()
        data = {"id": str(import_id), "files": [(io.BytesIO(content), name) for name, content in files]}
        answer = self.crew.coordinator.post("referral.create_import", data)
        assert answer.status_code == 302, answer.text
        work_off(self.crew.house, self.crew.id)
        return self.import_of(import_id)

    def import_of(self, import_id):
        with self.crew.at_home():
            return db.session.get(ResourceImport, (self.crew.id, import_id))

    def confirms(self, import_):
        assert self.crew.coordinator.post("referral.create_confirmation", import_id=import_.id).status_code == 302
        work_off(self.crew.house, self.crew.id)
        return self.import_of(import_.id)

    def takes_in(self, *files):
        """Bring files and write them."""
        return self.confirms(self.brings(*files))


class Journey:
    """A person of a collective on the way to a resource, through HTTP."""

    def __init__(self, crew, files):
        self.crew, self.files = crew, files
        self.form = {}

    def resource(self, email="accueil@lefildor.example.org", phone="02 61 91 20 40", **values):
        """A place typed in by the coordination; returns its id and that of its service."""
        data = {
            "id": str(new_id()),
            "name": "Le Fil d’Or",
            "town": "Saint-Mars-du-Désert",
            "postal_code": "44850",
            "email": email,
            "phone": phone,
            "service_name": "Atelier couture",
            "description": "Une machine pour chacun.",
            "themes": ["remobilisation--lien-social"],
            "fee": "gratuit",
            **values,
        }
        answer = self.crew.coordinator.post("referral.create_resource", data)
        assert answer.status_code == 302, answer.text
        resource_id = UUID(data["id"])
        return resource_id, next(each.id for each in self.crew.rows(ResourceService) if each.resource_id == resource_id)

    def asks(self, by="volunteer", person_id=None, place=None, **values):
        """Write a referral for Ada, whom volunteer and second accompany; returns the answer. `form` is what was sent."""
        if person_id is None:
            person_id = self.files.opens(name="Ada", street="3 rue des Tilleuls")
            self.files.pairs(person_id)
        resource_id, service_id = place or self.resource()
        self.form = {
            "id": str(new_id()),
            "service": str(service_id),
            "reason": "Elle coud depuis toujours et voudrait rencontrer du monde.",
            "called": "",
            "reached": "",
            "agreed": "yes",
            "agreed_on": self.files.today,
            "agreed_words": "« Oui, le jeudi. »",
            "companion": "",
            "goes_on": "",
            "way": "mail",
            **values,
        }
        return getattr(self.crew, by).post("referral.create_referral", self.form, person_id=person_id, resource_id=resource_id)

    def drafts(self, **values):
        """A referral that is ready to be sent; returns its id."""
        answer = self.asks(**values)
        assert answer.status_code == 302, answer.text
        return UUID(self.form["id"])

    def opened(self, referral_id, by="second"):
        """What the form of a draft says it was opened on."""
        return re.search(
            r'name="version"[^>]*value="(\w+)"', getattr(self.crew, by).get("referral.edit_referral", referral_id=referral_id).text
        ).group(1)

    def rewrites(self, referral_id, by, version, **values):
        """Change a draft that was opened at this version; returns the answer."""
        return getattr(self.crew, by).post("referral.update_referral", {**self.form, "version": version, **values}, referral_id=referral_id)

    def sends(self, referral_id=None, by="volunteer", **values):
        """Send it as it stands; returns its id."""
        referral_id = referral_id or self.drafts(**values)
        page = getattr(self.crew, by).get("referral.show_referral", referral_id=referral_id)
        seen = re.search(r'name="seen" value="(\w+)"', page.text).group(1)
        answer = getattr(self.crew, by).post("referral.create_sending", {"seen": seen}, referral_id=referral_id)
        assert answer.status_code == 302, answer.text
        work_off(self.crew.house, self.crew.id)
        return referral_id

    def row(self, referral_id):
        return next(each for each in self.crew.rows(Referral) if each.id == referral_id)

    def ages(self, referral_id, days):
        """So many days pass for a referral."""
        with self.crew.at_home():
            row = db.session.get_one(Referral, (self.crew.id, referral_id))
            past = timedelta(days=days)
            row.sent_at, row.later_at = row.sent_at and row.sent_at - past, row.later_at and row.later_at - past

    def night(self):
        """What happens at night, and the mails it staged."""
        perform.serve(lambda: self.crew.house)
        perform.perform_for("tend_referrals", str(self.crew.id))
        work_off(self.crew.house, self.crew.id)

    def token(self, referral_id):
        with self.crew.house.app_context():
            return answer_token(self.crew.id, referral_id)

    def closes(self, person_id, because="died"):
        data = {"id": str(new_id()), "because": because, "on": self.files.today, "reason": ""}
        answer = self.crew.coordinator.post("people.create_closing", data, person_id=person_id)
        assert answer.status_code == 302, answer.text
