"""Audit packages are made at a person's wish, by an item that says how far it is."""

import sqlalchemy as sa
from alembic import op

from models.base import UtcTime, WholeNumber

revision = "0035"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.add_column("job_item", sa.Column("percent", sa.Integer(), nullable=True))
    op.create_table(
        "audit_package",
        sa.Column("job_id", WholeNumber, autoincrement=False, nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("size", WholeNumber, nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_audit_package_job_id")),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_audit_package")),
    )
    op.create_index(op.f("ix_audit_package_digest"), "audit_package", ["digest"])


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_table("audit_package")
    op.drop_column("job_item", "percent")
