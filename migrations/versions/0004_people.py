"""People: files, agreements, paths, pairs, tellings, circles, meetings at home."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations import guard
from migrations.tables import tenanted, to_row

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def sealed(*names: str) -> list[sa.Column]:
    """Sealed texts that may be empty."""
    return [sa.Column(f"{name}_sealed", sa.LargeBinary()) for name in names]


def of_person(table: str) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    """The person, and the key to them."""
    return sa.Column("person_id", sa.Uuid(), nullable=False), to_row(table, "person_id", "persons")


def index(table: str, column: str) -> None:
    """An index that begins with the collective."""
    op.create_index(f"ix_{table}_collective_id_{column}", table, ["collective_id", column])


def upgrade() -> None:
    tenanted(
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        *sealed("street", "phone", "reached", "likes", "gives"),
        sa.Column("age", sa.String(10)),
        sa.Column("languages", JSONB(), nullable=False),
        sa.Column("needs", JSONB(), nullable=False),
        sa.Column("found_by", sa.String(12), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("round_id", sa.Uuid()),
        sa.Column("stage", sa.String(12), nullable=False),
        sa.Column("stage_on", sa.Date(), nullable=False),
        sa.Column("closed_because", sa.String(12)),
        sa.Column("last_seen_on", sa.Date()),
        sa.Column("opened_by", sa.Uuid()),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Uuid()),
        sa.Column("changed_at", INSTANT, nullable=False),
        name="persons",
    )
    index("persons", "stage")
    tenanted(
        *of_person("agreements"),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("ask_again_on", sa.Date()),
        sa.Column("at", INSTANT, nullable=False),
        to_row("agreements", "member_id", "memberships"),
        name="agreements",
    )
    index("agreements", "person_id")
    tenanted(
        *of_person("path_steps"),
        sa.Column("stage", sa.String(12), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        *sealed("reason"),
        sa.Column("closed_because", sa.String(12)),
        sa.Column("by_user", sa.Uuid()),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("taken_back_at", INSTANT),
        sa.Column("taken_back_by", sa.Uuid()),
        *sealed("taken_back_because"),
        name="path_steps",
    )
    index("path_steps", "person_id")
    index("path_steps", "on")
    tenanted(
        *of_person("pairs"),
        sa.Column("one_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date()),
        sa.Column("at", INSTANT, nullable=False),
        to_row("pairs", "one_id", "memberships"),
        to_row("pairs", "other_id", "memberships"),
        name="pairs",
    )
    index("pairs", "person_id")
    tenanted(
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("languages", JSONB(), nullable=False),
        *sealed("likes", "street"),
        to_row("companion_cards", "member_id", "memberships"),
        sa.UniqueConstraint("collective_id", "member_id", name=op.f("uq_companion_cards_collective_id_member_id")),
        name="companion_cards",
    )
    circles = ("family", "friends", "neighbours", "associations", "work")
    tenanted(
        *of_person("contact_circles"),
        sa.Column("moment", sa.String(10), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        *(sa.Column(circle, sa.SmallInteger()) for circle in circles),
        sa.Column("by_user", sa.Uuid()),
        sa.Column("at", INSTANT, nullable=False),
        sa.UniqueConstraint("collective_id", "person_id", "moment", name=op.f("uq_contact_circles_collective_id_person_id_moment")),
        *(sa.CheckConstraint(f"{circle} between 0 and 4", name=op.f(f"ck_contact_circles_{circle}")) for circle in circles),
        name="contact_circles",
    )
    tenanted(
        *of_person("tellings"),
        sa.Column("occasion", sa.String(8), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        *sealed("title"),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("by_user", sa.Uuid()),
        sa.Column("at", INSTANT, nullable=False),
        name="tellings",
    )
    index("tellings", "person_id")
    tenanted(
        *of_person("home_meetings"),
        sa.Column("one_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid()),
        *sealed("alone_because"),
        sa.Column("starts_at", INSTANT, nullable=False),
        *sealed("where"),
        sa.Column("state", sa.String(10), nullable=False),
        *sealed("cancelled_because", "heard", "next_step"),
        sa.Column("one_out_at", INSTANT),
        sa.Column("other_out_at", INSTANT),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("planned_by", sa.Uuid()),
        sa.Column("planned_at", INSTANT, nullable=False),
        to_row("home_meetings", "one_id", "memberships"),
        to_row("home_meetings", "other_id", "memberships"),
        name="home_meetings",
    )
    index("home_meetings", "person_id")
    index("home_meetings", "starts_at")
    for table in ("persons", "agreements", "path_steps", "pairs", "companion_cards", "contact_circles", "tellings", "home_meetings"):
        guard.tenant(op, table)
