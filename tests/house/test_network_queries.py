"""The network's role, given a thousand generated queries, reads no row of any collective's table but the ledger."""

import random

import pytest
from psycopg import errors

from tenants import bootstrap
from tests.house.tables import models, of_a_collective
from tests.house.test_roles import READABLE

QUERIES, SEED = 1_000, 7
LEDGER = "figures"
OPEN = READABLE["network"]


@pytest.fixture(scope="module")
def columns(addresses):
    """{table: its columns}, as somebody who may look sees them."""
    with bootstrap.connect(addresses.superuser) as superuser:
        query = "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped order by attnum"
        return {each: [row[0] for row in superuser.execute(query, [each])] for each in sorted({one.__tablename__ for one in models()})}


@pytest.fixture(scope="module")
def told(addresses):
    """What a query may say before: nothing, or one of the collectives."""
    with bootstrap.connect(addresses.superuser) as superuser:
        return [None, *(str(row[0]) for row in superuser.execute("select id from collectives order by slug"))]


class Questions:
    """Queries of many shapes over some tables, and which tables each of them asks."""

    def __init__(self, columns, seed=SEED):
        self.columns, self.chance = columns, random.Random(seed)  # noqa: S311  # the same queries each time
        self.tenant = sorted(set(of_a_collective()) - {LEDGER})
        self.open = sorted(OPEN)

    def table(self):
        """One table: as often one that is closed to the network as one that is open."""
        return self.chance.choice(self.chance.choice([self.tenant, self.open]))

    def some(self, table, alias):
        """Some of its columns, or all that it has, in one of the ways in which they can be asked for."""
        names = self.chance.sample(self.columns[table], min(3, len(self.columns[table])))
        listed = ", ".join(f'{alias}."{each}"' for each in names)
        return self.chance.choice([listed, listed, f"to_jsonb({alias})", f'max({alias}."{names[0]}"::text)', "1"])

    def source(self, table, alias):
        """Where the rows come from."""
        listed = ", ".join(f'"{each}"' for each in self.columns[table])
        return self.chance.choice([f"{table} {alias}", f"only {table} {alias}", f"(select {listed} from {table}) {alias}"])

    def ask(self):
        """(query, tables)."""
        one, other = self.table(), self.table()
        some, here, there = self.some(one, "a"), self.source(one, "a"), self.source(other, "b")
        first = f'"{self.columns[other][0]}"'
        shapes = {
            f"select {some} from {here} limit 3": {one},
            f"with x as (select {some} from {here} limit 3) select * from x": {one},
            f"with x as materialized (select 1 from {there} limit 1) select {some} from {here} limit 3": {one},
            f"select (select b.{first}::text from {there} limit 1), {some.replace('max(', '(')} from {here} limit 3": {one, other},
            f"select {some} from {here} where exists (select from {there}) limit 3": {one, other},
            f"select {some} from {here} where not exists (select from {there} where false) limit 3": {one, other},
            f"select b.{first}::text from {there} union all (select a::text from (select {some} from {here} limit 3) a) limit 3": {one, other},
            f"select {some} from {here} left join {there} on false limit 3": {one, other},
            f"select {some} from {here} cross join lateral (select b.{first} from {there} limit 1) c limit 3": {one, other},
            f"select count(*) from (select 1 from {here}, {there} limit 3) c": {one, other},
            f"select string_agg(to_jsonb(c)::text, ',') from (select {some} from {here} limit 3) c": {one},
            f"explain (analyze, verbose) select {some} from {here} limit 3": {one},
        }
        query = self.chance.choice(list(shapes))
        return query, shapes[query]


def test_the_network_reads_no_row_of_a_collective_but_the_ledger(addresses, columns, told):
    questions = Questions(columns)
    refused = answered = 0
    with bootstrap.connect(addresses.network) as network:
        network.autocommit = True
        for _ in range(QUERIES):
            query, tables = questions.ask()
            collective = questions.chance.choice(told)
            try:
                with network.transaction():
                    if collective:
                        network.execute(f"set local app.collective_id = '{collective}'")
                    rows = network.execute(query).fetchall()
            except errors.InsufficientPrivilege:
                # Not by chance: what it may read, it can.
                assert not tables <= OPEN, query
                refused += 1
            else:
                assert tables <= OPEN, f"{query}: {rows[:1]}"
                answered += bool(rows)
    # Both halves were really asked, and what was closed was not closed for being empty.
    assert refused > QUERIES // 3
    assert answered > QUERIES // 5


def test_what_is_closed_to_the_network_is_there(addresses, columns):
    with bootstrap.connect(addresses.superuser) as superuser:
        full = [each for each in of_a_collective() if superuser.execute(f"select 1 from {each} limit 1").fetchone()]
    assert len(full) > len(of_a_collective()) * 2 // 3, sorted(set(of_a_collective()) - set(full))


@pytest.mark.parametrize(
    "query",
    [
        "select most_common_vals::text from pg_stats where tablename = any(%(closed)s)",
        "select histogram_bounds::text from pg_stats where tablename = any(%(closed)s)",
        "select column_name from information_schema.columns where table_name = any(%(closed)s)",
        "select grantee from information_schema.role_table_grants where table_name = any(%(closed)s) and grantee = current_user",
    ],
)
def test_nor_does_the_catalogue_of_the_database_tell_values(addresses, query):
    closed = sorted(set(of_a_collective()) - {LEDGER})
    with bootstrap.connect(addresses.superuser) as superuser:
        superuser.execute("analyze")
        assert superuser.execute("select 1 from pg_stats where tablename = any(%(closed)s) limit 1", {"closed": closed}).fetchone()
    with bootstrap.connect(addresses.network) as network:
        assert network.execute(query, {"closed": closed}).fetchall() == []


def test_a_role_that_may_read_one_more_table_is_found_out(addresses, columns, told):
    """With a grant too many, the thousand queries fail: they do not pass for being badly asked."""
    closed = "persons"
    with bootstrap.connect(addresses.superuser) as superuser:
        superuser.execute(f"grant select on {closed} to {bootstrap.NETWORK}")
    try:
        with pytest.raises(AssertionError):
            test_the_network_reads_no_row_of_a_collective_but_the_ledger(addresses, columns, told)
    finally:
        with bootstrap.connect(addresses.superuser) as superuser:
            superuser.execute(f"revoke select on {closed} from {bootstrap.NETWORK}")
