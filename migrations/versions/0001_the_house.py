"""The house: collectives, accounts, the ledger, jobs, rounds and doors."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations import guard

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "collectives",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("short_code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_key", sa.String(length=160), nullable=False),
        sa.Column("insee_code", sa.String(length=5), nullable=False),
        sa.Column("commune_vintage", sa.SmallInteger(), nullable=False),
        sa.Column("department", sa.String(length=3), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("qpv_code", sa.String(length=8), nullable=True),
        sa.Column("time_zone", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collectives")),
        sa.UniqueConstraint("short_code", name=op.f("uq_collectives_short_code")),
        sa.UniqueConstraint("slug", name=op.f("uq_collectives_slug")),
    )
    op.create_index(op.f("ix_collectives_department"), "collectives", ["department"], unique=False)
    op.create_index(op.f("ix_collectives_name_key"), "collectives", ["name_key"], unique=False)
    op.create_table(
        "figure_sums",
        sa.Column("area", sa.String(length=4), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("indicator", sa.String(length=40), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("collectives", sa.Integer(), nullable=False),
        sa.Column("folded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("area", "period", "indicator", name=op.f("pk_figure_sums")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("theme", sa.String(length=5), nullable=False),
        sa.Column("is_network", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "collective_keys",
        sa.Column("collective_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_collective_keys_collective_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("collective_id", "number", name=op.f("pk_collective_keys")),
    )
    op.create_table(
        "drafts",
        sa.Column("collective_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("fields_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_drafts_collective_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("collective_id", "user_id", "path", name=op.f("uq_drafts_collective_id_user_id_path")),
    )
    op.create_table(
        "figures",
        sa.Column("collective_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("indicator", sa.String(length=40), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_figures_collective_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("collective_id", "period", "indicator", name=op.f("pk_figures")),
    )
    op.create_index("ix_figures_counted_at", "figures", ["counted_at"], unique=False)
    op.create_index("ix_figures_period_indicator_value", "figures", ["period", "indicator", sa.literal_column("value DESC")], unique=False)
    op.create_table(
        "invitations",
        sa.Column("collective_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_invitations_collective_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_invitations")),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("for_collective", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("ids", JSONB(), nullable=False),
        sa.Column("staged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["for_collective"], ["collectives.id"], name=op.f("fk_jobs_for_collective"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    op.create_table(
        "journal",
        sa.Column("collective_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_journal_collective_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_journal")),
    )
    op.create_index("ix_journal_collective_id_subject_id", "journal", ["collective_id", "subject_id"], unique=False)
    op.create_table(
        "ledger_marks",
        sa.Column("collective_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_ledger_marks_collective_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_ledger_marks")),
    )
    op.create_index("ix_ledger_marks_collective_id_month", "ledger_marks", ["collective_id", "month"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("collective_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("display_name", sa.String(length=80), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_memberships_collective_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_memberships_user_id")),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_memberships")),
        sa.UniqueConstraint("collective_id", "user_id", name=op.f("uq_memberships_collective_id_user_id")),
    )
    op.create_index("ix_memberships_user_id", "memberships", ["user_id"], unique=False)
    op.create_table(
        "rounds",
        sa.Column("collective_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("area", sa.String(length=120), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("companions", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("planned_by", sa.Uuid(), nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes", sa.SmallInteger(), nullable=True),
        sa.Column("reopened_because", sa.String(length=300), nullable=True),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("companions between 0 and 30", name=op.f("ck_rounds_companions")),
        sa.CheckConstraint("minutes between 1 and 1440", name=op.f("ck_rounds_minutes")),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_rounds_collective_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_rounds")),
    )
    op.create_index(
        "ix_rounds_collective_id_day", "rounds", ["collective_id", sa.literal_column("day DESC"), sa.literal_column("id DESC")], unique=False
    )
    op.create_index("ix_rounds_collective_id_state_day", "rounds", ["collective_id", "state", "day"], unique=False)
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("device", sa.String(length=120), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sign_ins_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
    )
    op.create_index("ix_sign_ins_user_id", "sign_ins", ["user_id"], unique=False)
    op.create_table(
        "buildings",
        sa.Column("collective_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("shape", sa.String(length=10), nullable=False),
        sa.Column("floors", sa.SmallInteger(), nullable=False),
        sa.Column("per_floor", sa.SmallInteger(), nullable=False),
        sa.Column("ground", sa.SmallInteger(), nullable=False),
        sa.Column("first", sa.SmallInteger(), nullable=False),
        sa.Column("last", sa.SmallInteger(), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("floors between 0 and 50", name=op.f("ck_buildings_floors")),
        sa.CheckConstraint("per_floor between 0 and 40 and ground between 0 and 40", name=op.f("ck_buildings_doors")),
        sa.ForeignKeyConstraint(
            ["collective_id", "round_id"], ["rounds.collective_id", "rounds.id"], name=op.f("fk_buildings_collective_id_round_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_buildings_collective_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_buildings")),
    )
    op.create_index("ix_buildings_collective_id_round_id", "buildings", ["collective_id", "round_id"], unique=False)
    op.create_table(
        "round_members",
        sa.Column("collective_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collective_id", "membership_id"],
            ["memberships.collective_id", "memberships.id"],
            name=op.f("fk_round_members_collective_id_membership_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "round_id"],
            ["rounds.collective_id", "rounds.id"],
            name=op.f("fk_round_members_collective_id_round_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_round_members_collective_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_round_members")),
        sa.UniqueConstraint("collective_id", "round_id", "membership_id", name=op.f("uq_round_members_collective_id_round_id_membership_id")),
    )
    op.create_index("ix_round_members_collective_id_membership_id", "round_members", ["collective_id", "membership_id"], unique=False)
    op.create_table(
        "encounters",
        sa.Column("collective_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("building_id", sa.Uuid(), nullable=False),
        sa.Column("floor", sa.SmallInteger(), nullable=True),
        sa.Column("door", sa.String(length=8), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("tally", sa.SmallInteger(), nullable=False),
        sa.Column("gesture_id", sa.Uuid(), nullable=False),
        sa.Column("by_user", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.CheckConstraint("tally between 1 and 2000", name=op.f("ck_encounters_tally")),
        sa.ForeignKeyConstraint(
            ["collective_id", "building_id"],
            ["buildings.collective_id", "buildings.id"],
            name=op.f("fk_encounters_collective_id_building_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["collective_id", "round_id"],
            ["rounds.collective_id", "rounds.id"],
            name=op.f("fk_encounters_collective_id_round_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["collective_id"], ["collectives.id"], name=op.f("fk_encounters_collective_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("collective_id", "id", name=op.f("pk_encounters")),
    )
    op.create_index("ix_encounters_collective_id_gesture_id", "encounters", ["collective_id", "gesture_id"], unique=False)
    op.create_index("ix_encounters_collective_id_round_id", "encounters", ["collective_id", "round_id"], unique=False)

    op.execute(f"GRANT SELECT ON alembic_version TO {guard.APP}, {guard.BACKUP}")
    guard.tenant(op, "collective_keys", "journal", "ledger_marks", "figures", "invitations", "drafts")
    guard.tenant(op, "rounds", "round_members", "buildings", "encounters")
    guard.mine(op, "memberships")
    guard.staged(op, "jobs")
    guard.readable(op, "jobs", guard.CLERK, "id, for_collective, staged_at")
    guard.readable(op, "ledger_marks", guard.CLERK, "collective_id, month")
    guard.readable(op, "figures", guard.NETWORK, "collective_id, period, indicator, value, counted_at")
    guard.everyone(op, "users", "SELECT, INSERT, UPDATE")
    guard.everyone(op, "sign_ins", "SELECT, INSERT, UPDATE")
    guard.everyone(op, "collectives", "SELECT, INSERT, UPDATE")
    guard.everyone(op, "collectives", "SELECT", guard.NETWORK)
    guard.everyone(op, "figure_sums", "SELECT, INSERT, UPDATE, DELETE", guard.NETWORK)


def downgrade() -> None:
    op.drop_index("ix_encounters_collective_id_round_id", table_name="encounters")
    op.drop_index("ix_encounters_collective_id_gesture_id", table_name="encounters")
    op.drop_table("encounters")
    op.drop_index("ix_round_members_collective_id_membership_id", table_name="round_members")
    op.drop_table("round_members")
    op.drop_index("ix_buildings_collective_id_round_id", table_name="buildings")
    op.drop_table("buildings")
    op.drop_index("ix_sign_ins_user_id", table_name="sign_ins")
    op.drop_table("sign_ins")
    op.drop_index("ix_rounds_collective_id_state_day", table_name="rounds")
    op.drop_index("ix_rounds_collective_id_day", table_name="rounds")
    op.drop_table("rounds")
    op.drop_index("ix_memberships_user_id", table_name="memberships")
    op.drop_table("memberships")
    op.drop_index("ix_ledger_marks_collective_id_month", table_name="ledger_marks")
    op.drop_table("ledger_marks")
    op.drop_index("ix_journal_collective_id_subject_id", table_name="journal")
    op.drop_table("journal")
    op.drop_table("jobs")
    op.drop_table("invitations")
    op.drop_index("ix_figures_period_indicator_value", table_name="figures")
    op.drop_index("ix_figures_counted_at", table_name="figures")
    op.drop_table("figures")
    op.drop_table("drafts")
    op.drop_table("collective_keys")
    op.drop_table("users")
    op.drop_table("figure_sums")
    op.drop_index(op.f("ix_collectives_name_key"), table_name="collectives")
    op.drop_index(op.f("ix_collectives_department"), table_name="collectives")
    op.drop_table("collectives")
