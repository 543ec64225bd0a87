"""Runs migrations as the owner of the tables, which the application is not."""

from alembic import context
from flask import current_app
from sqlalchemy import create_engine, pool

from app.db import Model
from app.settings import psycopg_url

url = context.config.attributes.get("owner_url") or current_app.config["OWNER_DATABASE_URL"]
metadata = Model.metadata


def run() -> None:
    """Apply to the owner's database, one transaction for all."""
    if not url:
        raise SystemExit("Migrations run as the owner of the tables: set OWNER_DATABASE_URL.")
    engine = create_engine(psycopg_url(url), poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=metadata, compare_type=True)
        with context.begin_transaction():
            # Behind a dump or a long count it would wait, and every page behind it. It gives up, changes nothing, and is run again.
            context.execute("set local lock_timeout = '5s'")
            context.run_migrations()


def offline() -> None:
    """Print the SQL, for squawk and for reading."""
    context.configure(dialect_name="postgresql", target_metadata=metadata, literal_binds=True, dialect_opts={"paramstyle": "named"})
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    offline()
else:
    run()
