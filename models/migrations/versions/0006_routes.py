"""Claims go to whom the routing rules name, in one tier or several."""

import sqlalchemy as sa
from alembic import op

from models.base import JsonText, WholeNumber

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision. Claims that wait for a decision need one, by any approver."""
    op.add_column("claim", sa.Column("route", JsonText(), nullable=True))
    op.add_column("claim", sa.Column("endorsements", JsonText(), nullable=True))
    op.create_table(
        "approver_group",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approver_group")),
        sa.UniqueConstraint("name", name=op.f("uq_approver_group_name")),
    )
    op.create_table(
        "group_member",
        sa.Column("group_id", WholeNumber, nullable=False),
        sa.Column("user_id", WholeNumber, nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["approver_group.id"], name=op.f("fk_group_member_group_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_group_member_user_id")),
        sa.PrimaryKeyConstraint("group_id", "user_id", name=op.f("pk_group_member")),
    )
    op.create_table(
        "routing_rule",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(2), nullable=True),
        sa.Column("activity_type", sa.String(60), nullable=True),
        sa.Column("partner_id", WholeNumber, nullable=True),
        sa.Column("above", sa.BigInteger(), nullable=False),
        sa.Column("tiers", JsonText(), nullable=False),
        sa.CheckConstraint("above >= 0", name=op.f("ck_routing_rule_above_not_negative")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_routing_rule_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_rule")),
        sa.UniqueConstraint("place", name=op.f("uq_routing_rule_place")),
    )


def downgrade() -> None:
    """Take the schema back to the revision before."""
    for table in ("routing_rule", "group_member", "approver_group"):
        op.drop_table(table)
    for column in ("endorsements", "route"):
        op.drop_column("claim", column)
