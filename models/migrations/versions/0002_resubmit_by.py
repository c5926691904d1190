"""A returned draft keeps the last day to submit it again, as its partner was told."""

import json
from datetime import date, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.add_column("claim", sa.Column("resubmit_by", sa.Date(), nullable=True))
    _set_deadlines()
    op.drop_column("claim", "returned_on")


def downgrade() -> None:
    """Take the schema back to the revision before. The days of return stand in history alone."""
    op.add_column("claim", sa.Column("returned_on", sa.Date(), nullable=True))
    op.drop_column("claim", "resubmit_by")


_claim = sa.table(
    "claim",
    sa.column("id", sa.BigInteger),
    sa.column("returned_on", sa.Date),
    sa.column("policy_version_id", sa.BigInteger),
    sa.column("resubmit_by", sa.Date),
)
_version = sa.table("policy_version", sa.column("id", sa.BigInteger), sa.column("document", sa.Text))


def _set_deadlines() -> None:
    connection = op.get_bind()
    for version_id, document in connection.execute(sa.select(_version.c.id, _version.c.document)).all():
        days = json.loads(document).get("resubmit_within_days")
        if days is None:
            continue
        returned = _claim.c.returned_on.is_not(None) & (_claim.c.policy_version_id == version_id)
        for claim_id, day in connection.execute(
            sa.select(_claim.c.id, _claim.c.returned_on).where(returned)
        ).all():
            by = day + min(timedelta(days=days), date.max - day)
            connection.execute(sa.update(_claim).where(_claim.c.id == claim_id).values(resubmit_by=by))
