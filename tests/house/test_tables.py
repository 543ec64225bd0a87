"""Every table is of one of the four kinds and keeps its rules, as PostgreSQL itself tells."""

import pytest
import sqlalchemy as sa

from app.settings import psycopg_url
from tenants.rows import Global
from tests.house.tables import CHECKS, check_kind, models


@pytest.fixture
def superuser(addresses):
    """A superuser's connection; nothing it does is kept."""
    engine = sa.create_engine(psycopg_url(addresses.superuser), poolclass=sa.NullPool)
    with engine.connect() as connection:
        yield connection
        connection.rollback()


@pytest.mark.parametrize("model", models(), ids=lambda each: each.__name__)
def test_every_table_is_of_one_of_the_four_kinds(model):
    check_kind(model)


def test_a_table_of_no_kind_is_noticed():
    class Elsewhere(sa.orm.DeclarativeBase):
        """A base of its own: what is declared on ours is seen by every other test."""

    class Stray(Elsewhere):
        __tablename__ = "strays"
        id: sa.orm.Mapped[int] = sa.orm.mapped_column(primary_key=True)

    class Misplaced(Global, Elsewhere):
        __tablename__ = "misplaced"
        collective_id: sa.orm.Mapped[int] = sa.orm.mapped_column(primary_key=True)

    with pytest.raises(AssertionError, match="of no kind"):
        check_kind(Stray)
    with pytest.raises(AssertionError, match="make it Tenanted"):
        check_kind(Misplaced)


def check_all(connection):
    for check in CHECKS:
        check(connection)


@pytest.mark.parametrize("check", CHECKS, ids=lambda each: each.__name__)
def test_the_rules_of_the_tables(superuser, check):
    check(superuser)


@pytest.mark.parametrize(
    ("spoiled", "sentence"),
    [
        ("create table strays (id int)", "belong to no model"),
        ("alter table rounds disable row level security", "not enabled and forced"),
        ("alter table rounds no force row level security", "not enabled and forced"),
        ("drop policy tenant on rounds", "policies of rounds"),
        ("create policy more on rounds using (true)", "policies of rounds"),
        ("alter policy tenant on rounds using (true)", "policies of rounds"),
        ("alter policy tenant on rounds with check (true)", "policies of rounds"),
        ("create policy readers on users using (true)", "policies of users"),
        ("drop policy withdrawn on edition_files", "without a line in photo_withdrawals"),
        ("alter policy withdrawn on edition_files using (true)", "without a line in photo_withdrawals"),
        ("alter table encounters drop constraint fk_encounters_collective_id_round_id", "not in the database"),
        ("alter table rounds add unique (area, collective_id, id)", "does not begin with collective_id"),
        ("create unique index spare on rounds (lower(area), id)", "unique over all collectives"),
        ("create unique index spare on rounds (id)", "unique over all collectives"),
        ("create view peek as select * from rounds", "security_invoker"),
        ("create materialized view peek as select * from rounds", "Materialised"),
        ("create function peek() returns int language sql security definer as 'select 1'", "SECURITY DEFINER"),
        ("create rule peek as on insert to rounds do also select 1", "Rules"),
        (
            "create function peek() returns trigger language plpgsql as 'begin return new; end'; "
            "create trigger peek before insert on rounds for each row execute function peek()",
            "Triggers",
        ),
    ],
)
def test_a_rule_that_is_broken_is_noticed(superuser, spoiled, sentence):
    superuser.exec_driver_sql(spoiled)
    with pytest.raises(AssertionError, match=sentence):
        check_all(superuser)


def test_a_view_that_reads_as_its_reader_is_no_trouble(superuser):
    superuser.exec_driver_sql("create view peek with (security_invoker = true) as select * from rounds")
    for check in CHECKS:
        check(superuser)
