"""No room can forget to erase: whatever points at a person falls with the file, or says what becomes of it."""

import pytest
import sqlalchemy as sa

import app.factory  # noqa: F401  # importing the house declares all tables
from app.db import Model
from app.people.erasure import kept
from app.people.models import Person

NAMED = ("person_id", "_person_id")
AUTHORS = ("by_user", "planned_by", "taken_back_by", "kept_by", "opened_by")
TABLES = [table for table in Model.metadata.sorted_tables if any(column.name.endswith(NAMED) for column in table.c)]


def check_falls_with_the_file(table):
    """Every column that names a person is a key to the file that the database follows when the file goes."""
    keys = {
        column: key.ondelete
        for key in table.foreign_key_constraints
        if key.referred_table.name == Person.__tablename__
        for column in key.column_keys
        if column != "collective_id"
    }
    for column in (each.name for each in table.c if each.name.endswith(NAMED)):
        assert keys.get(column) == "CASCADE", (
            f"{table.name}.{column} names a person and would outlive them: add key_to('persons', '{column}') (tenants/rows.py), "
            "and keeps(…) of app/people/erasure.py if figures count its rows."
        )


def check_keeps_no_words(table):
    """Rows that go on counting are emptied of what is sealed and of who wrote it."""
    for column in table.c:
        if column.name.endswith("_sealed") or column.name in AUTHORS:
            assert column.name in kept[table.name].emptied, f"{table.name}.{column.name} outlives the person: name it in keeps(…) of its room."


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_whatever_names_a_person_falls_with_their_file(table):
    check_falls_with_the_file(table)
    if table.name in kept:
        check_keeps_no_words(table)
        assert set(kept[table.name].columns) == {column.name for column in table.c if column.name.endswith(NAMED)}


def test_there_are_such_tables_and_what_is_kept_is_among_them():
    assert len(TABLES) >= 11
    assert kept.keys() <= {table.name for table in TABLES}


def test_a_table_that_would_outlive_the_person_is_noticed():
    stray = sa.Table("strays", sa.MetaData(), sa.Column("person_id", sa.Uuid), sa.Column("note_sealed", sa.LargeBinary))
    with pytest.raises(AssertionError, match="would outlive them"):
        check_falls_with_the_file(stray)


def test_a_text_that_would_outlive_the_person_is_noticed(monkeypatch):
    one = kept["path_steps"]
    monkeypatch.setitem(kept, "path_steps", type(one)(one.kind, one.columns, {"by_user": None}, one.which))
    with pytest.raises(AssertionError, match="outlives the person"):
        check_keeps_no_words(Model.metadata.tables["path_steps"])
