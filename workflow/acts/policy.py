"""A policy file becomes a new version. A version in force, or past, is never changed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from models.programme import PolicyVersion, Programme
from workflow.actors import Actor
from workflow.acts.record import record_act, require_manager
from workflow.policies import PolicyError, read_policy
from workflow.proof.chains import append_one
from workflow.refusals import Problem, Refused


def load_policy(
    connection: Connection,
    actor: Actor,
    now: datetime,
    *,
    document: Mapping[str, Any],
    first_day: date,
    today: date,
    key: str | None = None,
) -> int:
    """Store a policy document as the version in force from a first day on; return its id.

    The first version of a programme may start in the past; a later one starts after today, so that no
    decision already made changes its ground. Example limits are a demo's alone.
    """
    require_manager(connection, actor)
    try:
        policy = read_policy(document)
    except PolicyError as error:
        raise Refused(Problem("policy_file", "document", {"error": str(error)})) from error
    if policy.holds_examples and not connection.scalar(select(Programme.is_demo)):
        raise Refused(Problem("example_limits", "document"))
    latest = connection.scalar(
        select(PolicyVersion.first_day).order_by(PolicyVersion.first_day.desc()).limit(1)
    )
    if latest is not None and first_day <= today:
        raise Refused(Problem("first_day_past", "first_day", {"today": today.isoformat()}))
    if connection.scalar(select(PolicyVersion.id).where(PolicyVersion.first_day == first_day)) is not None:
        raise Refused(Problem("first_day_taken", "first_day", {"first_day": first_day.isoformat()}))
    act_id = record_act(
        connection,
        actor,
        now,
        "policy_loaded",
        f"policy:{first_day.isoformat()}",
        {"first_day": first_day.isoformat()},
        key=key,
    )
    return append_one(
        connection,
        PolicyVersion,
        first_day=first_day,
        document=dict(document),
        act_id=act_id,
        recorded_at=now,
    )
