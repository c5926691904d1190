"""Auditors keep searches, and have what they find made into files."""

import sqlalchemy as sa
from alembic import op

from models.base import UtcTime, WholeNumber

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

WHICH = {
    "ix_move_stood_in": "on_behalf_of_id IS NOT NULL",
    "ix_move_not_held": """(verdicts LIKE '%"outcome":"broken"%' OR verdicts LIKE '%"outcome":"unknown"%')""",
}
"""What few moves are, by the indexes that lead to them."""


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "saved_search",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("owner_id", WholeNumber, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_saved_search_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
        sa.UniqueConstraint("owner_id", "name", name=op.f("uq_saved_search_owner_id_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "export",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("job_id", WholeNumber, nullable=False),
        sa.Column("asked_by_id", WholeNumber, nullable=False),
        sa.Column("asked_at", UtcTime(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("form", sa.String(20), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(64), nullable=True),
        sa.Column("size", WholeNumber, nullable=True),
        sa.Column("ready_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_export_job_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_export_asked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export")),
        sa.UniqueConstraint("job_id", name=op.f("uq_export_job_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_export_asked_by_id_id", "export", ["asked_by_id", "id"])
    op.create_index("ix_export_asked_at", "export", ["asked_at"])
    op.create_index("ix_export_digest", "export", ["digest"])
    for name, which in WHICH.items():
        where = sa.text(which)
        op.create_index(name, "move", ["at", "id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Take the schema back to the revision before."""
    for name in WHICH:
        op.drop_index(name, "move")
    op.drop_table("export")
    op.drop_table("saved_search")
