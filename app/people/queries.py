"""What people read, and who may: the coordination everyone, a companion those they accompany."""

from collections.abc import Sequence
from uuid import UUID

from flask import abort, g
from sqlalchemy import Select, select

from app.db import db
from app.people.erasure import was_erased
from app.people.models import OPEN_STAGES, Person, Stage
from app.people.pairs import accompanied_by, in_pair, street_key
from tenants.access import allowed, refuse
from tenants.communes import name_key
from tenants.models import Membership
from tenants.scope import here


def is_companion(person_id: UUID) -> bool:
    """Whether the present member accompanies this person."""
    return in_pair(person_id, g.membership.id)


def own_person(person_id: UUID) -> Person:
    """The person, for the coordination and their two companions; 404 for everybody else, 410 once the file was erased."""
    person = db.session.get(Person, (here(), person_id))
    if person is None:
        # Someone of the team who had the file open is told; whoever only knows an id is not.
        abort(410 if was_erased(person_id) else 404)
    if not allowed("steer a file") and not is_companion(person.id):
        refuse("not a companion")
    return person


def visible(closed: bool = False) -> Select[Person]:
    """The people whose files the present member may read."""
    stages = (Stage.closed,) if closed else OPEN_STAGES
    query = select(Person) if allowed("steer a file") else accompanied_by(g.membership.id)
    return query.where(Person.stage.in_(stages))


def by_name(people: Sequence[Person], words: str = "") -> list[tuple[str, Person]]:
    """People with their names, sorted without regard to accents; those whose name or street holds the words.

    Names are sealed: two thousand of them are opened and sorted in memory in about ten milliseconds, and no index knows them.
    """
    wanted = name_key(words)
    named = [(person.name or "", person) for person in people]
    if wanted:
        named = [(name, person) for name, person in named if wanted in name_key(f"{name} {person.street or ''}")]
    return sorted(named, key=lambda pair: (name_key(pair[0]), pair[1].id))


def alike(name: str, street: str | None, phone: str | None, besides: UUID | None = None) -> list[tuple[str, Person]]:
    """People of this collective who may be the same: one phone number, or one name in one street (or where no street is known)."""
    found_: list[tuple[str, Person]] = []
    key, where = name_key(name), street_key(street)
    for person in db.session.scalars(select(Person)):
        if person.id == besides:
            continue
        same_name = name_key(person.name or "") == key and (not where or not person.street or street_key(person.street) == where)
        if same_name or (phone and person.phone == phone):
            found_.append((person.name or "", person))
    return found_


def names_of(user_ids: Sequence[UUID | None]) -> dict[UUID | None, str]:
    """Members' names by account, those who have left included."""
    wanted = {each for each in user_ids if each}
    if not wanted:
        return {}
    rows = db.session.execute(select(Membership.user_id, Membership.display_name).where(Membership.user_id.in_(wanted)))
    return {row.user_id: row.display_name for row in rows}
