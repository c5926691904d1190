"""Certificates, named by partner and first day, and performance, named by partner and period.

Both are corrected by a new row in the place of the one in force, as on the pages.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
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
from workflow.imports.kinds import Asking, Exported, Kind
from workflow.imports.naming import (
    NAME,
    NUMBER,
    PERIOD,
    Partners,
    at_once,
    lock_partners,
    named_ids,
    partners_on_file,
    periods_on_file,
    placed,
    without_partner,
)
from workflow.imports.pieces import pieces
from workflow.imports.verdicts import Judged, compared, wrong
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


def judge_certificate(facts: Facts, line: int, values: Values) -> Judged:
    """Judge a certificate. A file without `revoked_on` leaves revocations as they are."""
    partner = facts.partners.named(values)
    if isinstance(partner, Problem):
        return without_partner(line, values, partner)
    first, last = values["valid_from"], values["valid_until"]
    name, key = f"{partner.name}, {first.isoformat()}", f"{partner.id}:{first.isoformat()}"
    if problems := day_problems(first, last):
        return wrong(line, name, problems, (key,))
    known = facts.in_force.get((partner.id, first), [])
    revoked = values.get("revoked_on", known[0].revoked_on if known else None)
    days = {"valid_from": first, "valid_until": last, "revoked_on": revoked}
    return _placed(line, name, key, known, days, figures_of_certificate(days), partner.id, _days_text)


def judge_performance(facts: Facts, line: int, values: Values) -> Judged:
    """Judge what a partner had to achieve in a period, and did."""
    place = placed(facts.partners, facts.periods, line, values)
    if isinstance(place, Judged):
        return place
    amounts = {name: values[name] for name in ("required", "achieved")}
    if problems := amount_problems(**amounts):
        return wrong(line, place.name, problems, (place.key,))
    known = facts.in_force.get((place.partner.id, place.period_id), [])
    figures = figures_of_performance(place.code, **amounts)
    row = {"period_id": place.period_id, **amounts}
    return _placed(line, place.name, place.key, known, row, figures, place.partner.id, _amounts_text)


def _days_text(row: Mapping[str, date | None]) -> dict[str, str | None]:
    return {name: found.isoformat() if (found := row[name]) else None for name in _names(DAYS)}


def _amounts_text(row: Mapping[str, int]) -> dict[str, str | None]:
    return {name: plain(row[name]) for name in _names(AMOUNTS)}


def _names(columns: Sequence[Column]) -> list[str]:
    return [column.name for column in columns]


def _placed(
    line: int,
    name: str,
    key: str,
    known: Sequence[Any],
    values: Mapping[str, Any],
    figures: Mapping[str, Any],
    partner_id: int,
    text_of: Callable[[Any], dict[str, str | None]],
) -> Judged:
    """Return the verdict on a row, beside those in force under its key: one is corrected, not one of several.

    Where it is one of several exactly, it is that one, and nothing changes.
    """
    after, on_file = text_of(values), [text_of(row._mapping) for row in known]
    if after in on_file:
        return compared(line, name, (key,), after, after, None)
    if len(known) > 1:
        figures = {"number": str(len(known))}
        return wrong(line, name, [Problem("several_in_force", figures=figures)], (key,))
    replaces_id = known[0].id if known else None
    plan = Plan(partner_id, values, figures, replaces_id)
    return compared(line, name, (key,), on_file[0] if known else None, after, plan)


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
    (NUMBER, NAME, *DAYS),
    _facts_of(Certificate, "valid_from"),
    judge_certificate,
    _writer_of(Certificate),
    export_certificates,
)
PERFORMANCE = Kind(
    (NUMBER, NAME, PERIOD, *AMOUNTS),
    _facts_of(Performance, "period_id"),
    judge_performance,
    _writer_of(Performance),
    export_performance,
)
