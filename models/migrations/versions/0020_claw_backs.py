"""What was paid is taken back once one person has proposed it and another has released it."""

import sqlalchemy as sa
from alembic import op

from models.base import UtcTime, WholeNumber

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "claw_back",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("claim_id", WholeNumber, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("proposed_by_id", WholeNumber, nullable=False),
        sa.Column("act_id", WholeNumber, nullable=False),
        sa.Column("closed_at", UtcTime(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_claw_back_amount_positive")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_claw_back_claim_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["user.id"], name=op.f("fk_claw_back_proposed_by_id")),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_claw_back_act_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claw_back")),
    )
    still_open = sa.text("closed_at IS NULL")
    op.create_index(
        "uq_claw_back_open",
        "claw_back",
        ["claim_id"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_table("claw_back")
