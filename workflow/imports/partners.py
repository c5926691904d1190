"""Partners: named by their number, or else by their name."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from models.bulk import inserting, new_ids, updating
from models.database import Database
from models.driver import send
from models.people import Partner
from models.vocabulary import RowVerdict
from workflow.acts import partners as acts
from workflow.acts.record import NewAct, record_acts
from workflow.imports.cells import Column, Values, country, text
from workflow.imports.kinds import Asking, Exported, Kind, to_write
from workflow.imports.naming import NUMBER, Partners, lock_partners, partners_on_file
from workflow.imports.pieces import pieces
from workflow.imports.verdicts import Judged, compared, wrong
from workflow.policy_shelf import policy_in_force
from workflow.refusals import Problem

COLUMNS = (
    NUMBER,
    Column("name", "The partner’s name.", text(200), needed=True),
    Column("type", "A partner type of the policy, such as distributor.", text(40), needed=True),
    Column("country", "Two letters, such as DE.", country, needed=True),
)

_COLUMN_OF = {"number": "partner_number", "partner_type": "type", "name": "name", "country": "country"}
"""The column of each value that is on file of a partner."""


@dataclass(frozen=True, slots=True)
class Facts:
    """All partners, and the codes of partner types by what people call them, in small letters."""

    partners: Partners
    types: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be on file of a partner, and what was: nothing of one that is new."""

    partner_id: int | None
    before: acts.Values | None
    after: acts.Values


def facts(connection: Connection, rows: Sequence[Values], asking: Asking) -> Facts:
    """Gather all partners, whose names and numbers are each other's, and lock those that the rows name."""
    if asking.lock:
        known = partners_on_file(connection)
        lock_partners(connection, sorted({one.id for row in rows if (one := _found(known, row))}))
    version = policy_in_force(connection, asking.today)
    labels = version.policy.catalogue.labels["partner_type"] if version else {}
    types = {label.lower(): code for code, label in labels.items()} | {code.lower(): code for code in labels}
    return Facts(partners_on_file(connection), types)


def _found(partners: Partners, values: Values) -> Any | None:
    """Return the partner that a row is about: that with its number, else the one with its name."""
    by_number = partners.by_number.get(values.get("partner_number") or "")
    return by_number or partners.by_name.get(values["name"].lower())


def judge(facts: Facts, line: int, values: Values) -> Judged:
    """Judge a row. A number that is on file is kept where the row has none."""
    name, number = values["name"], values.get("partner_number")
    found = _found(facts.partners, values)
    before = acts.on_file(found) if found else None
    kept = (before["number"] if before else None) or ""
    stands = before["partner_type"] if before else None
    kind = values["type"] if values["type"] == stands else facts.types.get(values["type"].lower())
    after = acts.values_of(name, kind or values["type"], values["country"], number or kept)
    keys = [f"name:{name.lower()}"]
    keys += [f"partner:{found.id}"] if found else []
    keys += [f"number:{number}"] if number else []
    problems = [Problem(one.code, _COLUMN_OF[one.field], one.figures) for one in acts.problems_of(after)]
    if kind is None:
        choice = ", ".join(sorted(set(facts.types.values())))
        problems.append(Problem("partner_type_unknown", "type", {"types": choice}))
    if number and kept and number != kept:
        problems.append(Problem("partner_has_number", "partner_number", {"name": name, "number": kept}))
    namesake = facts.partners.by_name.get(name.lower())
    if namesake is not None and namesake is not found:
        problems.append(Problem("name_taken", "name", {"name": name}))
    if problems:
        return wrong(line, name, problems, tuple(keys))
    plan = Plan(found.id if found else None, before, after)
    return compared(line, name, tuple(keys), before and _by_column(before), _by_column(after), plan)


def _by_column(values: acts.Values) -> dict[str, str | None]:
    return {column: values[name] for name, column in _COLUMN_OF.items()}


def write(
    connection: Connection, asking: Asking, rows: Sequence[Judged], key_of: Callable[[int], str]
) -> None:
    """Put new partners on file and correct the others, each by an act of its own."""
    new, changed = to_write(rows, RowVerdict.new), to_write(rows, RowVerdict.changed)
    ids = dict(zip((row.line for row in new), _add(connection, asking, new), strict=True))
    if changed:
        values = [{**row.plan.after, "was_id": row.plan.partner_id} for row in changed]
        send(connection, [updating(connection.dialect, Partner, values)])
    record_acts(
        connection,
        asking.actor,
        asking.now,
        [_act(row.plan, row.plan.partner_id or ids[row.line], key_of(row.line)) for row in rows],
    )


def _add(connection: Connection, asking: Asking, new: Sequence[Judged]) -> Sequence[int]:
    if not new:
        return ()
    ids = new_ids(connection, Partner, len(new))
    rows = [
        {"id": one, **row.plan.after, "created_at": asking.now} for one, row in zip(ids, new, strict=True)
    ]
    send(connection, [inserting(connection.dialect, Partner, rows)])
    return ids


def _act(plan: Plan, partner_id: int, key: str) -> NewAct:
    subject = f"partner:{partner_id}"
    if plan.before is None:
        return NewAct("partner_added", subject, plan.after, partner_id, key)
    figures = {"before": plan.before, "after": plan.after}
    return NewAct("partner_changed", subject, figures, partner_id, key)


def export(database: Database) -> Iterator[Sequence[Exported]]:
    """Yield all partners, in the order in which they were put on file."""
    query = select(Partner.id, Partner.number, Partner.name, Partner.partner_type, Partner.country)
    for row in pieces(database, query, Partner.id):
        yield row.number, row.name, row.partner_type, row.country


KIND = Kind(COLUMNS, facts, judge, write, export)
