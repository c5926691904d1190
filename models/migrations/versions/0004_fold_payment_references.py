"""Payment references are told apart without regard to case and blanks."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CLAIM = sa.table(
    "claim",
    sa.column("id", sa.BigInteger),
    sa.column("payment_reference", sa.String),
    sa.column("payment_reference_folded", sa.Text),
)


def upgrade() -> None:
    """Bring the schema to this revision.

    Of claims that were paid under the same reference in different case, the first alone keeps it to itself:
    what was paid stays as it is.
    """
    op.add_column("claim", sa.Column("payment_reference_folded", sa.Text(), nullable=True))
    paid = sa.select(CLAIM.c.id, CLAIM.c.payment_reference).where(CLAIM.c.payment_reference.is_not(None))
    first: dict[str, int] = {}
    for row in op.get_bind().execute(paid.order_by(CLAIM.c.id)):
        first.setdefault("".join(row.payment_reference.split()).casefold(), row.id)
    for reference, claim_id in first.items():
        op.execute(CLAIM.update().where(CLAIM.c.id == claim_id).values(payment_reference_folded=reference))
    op.create_index("uq_claim_payment_reference_folded", "claim", ["payment_reference_folded"], unique=True)


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_index("uq_claim_payment_reference_folded", table_name="claim")
    op.drop_column("claim", "payment_reference_folded")
