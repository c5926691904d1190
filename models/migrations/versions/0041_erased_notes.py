"""What an auditor noted of a sampled claim can be erased, and nothing else of a finding be changed."""

from alembic import op

from models.append_only import guards, guards_removal

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

FINDING = "sample_finding"
KEPT = ["id", "sample_id", "claim_id", "by_id", "at", "verdict", "amount", "key"]


def upgrade() -> None:
    """Bring the schema to this revision."""
    changed = f"({_of('NEW')}) <> ({_of('OLD')}) OR OLD.note = '' OR NEW.note <> ''"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER {FINDING}_append_only ON {FINDING}")
        for verb, when in (("update", f"WHEN ({changed})"), ("delete", "")):
            op.execute(
                f"CREATE TRIGGER {FINDING}_no_{verb} BEFORE {verb.upper()} ON {FINDING} "
                f"FOR EACH ROW {when} EXECUTE FUNCTION refuse_change()"
            )
        return
    op.execute(f"DROP TRIGGER {FINDING}_no_update")
    op.execute(
        f"CREATE TRIGGER {FINDING}_no_update BEFORE UPDATE ON {FINDING} WHEN {changed} "
        f"BEGIN SELECT RAISE(ABORT, '{FINDING} is append-only'); END"
    )


def downgrade() -> None:
    """Take the schema back to the revision before."""
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        for name in ("no_update", "no_delete", "not_emptied"):
            op.execute(f"DROP TRIGGER {FINDING}_{name} ON {FINDING}")
    else:
        for statement in guards_removal(dialect, FINDING):
            op.execute(statement)
    for statement in guards(dialect, FINDING):
        op.execute(statement)


def _of(row: str) -> str:
    return ", ".join(f"{row}.{column}" for column in KEPT)
