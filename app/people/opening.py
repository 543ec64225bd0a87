"""Opening a file: a name, how the person was found, and their agreement, in one go."""

from datetime import date
from typing import Any
from uuid import UUID, uuid5

from app.db import db
from app.people.agreements import Agreement
from app.people.models import FoundBy, Person, Stage
from app.people.path import PathStep
from tenants import journal, ledger
from tenants.scope import here, place


def open_file(
    person_id: UUID,
    values: dict[str, Any],
    found_by: FoundBy,
    found_on: date,
    agreement: tuple[UUID, date, str],
    round_id: UUID | None = None,
) -> Person:
    """Open a file with its first step and its agreement (member, date, words). An id that is known answers with its person."""
    known = db.session.get(Person, (here(), person_id))
    if known is not None:
        return known
    person = Person(id=person_id, found_by=found_by, found_on=found_on, stage_on=found_on, round_id=round_id, opened_by=place().user_id, **values)
    person.seen(found_on)
    db.session.add(person)
    # Step and agreement point at the person.
    db.session.flush()
    db.session.add(PathStep(id=uuid5(person.id, "spotted"), person_id=person.id, stage=Stage.spotted, on=found_on, by_user=place().user_id))
    member_id, given_on, words = agreement
    db.session.add(Agreement(id=uuid5(person.id, "agreed"), person_id=person.id, member_id=member_id, given_on=given_on, words=words))
    journal.note("opened", "person", person.id)
    ledger.mark(found_on)
    return person
