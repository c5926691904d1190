"""Files are imported: a partner has a number by which they name it, and each row is judged before it counts."""

import sqlalchemy as sa
from alembic import op

from models.base import UtcTime, WholeNumber

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.add_column("partner", sa.Column("number", sa.String(40), nullable=True))
    op.create_index("uq_partner_number", "partner", ["number"], unique=True)
    op.create_table(
        "import_file",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("sent_by_id", WholeNumber, nullable=True),
        sa.Column("arrived_at", UtcTime(), nullable=False),
        sa.Column("job_id", WholeNumber, nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("counts", sa.Text(), nullable=True),
        sa.Column("seen", sa.String(64), nullable=True),
        sa.Column("applied_at", UtcTime(), nullable=True),
        sa.Column("act_id", WholeNumber, nullable=True),
        sa.Column("taken_once", sa.String(100), nullable=True),
        sa.ForeignKeyConstraint(["sent_by_id"], ["user.id"], name=op.f("fk_import_file_sent_by_id")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_import_file_job_id")),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_import_file_act_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_file")),
        sa.UniqueConstraint("taken_once", name=op.f("uq_import_file_taken_once")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_import_file_digest"), "import_file", ["digest"])
    op.create_table(
        "import_row",
        sa.Column("import_id", WholeNumber, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=True),
        sa.Column("told", sa.Text(), nullable=True),
        sa.Column("keys", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["import_file.id"], name=op.f("fk_import_row_import_id")),
        sa.PrimaryKeyConstraint("import_id", "line", name=op.f("pk_import_row")),
    )
    op.create_index("ix_import_row_import_id_verdict_line", "import_row", ["import_id", "verdict", "line"])


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_table("import_row")
    op.drop_table("import_file")
    op.drop_index("uq_partner_number", "partner")
    op.drop_column("partner", "number")
