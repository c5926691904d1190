"""Files that a partner takes off a claim on hold are kept."""

import sqlalchemy as sa
from alembic import op

from models.base import UtcTime, WholeNumber

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "taken_off_file",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("claim_id", WholeNumber, nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("content_type", sa.String(100), nullable=False),
        sa.Column("size", WholeNumber, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("commitment", sa.String(64), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("uploaded_by", WholeNumber, nullable=False),
        sa.Column("uploaded_at", UtcTime(), nullable=False),
        sa.Column("taken_off_by", WholeNumber, nullable=False),
        sa.Column("taken_off_at", UtcTime(), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_taken_off_file_{column}"))
            for column, other in {"claim_id": "claim", "uploaded_by": "user", "taken_off_by": "user"}.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taken_off_file")),
        sqlite_autoincrement=True,
    )
    for column in ("claim_id", "digest"):
        op.create_index(op.f(f"ix_taken_off_file_{column}"), "taken_off_file", [column])


def downgrade() -> None:
    """Take the schema back to the revision before. Refused while it would lose what a legal hold keeps."""
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM taken_off_file")):
        raise RuntimeError("legal holds keep files that were taken off: the revision before would lose them")
    op.drop_table("taken_off_file")
