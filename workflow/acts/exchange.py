"""Exchange rates are put on file: one by hand, or those of a file. A newer row corrects, none is changed."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from models.exchange import ExchangeRate
from models.vocabulary import Role
from workflow.actors import Actor
from workflow.acts.record import record_act
from workflow.assignment import roles_now
from workflow.bank_numbers import currencies
from workflow.clock import programme_today
from workflow.exchange import USD, rate_figure
from workflow.proof.chains import append
from workflow.rates import newest_of
from workflow.refusals import Problem, Refused

LONGEST_SOURCE = 200

FAR_PERCENT = 10
"""By how many percent a rate by hand may differ from the latest on file before it is asked about again.

Currencies that are traded freely hardly ever move so far within weeks: more is likely a figure mistyped, or
the two of them exchanged. Where it is right all the same, one tick says so.
"""

RECORDERS = (Role.manager, Role.finance)
"""Who puts rates on file."""


class Rate(NamedTuple):
    """`usd` US dollars and `local` units of a currency were worth the same on a day, as a source has it."""

    currency: str
    day: date
    usd: str
    local: str
    source: str


class Deviation(NamedTuple):
    """By how many whole percent a rate is above, or below, the latest on file, and of which day that is."""

    percent: int
    day: date


def offered_currencies() -> frozenset[str]:
    """Return the currencies, other than US dollars, that a claim may be in."""
    return currencies() - {USD}


def record_rate(
    connection: Connection,
    actor: Actor,
    now: datetime,
    rate: Rate,
    *,
    key: str | None = None,
    sure_of: int | None = None,
) -> int:
    """Put one rate on file by hand; return the id of the act. Refused with what is wrong at each field.

    One that is far from the latest on file is refused unless `sure_of` is the very percent that it is off.
    """
    role = _recorder(connection, actor)
    rate = rate._replace(source=rate.source.strip())
    problems = list(_problems(rate, programme_today(connection, now)))
    if problems:
        raise Refused(*problems)
    off = far_off(connection, rate)
    if off is not None and off.percent != sure_of:
        raise Refused(_unsure(off))
    figures = {
        **rate._asdict(),
        "day": rate.day.isoformat(),
        "off": None if off is None else f"{off.percent:+d}",
        "off_day": None if off is None else off.day.isoformat(),
    }
    subject = f"exchange_rate:{rate.currency}"
    act_id = record_act(connection, actor, now, "rate_recorded", subject, figures, key=key, role=role)
    _store(connection, [rate], act_id, now)
    return act_id


def load_rates(
    connection: Connection, actor: Actor, now: datetime, rates: Sequence[Rate], *, key: str | None = None
) -> int:
    """Put those rates of a file on file that are not there yet, to the letter; return how many there were.

    Raises Refused where there is none, or one is of a day to come.
    """
    role = _recorder(connection, actor)
    days = [rate.day for rate in rates]
    if days and max(days) > programme_today(connection, now):
        raise Refused(Problem("rate_day_future", "file", {"day": max(days).isoformat()}))
    known = _known(connection, days)
    new = [rate for rate in rates if rate[:4] not in known]
    if not new:
        raise Refused(Problem("rates_known", "file"))
    figures = {
        "source": new[0].source,
        "number": len(new),
        "first_day": min(rate.day for rate in new).isoformat(),
        "last_day": max(rate.day for rate in new).isoformat(),
    }
    act_id = record_act(
        connection, actor, now, "rates_loaded", "exchange_rates:file", figures, key=key, role=role
    )
    _store(connection, new, act_id, now)
    return len(new)


def far_off(connection: Connection, rate: Rate) -> Deviation | None:
    """Return how far a rate is from the latest on file; None where that is near enough, or there is none."""
    query = select(ExchangeRate.day, ExchangeRate.usd, ExchangeRate.local)
    last = connection.execute(query.where(ExchangeRate.id == newest_of(rate.currency))).first()
    if last is None:
        return None
    percent = (_worth(rate) / _worth(last) - 1) * 100
    return Deviation(int(percent), last.day) if abs(percent) > FAR_PERCENT else None


def _worth(rate: Any) -> Fraction:
    """Return what one unit of the currency is worth in US dollars, unrounded."""
    return rate_figure(rate.usd) / rate_figure(rate.local)


def _unsure(off: Deviation) -> Problem:
    figures = {"off": str(off.percent), "percent": str(abs(off.percent)), "day": off.day.isoformat()}
    return Problem("rate_far_above" if off.percent > 0 else "rate_far_below", "sure", figures)


def _recorder(connection: Connection, actor: Actor) -> Role:
    """Return in which role somebody puts rates on file; raise Refused for who may not."""
    held = roles_now(connection, actor.user_id) if actor.user_id is not None else actor.roles
    role = next((one for one in RECORDERS if one in actor.roles & held), None)
    if role is None:
        raise Refused(Problem("not_yours"))
    return role


def _problems(rate: Rate, today: date) -> Iterator[Problem]:
    if rate.currency not in offered_currencies():
        yield Problem("rate_currency", "currency")
    if rate.day > today:
        yield Problem("rate_day_future", "day", {"day": rate.day.isoformat()})
    for field in ("usd", "local"):
        try:
            rate_figure(getattr(rate, field))
        except ValueError:
            yield Problem("rate_figure", field)
    if not rate.source:
        yield Problem("rate_source", "source")


def _known(connection: Connection, days: Sequence[date]) -> set[tuple[str, date, str, str]]:
    """Return what is on file for these days, also what was corrected since: a file does not undo that."""
    if not days:
        return set()
    rows = connection.execute(
        select(ExchangeRate.currency, ExchangeRate.day, ExchangeRate.usd, ExchangeRate.local).where(
            ExchangeRate.day >= min(days), ExchangeRate.day <= max(days)
        )
    )
    return {(row.currency, row.day, row.usd, row.local) for row in rows}


def _store(connection: Connection, rates: Sequence[Rate], act_id: int, now: datetime) -> None:
    rows = [{**rate._asdict(), "act_id": act_id, "recorded_at": now} for rate in rates]
    append(connection, ExchangeRate, rows)
