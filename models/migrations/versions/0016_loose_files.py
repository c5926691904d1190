"""Files that no row names are known, so that they can be removed."""

import sqlalchemy as sa
from alembic import op

from models.base import UtcTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "loose_file",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_loose_file")),
    )
    op.create_index(op.f("ix_loose_file_since"), "loose_file", ["since"])


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_table("loose_file")
