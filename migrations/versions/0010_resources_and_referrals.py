"""Resources with their services, what is brought into them, and referrals."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations import guard
from migrations.tables import tenanted, to_row

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def listed(table: str) -> list[sa.Column | sa.Constraint]:
    """What a resource and a service share."""
    return [
        sa.Column("source", sa.String(120), nullable=False),
        sa.Column("external_id", sa.String(250), nullable=False),
        sa.Column("name", sa.String(150), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("insee_code", sa.String(5)),
        sa.Column("department", sa.String(3)),
        sa.Column("latitude", sa.Float()),
        sa.Column("longitude", sa.Float()),
        sa.Column("record", JSONB(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("gone_at", INSTANT),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.UniqueConstraint("collective_id", "source", "external_id", name=op.f(f"uq_{table}_collective_id_source_external_id")),
    ]


def index(table: str, column: str) -> None:
    """An index that begins with the collective."""
    op.create_index(f"ix_{table}_collective_id_{column}", table, ["collective_id", column])


def upgrade() -> None:
    tenanted(*listed("resources"), name="resources")
    tenanted(
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        *listed("resource_services"),
        sa.Column("themes", JSONB(), nullable=False),
        sa.Column("publics", JSONB(), nullable=False),
        sa.Column("fee", sa.String(12)),
        to_row("resource_services", "resource_id", "resources"),
        name="resource_services",
    )
    index("resource_services", "resource_id")
    tenanted(
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("filenames", JSONB(), nullable=False),
        sa.Column("counts", JSONB(), nullable=False),
        sa.Column("faults", JSONB(), nullable=False),
        sa.Column("trouble", sa.String(12)),
        sa.Column("asked_by", sa.Uuid()),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("done_at", INSTANT),
        name="resource_imports",
    )
    sealed = lambda *names: [sa.Column(f"{name}_sealed", sa.LargeBinary()) for name in names]  # noqa: E731  # said four times below
    tenanted(
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid()),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("way", sa.String(6), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        *sealed("called", "reached"),
        sa.Column("agreed_on", sa.Date()),
        *sealed("agreed_words", "override_because"),
        sa.Column("companion_id", sa.Uuid()),
        sa.Column("goes_on", sa.Date()),
        *sealed("mail_to", "mail_reply", "mail_subject", "mail_text"),
        sa.Column("opened_by", sa.Uuid()),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("sent_by", sa.Uuid()),
        sa.Column("sent_at", INSTANT),
        sa.Column("sent_on", sa.Date()),
        sa.Column("mailed_at", INSTANT),
        sa.Column("reminded_at", INSTANT),
        sa.Column("later_at", INSTANT),
        sa.Column("answered_at", INSTANT),
        sa.Column("answered_on", sa.Date()),
        sa.Column("answered_by", sa.Uuid()),
        *sealed("answer"),
        sa.Column("outcome", sa.String(12)),
        sa.Column("outcome_on", sa.Date()),
        *sealed("outcome_words"),
        sa.Column("ended_on", sa.Date()),
        *sealed("ended_because"),
        to_row("referrals", "person_id", "persons"),
        to_row("referrals", "resource_id", "resources"),
        to_row("referrals", "service_id", "resource_services"),
        to_row("referrals", "companion_id", "memberships"),
        name="referrals",
    )
    for column in ("person_id", "resource_id", "state"):
        index("referrals", column)
    for table in ("resources", "resource_services", "resource_imports", "referrals"):
        guard.tenant(op, table)
