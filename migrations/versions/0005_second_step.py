"""The second step of a sign-in: applications, passkeys, recovery codes, and their removal."""

import sqlalchemy as sa
from alembic import op

from migrations import guard

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def of_a_user(name: str, *more: sa.Column | sa.Constraint) -> None:
    """A table of rows with an id that fall with their account."""
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        *more,
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f(f"fk_{name}_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )


def instant(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.add_column("users", instant("second_step_since", nullable=True))
    op.create_table(
        "code_generators",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        instant("made_at"),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_code_generators_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_code_generators")),
    )
    of_a_user(
        "passkeys",
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("device", sa.String(120), nullable=False),
        instant("made_at"),
        instant("used_at", nullable=True),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    op.create_index("ix_passkeys_user_id", "passkeys", ["user_id"])
    of_a_user(
        "recovery_codes",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        instant("used_at", nullable=True),
        sa.UniqueConstraint("user_id", "code_hash", name=op.f("uq_recovery_codes_user_id_code_hash")),
    )
    of_a_user(
        "factor_removals",
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        instant("asked_at"),
        instant("due_at"),
        instant("cancelled_at", nullable=True),
        instant("done_at", nullable=True),
        sa.ForeignKeyConstraint(["requested_by"], ["users.id"], name=op.f("fk_factor_removals_requested_by"), ondelete="CASCADE"),
    )
    op.create_index("ix_factor_removals_user_id", "factor_removals", ["user_id"])
    op.create_index("ix_factor_removals_due_at", "factor_removals", ["due_at"])
    for table in ("code_generators", "passkeys", "recovery_codes", "factor_removals"):
        guard.everyone(op, table, "SELECT, INSERT, UPDATE, DELETE")


def downgrade() -> None:
    for table in ("factor_removals", "recovery_codes", "passkeys", "code_generators"):
        op.drop_table(table)
    op.drop_column("users", "second_step_since")
