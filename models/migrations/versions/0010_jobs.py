"""Long work is a row in one table of jobs, done item by item."""

import sqlalchemy as sa
from alembic import op

from models.base import UtcTime, WholeNumber

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "job",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("actor_id", WholeNumber, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("input", sa.Text(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("taken_until", UtcTime(), nullable=True),
        sa.Column("cancel_asked_at", UtcTime(), nullable=True),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_job_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("actor_id", "key", name=op.f("uq_job_actor_id_key")),
    )
    still_open = sa.text("ended_at IS NULL")
    op.create_index("ix_job_open", "job", ["id"], sqlite_where=still_open, postgresql_where=still_open)
    op.create_table(
        "job_item",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("job_id", WholeNumber, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("claim_id", WholeNumber, nullable=True),
        sa.Column("input", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("done_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_job_item_job_id")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_job_item_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_item")),
        sa.UniqueConstraint("job_id", "position", name=op.f("uq_job_item_job_id_position")),
    )


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_table("job_item")
    op.drop_table("job")
