"""The demo's policy versions after the first one, each drafted by one manager and published by the other."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from workflow.actors import Actor
from workflow.acts.groups import save_group
from workflow.acts.policy_drafts import make_draft
from workflow.acts.policy_publishing import propose_draft, publish
from workflow.policies import default_document

DEADLINES = {
    "report_within_days": 45,
    "resubmit_within_days": 30,
    "decide_within_days": 14,
    "dispute_within_days": 30,
    "pay_within_days": 14,
}
"""What the second policy version adds to the first."""

NEXT = {**DEADLINES, "max_amount_per_activity": "8000.00", "max_reward_share": "0.10"}
"""What the version that is still to come says otherwise than the first. Invented."""


def two_for_large(
    connection: Connection, now: datetime, manager: Actor, heads: frozenset[int]
) -> list[dict[str, Any]]:
    """Return the routing rules that are still to come: a head decides on large activities too. Invented."""
    group_id = save_group(connection, manager, now, None, name="Heads of marketing", members=heads)
    rule = {"code": "large_activities", "label": "Large activities", "above": "5000.00"}
    return [{**rule, "tiers": [{}, {"group": group_id}]}]


def publish_version(
    connection: Connection,
    now: datetime,
    today: date,
    managers: tuple[Actor, Actor],
    name: str,
    first_day: date,
    changed: Mapping[str, Any],
) -> None:
    """Publish the default policy with some parameters changed, in force from a first day on."""
    author, second = managers
    draft_id = make_draft(connection, author, now, name=name, document={**default_document(), **changed})
    proposal_id = propose_draft(connection, author, now, draft_id, 1, first_day=first_day, today=today)
    publish(connection, second, now, proposal_id, today=today)
