"""Allocations: what a fund holds in all in a period. The difference is booked through the ledger."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from models.bulk import inserting, new_ids, updating
from models.database import Database
from models.driver import send
from models.funds import Fund, LedgerEntry
from models.money import Cents, plain
from models.people import Partner
from models.programme import Period
from models.vocabulary import EntryKind
from workflow.acts.funds import act_kind, figures_of, more_than_available
from workflow.acts.record import NewAct, record_acts
from workflow.imports.cells import Column, Values, amount
from workflow.imports.kinds import Asking, Becomes, Exported, Finding, Kind
from workflow.imports.naming import (
    NAME,
    NUMBER,
    PARTNER_NAMED,
    PERIOD,
    PERIOD_ON_FILE,
    PLACE,
    PLACE_CALLED,
    PLACE_KEY,
    Partners,
    at_once,
    named_ids,
    partners_on_file,
    periods_on_file,
)
from workflow.imports.pieces import pieces
from workflow.imports.verdicts import Judged
from workflow.ledger import BUCKETS, Entry
from workflow.proof.chains import append
from workflow.refusals import Problem

COLUMNS = (
    NUMBER,
    NAME,
    PERIOD,
    Column("allocated", "What the fund holds in all, in USD, with what is spent of it.", amount, needed=True),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """The partners, the periods by their codes, and the funds by partner and period."""

    partners: Partners
    periods: Mapping[str, int]
    funds: Mapping[tuple[int, int], Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """The entry to be booked, and the fund with what it has available: None for one that is to be made."""

    entry: Entry
    fund_id: int | None
    available: Cents
    partner_id: int
    period_id: int
    code: str


def facts(connection: Connection, rows: Sequence[Values], asking: Asking) -> Facts:
    """Gather the funds of the partners that the rows name, and lock them in the order of their ids."""
    partners = partners_on_file(connection)
    funds = {}
    for some in at_once(named_ids(partners, rows)):
        query = select(Fund.__table__).where(Fund.partner_id.in_(some)).order_by(Fund.id)
        for row in connection.execute(query.with_for_update() if asking.lock else query):
            funds[row.partner_id, row.period_id] = row
    return Facts(partners, periods_on_file(connection), funds)


def _held(facts: Facts, values: Values) -> tuple[Any | None, Cents]:
    """Return the fund that a row is about, if there is one, and what it holds in all."""
    partner, period_id = facts.partners.named(values), facts.periods.get(values["period"])
    fund = facts.funds.get((partner.id, period_id)) if partner and period_id else None
    return fund, fund.available + fund.reserved + fund.paid if fund else 0


def _enough_available(facts: Facts, values: Values) -> Iterator[Problem]:
    """No fund can be brought below what is reserved and paid."""
    fund, stands = _held(facts, values)
    if fund and stands - values["allocated"] > fund.available:
        yield more_than_available("allocated", stands - values["allocated"], fund.available)


def becomes(facts: Facts, values: Values) -> Becomes:
    """Return the entry that a row books, and what its fund holds before and after it."""
    partner, code, wanted = facts.partners.named(values), values["period"], values["allocated"]
    assert partner is not None
    fund, stands = _held(facts, values)
    difference = wanted - stands
    entry = Entry(EntryKind.allocate if difference > 0 else EntryKind.reduce, abs(difference))
    fund_id, available = (fund.id, fund.available) if fund else (None, 0)
    plan = Plan(entry, fund_id, available, partner.id, facts.periods[code], code)
    before = {"allocated": plain(stands)} if fund or not difference else None
    return Becomes(before, {"allocated": plain(wanted)}, plan)


def write(
    connection: Connection, asking: Asking, rows: Sequence[Judged], key_of: Callable[[int], str]
) -> None:
    """Book each difference by an act of its own, in funds that are made where there is none."""
    plans = _with_funds(connection, [row.plan for row in rows])
    acts = [_act(plan, key_of(row.line)) for plan, row in zip(plans, rows, strict=True)]
    act_ids = record_acts(connection, asking.actor, asking.now, acts)
    balances = [
        {"plus_available": plan.entry.change()["available"], "was_id": plan.fund_id} for plan in plans
    ]
    entries = [_ledger_row(plan, act_id, asking) for plan, act_id in zip(plans, act_ids, strict=True)]
    send(connection, [updating(connection.dialect, Fund, balances)])
    append(connection, LedgerEntry, entries)


def _with_funds(connection: Connection, plans: Sequence[Plan]) -> list[Plan]:
    """Return the plans, each with its fund."""
    ids = iter(new_ids(connection, Fund, sum(plan.fund_id is None for plan in plans)))
    found = [plan if plan.fund_id else replace(plan, fund_id=next(ids)) for plan in plans]
    made = [_empty_fund(plan) for plan, before in zip(found, plans, strict=True) if before.fund_id is None]
    if made:
        send(connection, [inserting(connection.dialect, Fund, made)])
    return found


def _empty_fund(plan: Plan) -> dict[str, Any]:
    balances = {"available": 0, "reserved": 0, "paid": 0}
    return {"id": plan.fund_id, "partner_id": plan.partner_id, "period_id": plan.period_id, **balances}


def _act(plan: Plan, key: str) -> NewAct:
    figures = figures_of(plan.entry, plan.code, plan.available)
    return NewAct(act_kind(plan.entry), f"fund:{plan.fund_id}", figures, plan.partner_id, key)


def _ledger_row(plan: Plan, act_id: int, asking: Asking) -> dict[str, Any]:
    source, target = BUCKETS[plan.entry.kind]
    return {
        "fund_id": plan.fund_id,
        "kind": plan.entry.kind,
        "source": source,
        "target": target,
        "amount": plan.entry.amount,
        "act_id": act_id,
        "at": asking.now,
    }


def export(database: Database) -> Iterator[Sequence[Exported]]:
    """Yield every fund with what it holds in all."""
    query = (
        select(Fund.__table__, Partner.number, Partner.name, Period.code)
        .select_from(Fund)
        .join(Partner, Partner.id == Fund.partner_id)
        .join(Period, Period.id == Fund.period_id)
    )
    for row in pieces(database, query, Fund.id):
        yield row.number, row.name, row.code, row.available + row.reserved + row.paid


KIND = Kind(
    columns=COLUMNS,
    facts=facts,
    called=PLACE_CALLED,
    keys=(PLACE_KEY,),
    meanings=PARTNER_NAMED,
    guards=(PERIOD_ON_FILE, Finding((*PLACE, "allocated"), _enough_available)),
    becomes=becomes,
    write=write,
    export=export,
)
