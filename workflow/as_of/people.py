"""The programme owner's people as they were at a moment: what they may do now, with the acts since undone."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from models.money import Cents, parse_amount
from models.vocabulary import Role
from workflow.dossier import AnyRow

CHANGES = ("user_changed", "user_deactivated", "user_reactivated")
"""The acts that change what a user may do. Who was invited since was not there."""


class Person(NamedTuple):
    """Somebody of the programme owner: roles, the most they might decide on (cents, None for no limit).

    Who is not `active` was deactivated. `has_password` is that of today: who has none never could sign in.
    """

    user_id: int
    name: str
    roles: frozenset[Role]
    limit: Cents | None
    active: bool
    has_password: bool

    @property
    def could_act(self) -> bool:
        """Return whether nothing that is on file kept them from signing in."""
        return self.active and self.has_password


class Away(NamedTuple):
    """Who was out of office, until when, and who stood in for them on amounts up to a limit in cents."""

    user_id: int
    first_day: date
    last_day: date
    substitute_id: int | None
    limit: Cents | None


def people_at(users: Iterable[AnyRow], acts: Iterable[AnyRow], at: datetime) -> list[Person]:
    """Return who was on file at a moment, in the order of the rows.

    A user bears `id`, `name`, `created_at`, `roles`, `amount_limit`, `active` and `has_password` as they are
    now. `acts` are those of `CHANGES` after the moment; the order of their ids is that of history.
    """
    undone: dict[int, dict[str, Any]] = {}
    for act in sorted(acts, key=lambda act: act.id, reverse=True):
        user_id = int(act.subject.partition(":")[2])
        undone.setdefault(user_id, {}).update(_before(act.kind, act.figures))
    return [
        Person(user.id, user.name, user.roles, user.amount_limit, user.active, user.has_password)._replace(
            **undone.get(user.id, {})
        )
        for user in users
        if user.created_at <= at
    ]


def away_on(absences: Iterable[AnyRow], day: date, at: datetime, by: datetime) -> list[Away]:
    """Return who was out of office on a day, as it was recorded by a moment and not called off `at` another.

    A row bears the columns of an absence and `recorded_at`.
    """
    return [
        Away(row.user_id, row.first_day, row.last_day, row.substitute_id, row.amount_limit)
        for row in absences
        if row.first_day <= day <= row.last_day
        and row.recorded_at <= by
        and (row.called_off_at is None or row.called_off_at > at)
    ]


def _before(kind: str, figures: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an act found."""
    if kind != "user_changed":
        return {"active": kind == "user_deactivated"}
    found = figures["before"]
    limit = found.get("limit")  # acts before there were limits name none, and nobody had one
    return {
        "roles": frozenset(map(Role, found["roles"])),
        "limit": None if limit is None else parse_amount(limit),
    }
