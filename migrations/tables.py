"""Pieces that migrations put tenant tables together with. Imports nothing of the application."""

import sqlalchemy as sa
from alembic import op


def tenanted(*more: sa.Column | sa.Constraint, name: str) -> None:
    """A table of tenant rows with an id."""
    op.create_table(
        name,
        sa.Column("collective_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *more,
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f(f"fk_{name}_collective_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f(f"pk_{name}")),
    )


def to_row(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    """The composite foreign key of a column."""
    columns = [f"{target}.collective_id", f"{target}.id"]
    return sa.ForeignKeyConstraint(["collective_id", column], columns, name=op.f(f"fk_{table}_collective_id_{column}"), ondelete="CASCADE")
