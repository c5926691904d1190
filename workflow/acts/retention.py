"""How long what is of persons is kept: a manager sets it, and others hear of it before more is erased."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from models.erasure import Retention
from models.people import User
from models.programme import Programme
from models.vocabulary import MessageKind, Personal, Role
from workflow.actors import Actor
from workflow.acts.record import record_act, require_manager, require_unchanged
from workflow.announcements import message_row
from workflow.assignment import holders
from workflow.clock import programme_day
from workflow.erasure.retention import Kept, retention, set_now
from workflow.outbox import announce
from workflow.refusals import Problem, Refused

MOST_MONTHS = 1200
"""A hundred years: as long as anything is kept that is not kept for good."""


def set_retention(
    connection: Connection,
    actor: Actor,
    now: datetime,
    months: Mapping[Personal, int | None],
    *,
    seen: str | None = None,
    key: str | None = None,
) -> int | None:
    """Set for how many months after a claim's end each kind is kept, None for good; return the act.

    A number that is new or shorter is in force some days later, and the other managers and all auditors are
    told. None where nothing changes. `seen` is the text of `as_figures` as the page showed it.
    Raises Refused.
    """
    require_manager(connection, actor)
    connection.execute(select(Programme.id).with_for_update())
    wrong = [kind for kind, number in months.items() if number is not None and not 0 < number <= MOST_MONTHS]
    if wrong:
        raise Refused(*(Problem("months_wrong", kind.value, {"most": str(MOST_MONTHS)}) for kind in wrong))
    kept = retention(connection)
    before = as_figures({kind: one.months for kind, one in kept.items()})
    after = as_figures(months)
    if before == after:
        return None
    require_unchanged(seen, before)
    connection.execute(delete(Retention))
    stand = {kind: set_now(number, kept.get(kind), now) for kind, number in months.items() if number}
    if stand:
        connection.execute(
            insert(Retention), [{"kind": kind, **one._asdict()} for kind, one in stand.items()]
        )
    figures = {"before": before, "after": after}
    act_id = record_act(connection, actor, now, "retention_set", "programme:1", figures, key=key)
    sooner = [one for kind, one in stand.items() if one != kept.get(kind) and one.waits(now)]
    _tell_of_retention(connection, actor, now, act_id, sooner)
    return act_id


def _tell_of_retention(
    connection: Connection, actor: Actor, now: datetime, act_id: int, sooner: Collection[Kept]
) -> None:
    """Tell the other managers and all auditors, and the day from which more is erased, if it is."""
    zone = connection.scalar(select(Programme.time_zone)) or "UTC"
    told = {
        "set_by": connection.scalar(select(User.name).where(User.id == actor.user_id)),
        "day": programme_day(min(one.begins for one in sooner), zone).isoformat() if sooner else None,
    }
    kind, key = MessageKind.retention_set, f"retention:{act_id}"
    others = {*holders(connection, Role.manager), *holders(connection, Role.auditor)} - {actor.user_id}
    announce(connection, (message_row(kind, key, user_id, told, now) for user_id in sorted(others)))


def as_figures(months: Mapping[Personal, int | None]) -> dict[str, int | None]:
    """Return for how long each kind is kept, as acts hold it."""
    return {kind.value: months.get(kind) for kind in Personal}
