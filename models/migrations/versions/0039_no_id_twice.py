"""Ids of routing rules and shared invoices that are gone are never given again, on SQLite too."""

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

TABLES = ("routing_rule", "shared_document")


def upgrade() -> None:
    """Bring the schema to this revision."""
    _write_anew(keep_ids=True)


def downgrade() -> None:
    """Take the schema back to the revision before."""
    _write_anew(keep_ids=False)


def _write_anew(*, keep_ids: bool) -> None:
    """Write SQLite's tables anew; PostgreSQL never gives an id twice."""
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in TABLES:
        with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_autoincrement": keep_ids}):
            pass
