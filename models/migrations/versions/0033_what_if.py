"""Past claims are judged by another policy, and what comes out otherwise is kept."""

import sqlalchemy as sa
from alembic import op

from models.base import WholeNumber

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "what_if_claim",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("job_id", WholeNumber, nullable=False),
        sa.Column("claim_id", WholeNumber, nullable=False),
        sa.Column("effect", sa.String(20), nullable=False),
        sa.Column("before", sa.BigInteger(), nullable=False),
        sa.Column("after", sa.BigInteger(), nullable=False),
        *_references("what_if_claim", job_id="job", claim_id="claim"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_what_if_claim")),
        sa.UniqueConstraint("job_id", "claim_id", name=op.f("uq_what_if_claim_job_id_claim_id")),
    )
    op.create_table(
        "what_if_flip",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("job_id", WholeNumber, nullable=False),
        sa.Column("claim_id", WholeNumber, nullable=False),
        sa.Column("move_id", WholeNumber, nullable=False),
        sa.Column("rule", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        *_references("what_if_flip", job_id="job", claim_id="claim", move_id="move"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_what_if_flip")),
        sa.UniqueConstraint("job_id", "move_id", "rule", name=op.f("uq_what_if_flip_job_id_move_id_rule")),
    )
    op.create_index("ix_what_if_flip_job_id_rule_claim_id", "what_if_flip", ["job_id", "rule", "claim_id"])


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_table("what_if_flip")
    op.drop_table("what_if_claim")


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, other in columns.items()
    ]
