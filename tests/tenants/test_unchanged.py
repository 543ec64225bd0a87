"""A part of a page that is made of rows is kept until one of them may have changed, and for its reader, day and place alone."""

import time
from datetime import timedelta

import pytest
import sqlalchemy as sa
from jinja2 import TemplateSyntaxError
from sqlalchemy import event

from app.db import db, now
from app.outreach.models import Round, RoundMember
from app.outreach.queries import RoundList
from app.people.models import Person
from app.people.tasks import Task
from tenants import ledger, unchanged
from tenants.keys import KeyDestroyed, destroy_keys, has_key
from tenants.models import Membership
from tenants.months import today_in
from tests.cast import Crew

TODAY = today_in("Europe/Paris")
PAGES = ("desk.index", "tasks.index", "outreach.index", "outreach.show_month")


@pytest.fixture(autouse=True)
def nothing_kept(house, monkeypatch):
    # A home page is of its minute, and no test waits for the next.
    moment = now()
    monkeypatch.setattr("app.desk.views.now", lambda: moment)
    house.jinja_env.extensions[unchanged.Unchanged.identifier].made.clear()


@pytest.fixture
def said(house):
    """The statements that a page asks."""

    def ask(crew: Crew, endpoint: str, who: str = "coordinator", **values) -> tuple[str, list[str]]:
        words: list[str] = []
        with house.app_context():
            # In a test a connection, of which this is the engine.
            engine = db.engine.engine
        listen = lambda *args: None if "SAVEPOINT" in args[2] else words.append(args[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", listen)
        try:
            answer = getattr(crew, who).get(endpoint, **values)
            assert answer.status_code == 200
            return answer.text, words
        finally:
            event.remove(engine, "before_cursor_execute", listen)

    return ask


def change(crew: Crew, kind, **values) -> None:
    with crew.at_home():
        db.session.execute(sa.update(kind).values(**values))


@pytest.mark.parametrize("endpoint", PAGES)
@pytest.mark.parametrize("who", ["coordinator", "volunteer"])
def test_a_page_that_was_made_asks_who_comes_and_for_the_stamps(saint_mars, said, endpoint, who):
    if endpoint == "outreach.show_month" and who == "volunteer":
        endpoint = "outreach.index"
    with saint_mars.at_home():
        # What was agreed with the network is a row that the network writes as well: what is made of it is made each time.
        db.session.execute(sa.delete(Task).where(Task.kind.in_(("decision", "support"))))
    first, asked = said(saint_mars, endpoint, who)
    again, asked_again = said(saint_mars, endpoint, who)
    assert len(asked) > 2 == len(asked_again), asked_again
    assert "users" in asked_again[0]
    assert "stamps" in asked_again[1]
    assert first == again


@pytest.mark.parametrize("endpoint", PAGES)
def test_a_page_is_made_anew_once_someone_wrote(saint_mars, said, endpoint):
    read = "tasks" if endpoint == "tasks.index" else "rounds"
    said(saint_mars, endpoint)
    change(saint_mars, Task if read == "tasks" else Round, **({"due_on": Task.due_on} if read == "tasks" else {"area": "Chemin des Écureuils"}))
    text, asked = said(saint_mars, endpoint)
    assert len(asked) > 2
    if read == "rounds":
        assert "Chemin des Écureuils" in text


def test_a_home_page_is_of_its_minute(saint_mars, said, monkeypatch):
    """Whoever has not come back is told of at once."""
    assert len(said(saint_mars, "desk.index")[1]) > 2 == len(said(saint_mars, "desk.index")[1])
    moment = now() + timedelta(minutes=1)
    monkeypatch.setattr("app.desk.views.now", lambda: moment)
    assert len(said(saint_mars, "desk.index")[1]) > 2


def test_what_was_written_elsewhere_leaves_it(saint_mars, ranzay, said):
    said(saint_mars, "outreach.index")
    change(ranzay, Round, area="Chemin des Écureuils")
    change(saint_mars, Task, due_on=Task.due_on)
    assert len(said(saint_mars, "outreach.index")[1]) == 2


def test_each_collective_reads_its_own(saint_mars, ranzay, said):
    """The same page, the same member's name, the same stamps: none."""
    for crew, area in ((saint_mars, "Rue de Saint-Mars"), (ranzay, "Rue du Ranzay")):
        change(crew, Round, area=area)
    texts = {area: said(crew, "outreach.index")[0] for _ in range(2) for crew, area in ((saint_mars, "Rue de Saint-Mars"), (ranzay, "Rue du Ranzay"))}
    assert "Rue du Ranzay" not in texts["Rue de Saint-Mars"]
    assert "Rue de Saint-Mars" in texts["Rue de Saint-Mars"]
    assert "Rue de Saint-Mars" not in texts["Rue du Ranzay"]
    assert "Rue du Ranzay" in texts["Rue du Ranzay"]


def test_each_member_reads_their_own_home(saint_mars, said):
    homes = {who: said(saint_mars, "desk.index", who)[0] for _ in range(2) for who in ("coordinator", "volunteer", "second")}
    assert len(set(homes.values())) == 3
    with saint_mars.at_home():
        names = {each.user_id: each.display_name.split()[0] for each in db.session.scalars(sa.select(Membership))}
    for who, text in homes.items():
        assert f"Bonjour {names[getattr(saint_mars, who).user_id]}" in text


def test_each_role_reads_its_own_list(saint_mars, said):
    for _ in range(2):
        assert "Préparer une tournée" in said(saint_mars, "outreach.index")[0]
        assert "Préparer une tournée" not in said(saint_mars, "outreach.index", "volunteer")[0]


def test_another_day_is_another_page(saint_mars, said, monkeypatch):
    """A round of today is one that nobody closed tomorrow, and nobody writes at midnight."""
    saint_mars.plans("Rue des Lilas")
    change(saint_mars, Round, day=TODAY, state="planned")
    first = said(saint_mars, "outreach.index")[0]
    monkeypatch.setattr("app.outreach.views.today_in", lambda _zone: TODAY + timedelta(days=1))
    second, asked = said(saint_mars, "outreach.index")
    assert len(asked) > 2
    assert "à terminer" in second
    assert "à terminer" not in first


def test_another_language_is_another_page(saint_mars, said):
    french = said(saint_mars, "desk.index")[0]
    user_id = saint_mars.coordinator.user_id
    with saint_mars.house.app_context():
        from app.accounts.models import User
        from app.transaction import transaction

        with transaction():
            db.session.get(User, user_id).language = "en"
    english = said(saint_mars, "desk.index")[0]
    assert "Bonjour" in french
    assert "Bonjour" not in english
    assert "Hello" in english


def test_another_sheet_is_another_page(saint_mars, said):
    assert len(said(saint_mars, "outreach.index", liste="terminees")[1]) > 2
    assert len(said(saint_mars, "outreach.index", liste="terminees", page=2)[1]) > 2
    assert len(said(saint_mars, "outreach.index", liste="terminees")[1]) == 2


def test_a_form_has_the_token_of_whoever_opens_it(saint_mars, said):
    """The same member on two devices: one page is kept, two tokens are not."""
    from tests.cast import TOKEN, Someone

    other = Someone(saint_mars.house, saint_mars.coordinator.email, saint_mars.slug)
    tokens = set()
    for who in (saint_mars.coordinator, other):
        found = set(TOKEN.findall(who.get("desk.index").text))
        assert len(found) == 1
        tokens |= found
    assert len(tokens) == 2


def test_nothing_is_kept_for_longer_than_five_minutes(saint_mars, said, monkeypatch):
    said(saint_mars, "outreach.index")
    made = saint_mars.house.jinja_env.extensions[unchanged.Unchanged.identifier].made
    assert len(made) == 1
    later = time.monotonic() + unchanged.LONGEST + 1
    monkeypatch.setattr(unchanged.time, "monotonic", lambda: later)
    # Whoever looks at another page has this one forgotten as well.
    assert len(said(saint_mars, "outreach.show_month")[1]) > 2
    assert len(made) == 1
    assert len(said(saint_mars, "outreach.index")[1]) > 2


def test_only_so_many_are_kept(saint_mars, said, monkeypatch):
    monkeypatch.setattr(unchanged, "MOST", 2)
    made = saint_mars.house.jinja_env.extensions[unchanged.Unchanged.identifier].made
    for number in range(1, 6):
        said(saint_mars, "outreach.index", page=number)
        assert len(made) <= 2


def rendered(crew: Crew, text: str, **values) -> str:
    """A template of a file of its own, inside the collective."""
    from flask import g
    from jinja2 import DictLoader

    from app.kept import standing

    house = crew.house
    template = house.jinja_env.overlay(loader=DictLoader({"x.html": text})).get_template("x.html")
    with house.test_request_context(), crew_at(crew):
        g.slug = crew.slug
        return template.render(kept_at=standing("fr"), **values)


def crew_at(crew: Crew):
    from tenants.scope import inside

    return inside(crew.id)


PART = "{% unchanged key %}{{ key() }}{% endunchanged %}"


class Counting:
    """A key that counts how often it is asked."""

    def __init__(self, ask=lambda: None):
        self.times, self.ask = 0, ask

    def __call__(self) -> int:
        self.ask()
        self.times += 1
        return self.times


def test_what_is_made_of_rows_without_a_stamp_is_not_kept(saint_mars):
    kept, not_kept = Counting(lambda: RoundList(False, 1, TODAY).sheet()), Counting(lambda: db.session.scalars(ledger.months_waiting()).all())
    for number in (1, 2, 3):
        assert rendered(saint_mars, PART, key=kept) == "1"
        assert rendered(saint_mars, PART, key=not_kept) == str(number)


def test_what_is_made_in_a_transaction_that_writes_is_not_kept(saint_mars):
    def write() -> None:
        db.session.execute(sa.update(Round).values(area=Round.area))

    key = Counting(write)
    assert rendered(saint_mars, PART, key=key) == "1"
    assert rendered(saint_mars, PART, key=key) == "2"


def test_from_outside_nothing_is_kept(house):
    from jinja2 import DictLoader

    from app.kept import standing

    template, key = house.jinja_env.overlay(loader=DictLoader({"x.html": PART})).get_template("x.html"), Counting()
    with house.test_request_context():
        assert [template.render(kept_at=standing("fr"), key=key) for _ in range(2)] == ["1", "2"]


@pytest.mark.parametrize("part", ["{{ person.name }}", "{% include 'x.html' %}", "{{ csrf_token() }}", "{{ gestures('x') }}", "{{ loop.index }}"])
def test_a_part_that_uses_what_its_tag_forgets_does_not_compile(house, part):
    with pytest.raises(TemplateSyntaxError, match="name it in its tag"):
        house.jinja_env.from_string("{% unchanged key %}" + part + "{% endunchanged %}")


def test_a_part_may_use_its_own_loops_and_macros(house):
    part = "{% macro one(x) %}{{ x }}{% endmacro %}{% for each in key.rows() %}{{ one(each) }}{{ loop.index }}{% endfor %}"
    text = "{% unchanged key %}" + part + "{% endunchanged %}"
    assert house.jinja_env.from_string(text) is not None


def test_a_part_whose_keys_were_asked_for_before_it_goes_with_them(saint_mars):
    """The keys of a collective are remembered for a request; what was opened with them may not outlive them."""
    names = []

    def read() -> None:
        assert has_key()
        names.append(db.session.scalars(sa.select(Person).order_by(Person.id)).first().name)

    text = "{{ asked() or '' }}" + PART
    key = Counting(read)
    for _ in range(2):
        assert rendered(saint_mars, text, asked=lambda: None if has_key() else "none", key=key) == "1"
    with saint_mars.at_home():
        destroy_keys()
    with pytest.raises((KeyDestroyed, AssertionError)):
        rendered(saint_mars, text, asked=lambda: None if has_key() else "", key=key)
    assert names == [names[0]]


def test_what_is_made_of_rows_that_were_read_before_is_not_kept(saint_mars):
    """The session gives them again as they were, while their stamp may be of what was written meanwhile."""
    held, key = [], Counting(lambda: db.session.scalars(sa.select(Round)).all())
    for number in (1, 2):
        text = "{{ hold() or '' }}" + PART
        assert rendered(saint_mars, text, hold=lambda: held.extend(db.session.scalars(sa.select(Round))), key=key) == str(number)
    assert rendered(saint_mars, PART, key=key) == "3"
    assert rendered(saint_mars, PART, key=key) == "3"


def test_two_parts_of_one_line_are_two(saint_mars):
    two = "{% unchanged key %}a{{ key() }}{% endunchanged %}{% unchanged key %}b{{ key() }}{% endunchanged %}"
    key = Counting()
    assert rendered(saint_mars, two, key=key) == "a1b2" == rendered(saint_mars, two, key=key)


def test_what_is_over_is_forgotten_whatever_else_is_looked_at(saint_mars, said, monkeypatch):
    made = saint_mars.house.jinja_env.extensions[unchanged.Unchanged.identifier].made
    start = time.monotonic()
    for endpoint, at in (("outreach.index", 0), ("tasks.index", 200), ("tasks.index", 301)):
        monkeypatch.setattr(unchanged.time, "monotonic", lambda at=at: start + at)
        with saint_mars.at_home():
            db.session.execute(sa.delete(Task).where(Task.kind.in_(("decision", "support")))) if not at else None
        said(saint_mars, endpoint)
    assert [key[1] for key in made] == ["people/tasks.html"]


def test_what_fails_while_it_is_made_leaves_nothing(saint_mars):
    def fail() -> None:
        RoundList(False, 1, TODAY).sheet()
        if not fails.pop():
            raise ZeroDivisionError

    fails, key = [True, False], Counting(fail)
    made = saint_mars.house.jinja_env.extensions[unchanged.Unchanged.identifier].made
    with pytest.raises(ZeroDivisionError):
        rendered(saint_mars, PART, key=key)
    assert not made
    assert rendered(saint_mars, PART, key=key) == "1" == rendered(saint_mars, PART, key=key)
    assert len(made) == 1


@pytest.mark.committed
def test_what_is_written_while_it_is_made_has_it_made_again(saint_mars):
    """Between the stamps and the rows: what was read is new, and is kept by the former stamp for nobody."""
    waiting = [True]

    def read() -> None:
        if waiting and waiting.pop():
            change(saint_mars, Round, area=Round.area)
        db.session.scalars(sa.select(Round.area)).all()

    key = Counting(read)
    assert [rendered(saint_mars, PART, key=key) for _ in range(3)] == ["1", "2", "2"]


def test_whoever_was_removed_is_gone_from_what_was_kept(saint_mars, said):
    """From the month that the coordination reads, and from their own home."""
    with saint_mars.at_home():
        mine = db.session.scalars(sa.select(Membership).where(Membership.user_id == saint_mars.second.user_id)).one()
        db.session.execute(sa.delete(RoundMember).where(RoundMember.membership_id == mine.id))
        name = mine.display_name
    assert name in said(saint_mars, "outreach.show_month")[0]
    assert saint_mars.second.get("desk.index").status_code == 200
    with saint_mars.at_home():
        db.session.get(Membership, (saint_mars.id, mine.id)).leave()
    assert name not in said(saint_mars, "outreach.show_month")[0]
    assert saint_mars.second.get("desk.index").status_code == 404
