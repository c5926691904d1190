"""A claim is paid in one payment or several, each with a reference that no other bears."""

import sqlalchemy as sa
from alembic import op

from models.append_only import guards, guards_removal
from models.base import WholeNumber

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

FILL = """
    INSERT INTO payment (claim_id, move_number, amount, paid_on, reference, reference_folded)
    SELECT claim.id, move.number, claim.paid, claim.paid_on, claim.payment_reference,
        claim.payment_reference_folded
    FROM claim JOIN move ON move.claim_id = claim.id AND move.trigger = 'reimburse'
    WHERE claim.paid > 0 ORDER BY move.id
"""
EMPTY = """
    UPDATE claim SET payment_reference_folded =
        (SELECT payment.reference_folded FROM payment WHERE payment.claim_id = claim.id
        ORDER BY payment.id DESC LIMIT 1)
    WHERE paid > 0
"""


def upgrade() -> None:
    """Bring the schema to this revision. What was paid so far was paid at once."""
    op.create_table(
        "payment",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("claim_id", WholeNumber, nullable=False),
        sa.Column("move_number", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(140), nullable=False),
        sa.Column("reference_folded", sa.Text(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_amount_positive")),
        sa.ForeignKeyConstraint(
            ["claim_id", "move_number"],
            ["move.claim_id", "move.number"],
            name=op.f("fk_payment_claim_id_move_number"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("claim_id", "move_number", name=op.f("uq_payment_claim_id_move_number")),
    )
    op.create_index("uq_payment_reference_folded", "payment", ["reference_folded"], unique=True)
    op.execute(FILL)
    for statement in guards(op.get_bind().dialect.name, "payment"):
        op.execute(statement)
    op.drop_index("uq_claim_payment_reference_folded", table_name="claim")
    op.drop_column("claim", "payment_reference_folded")


def downgrade() -> None:
    """Take the schema back to the revision before, which knows a claim's last payment alone."""
    op.add_column("claim", sa.Column("payment_reference_folded", sa.Text(), nullable=True))
    op.execute(EMPTY)
    op.create_index("uq_claim_payment_reference_folded", "claim", ["payment_reference_folded"], unique=True)
    for statement in guards_removal(op.get_bind().dialect.name, "payment"):
        op.execute(statement)
    op.drop_table("payment")
