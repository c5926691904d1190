"""Finance pays accepted claims together, in runs."""

import sqlalchemy as sa
from alembic import op

from models.base import UtcTime, WholeNumber

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "payment_run",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("collected_by_id", WholeNumber, nullable=False),
        sa.Column("collected_at", UtcTime(), nullable=False),
        sa.Column("released_by_id", WholeNumber, nullable=True),
        sa.Column("released_at", UtcTime(), nullable=True),
        sa.CheckConstraint(
            "released_by_id <> collected_by_id", name=op.f("ck_payment_run_somebody_else_releases")
        ),
        *_references("payment_run", collected_by_id="user", released_by_id="user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_run")),
    )
    op.create_index("ix_payment_run_state_id", "payment_run", ["state", "id"])
    op.create_table(
        "payment_run_claim",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("run_id", WholeNumber, nullable=False),
        sa.Column("claim_id", WholeNumber, nullable=False),
        sa.Column("account_id", WholeNumber, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("taken_out_at", UtcTime(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_run_claim_amount_positive")),
        *_references("payment_run_claim", run_id="payment_run", claim_id="claim", account_id="bank_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_run_claim")),
        sa.UniqueConstraint("run_id", "claim_id", name=op.f("uq_payment_run_claim_run_id_claim_id")),
    )
    op.create_index(
        "uq_payment_run_claim_in_run",
        "payment_run_claim",
        ["claim_id"],
        unique=True,
        sqlite_where=sa.text("taken_out_at IS NULL"),
        postgresql_where=sa.text("taken_out_at IS NULL"),
    )


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_table("payment_run_claim")
    op.drop_table("payment_run")


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, other in columns.items()
    ]
