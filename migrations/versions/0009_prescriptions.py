"""Partners, their prescriptions, and the phone number of a collective."""

import sqlalchemy as sa
from alembic import op

from migrations import guard
from migrations.tables import tenanted, to_row

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("collectives", sa.Column("phone", sa.String(20)))
    tenanted(
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("contact_sealed", sa.LargeBinary()),
        sa.Column("link", sa.Uuid()),
        sa.Column("link_since", INSTANT),
        sa.Column("added_by", sa.Uuid()),
        sa.Column("added_at", INSTANT, nullable=False),
        name="partners",
    )
    texts = ("whom", "reached", "noticed", "reporter", "answer_at", "passed_to")
    tenanted(
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        *(sa.Column(f"{name}_sealed", sa.LargeBinary()) for name in texts),
        sa.Column("knows", sa.String(8), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("first_read_at", INSTANT),
        sa.Column("inform_by", sa.Date()),
        sa.Column("informed_on", sa.Date()),
        sa.Column("informed_how", sa.String(8)),
        sa.Column("decision", sa.String(14)),
        sa.Column("decided_on", sa.Date()),
        sa.Column("decided_by", sa.Uuid()),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("forgotten_at", INSTANT),
        to_row("prescriptions", "partner_id", "partners"),
        to_row("prescriptions", "person_id", "persons"),
        sa.UniqueConstraint("collective_id", "mark", name=op.f("uq_prescriptions_collective_id_mark")),
        name="prescriptions",
    )
    for column in ("partner_id", "person_id", "decision"):
        op.create_index(f"ix_prescriptions_collective_id_{column}", "prescriptions", ["collective_id", column])
    for table in ("partners", "prescriptions"):
        guard.tenant(op, table)
