"""Names, numbers and stories that are planted everywhere are found nowhere: not in a dump, not in Redis, not in mails, not in the logs.

A dump is read as the backup's role, as `pg_dump` would; bytes are looked for as text and as hexadecimal.
"""

import logging
import pickle
import zlib
from datetime import timedelta

import pytest
import redis
from sqlalchemy import select

from app.accounts.drafts import Draft
from app.db import Model, db, new_id
from app.demo import mailbox
from app.people.models import Person
from app.transaction import transaction
from tenants import bootstrap
from tenants.keys import SealBroken, Sealed
from tenants.scope import inside
from tests.followup.conftest import TODAY, Accompanied, Together
from tests.followup.test_activities import brings, picture
from tests.followup.test_bonds import form_of
from tests.followup.test_erasure import erases
from tests.mails import work_off
from tests.newcomer import newcomer
from workers import perform

PEOPLE = 67
# Syllables that make no word of this house, so that what is found was planted.
SYLLABLES = ("quor", "zib", "vlax", "tchou", "mryn", "dwoz", "fnux", "ghaz", "plok")


def word(number):
    return "".join(SYLLABLES[(number // 9**place) % 9] for place in (2, 1, 0)).capitalize()


def planted(number):
    """A name, a telephone number and a story of someone: three things that nobody may find."""
    return f"{word(number)}ette", f"+3326191{8600 + number}", f"raconte le {word(number)}ard du moulin"


@pytest.fixture
def crew(house, addresses):
    with newcomer(house, addresses) as someone:
        yield someone


class Witness(logging.Handler):
    """All that any logger says, at any level."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.said = []

    def emit(self, record):
        self.said.append(self.format(record))


@pytest.fixture
def witness():
    handler, root = Witness(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler
    root.setLevel(level)
    root.removeHandler(handler)


def dump(addresses):
    """Every row of every table as text, read as the one role that may go past the policies."""
    with bootstrap.connect(addresses.backup) as backup:
        for table in Model.metadata.sorted_tables:
            for (row,) in backup.execute(f"select t::text from {table.name} t"):
                yield f"{table.name}: {row}"


def in_redis(house):
    """Every key with all it holds; what RQ keeps of a job, unpacked."""
    wire = redis.Redis.from_url(house.config["REDIS_URL"])
    readers = {
        b"string": wire.get,
        b"hash": wire.hgetall,
        b"list": lambda key: wire.lrange(key, 0, -1),
        b"set": wire.smembers,
        b"zset": lambda key: wire.zrange(key, 0, -1),
    }
    for key in wire.scan_iter():
        held = readers.get(wire.type(key), lambda _key: b"")(key)
        yield f"{key!r} {held!r}"
        if isinstance(held, dict) and b"data" in held:
            yield repr(pickle.loads(zlib.decompress(held[b"data"])))  # noqa: S301  # what RQ itself wrote a moment ago


def in_mails(house):
    with house.app_context():
        for file in mailbox.folder().glob("*.eml"):
            mail = mailbox.read(file)
            yield f"{mail['Subject']} {mail['To']} {mail.get_body().get_content()}"


def found(text, words):
    return [each for each in words if each in text or each.encode().hex() in text]


def check_nowhere(house, addresses, witness, words):
    for place, texts in (("the dump", dump(addresses)), ("Redis", in_redis(house)), ("a mail", in_mails(house)), ("the log", witness.said)):
        for text in texts:
            assert not found(text, words), f"{place} says {found(text, words)}: {text[:200]}"


def opened(house, crew):
    """Every sealed text of a collective, opened: (table, text)."""
    with house.app_context(), transaction(), inside(crew.id):
        for mapper in Model.registry.mappers:
            seals = [name for name, each in vars(mapper.class_).items() if isinstance(each, Sealed)]
            if seals:
                for row in db.session.scalars(select(mapper.class_).execution_options(with_erased=True)):
                    yield from ((mapper.class_.__tablename__, getattr(row, name) or "") for name in seals)


@pytest.mark.committed
def test_a_dump_redis_mails_and_logs_contain_nothing_that_was_planted_and_an_erasure_takes_even_the_sealed(house, crew, addresses, witness):
    files, words = Accompanied(crew), []
    for number in range(PEOPLE):
        name, phone, story = planted(number)
        words += [name, phone, phone.removeprefix("+33"), story]
        person_id = files.opens(name=name, phone=phone.replace("+33", "0"), words=f"« Oui », {story}")
        if number < 2:
            files.pairs(person_id)
            telling = {"id": str(new_id()), "occasion": "visit", "on": files.today, "title": name, "text": f"{name} {story}"}
            assert crew.coordinator.post("people.create_telling", telling, person_id=person_id).status_code == 302
    people = crew.rows(Person)
    with crew.at_home():
        by_name = {each.name: each.id for each in db.session.scalars(select(Person))}
    one, other = by_name[planted(0)[0]], by_name[planted(1)[0]]
    everything(crew, files, one, other)
    perform.serve(lambda: house)
    work_all(house, crew)
    assert len(people) == PEOPLE
    assert len(set(words)) >= 200
    check_nowhere(house, addresses, witness, words)
    gone = [*planted(0), planted(0)[1].removeprefix("+33")]
    assert {table for table, text in opened(house, crew) if found(text, gone)} >= {
        *("persons", "agreements", "tellings", "heart_bonds", "bond_moments", "home_meetings", "tasks", "drafts", "path_steps"),
        *("activities", "carriers", "activity_photos", "silence_rules", "file_endings"),
    }
    assert erases(crew, one).status_code == 302
    work_all(house, crew)
    left = {table for table, text in opened(house, crew) if found(text, gone)}
    assert not left, f"After the erasure {left} still open to the name."
    check_nowhere(house, addresses, witness, words)


def work_all(house, crew):
    """Perform what waits, and what that stages; a job that waits for its moment goes on waiting."""
    for _round in range(3):
        work_off(house, crew.id)


def everything(crew, files, one, other):
    """Someone's name in every text that one may write about them."""
    name, _phone, story = planted(0)
    post, people = crew.coordinator.post, crew.members()
    first, second = (str(people[each]) for each in crew.names("volunteer", "second"))
    step = {"id": str(new_id()), "stage": "met", "on": files.today, "reason": f"{name} {story}"}
    assert post("people.create_step", step, person_id=one).status_code == 302
    day = TODAY.isoformat()
    meeting = {"id": str(new_id()), "day": day, "hour": "10:00", "one": first, "other": second, "where": f"Chez {name}"}
    assert post("people.create_meeting", meeting, person_id=one).status_code == 302
    heard = {"version": str(files.person(one).version), "heard": f"{name} {story}", "next_step": f"Revoir {name}"}
    assert post("people.create_hearing", heard, person_id=one, home_meeting_id=meeting["id"]).status_code == 302
    bond = form_of(crew, other_person=str(other), how=f"{name} {story}", words=f"{name} dit oui", other_words=f"J’aime {name}")
    assert post("followup.create_bond", bond, person_id=one).status_code == 302
    moment = {"id": str(new_id()), "told": "meeting", "on": day, "member": first, "note": f"{name} {story}"}
    assert post("followup.create_moment", moment, person_id=other, bond_id=bond["id"]).status_code == 302
    assert post("followup.create_check_in", {"id": str(new_id()), "outcome": "needs"}, person_id=one).status_code == 302
    activity = Together(crew).activity_form(idea_of=f"l’idée de {name}")
    assert post("followup.create_activity", activity).status_code == 302
    carrier = {"id": str(new_id()), "person": str(one), "on": day, "words": f"{name} veut bien", "agreed": "y"}
    assert post("followup.create_carrier", carrier, activity_id=activity["id"]).status_code == 302
    assert brings(crew, activity["id"], picture(size=(20, 20)), consent=f"{name} et Kader, à Odile").status_code == 302
    soon = (TODAY + timedelta(days=9)).isoformat()
    pause = {"days": "14", "paused_until": soon, "paused_because": f"{name} est en voyage"}
    assert post("followup.update_watch", pause, person_id=one).status_code == 302
    assert post("followup.update_ending", {"kept_until": soon, "kept_because": f"{name} revient"}, person_id=one).status_code == 302
    with crew.at_home():
        from app.people.tasks import Desk, own_task

        own_task(new_id(), f"Appeler {name}", TODAY, Desk.pair, person_id=one)
        db.session.add(Draft(user_id=new_id(), path=f"/c/{crew.slug}/personnes/{one}/recits", fields=f'[["text", "{name} {story}"]]'))


@pytest.mark.parametrize("column", ["name", "street", "phone", "likes"])
def test_a_ciphertext_of_a_file_moved_elsewhere_does_not_open(house, saint_mars, ranzay, column):
    with house.app_context():
        with inside(saint_mars.id):
            one, other = (Person(found_on=TODAY, stage_on=TODAY, found_by="commune") for _number in range(2))
            setattr(one, column, "Zéphyrine")
            sealed = getattr(one, f"{column}_sealed")
            setattr(other, f"{column}_sealed", sealed)
            with pytest.raises(SealBroken):
                getattr(other, column)
            elsewhere = "reached" if column != "reached" else "name"
            setattr(one, f"{elsewhere}_sealed", sealed)
            with pytest.raises(SealBroken):
                getattr(one, elsewhere)
            assert getattr(one, column) == "Zéphyrine"
            row_id = one.id
        with inside(ranzay.id):
            theirs = Person(id=row_id, found_on=TODAY, stage_on=TODAY, found_by="commune")
            setattr(theirs, f"{column}_sealed", sealed)
            with pytest.raises(SealBroken):
                getattr(theirs, column)
        db.session.rollback()
