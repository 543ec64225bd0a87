"""Making the five roles and a database, as a superuser, once per database.

The roles: an owner for migrations, the application's, the network's, the clerk's, and one for backups. None is a superuser; only the
backup's may bypass policies. `set_config()` is revoked here and not in a migration: the same REVOKE by a plain owner warns, exits 0 and
changes nothing.
"""

from collections.abc import Mapping

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

OWNER, APP, NETWORK, CLERK, BACKUP = "essaimage_owner", "essaimage_app", "essaimage_network", "essaimage_clerk", "essaimage_backup"
ROLES = (OWNER, APP, NETWORK, CLERK, BACKUP)


def connect(url: str) -> psycopg.Connection:
    """A connection where each statement stands alone, from an address of any spelling."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    # SQLAlchemy leaves spaces in passwords as they are, libpq refuses them.
    return psycopg.connect(plain.replace(" ", "%20"), autocommit=True)


def make_roles(superuser_url: str, passwords: Mapping[str, str]) -> None:
    """Create the roles that are missing and set the passwords of those that are named, hashed with SCRAM."""
    with connect(superuser_url) as connection:
        # Two bootstraps at once, on one cluster, would both find a role missing.
        connection.execute("select pg_advisory_lock(7201)")
        known = {row[0] for row in connection.execute("select rolname from pg_roles")}
        connection.execute("set password_encryption = 'scram-sha-256'")
        for role in ROLES:
            name = sql.Identifier(role)
            if role not in known:
                connection.execute(sql.SQL("create role {} login nosuperuser nocreatedb nocreaterole noinherit").format(name))
            bypass = sql.SQL("bypassrls" if role == BACKUP else "nobypassrls")
            connection.execute(sql.SQL("alter role {} {}").format(name, bypass))
            if role in passwords:
                connection.execute(sql.SQL("alter role {} password {}").format(name, sql.Literal(passwords[role])))
        connection.execute("select pg_advisory_unlock(7201)")


def make_database(superuser_url: str, name: str) -> str:
    """Create the database if it is missing, owned by the owner and closed to everyone else. Returns its superuser address."""
    with connect(superuser_url) as connection:
        if not connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
            connection.execute(
                sql.SQL("create database {} owner {} encoding 'UTF8' template template0").format(sql.Identifier(name), sql.Identifier(OWNER))
            )
    inside = make_url(superuser_url).set(database=name).render_as_string(hide_password=False)
    guard(inside)
    return inside


def guard(superuser_url: str) -> None:
    """In this database: who may connect, who may see the schema, and nobody may call set_config()."""
    with connect(superuser_url) as connection:
        database = connection.info.dbname
        connection.execute(sql.SQL("revoke all on database {} from public").format(sql.Identifier(database)))
        for role in ROLES:
            connection.execute(sql.SQL("grant connect on database {} to {}").format(sql.Identifier(database), sql.Identifier(role)))
        connection.execute(sql.SQL("alter database {} owner to {}").format(sql.Identifier(database), sql.Identifier(OWNER)))
        connection.execute(sql.SQL("alter schema public owner to {}").format(sql.Identifier(OWNER)))
        connection.execute("revoke all on schema public from public")
        for role in (APP, NETWORK, CLERK, BACKUP):
            connection.execute(sql.SQL("grant usage on schema public to {}").format(sql.Identifier(role)))
        connection.execute("revoke execute on function pg_catalog.set_config(text, text, boolean) from public")
        # pg_dump empties its search_path with it.
        connection.execute(sql.SQL("grant execute on function pg_catalog.set_config(text, text, boolean) to {}").format(sql.Identifier(BACKUP)))


def bootstrap(superuser_url: str, database: str, passwords: Mapping[str, str]) -> str:
    """Roles, database, guard. Running it again changes nothing but passwords. Returns the database's superuser address."""
    make_roles(superuser_url, passwords)
    return make_database(superuser_url, database)
