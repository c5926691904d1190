"""How files name partners and periods, and how they are found."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection, select

from models.driver import ask
from models.people import Partner
from models.programme import Period
from workflow.imports.cells import Column, Values, text
from workflow.imports.kinds import Finding
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

    def named(self, values: Values) -> Any | None:
        """Return the partner that a row names, by its number or else its name, if any."""
        number, name = values.get("partner_number"), values.get("partner")
        if number is not None:
            return self.by_number.get(number)
        return self.by_name.get(name.lower()) if name is not None else None


class _HasPartners(Protocol):
    @property
    def partners(self) -> Partners: ...


class _HasPeriods(Protocol):
    @property
    def periods(self) -> Mapping[str, int]: ...


def _number_known(facts: _HasPartners, values: Values) -> Iterator[Problem]:
    number = values.get("partner_number")
    if number is not None and number not in facts.partners.by_number:
        yield Problem("partner_unknown", "partner_number", {"name": number})


def _name_known(facts: _HasPartners, values: Values) -> Iterator[Problem]:
    """Look for the name alone; beside a number on file, `_same_partner` says more."""
    name = values.get("partner")
    if name is None or values.get("partner_number") in facts.partners.by_number:
        return
    if name.lower() not in facts.partners.by_name:
        yield Problem("partner_unknown", "partner", {"name": name})


def _same_partner(facts: _HasPartners, values: Values) -> Iterator[Problem]:
    number, name = values.get("partner_number"), values.get("partner")
    found = facts.partners.by_number.get(number or "")
    if found and number is not None and name is not None and name.lower() != found.name.lower():
        yield Problem("partner_other", "partner", {"number": number, "name": found.name})


def _some_partner(_facts: _HasPartners, values: Values) -> Iterator[Problem]:
    if values.get("partner_number") is None and values.get("partner") is None:
        yield Problem("field_missing", "partner")


def _period_known(facts: _HasPeriods, values: Values) -> Iterator[Problem]:
    if values["period"] not in facts.periods:
        yield Problem("period_unknown", "period", {"code": values["period"]})


PARTNER = (NUMBER.name, NAME.name)
"""The columns that name a partner."""

PARTNER_ON_FILE = (
    Finding(PARTNER[:1], _number_known),
    Finding(PARTNER[1:], _name_known),
    Finding(PARTNER, _same_partner),
)
PARTNER_NAMED = (*PARTNER_ON_FILE, Finding(PARTNER, _some_partner))
PERIOD_ON_FILE = Finding((PERIOD.name,), _period_known)


def partner_of(facts: _HasPartners, values: Values) -> Any:
    """Return the partner that a row names, which is on file."""
    return facts.partners.named(values)


def _called(facts: _HasPartners, values: Values) -> Iterator[str]:
    yield f"{partner_of(facts, values).name}, {values['period']}"


def _key(facts: _HasPartners, values: Values) -> Iterator[str]:
    yield f"{partner_of(facts, values).id}:{values['period']}"


PLACE = (*PARTNER, PERIOD.name)
"""The columns that name a partner in a period."""

PLACE_CALLED, PLACE_KEY = Finding(PLACE, _called), Finding(PLACE, _key)


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
    return sorted({one.id for one in found if one is not None})


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
