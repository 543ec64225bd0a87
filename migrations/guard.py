"""What migrations say about tables besides their columns: kinds, policies, grants. Imports nothing of the application.

Each function takes `op` and table names. The policies are bare: wrapped in a subquery they were faster alone, but Citus refuses them and the
application's explicit filter gives the same speed.
"""

from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa

APP, NETWORK, CLERK, BACKUP = "essaimage_app", "essaimage_network", "essaimage_clerk", "essaimage_backup"
# After SET LOCAL ends, the setting reads '' and not NULL: hence nullif. Unset means no rows, never all rows.
HERE = "nullif(current_setting('app.collective_id', true), '')::uuid"
NOBODY = "00000000-0000-0000-0000-000000000000"
ME = "nullif(current_setting('app.user_id', true), '')::uuid"


def _force(op: Any, table: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"GRANT SELECT ON {table} TO {BACKUP}")


def tenant(op: Any, *tables: str) -> None:
    """Rows of one collective, seen and written from inside it alone."""
    for table in tables:
        _force(op, table)
        op.execute(f"CREATE POLICY tenant ON {table} USING (collective_id = {HERE}) WITH CHECK (collective_id = {HERE})")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {APP}")


def mine(op: Any, *tables: str) -> None:
    """As tenant, and readable by their user from outside."""
    tenant(op, *tables)
    for table in tables:
        op.execute(f"CREATE POLICY mine ON {table} FOR SELECT USING (user_id = {ME})")


def published(op: Any, table: str, readers: str) -> None:
    """Rows written by their publisher from inside; `readers` is the condition under which others read."""
    _force(op, table)
    op.execute(f"CREATE POLICY publisher ON {table} USING (publisher_id = {HERE}) WITH CHECK (publisher_id = {HERE})")
    op.execute(f"CREATE POLICY readers ON {table} FOR SELECT USING ({readers})")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {APP}")


def by_the_network(op: Any, table: str) -> None:
    """Let the network publish too, in its own name: a publisher that is no collective."""
    op.execute(f"CREATE POLICY network ON {table} FOR INSERT TO {NETWORK} WITH CHECK (publisher_id = '{NOBODY}'::uuid)")
    op.execute(f"GRANT SELECT, INSERT ON {table} TO {NETWORK}")


def everyone(op: Any, table: str, grants: str, role: str = APP) -> None:
    """A global table: no policy, and only these privileges for a role."""
    op.execute(f"GRANT {grants} ON {table} TO {role}")
    op.execute(f"GRANT SELECT ON {table} TO {BACKUP}")


def staged(op: Any, table: str) -> None:
    """Jobs: staged and seen only for where one is; the clerk sees that they wait."""
    _force(op, table)
    op.execute(
        f"CREATE POLICY staged ON {table} TO {APP} USING (for_collective IS NOT DISTINCT FROM {HERE}) "
        f"WITH CHECK (for_collective IS NOT DISTINCT FROM {HERE})"
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {APP}")


def readable(op: Any, table: str, role: str, columns: str) -> None:
    """Let a role read some columns of all rows of a guarded table."""
    op.execute(f"CREATE POLICY {role.removeprefix('essaimage_')} ON {table} FOR SELECT TO {role} USING (true)")
    op.execute(f"GRANT SELECT ({columns}) ON {table} TO {role}")


def in_each_collective(op: Any, work: Callable[[sa.Connection, Any], None]) -> None:
    """Backfill: forced policies bind the owner too, so the work walks the collectives, told one by one."""
    connection = op.get_bind()
    for collective_id in _collectives(connection):
        connection.exec_driver_sql(f"SET LOCAL app.collective_id = '{collective_id}'")
        work(connection, collective_id)
    connection.exec_driver_sql("SET LOCAL app.collective_id = ''")


def _collectives(connection: sa.Connection) -> Iterator[Any]:
    yield from connection.scalars(sa.text("select id from collectives order by id")).all()
