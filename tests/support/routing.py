"""Routing rules as policy documents hold them, and versions that hold others."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from models.history import Act
from models.money import plain
from models.programme import PolicyVersion
from workflow.clock import programme_today
from workflow.policies import policy_document
from workflow.policy_shelf import policy_in_force
from workflow.proof.chains import append_one


def rule(*tiers: Mapping[str, int], code: str = "first", above: int = 0, **conditions: Any) -> dict[str, Any]:
    """Return a rule for every claim save for what the conditions say. `above` is in cents."""
    label = code.replace("_", " ").capitalize()
    return {"code": code, "label": label, "above": plain(above), "tiers": list(tiers), **conditions}


def reroute(connection: Connection, now: datetime, *rules: Mapping[str, Any]) -> None:
    """Store a version that is in force already: that of today, with these rules before its own."""
    standing = policy_in_force(connection, programme_today(connection, now))
    assert standing is not None
    document = policy_document(standing.policy)
    append_one(
        connection,
        PolicyVersion,
        first_day=standing.first_day + timedelta(days=1),
        document={**document, "routing": [*rules, *document["routing"]]},
        act_id=connection.scalar(select(Act.id).limit(1)),
        recorded_at=now,
    )
