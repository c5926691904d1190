"""History is not replaced on SQLite either."""

from alembic import op

from models.append_only import replacement_guards, replacement_guards_removal

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    for statement in replacement_guards(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """Take the schema back to the revision before."""
    for statement in replacement_guards_removal(op.get_bind().dialect.name):
        op.execute(statement)
