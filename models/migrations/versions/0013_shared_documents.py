"""Invoices are declared as shared by several claims."""

import sqlalchemy as sa
from alembic import op

from models.base import UtcTime, WholeNumber

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "shared_document",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("partner_id", WholeNumber, nullable=False),
        sa.Column("supplier", sa.String(200), nullable=False),
        sa.Column("invoice_number", sa.String(100), nullable=False),
        sa.Column("invoice_key", sa.String(64), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("declared_by", WholeNumber, nullable=False),
        sa.Column("declared_at", UtcTime(), nullable=False),
        sa.CheckConstraint("total > 0", name=op.f("ck_shared_document_total_positive")),
        sa.ForeignKeyConstraint(["declared_by"], ["user.id"], name=op.f("fk_shared_document_declared_by")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_shared_document_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_document")),
        sa.UniqueConstraint(
            "partner_id", "invoice_key", name=op.f("uq_shared_document_partner_id_invoice_key")
        ),
    )


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_table("shared_document")
