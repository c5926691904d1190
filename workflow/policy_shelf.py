"""Finds the policy version that a claim is judged by. Versions never change, so each is read only once."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Connection, Engine, exists, select

from models.policies import PolicyWithdrawal
from models.programme import PolicyVersion
from workflow.former_routing import former_rules
from workflow.policies import Policy, read_policy


@dataclass(frozen=True, slots=True)
class Version:
    """One policy version: its id, its first day, and the policy itself.

    `says_routing` is false for one from before versions did: its policy then bears the rules of that time.
    """

    id: int
    first_day: date
    policy: Policy
    says_routing: bool = True


class Coming(NamedTuple):
    """A version that comes into force, and the one that is in force until then, if there is one."""

    version: Version
    before: Version | None

    @property
    def eve(self) -> date:
        """Return the day before its first: the last one of the version before."""
        return self.version.first_day - timedelta(days=1)


_SHELVES: WeakKeyDictionary[Engine, dict[int, Version]] = WeakKeyDictionary()


def policy_in_force(connection: Connection, day: date) -> Version | None:
    """Return the version in force on a programme day, or None before the first one."""
    found: int | None = connection.scalar(
        select(PolicyVersion.id)
        .where(PolicyVersion.first_day <= day, stands())
        .order_by(PolicyVersion.first_day.desc())
        .limit(1)
    )
    return policy_version(connection, found)


def policies_to_come(connection: Connection, day: date) -> list[Coming]:
    """Return the versions that are published and come into force after a day, the next one first.

    Each stands beside the one that it follows, which may be still to come itself.
    """
    ids = connection.scalars(
        select(PolicyVersion.id)
        .where(PolicyVersion.first_day > day, stands())
        .order_by(PolicyVersion.first_day)
    ).all()
    following = [found for one in ids if (found := policy_version(connection, one))]
    return [
        Coming(version, before)
        for before, version in pairwise([policy_in_force(connection, day), *following])
        if version is not None
    ]


def stands() -> ColumnElement[bool]:
    """Return the condition on `PolicyVersion` that it was not withdrawn."""
    return ~exists().where(PolicyWithdrawal.version_id == PolicyVersion.id)


def policy_version(connection: Connection, version_id: int | None) -> Version | None:
    """Return a version by its id, or None for none."""
    if version_id is None:
        return None
    shelf = _SHELVES.setdefault(connection.engine, {})
    if version_id not in shelf:
        row: Any = connection.execute(
            select(PolicyVersion.first_day, PolicyVersion.document).where(PolicyVersion.id == version_id)
        ).one()
        shelf[version_id] = _version(connection, version_id, row.first_day, read_policy(row.document))
    return shelf[version_id]


def _version(connection: Connection, version_id: int, first_day: date, policy: Policy) -> Version:
    if policy.routing is not None:
        return Version(version_id, first_day, policy)
    routed = replace(policy, routing=former_rules(connection))
    return Version(version_id, first_day, routed, says_routing=False)
