"""The scheduler and the worker leave word that they live."""

import sqlalchemy as sa
from alembic import op

from models.base import UtcTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "heartbeat",
        sa.Column("part", sa.String(20), nullable=False),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("part", name=op.f("pk_heartbeat")),
    )


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_table("heartbeat")
