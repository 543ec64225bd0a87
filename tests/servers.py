"""The test world: one PostgreSQL and one Redis for each xdist worker, the demonstration network loaded once."""

import base64
import contextlib
import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from argon2 import PasswordHasher
from flask import Flask, Response
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import Connection, Engine, event
from werkzeug.test import TestResponse
from werkzeug.utils import cached_property

from app.accounts import passwords
from app.db import db
from app.demo import serve, servers, world
from app.factory import create_app
from app.settings import from_environment
from tenants import bootstrap, stamps

# A process of the tests lives ten minutes: it looks for what it may forget a hundred times less often.
gc.set_threshold(70_000, 20, 20)

MASTER = base64.b64encode(bytes(range(100, 132))).decode()


def plain(text: str) -> str:
    """A text with plain spaces: a test says what a page says, not where a line may break."""
    return text.replace("\u00a0", " ")


class Said(TestResponse, Response):
    """An answer whose text has plain spaces."""

    @cached_property
    def text(self) -> str:
        """The page."""
        return plain(self.get_data(as_text=True))


class Reader(FlaskClient):
    """A test client that reads so."""

    def __init__(self, house: Flask, *_: object, **options: bool) -> None:
        super().__init__(house, Said, **options)

    def open(self, *args: Any, **options: Any) -> Any:
        """Ask, and read the answer to its end as every browser does: what follows from it comes after."""
        return super().open(*args, **{"buffered": True, **options})


def environment(addresses: servers.Addresses, mailbox: Path) -> dict[str, str]:
    """The environment of a program that runs in the test world."""
    return {
        **addresses.environment(),
        "ESSAIMAGE_MODE": "demonstration",
        "SECRET_KEY": "a secret of the tests, long enough to be taken",
        "MASTER_KEY": MASTER,
        "MAIL_BACKEND": "app.demo.mailbox",
        "MAILBOX": str(mailbox),
        "PUBLIC_URL": "http://localhost",
        "HELP_PHONE": "02 61 91 00 12",
    }


def keep_statements(house: Flask) -> None:
    """Connections of the tests keep what is prepared: one process asks what all rooms ask, and takes most of it back.

    The driver keeps a hundred statements, and none after a rollback: a table could have been made in what was rolled back. Here none was.
    """

    def keep(connection: psycopg.Connection, _record: object) -> None:
        connection.prepared_max = 2000
        connection._prepared._should_discard = lambda *_: False  # type: ignore[method-assign]

    with house.app_context():
        for engine in db.engines.values():
            event.listen(engine, "connect", keep)


@contextlib.contextmanager
def taken_back(house: Flask, engine: Engine | None = None, *words: str) -> Iterator[Connection]:
    """Whatever the application does meanwhile happens in one transaction, on the connection that is given, and is rolled back.

    The connection is of `engine`, if it is not to be the application's own; `words` are said on it first.
    """
    engines = db._app_engines[house]
    own = engines[None]
    connection = (engine or own).connect()
    outer = connection.begin()
    try:
        for each in words:
            connection.exec_driver_sql(each)
        engines[None] = connection
        db.session.session_factory.configure(join_transaction_mode="create_savepoint")
        # What commits elsewhere releases a savepoint here.
        event.listen(connection, "release_savepoint", lambda there, *_: stamps.draw(there))
        yield connection
    finally:
        engines[None] = own
        db.session.session_factory.configure(join_transaction_mode="conditional_savepoint")
        outer.rollback()
        connection.close()


@contextlib.contextmanager
def running() -> Iterator[tuple[Flask, servers.Addresses, dict[str, str]]]:
    """Servers, roles, tables and the demonstration network; yields the application, the addresses, the environment."""
    folder = Path(tempfile.mkdtemp(prefix="essaimage-tests-"))
    folder.chmod(0o755)
    # Real passwords, hashed as cheaply as argon2 allows: each test signs its people in.
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    # Losing a test database in a power cut is no loss.
    careless = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    try:
        with servers.redis_server(folder / "redis") as redis_url, servers.postgres(folder / "postgres", **careless) as superuser:
            addresses = servers.roles_of(superuser, "essaimage_tests", "a password of the tests", redis_url)
            bootstrap.bootstrap(superuser, "essaimage_tests", serve.passwords(addresses))
            variables = environment(addresses, folder / "mails")
            house = create_app(from_environment(os.environ | variables) | {"TESTING": True})
            house.test_client_class = Reader
            keep_statements(house)
            with house.app_context():
                upgrade(directory=str(Path(__file__).parent.parent / "migrations"))
            with house.app_context():
                world.load()
            yield house, addresses, variables
    finally:
        shutil.rmtree(folder, ignore_errors=True)
