"""Street walks, courtesy visits, solidarity rides and projects; the list of what is noticed in the street."""

import sqlalchemy as sa
from alembic import op

from migrations import guard
from migrations.tables import tenanted, to_row

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SIGNS = (
    ("no_bench", "Pas de banc où s’asseoir", "No bench to sit on"),
    ("dark_street", "Éclairage en panne", "Street lighting out of order"),
    ("closed_shop", "Commerce fermé, rideau baissé", "Shop closed down, shutter lowered"),
    ("lone_stop", "Arrêt de bus isolé ou sans abri", "Bus stop far from everything, or without shelter"),
    ("full_letterboxes", "Boîtes aux lettres pleines", "Overflowing letterboxes"),
    ("closed_shutters", "Volets toujours clos", "Shutters that never open"),
    ("bad_pavement", "Trottoir impraticable", "Pavement that cannot be used"),
    ("gathering_place", "Un lieu où l’on se retrouve", "A place where people meet"),
)


def noted() -> tuple[sa.Column, sa.Column]:
    """By whom and when."""
    return sa.Column("by_user", sa.Uuid()), sa.Column("at", sa.DateTime(timezone=True), nullable=False)


def index(table: str, column: str) -> None:
    """The index of a foreign key."""
    op.create_index(f"ix_{table}_collective_id_{column}", table, ["collective_id", column])


def upgrade() -> None:
    tenanted(
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(6), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        *noted(),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        to_row("street_meetings", "round_id", "rounds"),
        sa.CheckConstraint("number between 1 and 50", name=op.f("ck_street_meetings_number")),
        name="street_meetings",
    )
    index("street_meetings", "round_id")
    tenanted(
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("sign", sa.String(36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        to_row("street_notices", "round_id", "rounds"),
        sa.UniqueConstraint("collective_id", "round_id", "sign", name=op.f("uq_street_notices_collective_id_round_id_sign")),
        name="street_notices",
    )
    tenanted(
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("to_whom_sealed", sa.LargeBinary()),
        sa.Column("how", sa.String(10), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary()),
        *noted(),
        to_row("courtesy_visits", "round_id", "rounds"),
        name="courtesy_visits",
    )
    index("courtesy_visits", "round_id")
    tenanted(
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("driver_id", sa.Uuid(), nullable=False),
        sa.Column("origin_sealed", sa.LargeBinary()),
        sa.Column("destination_sealed", sa.LargeBinary()),
        sa.Column("kilometres", sa.SmallInteger(), nullable=False),
        sa.Column("carried", sa.SmallInteger(), nullable=False),
        sa.Column("return_trip", sa.Boolean(), nullable=False),
        *noted(),
        to_row("rides", "round_id", "rounds"),
        to_row("rides", "driver_id", "memberships"),
        sa.CheckConstraint("kilometres between 1 and 300", name=op.f("ck_rides_kilometres")),
        sa.CheckConstraint("carried between 1 and 8", name=op.f("ck_rides_carried")),
        name="rides",
    )
    index("rides", "round_id")
    tenanted(
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("carriers_sealed", sa.LargeBinary()),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("next_step", sa.String(200), nullable=False),
        sa.Column("next_on", sa.Date()),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        name="projects",
    )
    index("projects", "state")
    tenanted(
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary()),
        *noted(),
        to_row("project_steps", "round_id", "rounds"),
        to_row("project_steps", "project_id", "projects"),
        name="project_steps",
    )
    index("project_steps", "round_id")
    index("project_steps", "project_id")
    guard.tenant(op, "street_meetings", "street_notices", "courtesy_visits", "rides", "projects", "project_steps")
    signs = op.create_table(
        "street_signs",
        sa.Column("code", sa.String(36), nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("label_en", sa.String(80), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_street_signs")),
    )
    rows = [{"code": code, "label": label, "label_en": english, "position": place} for place, (code, label, english) in enumerate(SIGNS, 1)]
    op.bulk_insert(signs, rows)
    guard.everyone(op, "street_signs", "SELECT")
    guard.everyone(op, "street_signs", "SELECT, INSERT, UPDATE", guard.NETWORK)


def downgrade() -> None:
    for table in ("street_signs", "project_steps", "projects", "rides", "courtesy_visits", "street_notices", "street_meetings"):
        op.drop_table(table)
