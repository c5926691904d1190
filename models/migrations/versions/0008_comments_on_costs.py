"""A refused cost line says why."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.add_column("claim_line", sa.Column("comment", sa.String(500), nullable=False, server_default=""))


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_column("claim_line", "comment")
