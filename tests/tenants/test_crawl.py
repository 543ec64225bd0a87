"""Every route × every role × ids of the other collective, in path, query and form.

Nothing but 404, not a byte of the other's data, not a row changed, and a foreign id answers like one that nobody has.
"""

from uuid import uuid4

import pytest
import sqlalchemy as sa
from werkzeug.routing import Map, Rule

from app.accounts.models import SignIn
from app.db import db
from app.limits import limiter
from app.transaction import transaction
from tenants import bootstrap
from tenants.access import PERMISSIONS
from tenants.models import Role
from tests.cast import Someone
from tests.tenants.crawl import FIELDS, ID_FIELDS, QUERIES, address, ask, fields_read_by_the_house, fill, form, knocks, masked, nowhere
from tests.tenants.hives import HERE, THERE, checksum, checksum_as_backup, demolish, settle

SECRET = "Zibeline"
HEAD = "reseau@demo.essaimage.fr"
MEMBERS = [str(each) for each in Role]
EVERYBODY = ["stranger", "ended", *MEMBERS, "network"]
# Pages that show everyone's by their nature: all mails of the demonstration, which production does not have.
OPEN_BY_NATURE = {"mailbox.index"}
# Forms that come back with rows to choose from. They are sent before forms that make such a row of ours with the id that theirs has.
OFFERS_ROWS = {"workspace.training.create_person_enrolment"}
# Names a file of an edition, and nothing of a crawled collective has appeared (tests/reports/test_withdrawals.py tries it where something has).
OF_WHAT_APPEARED = {"workspace.reports.create_withdrawal"}
# What the second of two taps finds gone: once the password was right, whatever the id, it leads to one's own page.
GONE_AT_THE_SECOND_TAP = {"accounts.delete_passkey": "/compte/deuxieme-etape"}
# What the head of the network reads of every collective: its public name and its figures.
OF_THE_NETWORK = {"network.index", "network.show", "network.create_coordination", "network.export", "network.show_collective_curve"}

# Where the head sits at one table with a collective's team: both sides read and write the same note (tests/followup/test_support.py).
AT_THE_TABLE = {
    f"network.{name}"
    for name in (
        "index_support",
        "create_support",
        "show_support",
        "update_support",
        "new_support_month",
        "create_support_month",
        "create_choice",
        "delete_choice",
        "create_signature",
        "create_decision",
        "delete_decision",
        "update_decision",
        "index_decisions",
        "index_meetings",
        "create_decision_tick",
        "delete_decision_tick",
        "update_decision_day",
    )
}


@pytest.fixture
def unlimited(request, addresses):
    """Thousands of requests from one address: the rate limits have tests of their own.

    What the network brought goes again: it writes through a connection of its own, which no test rolls back. Its account goes with the
    test; where that is for real, its name is put back.
    """
    committed = request.node.get_closest_marker("committed") is not None
    account = "name, language, theme, weekly_digest"
    with bootstrap.connect(addresses.superuser) as superuser:
        before = superuser.execute(f"select {account} from users where email = %s", [HEAD]).fetchone()
        photos = [row[0] for row in superuser.execute("select id from network_photos")]
    limiter.enabled = False
    yield
    limiter.enabled = True
    with bootstrap.connect(addresses.superuser) as superuser:
        if committed:
            superuser.execute(f"update users set ({account}) = (%s, %s, %s, %s) where email = %s", [*before, HEAD])
        superuser.execute("delete from network_photos where id <> all(%s)", [photos])
        superuser.execute("delete from session_plans where plan_id in (select id from course_plans where version > 1)")
        superuser.execute("delete from course_plans where version > 1")
        superuser.execute("update network_reports set asked_edition_id = null, correction = null")


def rules(house):
    return sorted(house.url_map.iter_rules(), key=lambda each: (each.rule, each.endpoint))


def refused(house, rule, role):
    """Whether a role is turned away at a route before anything is looked up."""
    action = getattr(house.view_functions[rule.endpoint], "permission", None)
    return action is not None and (role not in MEMBERS or role not in PERMISSIONS[action])


def everything(house, here, there, role):
    """All knocks at all routes. Foreign paths first, then reading, then writing: a form may make a row of ours with the id that theirs has."""
    every = [(rule, knock) for rule in rules(house) for knock in knocks(house, rule, here, there, refused(house, rule, role))]
    return sorted(every, key=lambda pair: (not pair[1].path_is_foreign, pair[1].method == "POST", pair[0].endpoint not in OFFERS_ROWS))


def visitor(house, hive, role):
    """Someone at the door, with the cookie that goes with it."""
    if role in ("stranger", "ended"):
        someone = Someone(house, hive.email("volunteer") if role == "ended" else None, hive.slug)
        if role == "ended":
            with house.app_context(), transaction():
                db.session.execute(sa.update(SignIn).where(SignIn.user_id == someone.user_id).values(ended_at=sa.func.now()))
        return someone
    return Someone(house, HEAD if role == "network" else hive.email(role), hive.slug)


def check_status(role, rule, knock, answer):
    """404; those who are not signed in are asked to, whatever they ask for."""
    said = f"{role}: {knock} answered {answer.status_code}"
    # No worker runs in the tests, and /healthz says so.
    assert answer.status_code < 500 or rule.endpoint == "health.healthz", said
    if not knock.path_is_foreign or (role == "network" and rule.endpoint in OF_THE_NETWORK):
        return
    if knock.method == "OPTIONS" and answer.status_code == 200:
        assert not answer.data, said
    elif "token" in rule.arguments:
        assert answer.status_code in (404, 410), said
    elif role in ("stranger", "ended"):
        asked = answer.status_code == 302 and answer.location.startswith("/connexion?next=")
        assert asked or answer.status_code == 404, said
    elif knock.method == "POST" and rule.endpoint in GONE_AT_THE_SECOND_TAP:
        assert answer.status_code == 404 or answer.location == GONE_AT_THE_SECOND_TAP[rule.endpoint], said
    else:
        assert answer.status_code == 404, said


def check_bytes(role, rule, knock, answer, there):
    """Not a byte of the other's, besides the ids that the question itself carried."""
    if rule.endpoint in OPEN_BY_NATURE:
        return
    told = f"{answer.headers} {answer.text}"
    sent = f"{knock.foreign} {knock.form}"
    leaked = sorted(word for word in there.words if word in told and word not in sent)
    assert not leaked, f"{role}: {knock} shows {leaked} of the next collective."


def is_signed_out(someone):
    """Whether what was just asked ended the sign-in."""
    with someone.client.session_transaction() as session:
        return "_user_id" not in session


@pytest.mark.committed
@pytest.mark.parametrize("role", EVERYBODY)
def test_nothing_of_the_next_collective_is_shown_or_changed(house, addresses, unlimited, role):
    demolish(addresses.superuser)
    here, there = settle(house, HERE, "Ici"), settle(house, THERE, SECRET)
    try:
        before = checksum_as_backup(addresses.backup, there)
        assert all(count for count, _number in before.values()), f"The crawl needs a row in every table of the next collective: {before}"
        someone = visitor(house, here, role)
        for rule, knock in everything(house, here, there, role):
            if role == "network" and rule.endpoint in AT_THE_TABLE:
                continue
            answer = ask(someone, knock.method, knock.foreign, knock.form)
            check_status(role, rule, knock, answer)
            check_bytes(role, rule, knock, answer, there)
            if "Set-Cookie" in answer.headers and role not in ("stranger", "ended") and is_signed_out(someone):
                someone = visitor(house, here, role)
        assert checksum_as_backup(addresses.backup, there) == before, f"{role} changed rows of the next collective."
    finally:
        demolish(addresses.superuser)


class Replay:
    """A visitor for whom each request finds the same world: cookie and rows are put back after it."""

    def __init__(self, house, hive, role):
        self.someone = visitor(house, hive, role)
        self.connection = db._app_engines[house][None]
        self.cookie = self.someone.client.get_cookie("session")

    def ask(self, method, address, fields, watch=None, refusals=True):
        """The answer, and what `watch` (a collective) looks like after it; without `refusals`, only if it was not 404."""
        savepoint = self.connection.begin_nested()
        try:
            answer = ask(self.someone, method, address, fields)
            seen = watch and (refusals or answer.status_code != 404)
            return answer, self.look(watch) if seen else None
        finally:
            savepoint.rollback()
            if self.cookie is not None:
                self.someone.client.set_cookie("session", self.cookie.value)

    def look(self, hive):
        self.connection.exec_driver_sql(f"set local app.collective_id = '{hive.id}'")
        seen = self.connection.exec_driver_sql(checksum(hive)).all()
        self.connection.exec_driver_sql("set local app.collective_id = ''")
        return seen


# The two who may do most are asked in three parts, so that both cores have something to do.
PARTS = [(role, part, 3 if role in (Role.coordinator, Role.volunteer) else 1) for role in EVERYBODY for part in range(3)]


@pytest.mark.parametrize(("role", "part", "parts"), [each for each in PARTS if each[1] < each[2]])
def test_a_foreign_id_answers_like_one_that_nobody_has(house, unlimited, role, part, parts):
    here, there = settle(house, HERE, "Ici"), settle(house, THERE, SECRET)
    visit = Replay(house, here, role)
    before, kept = visit.look(there), set()
    assert all(count for _table, count, _number in before)
    for rule, knock in everything(house, here, there, role)[part::parts]:
        # What a route does not listen to is refused before its ids are read, whatever they are: the crawl above knocks there too.
        if knock.method not in {"GET", "POST"} & rule.methods or (role == "network" and rule.endpoint in OF_THE_NETWORK | AT_THE_TABLE):
            continue
        # Who is asked to sign in first is asked before anything is read. What was typed is kept then: one form a route shows it.
        if role == "ended" and knock.method == "POST" and refused(house, rule, role):
            if rule.endpoint in kept:
                continue
            kept.add(rule.endpoint)
        # What a refusal may have changed is looked at by the crawl that writes for real, above.
        foreign, after = visit.ask(knock.method, knock.foreign, knock.form, watch=there if knock.method == "POST" else None, refusals=False)
        random, _after = visit.ask(knock.method, knock.random, knock.random_form)
        assert after in (None, before), f"{role}: {knock} changed the next collective."
        assert masked(foreign, knock.foreign) == masked(random, knock.random), f"{role}: {knock} tells a foreign id from a random one."


@pytest.mark.parametrize("role", MEMBERS)
def test_what_a_role_may_not_do_does_not_exist(house, unlimited, role):
    here = settle(house, HERE, "Ici")
    visit = Replay(house, here, role)
    ids = here.ids | {"draft_id": here.drafts[role], "number_id": here.ids.get(f"number_id of {role}", here.ids["number_id"])}
    before = visit.look(here)
    tried = {True: 0, False: 0}
    for rule in rules(house):
        action = getattr(house.view_functions[rule.endpoint], "permission", None)
        if action is None:
            continue
        path = address(house, rule, fill(house, rule, here.slug, here.id, ids))
        method = "POST" if "POST" in rule.methods else "GET"
        answer, after = visit.ask(method, path, form(rule.endpoint, ids), watch=here)
        may = role in PERMISSIONS[action]
        tried[may] += 1
        if may:
            fine = (404,) if rule.endpoint in OF_WHAT_APPEARED else (200, 302, 422)
            assert answer.status_code in fine, f"{role} may {action}, but {method} {path} answered {answer.status_code}."
        else:
            assert answer.status_code == 404, f"{role} may not {action}, but {method} {path} answered {answer.status_code}."
            assert after == before, f"{role} may not {action}, but {method} {path} changed rows."
    assert tried[True]
    assert tried[False] or role == Role.coordinator


def test_the_crawl_knows_every_field():
    unknown = fields_read_by_the_house() - FIELDS.keys() - ID_FIELDS.keys() - QUERIES.keys() - {"csrf_token"}
    assert not unknown, f"The crawl does not send {sorted(unknown)}: add them to FIELDS, ID_FIELDS or QUERIES in tests/tenants/crawl.py."


def test_the_crawl_stops_at_a_parameter_it_does_not_know(house):
    rule = Rule("/c/<string:collective>/coffres/<uuid:vault_id>", endpoint="vaults.show")
    Map([rule])
    with pytest.raises(AssertionError, match="vault_id"):
        fill(house, rule, HERE, uuid4(), nowhere())
