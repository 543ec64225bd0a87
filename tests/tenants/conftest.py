"""Taking a layer of the guard away, for one test and in one transaction."""

import contextlib

import pytest
import sqlalchemy as sa

from app.db import db
from app.settings import psycopg_url


@pytest.fixture
def spoiled(house, addresses):
    """A context in which a superuser said some words first, and the house then works as its own role; nothing of it is kept."""

    @contextlib.contextmanager
    def spoiled(*words):
        engines = db._app_engines[house]
        engine, before = sa.create_engine(psycopg_url(addresses.superuser), poolclass=sa.NullPool), engines[None]
        with engine.connect() as connection:
            outer = connection.begin()
            for each in words:
                connection.exec_driver_sql(each)
            connection.exec_driver_sql("set local role essaimage_app")
            engines[None] = connection
            db.session.session_factory.configure(join_transaction_mode="create_savepoint")
            try:
                yield connection
            finally:
                engines[None] = before
                db.session.session_factory.configure(join_transaction_mode="conditional_savepoint")
                outer.rollback()

    return spoiled
