"""Money is allocated to a partner's fund, or taken back while still available. Always through the ledger."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from models.funds import Fund, LedgerEntry
from models.money import MAX_CENTS, Cents, plain, written
from models.people import Partner
from models.programme import Period
from models.vocabulary import EntryKind
from workflow.actors import Actor
from workflow.acts.record import record_act, require_manager
from workflow.ledger import BUCKETS, Entry
from workflow.proof.chains import append_one
from workflow.refusals import Problem, Refused


def allocate(
    connection: Connection,
    actor: Actor,
    now: datetime,
    *,
    partner_id: int,
    period_id: int,
    amount: Cents,
    reason: str = "",
    key: str | None = None,
) -> int:
    """Add money to the fund of a partner in a period, making the fund if need be; return the fund's id."""
    require_manager(connection, actor)
    _check_amount(amount)
    fund = _fund(connection, partner_id, period_id)
    if fund is None:
        _check_on_file(connection, partner_id, period_id)
        connection.execute(
            insert(Fund).values(partner_id=partner_id, period_id=period_id, available=0, reserved=0, paid=0)
        )
        fund = _fund(connection, partner_id, period_id)
        assert fund is not None
    if fund.available + amount > MAX_CENTS:
        raise Refused(Problem("amount_too_large", "amount"))
    _book(connection, actor, now, fund, Entry(EntryKind.allocate, amount), reason, key)
    return int(fund.id)


def reduce_fund(
    connection: Connection,
    actor: Actor,
    now: datetime,
    *,
    fund_id: int,
    amount: Cents,
    reason: str = "",
    key: str | None = None,
) -> int:
    """Take back money that is still available; return the fund's id."""
    require_manager(connection, actor)
    _check_amount(amount)
    fund = connection.execute(
        select(Fund.__table__, Period.code)
        .select_from(Fund)
        .join(Period, Period.id == Fund.period_id)
        .where(Fund.id == fund_id)
        .with_for_update(of=Fund)
    ).one_or_none()
    if fund is None:
        raise Refused(Problem("no_such_fund"))
    if fund.available < amount:
        raise Refused(more_than_available("amount", amount, fund.available))
    _book(connection, actor, now, fund, Entry(EntryKind.reduce, amount), reason, key)
    return int(fund.id)


def more_than_available(field: str, amount: Cents, available: Cents) -> Problem:
    """Return the problem of taking back more than is available."""
    return Problem("more_than_available", field, {"amount": written(amount), "available": written(available)})


def _fund(connection: Connection, partner_id: int, period_id: int) -> Any:
    return connection.execute(
        select(Fund.__table__, Period.code)
        .select_from(Fund)
        .join(Period, Period.id == Fund.period_id)
        .where(Fund.partner_id == partner_id, Fund.period_id == period_id)
        .with_for_update(of=Fund)
    ).one_or_none()


def _book(
    connection: Connection,
    actor: Actor,
    now: datetime,
    fund: Any,
    entry: Entry,
    reason: str,
    key: str | None,
) -> None:
    source, target = BUCKETS[entry.kind]
    act_id = record_act(
        connection,
        actor,
        now,
        act_kind(entry),
        f"fund:{fund.id}",
        figures_of(entry, fund.code, fund.available),
        partner_id=fund.partner_id,
        reason=reason,
        key=key,
    )
    change = entry.change()["available"]
    connection.execute(update(Fund).where(Fund.id == fund.id).values(available=Fund.available + change))
    append_one(
        connection,
        LedgerEntry,
        fund_id=fund.id,
        kind=entry.kind,
        source=source,
        target=target,
        amount=entry.amount,
        act_id=act_id,
        at=now,
    )


def act_kind(entry: Entry) -> str:
    """Return the kind of act that allocates money, or takes it back."""
    return f"fund_{entry.kind.value}d"


def figures_of(entry: Entry, code: str, available: Cents) -> dict[str, str]:
    """Return what an act records of an entry in a fund of the period `code` that has so much available."""
    return {
        "period": code,
        "amount": plain(entry.amount),
        "available_before": plain(available),
        "available_after": plain(available + entry.change()["available"]),
    }


def _check_on_file(connection: Connection, partner_id: int, period_id: int) -> None:
    if connection.scalar(select(Partner.id).where(Partner.id == partner_id)) is None:
        raise Refused(Problem("no_partner", "partner_id"))
    if connection.scalar(select(Period.id).where(Period.id == period_id)) is None:
        raise Refused(Problem("no_period", "period_id"))


def _check_amount(amount: Cents) -> None:
    if amount <= 0:
        raise Refused(Problem("amount_positive", "amount"))
    if amount > MAX_CENTS:
        raise Refused(Problem("amount_too_large", "amount"))
