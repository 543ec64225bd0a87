"""Everything that a collective's key seals, found by the names of columns: what is unreadable once the key is destroyed."""

import sqlalchemy as sa

from app.db import Model, db
from tenants.keys import EMPTY


def sealed_columns() -> dict[sa.Table, list[sa.Column[bytes]]]:
    """The sealed columns of each table whose rows belong to a collective."""
    tables = [each for each in Model.metadata.sorted_tables if "collective_id" in each.c]
    columns = {each: [column for column in each.c if column.name.endswith("_sealed")] for each in tables}
    return {table: found for table, found in columns.items() if found}


def count_sealed() -> dict[str, int]:
    """How many rows of the present collective hold something sealed, by table, for the tables that have any."""
    counts = {}
    for table, columns in sealed_columns().items():
        holds = sa.or_(*[sa.and_(column.is_not(None), column != EMPTY) for column in columns])
        counts[table.name] = db.session.scalar(sa.select(sa.func.count()).select_from(table).where(holds)) or 0
    return {name: number for name, number in sorted(counts.items()) if number}
