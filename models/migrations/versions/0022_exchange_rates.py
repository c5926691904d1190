"""A claim's costs may be in another currency, and its payment in that of the partner's account."""

import sqlalchemy as sa
from alembic import op

from models.append_only import guards, guards_removal
from models.base import UtcTime, WholeNumber

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

IN_A_CURRENCY = ("claim", "payment", "shared_document")
RATES = {
    "claim": ("pinned_rate_id",),
    "payment": ("rate_id", "day_rate_id"),
    "payment_run_claim": ("rate_id",),
}
"""The columns that name a rate: no foreign keys, which SQLite adds only by rewriting a table."""


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "exchange_rate",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("usd", sa.String(24), nullable=False),
        sa.Column("local", sa.String(24), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("act_id", WholeNumber, nullable=False),
        sa.Column("recorded_at", UtcTime(), nullable=False),
        sa.CheckConstraint("currency <> 'USD'", name=op.f("ck_exchange_rate_foreign")),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_exchange_rate_act_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_rate")),
    )
    op.create_index("ix_exchange_rate_currency_day_id", "exchange_rate", ["currency", "day", "id"])
    for statement in guards(op.get_bind().dialect.name, "exchange_rate"):
        op.execute(statement)
    for table in IN_A_CURRENCY:
        op.add_column(table, sa.Column("currency", sa.String(3), server_default="USD", nullable=False))
    for table in ("payment", "payment_run_claim"):
        op.add_column(table, sa.Column("instructed", sa.BigInteger(), nullable=True))
    for table, columns in RATES.items():
        for column in columns:
            op.add_column(table, sa.Column(column, WholeNumber, nullable=True))


def downgrade() -> None:
    """Take the schema back to the revision before."""
    for table, columns in RATES.items():
        for column in columns:
            op.drop_column(table, column)
    for table in ("payment", "payment_run_claim"):
        op.drop_column(table, "instructed")
    for table in IN_A_CURRENCY:
        op.drop_column(table, "currency")
    for statement in guards_removal(op.get_bind().dialect.name, "exchange_rate"):
        op.execute(statement)
    op.drop_table("exchange_rate")
