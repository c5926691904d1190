"""Cost lines name their invoice, and why they were refused; claims bind the texts that no rule reads.

Nothing is filled in: nobody said yet which invoice proves a line that is on file, nor why one was refused.
"""

import sqlalchemy as sa
from alembic import op

from models.base import WholeNumber

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    # Within the column itself: SQLite cannot add a constraint to a table.
    proof = sa.ForeignKey("evidence.id", name=op.f("fk_claim_line_proof_id"))
    op.add_column(
        "claim_line", sa.Column("proof_id", WholeNumber, proof, nullable=True), inline_references=True
    )
    op.create_index(op.f("ix_claim_line_proof_id"), "claim_line", ["proof_id"])
    op.add_column("claim_line", sa.Column("reason_code", sa.String(20), nullable=True))
    op.add_column("claim", sa.Column("texts_hash", sa.String(64), nullable=True))
    op.create_index("ix_claim_partner_id_starts_on", "claim", ["partner_id", "starts_on"])


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_index("ix_claim_partner_id_starts_on", table_name="claim")
    op.drop_column("claim", "texts_hash")
    op.drop_column("claim_line", "reason_code")
    op.drop_index(op.f("ix_claim_line_proof_id"), table_name="claim_line")
    op.drop_column("claim_line", "proof_id")
