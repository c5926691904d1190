"""Somebody of the programme owner may work in another country than the others: their holidays count for them."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.add_column("user", sa.Column("holiday_country", sa.String(2), nullable=True))
    op.add_column("user", sa.Column("holiday_region", sa.String(40), nullable=True))


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_column("user", "holiday_region")
    op.drop_column("user", "holiday_country")
