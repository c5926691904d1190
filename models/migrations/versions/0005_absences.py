"""Approvers have an amount limit and, while they are absent, a substitute who decides on their behalf."""

import sqlalchemy as sa
from alembic import op

from models.base import UtcTime, WholeNumber

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STANDS_IN = (("claim", "accepted_for_id"), ("move", "on_behalf_of_id"), ("task", "on_behalf_of_id"))
"""The columns that name whom somebody stood in for."""


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.add_column("user", sa.Column("amount_limit", sa.BigInteger(), nullable=True))
    for table, column in STANDS_IN:
        # Within the column itself: SQLite cannot add a constraint to a table.
        references = sa.ForeignKey("user.id", name=op.f(f"fk_{table}_{column}"))
        op.add_column(
            table, sa.Column(column, WholeNumber, references, nullable=True), inline_references=True
        )
    op.create_table(
        "absence",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("user_id", WholeNumber, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("substitute_id", WholeNumber, nullable=True),
        sa.Column("amount_limit", sa.BigInteger(), nullable=True),
        sa.Column("act_id", WholeNumber, nullable=False),
        sa.Column("called_off_at", UtcTime(), nullable=True),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_absence_days_in_order")),
        sa.CheckConstraint("substitute_id <> user_id", name=op.f("ck_absence_somebody_else")),
        sa.CheckConstraint("amount_limit > 0", name=op.f("ck_absence_limit_positive")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_absence_user_id")),
        sa.ForeignKeyConstraint(["substitute_id"], ["user.id"], name=op.f("fk_absence_substitute_id")),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_absence_act_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index(op.f("ix_absence_user_id"), "absence", ["user_id"])


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_table("absence")
    for table, column in reversed(STANDS_IN):
        op.drop_column(table, column)
    op.drop_column("user", "amount_limit")
