"""What a fresh programme still lacks before its first claim can be paid, and where to add it."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, exists, select

from models.people import Partner, User, UserRole
from models.programme import Period
from models.vocabulary import Role
from web.services import reading, today


class Step(NamedTuple):
    """One thing to do first: where, in which words, and whether it is done."""

    endpoint: str
    what: Any
    is_done: bool


def _has_role(role: Role) -> ColumnElement[bool]:
    return exists().where(UserRole.role == role, UserRole.user_id == User.id, User.deactivated_at.is_(None))


def _runs(day: date) -> ColumnElement[bool]:
    return exists().where(Period.closed_at.is_(None), Period.last_day >= day)


STEPS: tuple[tuple[str, Any, Callable[[date], ColumnElement[bool]]], ...] = (
    ("programme.periods", _l("Open a JMF period that has not ended"), _runs),
    (
        "programme.new_partner",
        _l("Add a partner, with its facts and its people"),
        lambda _: exists(Partner.id),
    ),
    ("programme.new_user", _l("Invite an approver"), lambda _: _has_role(Role.approver)),
    ("programme.new_user", _l("Invite somebody in finance"), lambda _: _has_role(Role.finance)),
)
"""Everything that has to be there, in the order in which it is done, and how it is seen on a day."""


def first_steps() -> list[Step]:
    """Return all steps while one is still to be done, and none after."""
    done = reading().execute(select(*(is_there(today()) for *_, is_there in STEPS))).one()
    steps = [Step(endpoint, what, there) for (endpoint, what, _), there in zip(STEPS, done, strict=True)]
    return [] if all(done) else steps
