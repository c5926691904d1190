"""Tasks have a last day, counted in working days, and say since when their present holder has them."""

import json
from datetime import date, timedelta

import sqlalchemy as sa
from alembic import op

from models.base import UtcTime, WholeNumber

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_OPEN_DECISIONS = sa.text(
    "SELECT task.id, claim.submitted_on, policy_version.document FROM task "
    "JOIN claim ON claim.id = task.claim_id JOIN policy_version ON policy_version.id = claim.policy_version_id "
    "WHERE task.closed_at IS NULL AND task.kind = 'decide'"
).columns(sa.column("id"), sa.column("submitted_on", sa.Date()), sa.column("document"))


def upgrade() -> None:
    """Bring the schema to this revision; open decisions keep the last day that their policy gives them."""
    op.add_column("programme", sa.Column("holiday_country", sa.String(2), nullable=True))
    op.add_column("programme", sa.Column("holiday_region", sa.String(40), nullable=True))
    op.add_column("task", sa.Column("held_since", UtcTime(), nullable=True))
    op.add_column("task", sa.Column("due_on", sa.Date(), nullable=True))
    op.create_table(
        "task_deadline",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=False),
        sa.Column("remind_days", sa.Integer(), nullable=True),
        sa.Column("escalate_days", sa.Integer(), nullable=True),
        sa.Column("escalate_to_id", WholeNumber, nullable=True),
        sa.CheckConstraint("working_days > 0", name=op.f("ck_task_deadline_days_positive")),
        sa.CheckConstraint("remind_days >= 0", name=op.f("ck_task_deadline_remind_not_negative")),
        sa.CheckConstraint("escalate_days > 0", name=op.f("ck_task_deadline_escalate_positive")),
        sa.ForeignKeyConstraint(
            ["escalate_to_id"], ["user.id"], name=op.f("fk_task_deadline_escalate_to_id")
        ),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_task_deadline")),
    )
    _fill_last_days()


def _fill_last_days() -> None:
    connection = op.get_bind()
    task = sa.table("task", sa.column("id"), sa.column("due_on", sa.Date()))
    for row in connection.execute(_OPEN_DECISIONS).all():
        days = json.loads(row.document).get("decide_within_days")
        if days is not None:
            last = row.submitted_on + min(timedelta(days=days), date.max - row.submitted_on)
            connection.execute(sa.update(task).where(task.c.id == row.id).values(due_on=last))


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_table("task_deadline")
    op.drop_column("task", "due_on")
    op.drop_column("task", "held_since")
    op.drop_column("programme", "holiday_region")
    op.drop_column("programme", "holiday_country")
