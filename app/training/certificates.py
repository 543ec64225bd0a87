"""Certificates: a code for each who completed, and the page that confirms one and tells nothing else."""

import secrets
from datetime import date

from app.db import db
from app.training.completion import standings
from app.training.models import Course
from app.training.participants import Participant, by_name, enrolled
from tenants import journal
from tenants.models import Collective
from tenants.scope import here

# Without letters and digits that are taken for one another when a code is typed from paper.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8


def new_code(short_code: str) -> str:
    """The collective's short code, then eight characters that nobody can guess: 852 billion of them."""
    return f"{short_code}-{''.join(secrets.choice(LETTERS) for _ in range(LENGTH))}"


def certify(course: Course, needed: int, day: date) -> list[Participant]:
    """Give a code to everyone who completed the course and has none yet. Returns all who have one, by name."""
    done = {who for who, standing in standings(course, needed).items() if standing.is_done}
    short_code = db.session.get_one(Collective, here()).short_code
    people_in = [each for each in db.session.scalars(enrolled(course.id)) if each.id in done or each.certificate]
    for each in people_in:
        if each.certificate is None:
            each.certificate, each.certified_on = new_code(short_code), day
            journal.note("certified", "participant", each.id)
    return by_name(people_in)


def typed_code(text: str) -> tuple[str, str]:
    """Short code and whole code of what was typed: in capitals, without spaces."""
    code = "".join(text.upper().split())[:24]
    return code.rpartition("-")[0], code
