"""Exchange rates are put on file: one by hand, or those of a file. A newer row corrects, none is changed."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

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
from workflow.refusals import Problem, Refused

LONGEST_SOURCE = 200

RECORDERS = (Role.manager, Role.finance)
"""Who puts rates on file."""


class Rate(NamedTuple):
    """`usd` US dollars and `local` units of a currency were worth the same on a day, as a source has it."""

    currency: str
    day: date
    usd: str
    local: str
    source: str


def offered_currencies() -> frozenset[str]:
    """Return the currencies, other than US dollars, that a claim may be in."""
    return currencies() - {USD}


def record_rate(
    connection: Connection, actor: Actor, now: datetime, rate: Rate, *, key: str | None = None
) -> int:
    """Put one rate on file; return the id of the act. Raises Refused with what is wrong at each field."""
    role = _recorder(connection, actor)
    rate = rate._replace(source=rate.source.strip())
    problems = list(_problems(rate, programme_today(connection, now)))
    if problems:
        raise Refused(*problems)
    figures = {**rate._asdict(), "day": rate.day.isoformat()}
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
