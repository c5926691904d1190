"""Auditors and programme managers ask for an audit package, or a verification; the work is a job."""

from datetime import datetime

from sqlalchemy import Connection

from models.vocabulary import JobKind, Role
from workflow.actors import Actor
from workflow.acts.record import record_act
from workflow.assignment import roles_now
from workflow.jobs import Item, admitted, start
from workflow.refusals import Problem, Refused

READERS = (Role.auditor, Role.manager)
"""Who asks, and takes away what was made."""


def ask_package(connection: Connection, actor: Actor, now: datetime, key: str) -> int:
    """Have an audit package made; return the job's id: the same under the same key. Raises Refused."""
    role = reader(connection, actor)
    before = admitted(connection, actor, JobKind.make_package, key)
    if before is not None:
        return before
    record_package(connection, actor, now, role)
    return start(connection, actor, now, JobKind.make_package, {}, [Item({})], key)


def ask_verification(connection: Connection, actor: Actor, now: datetime, whole: bool, key: str) -> int:
    """Have history verified, the whole or what is new; return the job: the same under the same key.

    Raises Refused.
    """
    reader(connection, actor)
    return start(connection, actor, now, JobKind.verify_history, {"whole": whole}, [Item({})], key)


def record_package(connection: Connection, actor: Actor, now: datetime, role: Role) -> None:
    """Record that somebody takes all of history away: the package itself holds that too."""
    record_act(connection, actor, now, "package_asked", "history", {}, role=role)


def reader(connection: Connection, actor: Actor) -> Role:
    """Return the role in which somebody asks now; raise Refused for who is neither of READERS."""
    held = roles_now(connection, actor.user_id) if actor.user_id is not None else frozenset()
    for role in READERS:
        if role in held:
            return role
    raise Refused(Problem("not_yours"))
