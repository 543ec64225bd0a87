"""Permanences: rules, days, who came; and the calendar feed of a member."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations import guard
from migrations.tables import tenanted, to_row

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def gathering() -> list[sa.Column]:
    """What permanences and activities have in common."""
    return [
        sa.Column("begins", sa.Time()),
        sa.Column("ends", sa.Time()),
        sa.Column("where", sa.String(120), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("because", sa.String(14)),
        sa.Column("because_words_sealed", sa.LargeBinary()),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("reminded_at", INSTANT),
        sa.Column("at", INSTANT, nullable=False),
    ]


def visits(name: str, column: str, target: str) -> None:
    """Known people who came."""
    tenanted(
        sa.Column(column, sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("seen_before", sa.Date()),
        sa.Column("by_user", sa.Uuid()),
        sa.Column("at", INSTANT, nullable=False),
        to_row(name, column, target),
        to_row(name, "person_id", "persons"),
        sa.UniqueConstraint("collective_id", column, "person_id", name=op.f(f"uq_{name}_collective_id_{column}_person_id")),
        name=name,
    )
    op.create_index(f"ix_{name}_collective_id_person_id", name, ["collective_id", "person_id"])


def tallies(name: str, column: str, target: str) -> None:
    """Others who came."""
    tenanted(
        sa.Column(column, sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("by_user", sa.Uuid()),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("undone_at", INSTANT),
        to_row(name, column, target),
        sa.CheckConstraint("number between 1 and 50", name=op.f(f"ck_{name}_number")),
        name=name,
    )
    op.create_index(f"ix_{name}_collective_id_{column}", name, ["collective_id", column])


def upgrade() -> None:
    tenanted(
        sa.Column("nth", sa.String(18), nullable=False),
        sa.Column("day_of_week", sa.SmallInteger(), nullable=False),
        sa.Column("months_off", JSONB(), nullable=False),
        sa.Column("begins", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("where", sa.String(120), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("on_holidays", sa.String(4), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary()),
        sa.Column("one_id", sa.Uuid()),
        sa.Column("other_id", sa.Uuid()),
        sa.Column("at", INSTANT, nullable=False),
        to_row("drop_in_rules", "one_id", "memberships"),
        to_row("drop_in_rules", "other_id", "memberships"),
        sa.CheckConstraint("day_of_week between 0 and 6", name=op.f("ck_drop_in_rules_day_of_week")),
        name="drop_in_rules",
    )
    tenanted(
        sa.Column("rule_id", sa.Uuid()),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("one_id", sa.Uuid()),
        sa.Column("other_id", sa.Uuid()),
        *gathering(),
        to_row("drop_ins", "rule_id", "drop_in_rules"),
        to_row("drop_ins", "one_id", "memberships"),
        to_row("drop_ins", "other_id", "memberships"),
        sa.UniqueConstraint("collective_id", "rule_id", "planned_on", name=op.f("uq_drop_ins_collective_id_rule_id_planned_on")),
        name="drop_ins",
    )
    op.create_index("ix_drop_ins_collective_id_day", "drop_ins", ["collective_id", "day"])
    tenanted(
        sa.Column("drop_in_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(100), nullable=False),
        to_row("drop_in_subjects", "drop_in_id", "drop_ins"),
        sa.UniqueConstraint("collective_id", "drop_in_id", "subject", name=op.f("uq_drop_in_subjects_collective_id_drop_in_id_subject")),
        name="drop_in_subjects",
    )
    visits("drop_in_visits", "drop_in_id", "drop_ins")
    tallies("drop_in_tallies", "drop_in_id", "drop_ins")
    tenanted(
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        to_row("feed_links", "member_id", "memberships"),
        sa.UniqueConstraint("collective_id", "member_id", name=op.f("uq_feed_links_collective_id_member_id")),
        name="feed_links",
    )
    guard.tenant(op, "drop_in_rules", "drop_ins", "drop_in_subjects", "drop_in_visits", "drop_in_tallies", "feed_links")
