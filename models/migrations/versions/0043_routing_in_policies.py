"""Policy versions hold routing rules, which name groups alone. The rules from before hold until one does."""

import re
from typing import Any

import sqlalchemy as sa
from alembic import op

from models.base import JsonText
from models.money import plain

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

RULE = sa.table(
    "routing_rule",
    *map(sa.column, ("id", "place", "country", "activity_type", "partner_id", "above")),
    sa.column("tiers", JsonText()),
)
GROUP = sa.table("approver_group", sa.column("id"), sa.column("name"))
MEMBER = sa.table("group_member", sa.column("group_id"), sa.column("user_id"))
DRAFT = sa.table("policy_draft", sa.column("id"), sa.column("document", JsonText()))


def upgrade() -> None:
    """Bring the schema to this revision.

    In a tier that named somebody stands a group of theirs alone; a draft says what holds without it.
    """
    connection, groups = op.get_bind(), dict[int, int]()
    for rule in connection.execute(sa.select(RULE.c.id, RULE.c.tiers)).all():
        tiers = [_tier(connection, groups, tier) for tier in rule.tiers]
        connection.execute(sa.update(RULE).where(RULE.c.id == rule.id).values(tiers=tiers))
    found = connection.execute(sa.select(RULE).order_by(RULE.c.place)).all()
    rules = [rule for rule in found if re.fullmatch("[A-Z]{2}", rule.country or "XX")]  # others never fitted
    for draft in connection.execute(sa.select(DRAFT)).all():
        types = {one["code"] for one in draft.document["catalogue"]["activity_types"]}
        routing = [_document(rule) for rule in rules if rule.activity_type in (None, *types)]
        document = {**draft.document, "routing": routing}
        connection.execute(sa.update(DRAFT).where(DRAFT.c.id == draft.id).values(document=document))


def downgrade() -> None:
    """Take the schema back to the revision before. What a draft said of routing is lost; groups stay.

    Versions never change: the product of before cannot read one that says anything of routing.
    """
    connection = op.get_bind()
    for draft in connection.execute(sa.select(DRAFT)).all():
        document = {name: value for name, value in draft.document.items() if name != "routing"}
        connection.execute(sa.update(DRAFT).where(DRAFT.c.id == draft.id).values(document=document))


def _tier(connection: sa.Connection, groups: dict[int, int], tier: dict[str, int]) -> dict[str, int]:
    """Return who decides in a tier without naming anybody; people are given a group, each only one."""
    if "user" not in tier:
        return tier
    user_id = tier["user"]
    if user_id not in groups:
        name, taken = f"Approver {user_id}", set(connection.scalars(sa.select(GROUP.c.name)))
        while name in taken:
            name = f"{name}, alone"
        groups[user_id] = connection.scalar(sa.insert(GROUP).values(name=name).returning(GROUP.c.id))
        connection.execute(sa.insert(MEMBER).values(group_id=groups[user_id], user_id=user_id))
    return {"group": groups[user_id]}


def _document(rule: Any) -> dict[str, Any]:
    """Return a rule as the document of a draft holds it."""
    said = {
        "code": f"rule_{rule.id}",
        "label": f"Rule {rule.place}",
        "country": rule.country,
        "activity_type": rule.activity_type,
        "partner_id": rule.partner_id,
        "above": plain(rule.above),
        "tiers": rule.tiers,
    }
    return {name: value for name, value in said.items() if value is not None}
