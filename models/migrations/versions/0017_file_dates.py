"""A file keeps the day that it says of itself."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.add_column("evidence", sa.Column("dated_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_column("evidence", "dated_on")
