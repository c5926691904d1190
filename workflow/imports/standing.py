"""Certificates, named by partner and first day, and performance, named by partner and period.

Both are corrected by a new row in the place of the one in force, as on the pages.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, exists, select
from sqlalchemy.orm import aliased

from models.database import Database
from models.money import plain
from models.people import Partner
from models.programme import Period
from models.standing import Certificate, Performance
from workflow.acts.record import NewAct, record_acts
from workflow.acts.standing import (
    Model,
    act_kind,
    amount_problems,
    day_problems,
    figures_of_certificate,
    figures_of_performance,
)
from workflow.dossier import Query
from workflow.imports.cells import Column, Values, amount, day
from workflow.imports.kinds import Asking, Becomes, Exported, Finding, Kind
from workflow.imports.naming import (
    NAME,
    NUMBER,
    PARTNER,
    PARTNER_NAMED,
    PERIOD,
    PERIOD_ON_FILE,
    PLACE,
    PLACE_CALLED,
    PLACE_KEY,
    Partners,
    at_once,
    lock_partners,
    named_ids,
    partner_of,
    partners_on_file,
    periods_on_file,
)
from workflow.imports.pieces import pieces
from workflow.imports.verdicts import Judged
from workflow.proof.chains import append
from workflow.refusals import Problem

DAYS = (
    Column("valid_from", "The first day.", day, needed=True),
    Column("valid_until", "The last day.", day, needed=True),
    Column("revoked_on", "The first day on which it no longer holds; empty while it stands.", day),
)
AMOUNTS = (
    Column("required", "What was to be achieved, in USD.", amount, needed=True),
    Column("achieved", "What was achieved, in USD.", amount, needed=True),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """The partners, the periods by their codes, and the rows in force by partner and first day, or period."""

    partners: Partners
    periods: Mapping[str, int]
    in_force: Mapping[tuple[int, Any], list[Any]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a new row holds, what its act records, and the row in force whose place it takes, if any."""

    partner_id: int
    values: Mapping[str, Any]
    figures: Mapping[str, Any]
    replaces_id: int | None


@dataclass(frozen=True, slots=True)
class Beside:
    """What a row would record of a partner, beside the rows in force that are `known` under its name."""

    partner_id: int
    known: Sequence[Any]
    values: Mapping[str, Any]
    figures: Mapping[str, Any]
    text_of: Callable[[Any], dict[str, str | None]]

    @property
    def after(self) -> dict[str, str | None]:
        """Return the text of each column that would be on file."""
        return self.text_of(self.values)

    @property
    def on_file(self) -> list[dict[str, str | None]]:
        """Return the text of each column of the rows in force."""
        return [self.text_of(row._mapping) for row in self.known]


def _facts_of(model: Model, *found_by: Any) -> Callable[[Connection, Sequence[Values], Asking], Facts]:
    """Return what gathers the rows in force of the partners that a file names."""

    def facts(connection: Connection, rows: Sequence[Values], asking: Asking) -> Facts:
        partners = partners_on_file(connection)
        ids = named_ids(partners, rows)
        if asking.lock:
            lock_partners(connection, ids)
        in_force: dict[tuple[int, Any], list[Any]] = defaultdict(list)
        for some in at_once(ids):
            query = _in_force(model).where(model.partner_id.in_(some)).order_by(model.id)
            for row in connection.execute(query):
                in_force[row.partner_id, *(getattr(row, name) for name in found_by)].append(row)
        return Facts(partners, periods_on_file(connection), in_force)

    return facts


def _in_force(model: Model) -> Query:
    """Return the query of the rows that no other one replaces."""
    later = aliased(model)
    return select(model.__table__).where(~exists().where(later.replaces_id == model.id))


def _certificate_called(facts: Facts, values: Values) -> Iterator[str]:
    yield f"{partner_of(facts, values).name}, {values['valid_from'].isoformat()}"


def _certificate_key(facts: Facts, values: Values) -> Iterator[str]:
    yield f"{partner_of(facts, values).id}:{values['valid_from'].isoformat()}"


def _days_in_order(_facts: Facts, values: Values) -> Iterable[Problem]:
    return day_problems(values["valid_from"], values["valid_until"])


def _amounts_in_bounds(name: str) -> Finding[Problem]:
    return Finding((name,), lambda _facts, values: amount_problems(**{name: values[name]}))


def _certificate(facts: Facts, values: Values) -> Beside:
    """Return what a certificate would be. A file without `revoked_on` leaves revocations as they are."""
    partner_id, first = partner_of(facts, values).id, values["valid_from"]
    known = facts.in_force.get((partner_id, first), [])
    revoked = values.get("revoked_on", known[0].revoked_on if known else None)
    days = {"valid_from": first, "valid_until": values["valid_until"], "revoked_on": revoked}
    return Beside(partner_id, known, days, figures_of_certificate(days), _days_text)


def _performance(facts: Facts, values: Values) -> Beside:
    """Return what a partner had to achieve in a period, and did."""
    partner_id, code = partner_of(facts, values).id, values["period"]
    period_id = facts.periods.get(code)
    amounts = {name: values[name] for name in _names(AMOUNTS)}
    known = facts.in_force.get((partner_id, period_id), [])
    row = {"period_id": period_id, **amounts}
    return Beside(partner_id, known, row, figures_of_performance(code, **amounts), _amounts_text)


def _days_text(row: Mapping[str, date | None]) -> dict[str, str | None]:
    return {name: found.isoformat() if (found := row[name]) else None for name in _names(DAYS)}


def _amounts_text(row: Mapping[str, int]) -> dict[str, str | None]:
    return {name: plain(row[name]) for name in _names(AMOUNTS)}


def _names(columns: Sequence[Column]) -> list[str]:
    return [column.name for column in columns]


def _one_in_force(beside: Callable[[Facts, Values], Beside]) -> Callable[[Facts, Values], Iterator[Problem]]:
    """Return the guard of rows in force under one name: one is corrected, not one of several.

    Where a row is one of several exactly, it is that one, and nothing changes.
    """

    def guard(facts: Facts, values: Values) -> Iterator[Problem]:
        row = beside(facts, values)
        if len(row.known) > 1 and row.after not in row.on_file:
            yield Problem("several_in_force", figures={"number": str(len(row.known))})

    return guard


def _becoming(beside: Callable[[Facts, Values], Beside]) -> Callable[[Facts, Values], Becomes]:
    """Return what says what becomes of a row beside those in force."""

    def becomes(facts: Facts, values: Values) -> Becomes:
        row = beside(facts, values)
        after, on_file = row.after, row.on_file
        if after in on_file:
            return Becomes(after, after, None)
        replaces_id = row.known[0].id if row.known else None
        plan = Plan(row.partner_id, row.values, row.figures, replaces_id)
        return Becomes(on_file[0] if on_file else None, after, plan)

    return becomes


def _writer_of(model: Model) -> Callable[[Connection, Asking, Sequence[Judged], Callable[[int], str]], None]:
    """Return what records rows of a model, each by an act of its own."""

    def write(
        connection: Connection, asking: Asking, rows: Sequence[Judged], key_of: Callable[[int], str]
    ) -> None:
        plans = [row.plan for row in rows]
        acts = [_act(model, row.plan, key_of(row.line)) for row in rows]
        act_ids = record_acts(connection, asking.actor, asking.now, acts)
        made = [
            {
                "partner_id": plan.partner_id,
                **plan.values,
                "replaces_id": plan.replaces_id,
                "act_id": act_id,
                "recorded_at": asking.now,
            }
            for plan, act_id in zip(plans, act_ids, strict=True)
        ]
        append(connection, model, made)

    return write


def _act(model: Model, plan: Plan, key: str) -> NewAct:
    figures = {**plan.figures, "replaces": plan.replaces_id}
    subject = f"partner:{plan.partner_id}"
    return NewAct(act_kind(model, plan.replaces_id), subject, figures, plan.partner_id, key)


def export_certificates(database: Database) -> Iterator[Sequence[Exported]]:
    """Yield the certificates in force."""
    query = _in_force(Certificate).join(Partner, Partner.id == Certificate.partner_id)
    query = query.add_columns(Partner.number, Partner.name)
    for row in pieces(database, query, Certificate.id):
        yield row.number, row.name, row.valid_from, row.valid_until, row.revoked_on


def export_performance(database: Database) -> Iterator[Sequence[Exported]]:
    """Yield the performance in force."""
    query = _in_force(Performance).join(Partner, Partner.id == Performance.partner_id)
    query = query.join(Period, Period.id == Performance.period_id)
    query = query.add_columns(Partner.number, Partner.name, Period.code)
    for row in pieces(database, query, Performance.id):
        yield row.number, row.name, row.code, row.required, row.achieved


CERTIFICATES = Kind(
    columns=(NUMBER, NAME, *DAYS),
    facts=_facts_of(Certificate, "valid_from"),
    called=Finding((*PARTNER, "valid_from"), _certificate_called),
    keys=(Finding((*PARTNER, "valid_from"), _certificate_key),),
    meanings=(*PARTNER_NAMED, Finding(("valid_from", "valid_until"), _days_in_order)),
    guards=(Finding((*PARTNER, *_names(DAYS)), _one_in_force(_certificate)),),
    becomes=_becoming(_certificate),
    write=_writer_of(Certificate),
    export=export_certificates,
)
PERFORMANCE = Kind(
    columns=(NUMBER, NAME, PERIOD, *AMOUNTS),
    facts=_facts_of(Performance, "period_id"),
    called=PLACE_CALLED,
    keys=(PLACE_KEY,),
    meanings=(*PARTNER_NAMED, *map(_amounts_in_bounds, _names(AMOUNTS))),
    guards=(PERIOD_ON_FILE, Finding((*PLACE, *_names(AMOUNTS)), _one_in_force(_performance))),
    becomes=_becoming(_performance),
    write=_writer_of(Performance),
    export=export_performance,
)
