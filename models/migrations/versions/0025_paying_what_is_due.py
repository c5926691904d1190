"""A claim whose payment failed leaves its run for a later one, and each has a day on which it is due."""

import sqlalchemy as sa
from alembic import op

from models.base import UtcTime, WholeNumber

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

STUCK = """
    taken_out_at IS NULL
    AND EXISTS (SELECT 1 FROM claim WHERE claim.id = payment_run_claim.claim_id AND claim.state = 'accepted')
    AND EXISTS (
        SELECT 1 FROM payment_failure
        JOIN payment ON payment.id = payment_failure.payment_id
        JOIN move ON move.claim_id = payment.claim_id AND move.number = payment.move_number
        JOIN payment_run ON payment_run.id = payment_run_claim.run_id
        WHERE payment.claim_id = payment_run_claim.claim_id AND move.at >= payment_run.released_at
    )
"""
"""Claims whose payment failed after they were paid with a run. None is paid in part while a run is released."""

FAILED_AT = """
    SELECT max(move.at) FROM payment_failure
    JOIN move ON move.claim_id = payment_failure.claim_id AND move.number = payment_failure.move_number
    WHERE payment_failure.claim_id = payment_run_claim.claim_id
"""


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.add_column("payment_run_claim", sa.Column("taken_out_why", sa.String(20), nullable=True))
    op.execute("UPDATE payment_run_claim SET taken_out_why = 'by_hand' WHERE taken_out_at IS NOT NULL")
    op.execute(
        f"UPDATE payment_run_claim SET taken_out_why = 'failed', taken_out_at = ({FAILED_AT}) WHERE {STUCK}"
    )
    op.add_column("claim", sa.Column("pay_by", sa.Date(), nullable=True))
    op.execute("UPDATE claim SET pay_by = accepted_on WHERE state IN ('accepted', 'reimbursed')")
    op.create_index("ix_claim_state_pay_by_id", "claim", ["state", "pay_by", "id"])
    op.create_table(
        "bank_file",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("run_id", WholeNumber, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("read_by_id", WholeNumber, nullable=False),
        sa.Column("read_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["payment_run.id"], name=op.f("fk_bank_file_run_id")),
        sa.ForeignKeyConstraint(["read_by_id"], ["user.id"], name=op.f("fk_bank_file_read_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_file")),
        sa.UniqueConstraint("run_id", "digest", name=op.f("uq_bank_file_run_id_digest")),
    )


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_table("bank_file")
    op.drop_index("ix_claim_state_pay_by_id", "claim")
    op.drop_column("claim", "pay_by")
    op.drop_column("payment_run_claim", "taken_out_why")
