"""Partners can dispute a rejection; nobody who decided before decides again."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_LAST_REJECTION = sa.text(
    "UPDATE claim SET rejected_from = (SELECT move.source FROM move WHERE move.claim_id = claim.id"
    " AND move.trigger = 'reject' ORDER BY move.number DESC LIMIT 1) WHERE state = 'rejected'"
)


def upgrade() -> None:
    """Bring the schema to this revision; claims that are rejected say from where."""
    op.add_column("claim", sa.Column("rejected_from", sa.String(20), nullable=True))
    op.add_column("claim", sa.Column("disputed_on", sa.Date(), nullable=True))
    op.add_column("claim", sa.Column("barred", sa.Text(), nullable=True))
    op.execute(_LAST_REJECTION)


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_column("claim", "barred")
    op.drop_column("claim", "disputed_on")
    op.drop_column("claim", "rejected_from")
