"""First schema."""

import sqlalchemy as sa
from alembic import op

from models.append_only import removal, statements
from models.base import UtcTime, WholeNumber

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "partner",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("partner_type", sa.String(length=40), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint("name", name=op.f("uq_partner_name")),
    )
    op.create_table(
        "period",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("closed_at", UtcTime(), nullable=True),
        sa.Column("last_claim_number", sa.Integer(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_period_days_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period")),
        sa.UniqueConstraint("code", name=op.f("uq_period_code")),
    )
    op.create_table(
        "programme",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_programme_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
    )
    op.create_table(
        "reason",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_reason")),
    )
    op.create_table(
        "sign_in_lock",
        sa.Column("email_hash", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_failed_at", UtcTime(), nullable=False),
        sa.Column("locked_until", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("email_hash", name=op.f("pk_sign_in_lock")),
    )
    op.create_table(
        "fund",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("partner_id", WholeNumber, nullable=False),
        sa.Column("period_id", WholeNumber, nullable=False),
        sa.Column("available", sa.BigInteger(), nullable=False),
        sa.Column("reserved", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("available >= 0", name=op.f("ck_fund_available_not_negative")),
        sa.CheckConstraint("paid >= 0", name=op.f("ck_fund_paid_not_negative")),
        sa.CheckConstraint("reserved >= 0", name=op.f("ck_fund_reserved_not_negative")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_fund_partner_id")),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_fund_period_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund")),
        sa.UniqueConstraint("partner_id", "period_id", name=op.f("uq_fund_partner_id_period_id")),
    )
    op.create_index(op.f("ix_fund_period_id"), "fund", ["period_id"], unique=False)
    op.create_table(
        "user",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("partner_id", WholeNumber, nullable=True),
        sa.Column("is_contact", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("mail_preference", sa.String(20), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("deactivated_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_user_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
    )
    op.create_index(op.f("ix_user_partner_id"), "user", ["partner_id"], unique=False)
    op.create_table(
        "act",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("actor_id", WholeNumber, nullable=True),
        sa.Column("role", sa.String(20), nullable=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("partner_id", WholeNumber, nullable=True),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("reason_hash", sa.String(length=64), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_act_actor_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_act_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act")),
        sa.UniqueConstraint("key", name=op.f("uq_act_key")),
    )
    op.create_index("ix_act_kind_id", "act", ["kind", "id"], unique=False)
    op.create_index("ix_act_partner_id_id", "act", ["partner_id", "id"], unique=False)
    op.create_table(
        "single_use_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", WholeNumber, nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("used_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_single_use_link_user_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_single_use_link")),
    )
    op.create_index(op.f("ix_single_use_link_user_id"), "single_use_link", ["user_id"], unique=False)
    op.create_table(
        "user_role",
        sa.Column("user_id", WholeNumber, nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.CheckConstraint("role <> 'scheduler'", name=op.f("ck_user_role_a_person_has_it")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_user_role_user_id")),
        sa.PrimaryKeyConstraint("user_id", "role", name=op.f("pk_user_role")),
    )
    op.create_index(op.f("ix_user_role_role"), "user_role", ["role"], unique=False)
    op.create_table(
        "user_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", WholeNumber, nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_user_session_user_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_user_session")),
    )
    op.create_index(op.f("ix_user_session_user_id"), "user_session", ["user_id"], unique=False)
    op.create_table(
        "certificate",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("partner_id", WholeNumber, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.Column("replaces_id", WholeNumber, nullable=True),
        sa.Column("act_id", WholeNumber, nullable=False),
        sa.Column("recorded_at", UtcTime(), nullable=False),
        sa.CheckConstraint("valid_from <= valid_until", name=op.f("ck_certificate_days_in_order")),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_certificate_act_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_certificate_partner_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["certificate.id"], name=op.f("fk_certificate_replaces_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_certificate_replaces_id")),
    )
    op.create_index(op.f("ix_certificate_partner_id"), "certificate", ["partner_id"], unique=False)
    op.create_table(
        "performance",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("partner_id", WholeNumber, nullable=False),
        sa.Column("period_id", WholeNumber, nullable=False),
        sa.Column("required", sa.BigInteger(), nullable=False),
        sa.Column("achieved", sa.BigInteger(), nullable=False),
        sa.Column("replaces_id", WholeNumber, nullable=True),
        sa.Column("act_id", WholeNumber, nullable=False),
        sa.Column("recorded_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_performance_act_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_performance_partner_id")),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_performance_period_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["performance.id"], name=op.f("fk_performance_replaces_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_performance")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_performance_replaces_id")),
    )
    op.create_index(op.f("ix_performance_partner_id"), "performance", ["partner_id"], unique=False)
    op.create_table(
        "policy_version",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("act_id", WholeNumber, nullable=False),
        sa.Column("recorded_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_policy_version_act_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_version")),
        sa.UniqueConstraint("first_day", name=op.f("uq_policy_version_first_day")),
    )
    op.create_table(
        "claim",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("partner_id", WholeNumber, nullable=False),
        sa.Column("author_id", WholeNumber, nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("state_since", UtcTime(), nullable=False),
        sa.Column("expired_from", sa.String(20), nullable=True),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("policy_version_id", WholeNumber, nullable=True),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("report_by", sa.Date(), nullable=True),
        sa.Column("activity_type", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("audience", sa.String(length=500), nullable=False),
        sa.Column("objective", sa.Text(), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("period_id", WholeNumber, nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("organiser_kind", sa.String(length=40), nullable=True),
        sa.Column("organiser_name", sa.String(length=200), nullable=False),
        sa.Column("expected_attendees", sa.Integer(), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("checklist", sa.Text(), nullable=False),
        sa.Column("requested", sa.BigInteger(), nullable=True),
        sa.Column("approved", sa.BigInteger(), nullable=True),
        sa.Column("reimbursable", sa.BigInteger(), nullable=True),
        sa.Column("accepted_by_id", WholeNumber, nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("reserved", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("payment_reference", sa.String(length=140), nullable=True),
        sa.CheckConstraint("approved > 0", name=op.f("ck_claim_approved_positive")),
        sa.CheckConstraint("requested > 0", name=op.f("ck_claim_requested_positive")),
        sa.CheckConstraint("reserved >= 0", name=op.f("ck_claim_reserved_not_negative")),
        sa.ForeignKeyConstraint(["accepted_by_id"], ["user.id"], name=op.f("fk_claim_accepted_by_id")),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_claim_author_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_claim_partner_id")),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_claim_period_id")),
        sa.ForeignKeyConstraint(
            ["policy_version_id"], ["policy_version.id"], name=op.f("fk_claim_policy_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("author_id", "key", name=op.f("uq_claim_author_id_key")),
        sa.UniqueConstraint("number", name=op.f("uq_claim_number")),
        sa.UniqueConstraint("payment_reference", name=op.f("uq_claim_payment_reference")),
    )
    op.create_index("ix_claim_partner_id_id", "claim", ["partner_id", "id"], unique=False)
    op.create_index("ix_claim_state_id", "claim", ["state", "id"], unique=False)
    op.create_table(
        "claim_line",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("claim_id", WholeNumber, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=60), nullable=True),
        sa.Column("description", sa.String(length=300), nullable=False),
        sa.Column("quantity", WholeNumber, nullable=True),
        sa.Column("unit_value", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("product_model", sa.String(length=200), nullable=False),
        sa.Column("supplier", sa.String(length=200), nullable=False),
        sa.Column("invoice_number", sa.String(length=100), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_claim_line_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_line")),
        sa.UniqueConstraint(
            "claim_id", "kind", "position", name=op.f("uq_claim_line_claim_id_kind_position")
        ),
    )
    op.create_table(
        "evidence",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("claim_id", WholeNumber, nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content_type", sa.String(length=100), nullable=False),
        sa.Column("size", WholeNumber, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("uploaded_by", WholeNumber, nullable=False),
        sa.Column("uploaded_at", UtcTime(), nullable=False),
        sa.Column("frozen_at", UtcTime(), nullable=True),
        sa.Column("meets_standard", sa.Boolean(), nullable=True),
        sa.Column("comment", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_evidence_claim_id")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["user.id"], name=op.f("fk_evidence_uploaded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index(op.f("ix_evidence_claim_id"), "evidence", ["claim_id"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("user_id", WholeNumber, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("claim_id", WholeNumber, nullable=True),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("read_at", UtcTime(), nullable=True),
        sa.Column("delivery", sa.String(20), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.Column("taken_until", UtcTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("sent_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_message_claim_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_message_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("key", name=op.f("uq_message_key")),
    )
    op.create_index("ix_message_user_id_id", "message", ["user_id", "id"], unique=False)
    op.create_index(
        "ix_message_waiting",
        "message",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("delivery = 'waiting'"),
        postgresql_where=sa.text("delivery = 'waiting'"),
    )
    op.create_table(
        "move",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("claim_id", WholeNumber, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("partner_id", WholeNumber, nullable=False),
        sa.Column("trigger", sa.String(20), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("target", sa.String(20), nullable=False),
        sa.Column("actor_id", WholeNumber, nullable=True),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("policy_version_id", WholeNumber, nullable=True),
        sa.Column("requested", sa.BigInteger(), nullable=True),
        sa.Column("approved", sa.BigInteger(), nullable=True),
        sa.Column("reimbursable", sa.BigInteger(), nullable=True),
        sa.Column("reserved", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("verdicts", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("reason_hash", sa.String(length=64), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_move_actor_id")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_move_claim_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_move_partner_id")),
        sa.ForeignKeyConstraint(
            ["policy_version_id"], ["policy_version.id"], name=op.f("fk_move_policy_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_move")),
        sa.UniqueConstraint("claim_id", "key", name=op.f("uq_move_claim_id_key")),
        sa.UniqueConstraint("claim_id", "number", name=op.f("uq_move_claim_id_number")),
    )
    op.create_index("ix_move_actor_id_id", "move", ["actor_id", "id"], unique=False)
    op.create_index("ix_move_at_id", "move", ["at", "id"], unique=False)
    op.create_index("ix_move_partner_id_id", "move", ["partner_id", "id"], unique=False)
    op.create_table(
        "refused_attempt",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("claim_id", WholeNumber, nullable=False),
        sa.Column("partner_id", WholeNumber, nullable=False),
        sa.Column("actor_id", WholeNumber, nullable=True),
        sa.Column("trigger", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=False),
        sa.Column("verdicts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_refused_attempt_actor_id")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_refused_attempt_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_attempt")),
    )
    op.create_index("ix_refused_attempt_at_id", "refused_attempt", ["at", "id"], unique=False)
    op.create_index(op.f("ix_refused_attempt_claim_id"), "refused_attempt", ["claim_id"], unique=False)
    op.create_table(
        "task",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("claim_id", WholeNumber, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("assignee_id", WholeNumber, nullable=True),
        sa.Column("unassigned_why", sa.String(length=40), nullable=True),
        sa.Column("opened_at", UtcTime(), nullable=False),
        sa.Column("closed_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["assignee_id"], ["user.id"], name=op.f("fk_task_assignee_id")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_task_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index(op.f("ix_task_claim_id"), "task", ["claim_id"], unique=False)
    op.create_index(
        "ix_task_open_assignee",
        "task",
        ["assignee_id", "id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "uq_task_open",
        "task",
        ["claim_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("fund_id", WholeNumber, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("target", sa.String(20), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=True),
        sa.Column("move_number", sa.Integer(), nullable=True),
        sa.Column("act_id", WholeNumber, nullable=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'allocate' AND source = 'unallocated' AND target = 'available') OR (kind = 'reduce' AND source = 'available' AND target = 'unallocated') OR (kind = 'reserve' AND source = 'available' AND target = 'reserved') OR (kind IN ('shrink', 'release') AND source = 'reserved' AND target = 'available') OR (kind = 'pay' AND source = 'reserved' AND target = 'paid')",
            name=op.f("ck_ledger_entry_kind_fits_its_buckets"),
        ),
        sa.CheckConstraint(
            "(move_number IS NULL) <> (act_id IS NULL)", name=op.f("ck_ledger_entry_one_cause")
        ),
        sa.CheckConstraint(
            "(move_number IS NULL) = (claim_id IS NULL)", name=op.f("ck_ledger_entry_a_claim_moves")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_ledger_entry_amount_positive")),
        sa.CheckConstraint("source <> target", name=op.f("ck_ledger_entry_money_moves")),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_ledger_entry_act_id")),
        sa.ForeignKeyConstraint(
            ["claim_id", "move_number"],
            ["move.claim_id", "move.number"],
            name=op.f("fk_ledger_entry_claim_id_move_number"),
        ),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_ledger_entry_fund_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
    )
    op.create_index("ix_ledger_entry_claim_id", "ledger_entry", ["claim_id"], unique=False)
    op.create_index("ix_ledger_entry_fund_id_id", "ledger_entry", ["fund_id", "id"], unique=False)
    for statement in statements(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """Take the schema back to the revision before."""
    for statement in removal(op.get_bind().dialect.name):
        op.execute(statement)
    op.drop_index("ix_ledger_entry_fund_id_id", table_name="ledger_entry")
    op.drop_index("ix_ledger_entry_claim_id", table_name="ledger_entry")
    op.drop_table("ledger_entry")
    op.drop_index(
        "uq_task_open",
        table_name="task",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index(
        "ix_task_open_assignee",
        table_name="task",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index(op.f("ix_task_claim_id"), table_name="task")
    op.drop_table("task")
    op.drop_index(op.f("ix_refused_attempt_claim_id"), table_name="refused_attempt")
    op.drop_index("ix_refused_attempt_at_id", table_name="refused_attempt")
    op.drop_table("refused_attempt")
    op.drop_index("ix_move_partner_id_id", table_name="move")
    op.drop_index("ix_move_at_id", table_name="move")
    op.drop_index("ix_move_actor_id_id", table_name="move")
    op.drop_table("move")
    op.drop_index(
        "ix_message_waiting",
        table_name="message",
        sqlite_where=sa.text("delivery = 'waiting'"),
        postgresql_where=sa.text("delivery = 'waiting'"),
    )
    op.drop_index("ix_message_user_id_id", table_name="message")
    op.drop_table("message")
    op.drop_index(op.f("ix_evidence_claim_id"), table_name="evidence")
    op.drop_table("evidence")
    op.drop_table("claim_line")
    op.drop_index("ix_claim_state_id", table_name="claim")
    op.drop_index("ix_claim_partner_id_id", table_name="claim")
    op.drop_table("claim")
    op.drop_table("policy_version")
    op.drop_index(op.f("ix_performance_partner_id"), table_name="performance")
    op.drop_table("performance")
    op.drop_index(op.f("ix_certificate_partner_id"), table_name="certificate")
    op.drop_table("certificate")
    op.drop_index(op.f("ix_user_session_user_id"), table_name="user_session")
    op.drop_table("user_session")
    op.drop_index(op.f("ix_user_role_role"), table_name="user_role")
    op.drop_table("user_role")
    op.drop_index(op.f("ix_single_use_link_user_id"), table_name="single_use_link")
    op.drop_table("single_use_link")
    op.drop_index("ix_act_partner_id_id", table_name="act")
    op.drop_index("ix_act_kind_id", table_name="act")
    op.drop_table("act")
    op.drop_index(op.f("ix_user_partner_id"), table_name="user")
    op.drop_table("user")
    op.drop_index(op.f("ix_fund_period_id"), table_name="fund")
    op.drop_table("fund")
    op.drop_table("sign_in_lock")
    op.drop_table("reason")
    op.drop_table("programme")
    op.drop_table("period")
    op.drop_table("partner")
