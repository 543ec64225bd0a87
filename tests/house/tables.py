"""What PostgreSQL says about the tables, compared with the rules. Each function asserts over one connection."""

from typing import Any

from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase

import app.factory  # noqa: F401  # importing the house declares all tables
from app.db import Model
from tenants.rows import Global, InCollective, Mine, Published

HERE = "(NULLIF(current_setting('app.collective_id'::text, true), ''::text))::uuid"
ME = "(NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid"
# (name, command, roles, USING, WITH CHECK), as pg_policies gives them.
Policy = tuple[str, str, str, str | None, str | None]
BESIDES_THE_MODELS = {"alembic_version"}
NOBODY = "00000000-0000-0000-0000-000000000000"
PUBLISHED_BY_THE_NETWORK_TOO = {"report_editions", "edition_files", "photo_withdrawals"}
# Deleted where a photo was taken back, and nowhere else.
TAKEN_BACK = ("edition_files", "photo_withdrawals")
KINDS = {"tenant": InCollective, "mine": Mine, "published": Published, "global": Global}


def policies_of(table: str, kind: str, own: bool) -> set[Policy]:
    """The policies that a table of a kind has, and no other."""
    tenant: Policy = ("tenant", "ALL", "public", f"(collective_id = {HERE})", f"(collective_id = {HERE})")
    readers: dict[str, set[Policy]] = {
        "figures": {("network", "SELECT", "essaimage_network", "true", None)},
        "ledger_marks": {("clerk", "SELECT", "essaimage_clerk", "true", None)},
    }
    if kind == "published":
        own_name: Policy = ("network", "INSERT", "essaimage_network", None, f"(publisher_id = '{NOBODY}'::uuid)")
        by_network = {own_name} if table in PUBLISHED_BY_THE_NETWORK_TOO else set()
        if table == TAKEN_BACK[0]:
            by_network.add(("withdraws", "DELETE", "essaimage_network", f"(publisher_id = '{NOBODY}'::uuid)", None))
        return {("publisher", "ALL", "public", f"(publisher_id = {HERE})", f"(publisher_id = {HERE})")} | by_network
    if kind == "global":
        waiting = f"(NOT (for_collective IS DISTINCT FROM {HERE}))"
        staged: set[Policy] = {("staged", "ALL", "essaimage_app", waiting, waiting), ("clerk", "SELECT", "essaimage_clerk", "true", None)}
        return staged if own else set()
    mine: set[Policy] = {("mine", "SELECT", "public", f"(user_id = {ME})", None)} if kind == "mine" else set()
    return {tenant} | mine | readers.get(table, set())


def models() -> list[type[Any]]:
    return sorted((mapper.class_ for mapper in Model.registry.mappers), key=lambda each: each.__tablename__)


def guarded() -> list[str]:
    """Tables with a policy."""
    return [each.__tablename__ for each in models() if each.row_kind != "global" or getattr(each, "own_policy", False)]


def of_a_collective() -> list[str]:
    return [each.__tablename__ for each in models() if issubclass(each, InCollective)]


def check_kind(model: type[DeclarativeBase]) -> None:
    kind = getattr(model, "row_kind", None)
    known = kind in KINDS and issubclass(model, KINDS[kind])
    assert known, f"{model.__name__} is of no kind: let it inherit from Tenanted, Mine, Published or Global (tenants/rows.py)."
    assert kind != "mine" or "user_id" in model.__table__.c, f"{model.__name__} is Mine and needs a user_id."
    assert not (kind in ("global", "published") and "collective_id" in model.__table__.c), f"{model.__name__} has a collective_id: make it Tenanted."


def check_every_table_is_declared(connection: Connection) -> None:
    there = set(connection.exec_driver_sql("select tablename from pg_tables where schemaname = 'public'").scalars())
    undeclared = there - {each.__tablename__ for each in models()} - BESIDES_THE_MODELS
    assert not undeclared, f"The tables {sorted(undeclared)} belong to no model: declare them, of one of the four kinds."


def check_policies(connection: Connection) -> None:
    forced = {
        name: (enabled, also_the_owner)
        for name, enabled, also_the_owner in connection.exec_driver_sql(
            "select relname, relrowsecurity, relforcerowsecurity from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
        )
    }
    found: dict[str, set[Policy]] = {}
    query = "select tablename, policyname, cmd, array_to_string(roles, ','), qual, with_check from pg_policies where permissive = 'PERMISSIVE'"
    for table, *policy in connection.exec_driver_sql(query):
        found.setdefault(table, set()).add(tuple(policy))  # type: ignore[arg-type]
    for model in models():
        table, own = model.__tablename__, getattr(model, "own_policy", False)
        if table in guarded():
            assert forced.get(table) == (True, True), f"Row-level security of {table} is not enabled and forced: use migrations/guard.py."
        readers = {each for each in found.get(table, set()) if model.row_kind == "published" and each[1] == "SELECT"}
        wanted = policies_of(table, model.row_kind, own) | readers
        assert found.get(table, set()) == wanted, f"The policies of {table} are not the ones of its kind; use migrations/guard.py: {found.get(table)}"


def check_files_stay(connection: Connection) -> None:
    """Whoever may delete files of editions may delete those that show a photo which was taken back."""
    table, lines = TAKEN_BACK
    query = "select policyname, cmd, qual from pg_policies where permissive = 'RESTRICTIVE' and tablename = %s"
    guards = list(connection.exec_driver_sql(query, (table,)))
    held = [(name, command) for name, command, condition in guards if lines in condition]
    assert held == [("withdrawn", "DELETE")], f"Files of editions can be deleted without a line in {lines}: {guards}"


def check_keys(connection: Connection) -> None:
    first = {
        (table, name): (kind, columns, target)
        for table, name, kind, columns, target in connection.exec_driver_sql(
            """
            select c.conrelid::regclass::text, c.conname, c.contype,
                   array(select a.attname::text from unnest(c.conkey) with ordinality k(n, i)
                         join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.n order by k.i),
                   nullif(c.confrelid, 0)::regclass::text
            from pg_constraint c where c.connamespace = 'public'::regnamespace and c.contype in ('p', 'f', 'u')
            """
        )
    }
    for (table, name), (kind, columns, target) in first.items():
        if table not in of_a_collective():
            assert target not in of_a_collective(), f"{table}.{name} points from a table of no collective into one: make {table} Tenanted."
            continue
        if kind == "f" and target not in of_a_collective():
            continue
        assert columns[0] == "collective_id", (
            f"{table}.{name} does not begin with collective_id: keys ignore policies; use key_to() (tenants/rows.py)."
        )
        assert kind != "f" or len(columns) > 1, f"{table}.{name} is a plain foreign key: use key_to() (tenants/rows.py)."
    with_key = {table for (table, _name), (kind, *_rest) in first.items() if kind == "p"}
    assert set(of_a_collective()) <= with_key, "A tenant table has no primary key."
    # What the models say points somewhere must be a key in the database too.
    for table in (each.__table__ for each in models()):
        for key in table.foreign_key_constraints:
            said = (table.name, key.name)
            assert said in first, f"The foreign key {said} of the model is not in the database: write the migration."


def check_unique_indexes(connection: Connection) -> None:
    rows = connection.exec_driver_sql(
        """
        select i.indrelid::regclass::text, i.indexrelid::regclass::text,
               (select attname::text from pg_attribute where attrelid = i.indrelid and attnum = i.indkey[0])
        from pg_index i join pg_class t on t.oid = i.indrelid
        where i.indisunique and t.relnamespace = 'public'::regnamespace
        """
    )
    for table, index, first in rows:
        begins = table not in of_a_collective() or first == "collective_id"
        assert begins, f"{index} is unique over all collectives: it tells that a value exists elsewhere. Begin it with collective_id."


def check_nothing_goes_round(connection: Connection) -> None:
    """No trigger, no view that reads as its owner, no materialised view, no function that runs as its owner."""
    questions = {
        "Triggers run unseen; write the rule in Python": "select tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid "
        "where not tgisinternal and c.relnamespace = 'public'::regnamespace",
        "Rules rewrite statements unseen; drop them": "select rulename from pg_rules where schemaname = 'public'",
        "Views read as their owner; create them with (security_invoker = true)": "select relname from pg_class "
        "where relkind = 'v' and relnamespace = 'public'::regnamespace and not coalesce(reloptions @> '{security_invoker=true}', false)",
        "Materialised views keep rows of all collectives; drop them": "select matviewname from pg_matviews where schemaname = 'public'",
        "Functions that run as their owner go round the policies; drop SECURITY DEFINER": "select proname from pg_proc "
        "where prosecdef and pronamespace = 'public'::regnamespace",
    }
    for sentence, question in questions.items():
        found = list(connection.exec_driver_sql(question).scalars())
        assert not found, f"{sentence}: {found}"


CHECKS = (check_every_table_is_declared, check_policies, check_keys, check_unique_indexes, check_nothing_goes_round, check_files_stay)
