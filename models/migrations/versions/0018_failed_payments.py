"""A payment can fail, and what was paid can come back: the ledger admits both."""

import sqlalchemy as sa
from alembic import op

from models.append_only import guards, guards_removal
from models.base import WholeNumber

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

BEFORE = (
    "(kind = 'allocate' AND source = 'unallocated' AND target = 'available')"
    " OR (kind = 'reduce' AND source = 'available' AND target = 'unallocated')"
    " OR (kind = 'reserve' AND source = 'available' AND target = 'reserved')"
    " OR (kind IN ('shrink', 'release') AND source = 'reserved' AND target = 'available')"
    " OR (kind = 'pay' AND source = 'reserved' AND target = 'paid')"
)
AFTER = (
    f"{BEFORE} OR (kind = 'unpay' AND source = 'paid' AND target = 'reserved')"
    " OR (kind = 'claw_back' AND source = 'paid' AND target = 'available')"
)
KIND_FITS = "ck_ledger_entry_kind_fits_its_buckets"


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "payment_failure",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("payment_id", WholeNumber, nullable=False),
        sa.Column("claim_id", WholeNumber, nullable=False),
        sa.Column("move_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_payment_failure_payment_id")),
        sa.ForeignKeyConstraint(
            ["claim_id", "move_number"],
            ["move.claim_id", "move.number"],
            name=op.f("fk_payment_failure_claim_id_move_number"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_failure")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_payment_failure_payment_id")),
    )
    for statement in guards(op.get_bind().dialect.name, "payment_failure"):
        op.execute(statement)
    _admit(AFTER)


def downgrade() -> None:
    """Take the schema back to the revision before. Refused by the ledger once a payment failed."""
    _admit(BEFORE)
    for statement in guards_removal(op.get_bind().dialect.name, "payment_failure"):
        op.execute(statement)
    op.drop_table("payment_failure")


def _admit(kinds: str) -> None:
    """Let the ledger hold these kinds of entries. SQLite writes the table anew, and so loses its guards."""
    with op.batch_alter_table("ledger_entry") as ledger:
        ledger.drop_constraint(op.f(KIND_FITS), type_="check")
        ledger.create_check_constraint(op.f(KIND_FITS), kinds)
    if op.get_bind().dialect.name == "sqlite":
        for statement in guards("sqlite", "ledger_entry"):
            op.execute(statement)
