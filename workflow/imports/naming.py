"""How files name partners and periods, and how they are found."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from models.driver import ask
from models.people import Partner
from models.programme import Period
from workflow.imports.cells import Column, Values, text
from workflow.imports.verdicts import Judged, wrong
from workflow.refusals import Problem

NUMBER = Column("partner_number", "Your own number of the partner.", text(40))
NAME = Column("partner", "The partner’s name. Needed where there is no number.", text(200))
PERIOD = Column("period", "The code of the JMF period, such as 2026H1.", text(20), needed=True)

_ALL = select(Partner.id, Partner.number, Partner.name, Partner.partner_type, Partner.country)
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Partners:
    """All partners on file, by what a file may call them. A name is the same in capitals."""

    by_id: dict[int, Any]
    by_number: dict[str, Any]
    by_name: dict[str, Any]

    def named(self, values: Values) -> Any | Problem:
        """Return the partner that a row names, by its number or else by its name."""
        number, name = values.get("partner_number"), values.get("partner")
        if number is None and name is None:
            return Problem("field_missing", "partner")
        if number is None:
            assert name is not None
            return self.by_name.get(name.lower()) or Problem("partner_unknown", "partner", {"name": name})
        found = self.by_number.get(number)
        if found is None:
            return Problem("partner_unknown", "partner_number", {"name": number})
        if name is not None and name.lower() != found.name.lower():
            figures = {"number": number, "name": found.name}
            return Problem("partner_other", "partner", figures)
        return found


@dataclass(frozen=True, slots=True)
class Place:
    """What a row about a partner in a period is about."""

    partner: Any
    period_id: int
    code: str

    @property
    def name(self) -> str:
        """Return what people call it."""
        return f"{self.partner.name}, {self.code}"

    @property
    def key(self) -> str:
        """Return what no other row of a file may bear."""
        return f"{self.partner.id}:{self.code}"


def placed(partners: Partners, periods: Mapping[str, int], line: int, values: Values) -> Place | Judged:
    """Return the partner and the period that a row names, or its verdict where one is not on file."""
    partner, code = partners.named(values), values["period"]
    if isinstance(partner, Problem):
        return without_partner(line, values, partner)
    if code not in periods:
        problem = Problem("period_unknown", "period", {"code": code})
        return wrong(line, f"{partner.name}, {code}", [problem])
    return Place(partner, periods[code], code)


def without_partner(line: int, values: Values, problem: Problem) -> Judged:
    """Return the verdict on a row whose partner is not found, called by what it says."""
    return wrong(line, values.get("partner_number") or values.get("partner") or "–", [problem])


def partners_on_file(connection: Connection) -> Partners:
    """Return all partners, in one statement."""
    (rows,) = ask(connection, [(_ALL, {})])
    return Partners(
        {row.id: row for row in rows},
        {row.number: row for row in rows if row.number is not None},
        {row.name.lower(): row for row in rows},
    )


def named_ids(partners: Partners, rows: Iterable[Values]) -> list[int]:
    """Return the ids of the partners that rows name, in order."""
    found = (partners.named(values) for values in rows)
    return sorted({one.id for one in found if not isinstance(one, Problem)})


def lock_partners(connection: Connection, ids: Sequence[int]) -> None:
    """Keep everybody else from recording anything of these partners until the transaction ends."""
    for some in at_once(ids):
        connection.execute(
            select(Partner.id)
            .where(Partner.id.in_(some))
            .order_by(Partner.id)
            .with_for_update(key_share=True)
        ).all()


def at_once(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield as many of some keys as a statement takes, then the next."""
    return (keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE))


def periods_on_file(connection: Connection) -> dict[str, int]:
    """Return the ids of all periods by their codes."""
    return {row.code: row.id for row in connection.execute(select(Period.id, Period.code))}
