"""JMF periods are opened, closed and opened again."""

import re
from datetime import date, datetime

from sqlalchemy import Connection, insert, select, update

from models.programme import Period, Programme
from workflow.actors import Actor
from workflow.acts.record import record_act, require_manager
from workflow.refusals import Problem, Refused

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,18}")


def open_period(
    connection: Connection,
    actor: Actor,
    now: datetime,
    *,
    code: str,
    first_day: date,
    last_day: date,
    key: str | None = None,
) -> int:
    """Open a new JMF period, both days inclusive, and return its id. No two share a day."""
    require_manager(connection, actor)
    connection.execute(select(Programme.id).with_for_update())  # two at the same moment see each other
    problems = []
    if not is_period_code(code):
        problems.append(Problem("period_code", "code"))
    elif connection.scalar(select(Period.id).where(Period.code == code)) is not None:
        problems.append(Problem("name_taken", "code", {"name": code}))
    if last_day < first_day:
        problems.append(Problem("ends_before_start", "last_day"))
    else:
        problems += _overlaps(connection, first_day, last_day)
    if problems:
        raise Refused(*problems)
    days = {"first_day": first_day, "last_day": last_day}
    period_id = int(
        connection.execute(
            insert(Period).values(code=code, last_claim_number=0, **days).returning(Period.id)
        ).scalar_one()
    )
    figures = {"code": code, **{name: day.isoformat() for name, day in days.items()}}
    record_act(connection, actor, now, "period_opened", f"period:{code}", figures, key=key)
    return period_id


def _overlaps(connection: Connection, first_day: date, last_day: date) -> list[Problem]:
    """Return what stands against these days: a period that has some of them already."""
    other = connection.execute(
        select(Period.code, Period.first_day, Period.last_day)
        .where(Period.first_day <= last_day, Period.last_day >= first_day)
        .order_by(Period.first_day)
        .limit(1)
    ).first()
    if other is None:
        return []
    figures = {"period": other.code, "first": other.first_day.isoformat(), "last": other.last_day.isoformat()}
    return [Problem("period_overlaps", "first_day", figures)]


def is_period_code(text: str) -> bool:
    """Return whether a period may be called so (`2026H1`)."""
    return _CODE.fullmatch(text) is not None


def set_period_closed(
    connection: Connection, actor: Actor, now: datetime, period_id: int, *, closed: bool
) -> None:
    """Close a period to new submissions, or open it again. Claims already submitted go on either way."""
    require_manager(connection, actor)
    period = connection.execute(
        select(Period.code, Period.closed_at).where(Period.id == period_id).with_for_update()
    ).one_or_none()
    if period is None:
        raise Refused(Problem("no_period"))
    if (period.closed_at is not None) == closed:
        return
    connection.execute(update(Period).where(Period.id == period_id).values(closed_at=now if closed else None))
    kind = "period_closed" if closed else "period_reopened"
    record_act(connection, actor, now, kind, f"period:{period.code}", {"code": period.code})
