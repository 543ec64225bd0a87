"""Taking a layer of the guard away, for one test and in one transaction."""

import pytest
import sqlalchemy as sa

from app.settings import psycopg_url
from tests.servers import taken_back


@pytest.fixture
def spoiled(house, addresses):
    """A context in which a superuser said some words first, and the house then works as its own role; nothing of it is kept."""
    superuser = sa.create_engine(psycopg_url(addresses.superuser), poolclass=sa.NullPool)
    return lambda *words: taken_back(house, superuser, *words, "set local role essaimage_app")
