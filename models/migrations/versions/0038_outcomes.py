"""Partners report what came of an activity, and dashboards find their way through history."""

import sqlalchemy as sa
from alembic import op

from models.base import WholeNumber

revision = "0038"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "outcome",
        sa.Column("claim_id", WholeNumber, autoincrement=False, nullable=False),
        sa.Column("leads", WholeNumber, nullable=False),
        sa.Column("meetings", WholeNumber, nullable=False),
        sa.Column("revenue", sa.BigInteger(), nullable=False),
        sa.Column("act_id", WholeNumber, nullable=False),
        sa.CheckConstraint("leads >= 0", name=op.f("ck_outcome_leads_not_negative")),
        sa.CheckConstraint("meetings >= 0", name=op.f("ck_outcome_meetings_not_negative")),
        sa.CheckConstraint("revenue >= 0", name=op.f("ck_outcome_revenue_not_negative")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_outcome_claim_id")),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_outcome_act_id")),
        sa.PrimaryKeyConstraint("claim_id", name=op.f("pk_outcome")),
    )
    op.create_index("ix_act_subject_id", "act", ["subject", "id"])
    op.create_index("ix_move_trigger_claim_id", "move", ["trigger", "claim_id"])
    op.create_index(
        "ix_move_claim_id_number_source_target_at", "move", ["claim_id", "number", "source", "target", "at"]
    )


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_index("ix_move_claim_id_number_source_target_at", "move")
    op.drop_index("ix_move_trigger_claim_id", "move")
    op.drop_index("ix_act_subject_id", "act")
    op.drop_table("outcome")
