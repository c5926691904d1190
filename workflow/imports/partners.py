"""Partners: named by their number, or else by their name."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
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
from workflow.imports.kinds import Asking, Becomes, Exported, Finding, Kind, to_write
from workflow.imports.naming import NUMBER, Partners, lock_partners, partners_on_file
from workflow.imports.pieces import pieces
from workflow.imports.verdicts import Judged
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
    """All partners, their types, and the policy's types by what people call them, in small letters."""

    partners: Partners
    held: Set[str]
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
    known = partners_on_file(connection)
    return Facts(known, {one.partner_type for one in known.by_id.values()}, types)


def _found(partners: Partners, values: Values) -> Any | None:
    """Return the partner that a row is about: that with its number, else the one with its name."""
    by_number = partners.by_number.get(values.get("partner_number") or "")
    return by_number or _namesake(partners, values)


def _namesake(partners: Partners, values: Values) -> Any | None:
    return partners.by_name.get(values.get("name", "").lower())


def _name_key(_facts: Facts, values: Values) -> Iterator[str]:
    yield f"name:{values['name'].lower()}"


def _number_keys(facts: Facts, values: Values) -> Iterator[str]:
    if number := values.get("partner_number"):
        yield f"number:{number}"
        if found := facts.partners.by_number.get(number):
            yield f"partner:{found.id}"


def _partner_key(facts: Facts, values: Values) -> Iterator[str]:
    if found := _found(facts.partners, values):
        yield f"partner:{found.id}"


def _country_right(_facts: Facts, values: Values) -> Iterable[Problem]:
    return acts.country_problems(values["country"])


def _type_known(facts: Facts, values: Values) -> Iterator[Problem]:
    """Find a type that not even a partner of before the policy has."""
    if values["type"] not in facts.held:
        yield from _type_stands(facts, values)


def _type_stands(facts: Facts, values: Values) -> Iterator[Problem]:
    """Find a type that neither the policy knows nor the partner has already."""
    if _type(facts, values, _found(facts.partners, values)) is None:
        choice = ", ".join(sorted(set(facts.types.values())))
        yield Problem("partner_type_unknown", "type", {"types": choice})


def _type(facts: Facts, values: Values, found: Any | None) -> str | None:
    stands, said = found and found.partner_type, str(values["type"])
    return said if said == stands else facts.types.get(said.lower())


def _number_stays(facts: Facts, values: Values) -> Iterator[Problem]:
    found, number = _found(facts.partners, values), values.get("partner_number")
    if found and number and found.number and number != found.number:
        figures = {"name": values["name"], "number": found.number}
        yield Problem("partner_has_number", "partner_number", figures)


def _name_free(facts: Facts, values: Values) -> Iterator[Problem]:
    namesake = _namesake(facts.partners, values)
    if namesake is not None and namesake is not _found(facts.partners, values):
        yield Problem("name_taken", "name", {"name": values["name"]})


def becomes(facts: Facts, values: Values) -> Becomes:
    """Return what is on file of a partner before and after a row. A number is kept where the row has none."""
    found = _found(facts.partners, values)
    before = acts.on_file(found) if found else None
    number = values.get("partner_number") or (found and found.number) or ""
    said = _type(facts, values, found) or values["type"]
    after = acts.values_of(values["name"], said, values["country"], number)
    plan = Plan(found.id if found else None, before, after)
    return Becomes(before and _by_column(before), _by_column(after), plan)


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


_WHICH = ("partner_number", "name")

KIND = Kind(
    columns=COLUMNS,
    facts=facts,
    called=Finding(("name",), lambda _facts, values: [values["name"]]),
    keys=(
        Finding(("name",), _name_key),
        Finding(("partner_number",), _number_keys),
        Finding(_WHICH, _partner_key),
    ),
    guards=(
        Finding(("country",), _country_right),
        Finding(("type",), _type_known),
        Finding((*_WHICH, "type"), _type_stands),
        Finding(_WHICH, _number_stays),
        Finding(_WHICH, _name_free),
    ),
    becomes=becomes,
    write=write,
    export=export,
)
