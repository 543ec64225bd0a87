"""Migrations: one head, numbered, and what they make is what the models say."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.db import Model
from app.settings import psycopg_url

MIGRATIONS = Path(__file__).parents[2] / "migrations"


@pytest.fixture
def scripts():
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config)


def test_there_is_one_head(scripts):
    assert len(scripts.get_heads()) == 1, f"Two heads, {scripts.get_heads()}: set down_revision of the newer to the other."


def test_they_are_numbered_without_gap(scripts):
    revisions = [each.revision for each in scripts.walk_revisions()][::-1]
    assert revisions == [f"{number:04d}" for number in range(1, len(revisions) + 1)], f"Number the migrations 0001, 0002, …: {revisions}"
    names = sorted(path.name for path in (MIGRATIONS / "versions").glob("*.py"))
    assert all(re.fullmatch(rf"{number}_[a-z0-9_]+\.py", name) for number, name in zip(revisions, names, strict=True)), names


def test_each_can_be_told_in_a_sentence(scripts):
    assert all(each.doc and each.doc.endswith(".") for each in scripts.walk_revisions()), (
        "A migration opens with a sentence that says what it brings."
    )


def compared(url, metadata):
    engine = sa.create_engine(psycopg_url(url), poolclass=sa.NullPool)
    with engine.connect() as connection:
        return compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)


def test_they_make_what_the_models_say(house, addresses):
    differences = compared(addresses.owner, Model.metadata)
    assert not differences, f"The models and the migrations differ; write a migration for: {differences}"


def test_a_difference_is_noticed(house, addresses):
    other = sa.MetaData(naming_convention=Model.metadata.naming_convention)
    for table in Model.metadata.tables.values():
        table.to_metadata(other)
    sa.Table("strays", other, sa.Column("id", sa.Integer, primary_key=True))
    assert compared(addresses.owner, other)


def test_the_test_world_is_at_the_head(addresses, scripts, house):
    engine = sa.create_engine(psycopg_url(addresses.owner), poolclass=sa.NullPool)
    with engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == scripts.get_current_head()
