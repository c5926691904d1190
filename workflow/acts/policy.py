"""The installer puts the first policy in force, at set-up. Later versions are published by two people."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from models.programme import PolicyVersion, Programme
from workflow.actors import Actor
from workflow.acts.record import record_act, require_manager
from workflow.policies import Policy, PolicyError, read_policy
from workflow.policy_changes import changes
from workflow.policy_shelf import policy_in_force, stands
from workflow.proof.chains import append_one
from workflow.refusals import Problem, Refused
from workflow.routing import first_unknown


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

    The installer's alone: a person publishes with a second one. The first version of a programme may start
    in the past. Raises Refused.
    """
    require_manager(connection, actor)
    if actor.user_id is not None:
        raise Refused(Problem("second_manager"))
    require_publishable(connection, document)
    require_day(connection, first_day, today)
    figures = {"first_day": first_day.isoformat()}
    subject = f"policy:{first_day.isoformat()}"
    act_id = record_act(connection, actor, now, "policy_loaded", subject, figures, key=key)
    return store_version(connection, now, document, first_day, act_id)


def require_publishable(connection: Connection, document: Any) -> Policy:
    """Return the policy of a document that may be published; raise Refused. Examples are a demo's alone."""
    try:
        policy = read_policy(document)
    except PolicyError as error:
        raise Refused(Problem("policy_file", "document", {"error": str(error)})) from error
    require_known(connection, policy)
    if policy.holds_examples and not connection.scalar(select(Programme.is_demo)):
        raise Refused(Problem("example_limits", "document"))
    return policy


def require_known(connection: Connection, policy: Policy) -> None:
    """Return where the routing rules of a policy name groups and partners on file alone; raise Refused."""
    rule = first_unknown(connection, policy.routing or ())
    if rule is not None:
        raise Refused(Problem("route_unknown", "document", {"rule": rule.label}))


def require_day(connection: Connection, first_day: date, today: date) -> None:
    """Return where a version may start on a day; raise Refused.

    All but the first start after today, so that no decision already made changes its ground; and no two that
    stand start on the same day.
    """
    if first_day <= today and connection.scalar(select(PolicyVersion.id).limit(1)) is not None:
        raise Refused(Problem("first_day_past", "first_day", {"today": today.isoformat()}))
    taken = select(PolicyVersion.id).where(PolicyVersion.first_day == first_day, stands())
    if connection.scalar(taken) is not None:
        raise Refused(Problem("first_day_taken", "first_day", {"first_day": first_day.isoformat()}))


def require_news(connection: Connection, policy: Policy, first_day: date) -> None:
    """Return where a policy says anything else than the version that it would follow; raise Refused.

    That is the version of the day before: one of the same day, stored since the day was looked at, is no
    forerunner but a rival, which `store_version` finds.
    """
    before = policy_in_force(connection, first_day - timedelta(days=1))
    if before is not None and not changes(before.policy, policy):
        figures = {"first_day": before.first_day.isoformat()}
        raise Refused(Problem("policy_repeats", "first_day", figures))


def store_version(
    connection: Connection, now: datetime, document: Mapping[str, Any], first_day: date, act_id: int
) -> int:
    """Store a version and return its id.

    It is the attempt after those of its day that were withdrawn, which is the key of one that stands: of two
    at once one is stored, and the other, tried again, sees that the day is taken. The first attempt is none.
    """
    withdrawn = select(func.count()).where(PolicyVersion.first_day == first_day, ~stands())
    earlier = connection.scalar(withdrawn)
    return append_one(
        connection,
        PolicyVersion,
        first_day=first_day,
        attempt=earlier + 1 if earlier else None,
        document=dict(document),
        act_id=act_id,
        recorded_at=now,
    )
