"""Audit packages are made at a person's wish; samples of claims are drawn, with what is found of them."""

import sqlalchemy as sa
from alembic import op

from models.append_only import guards, guards_removal
from models.base import UtcTime, WholeNumber

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

SAMPLES = ("sample", "sample_claim", "sample_finding")


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
    _samples()
    for table in SAMPLES:
        for statement in guards(op.get_bind().dialect.name, table):
            op.execute(statement)


def downgrade() -> None:
    """Take the schema back to the revision before."""
    for table in reversed(SAMPLES):
        for statement in guards_removal(op.get_bind().dialect.name, table):
            op.execute(statement)
        op.drop_table(table)
    op.drop_table("audit_package")
    op.drop_column("job_item", "percent")


def _samples() -> None:
    op.create_table(
        "sample",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("act_id", WholeNumber, nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("drawn_at", UtcTime(), nullable=False),
        sa.Column("checkpoint", WholeNumber, nullable=False),
        sa.Column("seed", sa.String(64), nullable=False),
        sa.Column("claims", WholeNumber, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_sample_act_id")),
        sa.ForeignKeyConstraint(["checkpoint"], ["checkpoint.number"], name=op.f("fk_sample_checkpoint")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample")),
        sa.UniqueConstraint("act_id", name=op.f("uq_sample_act_id")),
    )
    op.create_table(
        "sample_claim",
        sa.Column("sample_id", WholeNumber, nullable=False),
        sa.Column("claim_id", WholeNumber, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.Column("hit", sa.BigInteger(), nullable=True),
        sa.Column("risks", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["sample_id"], ["sample.id"], name=op.f("fk_sample_claim_sample_id")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_sample_claim_claim_id")),
        sa.PrimaryKeyConstraint("sample_id", "claim_id", name=op.f("pk_sample_claim")),
    )
    op.create_table(
        "sample_finding",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("sample_id", WholeNumber, nullable=False),
        sa.Column("claim_id", WholeNumber, nullable=False),
        sa.Column("by_id", WholeNumber, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["sample_id", "claim_id"],
            ["sample_claim.sample_id", "sample_claim.claim_id"],
            name=op.f("fk_sample_finding_sample_id_claim_id"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_sample_finding_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_finding")),
        sa.UniqueConstraint("key", name=op.f("uq_sample_finding_key")),
    )
