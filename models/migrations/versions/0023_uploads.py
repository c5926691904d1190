"""Files come in pieces, so that an upload goes on where it stopped."""

import sqlalchemy as sa
from alembic import op

from models.base import UtcTime, WholeNumber

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "upload",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("claim_id", WholeNumber, nullable=False),
        sa.Column("user_id", WholeNumber, nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("size", WholeNumber, nullable=False),
        sa.Column("received", WholeNumber, nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("attached_version", sa.Integer(), nullable=True),
        sa.CheckConstraint("received >= 0 AND received <= size", name=op.f("ck_upload_received_within_size")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_upload_claim_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_upload_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    op.create_index(op.f("ix_upload_claim_id"), "upload", ["claim_id"])
    op.create_index(op.f("ix_upload_created_at"), "upload", ["created_at"])
    op.create_table(
        "upload_piece",
        sa.Column("upload_id", sa.String(32), nullable=False),
        sa.Column("position", WholeNumber, autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["upload.id"], name=op.f("fk_upload_piece_upload_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("upload_id", "position", name=op.f("pk_upload_piece")),
    )
    op.create_index(op.f("ix_upload_piece_digest"), "upload_piece", ["digest"])


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_table("upload_piece")
    op.drop_table("upload")
