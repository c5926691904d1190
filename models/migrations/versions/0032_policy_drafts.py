"""Policies are drafted, published by two people, and may be withdrawn before their first day."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from models.append_only import AT_FIRST, KEYS, guards, guards_removal
from models.base import UtcTime, WholeNumber

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

ONE_OF_A_DAY = "uq_policy_version_first_day"
ONE_IN_FORCE = "uq_policy_version_first_day_attempt"
FIRST_OF_A_DAY = "uq_policy_version_first_of_a_day"
KEPT = "id, first_day, document, act_id, recorded_at"


def upgrade() -> None:
    """Bring the schema to this revision. Versions so far are the first of their days, and bear no attempt."""
    if op.get_bind().dialect.name == "sqlite":
        _write_anew(("first_day", "attempt"), attempt=True)
    else:
        op.add_column("policy_version", sa.Column("attempt", sa.Integer(), nullable=True))
        op.drop_constraint(ONE_OF_A_DAY, "policy_version")
        op.create_unique_constraint(ONE_IN_FORCE, "policy_version", ["first_day", "attempt"])
    op.create_index(
        FIRST_OF_A_DAY,
        "policy_version",
        ["first_day"],
        unique=True,
        sqlite_where=sa.text("attempt IS NULL"),
        postgresql_where=sa.text("attempt IS NULL"),
    )
    op.create_table(
        "policy_draft",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author_id", WholeNumber, nullable=False),
        sa.Column("changed_by_id", WholeNumber, nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("key", sa.String(64), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_policy_draft_author_id")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["user.id"], name=op.f("fk_policy_draft_changed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_draft")),
        sa.UniqueConstraint("key", name=op.f("uq_policy_draft_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "policy_proposal",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("draft_id", WholeNumber, nullable=True),
        sa.Column("version_id", WholeNumber, nullable=True),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("proposed_by_id", WholeNumber, nullable=False),
        sa.Column("act_id", WholeNumber, nullable=False),
        sa.CheckConstraint(
            "(draft_id IS NULL) <> (version_id IS NULL) AND (draft_id IS NULL) = (first_day IS NULL)",
            name=op.f("ck_policy_proposal_of_one_thing"),
        ),
        sa.ForeignKeyConstraint(["draft_id"], ["policy_draft.id"], name=op.f("fk_policy_proposal_draft_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["policy_version.id"], name=op.f("fk_policy_proposal_version_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["user.id"], name=op.f("fk_policy_proposal_proposed_by_id")
        ),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_policy_proposal_act_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_proposal")),
        sa.UniqueConstraint("draft_id", name=op.f("uq_policy_proposal_draft_id")),
        sa.UniqueConstraint("version_id", name=op.f("uq_policy_proposal_version_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "policy_withdrawal",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("version_id", WholeNumber, nullable=False),
        sa.Column("act_id", WholeNumber, nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["policy_version.id"], name=op.f("fk_policy_withdrawal_version_id")
        ),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_policy_withdrawal_act_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_withdrawal")),
        sa.UniqueConstraint("version_id", name=op.f("uq_policy_withdrawal_version_id")),
    )
    for statement in guards(op.get_bind().dialect.name, "policy_withdrawal"):
        op.execute(statement)


def downgrade() -> None:
    """Take the schema back to the revision before. Refused once a version was withdrawn.

    The revision before knows no withdrawal, and would judge claims by that version.
    """
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM policy_withdrawal")):
        raise RuntimeError("a policy version was withdrawn: restore a backup instead of going back")
    for statement in guards_removal(op.get_bind().dialect.name, "policy_withdrawal"):
        op.execute(statement)
    for table in ("policy_withdrawal", "policy_proposal", "policy_draft"):
        op.drop_table(table)
    op.drop_index(FIRST_OF_A_DAY, "policy_version")
    if op.get_bind().dialect.name == "sqlite":
        _write_anew(("first_day",), attempt=False)
    else:
        op.drop_constraint(ONE_IN_FORCE, "policy_version")
        op.create_unique_constraint(ONE_OF_A_DAY, "policy_version", ["first_day"])
        op.drop_column("policy_version", "attempt")


def _write_anew(key: Sequence[str], *, attempt: bool) -> None:
    """Write SQLite's table anew, which cannot drop a key. Claims and moves go on pointing to its rows."""
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute(f"CREATE TABLE policy_version_kept AS SELECT {KEPT} FROM policy_version")
    op.drop_table("policy_version")
    columns: list[sa.Column[Any]] = [
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        *([sa.Column("attempt", sa.Integer(), nullable=True)] if attempt else []),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("act_id", WholeNumber, nullable=False),
        sa.Column("recorded_at", UtcTime(), nullable=False),
    ]
    op.create_table(
        "policy_version",
        *columns,
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_policy_version_act_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_version")),
        sa.UniqueConstraint(*key, name=op.f(ONE_IN_FORCE if attempt else ONE_OF_A_DAY)),
    )
    op.execute(f"INSERT INTO policy_version ({KEPT}) SELECT {KEPT} FROM policy_version_kept")
    op.drop_table("policy_version_kept")
    for statement in guards("sqlite", "policy_version", KEYS if attempt else AT_FIRST):
        op.execute(statement)
