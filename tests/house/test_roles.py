"""What each role of the database may do, asked of PostgreSQL and tried."""

import psycopg
import pytest
from psycopg import errors
from sqlalchemy.engine import make_url

from tenants import bootstrap
from tests.house.tables import models

ROLES = {"owner": bootstrap.OWNER, "app": bootstrap.APP, "network": bootstrap.NETWORK, "clerk": bootstrap.CLERK, "backup": bootstrap.BACKUP}
TABLES = [each.__tablename__ for each in models()]
# Everything else these roles are refused.
PLANS = {"course_plans", "session_plans", "plan_documents", "session_documents"}
NOTES = {"support_meetings", "support_decisions"}
TOLD = {"report_editions", "edition_files", "photo_withdrawals"}
# Deleted where a photo was taken back (tests/reports/test_withdrawals.py).
TAKEN_BACK = {"edition_files"}
WORKED_OUT = {"figure_sums", "figure_medians", "watches", "watch_sums"}
# What the head brings and takes away again.
BROUGHT = {"network_photos"}
READABLE = {
    "network": {"figures", "collectives", "street_signs", "network_reports", *PLANS, *NOTES, *TOLD, *WORKED_OUT, *BROUGHT},
    "clerk": {"jobs", "ledger_marks"},
}
WRITABLE = {"network": WORKED_OUT | BROUGHT | TAKEN_BACK, "clerk": set()}
# Written, and never deleted: what was noticed in a street stays readable.
KEPT = {"network": {"street_signs", "network_reports"}, "clerk": set()}
# Added to, and never changed: a course keeps the version it started with.
ADDED_TO = {"network": PLANS | TOLD, "clerk": set()}
COLUMNS = {
    ("clerk", "jobs"): {"id", "for_collective", "staged_at", "due_at"},
    ("clerk", "ledger_marks"): {"collective_id", "month"},
    ("network", "figures"): {"collective_id", "period", "indicator", "value", "counted_at"},
}


@pytest.fixture(params=ROLES)
def role(request):
    return request.param


@pytest.fixture
def as_superuser(addresses):
    with bootstrap.connect(addresses.superuser) as connection:
        yield connection


@pytest.fixture
def connect(addresses):
    """A connection as one of the roles."""
    opened = []

    def connect(role):
        opened.append(bootstrap.connect(getattr(addresses, role)))
        return opened[-1]

    yield connect
    for each in opened:
        each.close()


def refused(connection, statement):
    with pytest.raises(errors.InsufficientPrivilege):
        connection.execute(statement)
    return True


def test_no_role_is_a_superuser_and_only_the_backup_goes_past_the_policies(as_superuser, role):
    row = as_superuser.execute(
        "select rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls from pg_roles where rolname = %s", [ROLES[role]]
    ).fetchone()
    assert row == (False, False, False, False, role == "backup"), f"{ROLES[role]} has an attribute it must not have: run `flask database bootstrap`."


def test_passwords_are_kept_as_scram(as_superuser):
    kept = dict(as_superuser.execute("select rolname, rolpassword from pg_authid where rolname = any(%s)", [list(ROLES.values())]).fetchall())
    assert set(kept) == set(ROLES.values())
    bad = [name for name, password in kept.items() if not (password or "").startswith("SCRAM-SHA-256$")]
    assert not bad, f"{bad} have no SCRAM password: set password_encryption before setting it (tenants/bootstrap.py)."


def test_no_role_is_a_member_of_another(as_superuser):
    rows = as_superuser.execute(
        "select m.member::regrole::text, m.roleid::regrole::text from pg_auth_members m where m.member::regrole::text like 'essaimage%'"
    ).fetchall()
    assert rows == [], "A role that is a member of another can become it."


def test_only_the_owner_owns_anything(as_superuser):
    query = "select distinct relowner::regrole::text from pg_class where relnamespace = 'public'::regnamespace"
    owners = {row[0] for row in as_superuser.execute(query)}
    assert owners == {bootstrap.OWNER}, f"Tables belong to {owners}: migrations run as the owner alone (migrations/env.py)."


@pytest.mark.parametrize("role", sorted(ROLES.keys() - {"owner"}))
def test_who_serves_requests_creates_nothing(connect, role):
    connection = connect(role)
    for statement in ("create table public.spare (id int)", "create schema spare", "create temporary table spare (id int)"):
        assert refused(connection, statement)


@pytest.mark.parametrize("local", ["true", "false"])
def test_only_a_dump_may_call_set_config(connect, role, local):
    call = f"select set_config('app.collective_id', '{'0' * 8}-0000-0000-0000-{'0' * 12}', {local})"
    connection = connect(role)
    if role == "backup":
        assert connection.execute(call).fetchone()
    else:
        assert refused(connection, call)


def test_set_config_is_revoked_and_not_only_from_us(as_superuser):
    granted = as_superuser.execute(
        "select grantee::regrole::text from pg_proc, aclexplode(proacl) where proname = 'set_config' and grantee <> proowner"
    ).fetchall()
    assert granted == [(bootstrap.BACKUP,)], "set_config() is open: run `flask database bootstrap` as a superuser."


def test_nobody_becomes_somebody_else(connect, role):
    connection = connect(role)
    for other in {*ROLES.values()} - {ROLES[role]}:
        assert refused(connection, f"set role {other}")


@pytest.mark.parametrize("reader", READABLE)
@pytest.mark.parametrize("table", [*TABLES, "alembic_version"])
def test_the_network_and_the_clerk_read_what_is_theirs_and_no_more(connect, reader, table):
    connection = connect(reader)
    columns = COLUMNS.get((reader, table))
    if table not in READABLE[reader]:
        assert refused(connection, f"select 1 from {table}")
        return
    assert connection.execute(f"select {', '.join(sorted(columns)) if columns else '*'} from {table} limit 1") is not None
    there = {row[0] for row in columns_of(connection, table)}
    for column in there - (columns or there):
        assert refused(connection, f"select {column} from {table}")


def columns_of(connection, table):
    return connection.execute(
        "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped", [table]
    ).fetchall()


@pytest.mark.parametrize("reader", WRITABLE)
@pytest.mark.parametrize("table", TABLES)
def test_the_network_and_the_clerk_write_what_is_theirs_and_no_more(connect, reader, table):
    connection = connect(reader)
    statement = f"delete from {table} where false"
    if table in WRITABLE[reader]:
        assert connection.execute(statement).rowcount == 0
    else:
        assert refused(connection, statement)
        column = columns_of(connection, table)[0][0]
        if table in KEPT[reader]:
            assert connection.execute(f"update {table} set {column} = {column} where false").rowcount == 0
            return
        if table in ADDED_TO[reader]:
            assert connection.execute(f"insert into {table} select * from {table} where false").rowcount == 0
        else:
            assert refused(connection, f"insert into {table} default values")
        assert refused(connection, f"update {table} set {column} = {column}")


@pytest.mark.parametrize("table", TABLES)
def test_the_backup_reads_everything_and_writes_nothing(connect, table):
    connection = connect("backup")
    assert connection.execute(f"select count(*) from {table}").fetchone() is not None
    assert refused(connection, f"delete from {table} where false")
    assert refused(connection, f"insert into {table} default values")


def test_the_network_sees_figures_of_all(connect):
    (seen,) = connect("network").execute("select count(distinct collective_id) from figures").fetchone()
    assert seen >= 2


def test_the_application_deletes_no_account_and_no_collective(connect):
    connection = connect("app")
    for table in ("users", "sign_ins", "collectives", "figure_sums", "street_signs", "alembic_version"):
        assert refused(connection, f"delete from {table} where false")


def test_passwords_are_asked_for(addresses, role):
    wrong = make_url(getattr(addresses, role)).set(password="a wrong one").render_as_string(hide_password=False)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        bootstrap.connect(wrong)
