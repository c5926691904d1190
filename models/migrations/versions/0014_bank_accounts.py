"""Partners keep their bank account, which a second person confirms."""

import sqlalchemy as sa
from alembic import op

from models.base import UtcTime, WholeNumber

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

PEOPLE = ("entered_by_id", "confirmed_by_id", "refused_by_id")


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "bank_account",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("partner_id", WholeNumber, nullable=False),
        sa.Column("holder", sa.String(140), nullable=False),
        sa.Column("iban", sa.String(34), nullable=True),
        sa.Column("account_number", sa.String(34), nullable=True),
        sa.Column("bank_code", sa.String(35), nullable=True),
        sa.Column("bic", sa.String(11), nullable=True),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("entered_by_id", WholeNumber, nullable=False),
        sa.Column("entered_at", UtcTime(), nullable=False),
        sa.Column("confirmed_by_id", WholeNumber, nullable=True),
        sa.Column("confirmed_at", UtcTime(), nullable=True),
        sa.Column("refused_by_id", WholeNumber, nullable=True),
        sa.Column("refused_at", UtcTime(), nullable=True),
        sa.Column("reason_hash", sa.String(64), nullable=True),
        sa.CheckConstraint(
            "(iban IS NULL) = (account_number IS NOT NULL)", name=op.f("ck_bank_account_iban_or_number")
        ),
        sa.CheckConstraint(
            "(iban IS NULL) = (bank_code IS NOT NULL)", name=op.f("ck_bank_account_iban_or_bank_code")
        ),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR refused_at IS NULL", name=op.f("ck_bank_account_decided_once")
        ),
        sa.CheckConstraint(
            "confirmed_by_id <> entered_by_id", name=op.f("ck_bank_account_somebody_else_confirms")
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_bank_account_partner_id")),
        *(
            sa.ForeignKeyConstraint([column], ["user.id"], name=op.f(f"fk_bank_account_{column}"))
            for column in PEOPLE
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_account")),
    )
    op.create_index("ix_bank_account_partner_id_id", "bank_account", ["partner_id", "id"])


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_table("bank_account")
