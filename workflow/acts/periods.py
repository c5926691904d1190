"""JMF periods are opened, corrected while no claim was submitted in them, closed and opened again."""

import re
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, insert, or_, select, update

from models.claims import Claim
from models.programme import Period, Programme
from workflow.actors import Actor
from workflow.acts.record import record_act, require_manager, require_unchanged
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
    _check(connection, code, first_day, last_day)
    days = {"first_day": first_day, "last_day": last_day}
    period_id = int(
        connection.execute(
            insert(Period).values(code=code, last_claim_number=0, **days).returning(Period.id)
        ).scalar_one()
    )
    figures = {"code": code, **{name: day.isoformat() for name, day in days.items()}}
    record_act(connection, actor, now, "period_opened", f"period:{code}", figures, key=key)
    return period_id


def correct_period(
    connection: Connection,
    actor: Actor,
    now: datetime,
    period_id: int,
    *,
    code: str,
    first_day: date,
    last_day: date,
    seen: str | None = None,
) -> None:
    """Correct the code and the days of a period that no submitted claim uses, nor any claim's number.

    `seen` is the text of `named` as the page showed it: what changed since is not overwritten.
    """
    require_manager(connection, actor)
    connection.execute(select(Programme.id).with_for_update())
    period = connection.execute(
        select(Period.__table__).where(Period.id == period_id).with_for_update()
    ).one_or_none()
    if period is None:
        raise Refused(Problem("no_period"))
    if connection.scalar(select(is_in_use()).where(Period.id == period_id)):
        raise Refused(Problem("period_in_use", figures={"period": period.code}))
    _check(connection, code, first_day, last_day, besides=period_id)
    before, values = named(period), {"code": code, "first_day": first_day, "last_day": last_day}
    after = {"code": code, "first_day": first_day.isoformat(), "last_day": last_day.isoformat()}
    if after == before:
        return
    require_unchanged(seen, before)
    connection.execute(update(Period).where(Period.id == period_id).values(**values))
    figures = {"period": period.code, "before": before, "after": after}
    record_act(connection, actor, now, "period_corrected", f"period:{code}", figures)


def is_in_use() -> ColumnElement[bool]:
    """Return the condition that a period bore a claim's number, or has a claim that was submitted."""
    submitted = exists().where(Claim.period_id == Period.id, Claim.moves > 0)
    return or_(Period.last_claim_number > 0, submitted)


def named(period: Any) -> dict[str, str]:
    """Return the code and the days of a period, as its corrections record them."""
    return {
        "code": period.code,
        "first_day": period.first_day.isoformat(),
        "last_day": period.last_day.isoformat(),
    }


def _check(
    connection: Connection, code: str, first_day: date, last_day: date, besides: int | None = None
) -> None:
    others, problems = Period.id != (besides or 0), []
    if not is_period_code(code):
        problems.append(Problem("period_code", "code"))
    elif connection.scalar(select(Period.id).where(Period.code == code, others)) is not None:
        problems.append(Problem("name_taken", "code", {"name": code}))
    if last_day < first_day:
        problems.append(Problem("ends_before_start", "last_day"))
    else:
        problems += _overlaps(connection, first_day, last_day, others)
    if problems:
        raise Refused(*problems)


def _overlaps(
    connection: Connection, first_day: date, last_day: date, others: ColumnElement[bool]
) -> list[Problem]:
    """Return what stands against these days: another period that has some of them already."""
    other = connection.execute(
        select(Period.code, Period.first_day, Period.last_day)
        .where(Period.first_day <= last_day, Period.last_day >= first_day, others)
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
