"""Warns partners' contacts some days before the last day on which the partner is certified."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from models.claims import Claim
from models.database import Database
from models.messages import Message
from models.people import Partner, User
from models.vocabulary import MessageKind
from workflow.announcements import message_row
from workflow.certification import last_certified_day
from workflow.clock import programme_day
from workflow.expiry import EXPIRABLE, programme_zone
from workflow.gathering import certificates_of
from workflow.outbox import announce
from workflow.policy_shelf import policy_version


@dataclass(frozen=True, slots=True)
class Ending:
    """A partner whose certification ends, the step of the warning that has come, and who is to be told."""

    partner_id: int
    partner: str
    last_day: date
    days: int
    step: int
    contacts: tuple[int, ...]

    def key(self) -> str:
        """Return the warning's natural key, which the user it goes to makes whole."""
        return f"certificate:{self.partner_id}:{self.last_day.isoformat()}:{self.step}"


def warn(database: Database, now: datetime, warn_days: Iterable[int]) -> int:
    """Put the warnings that are due into the outbox and return how many there were.

    `warn_days` says how many days ahead; none is given twice for one last day, however often and on however
    many nodes this runs. One that was missed is given late, the nearest alone.
    """
    with database.write() as connection:
        zone = programme_zone(connection)
        if zone is None:
            return 0
        untold = _untold(connection, _endings(connection, programme_day(now, zone), sorted(warn_days)))
        at_risk = _claims_at_risk(connection, [ending.partner_id for ending, _ in untold])
        rows = [row for ending, user_ids in untold for row in _rows(ending, user_ids, at_risk, now)]
        announce(connection, rows)
        return len(rows)


def _endings(connection: Connection, today: date, steps: Sequence[int]) -> Iterator[Ending]:
    """Yield the partners whose certification ends within the furthest step."""
    people: dict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(
        select(User.id, User.partner_id, Partner.name)
        .join(Partner, Partner.id == User.partner_id)
        .where(User.is_contact, User.deactivated_at.is_(None))
        .order_by(User.id)
    ):
        people[row.partner_id].append(row)
    certificates = certificates_of(connection, people)
    for partner_id, contacts in people.items():
        last_day = last_certified_day(certificates[partner_id], today)
        days = (last_day - today).days if last_day else None
        step = next((step for step in steps if days is not None and days <= step), None)
        if last_day is not None and days is not None and step is not None:
            told = tuple(row.id for row in contacts)
            yield Ending(partner_id, contacts[0].name, last_day, days, step, told)


def _untold(connection: Connection, endings: Iterable[Ending]) -> list[tuple[Ending, list[int]]]:
    """Return each ending with those contacts who were not warned of it at this step yet."""
    wanted = {
        f"{ending.key()}:{user_id}": (ending, user_id) for ending in endings for user_id in ending.contacts
    }
    told = set(connection.scalars(select(Message.key).where(Message.key.in_(wanted))))
    untold: dict[Ending, list[int]] = defaultdict(list)
    for key, (ending, user_id) in wanted.items():
        if key not in told:
            untold[ending].append(user_id)
    return list(untold.items())


def _claims_at_risk(connection: Connection, partner_ids: Sequence[int]) -> Mapping[int, list[dict[str, str]]]:
    """Return, by partner, the claims that would expire, as the warning names them."""
    at_risk: dict[int, list[dict[str, str]]] = defaultdict(list)
    if not partner_ids:
        return at_risk
    for claim in connection.execute(
        select(Claim.partner_id, Claim.number, Claim.title, Claim.state, Claim.policy_version_id)
        .where(Claim.partner_id.in_(partner_ids), Claim.state.in_(EXPIRABLE), Claim.accepted_on.is_(None))
        .order_by(Claim.id)
    ):
        version = policy_version(connection, claim.policy_version_id)
        if version is not None and claim.state in version.policy.expirable_states:
            at_risk[claim.partner_id].append({"number": claim.number, "title": claim.title})
    return at_risk


def _rows(
    ending: Ending, user_ids: Iterable[int], at_risk: Mapping[int, list[dict[str, str]]], now: datetime
) -> Iterator[dict[str, Any]]:
    figures = {
        "partner": ending.partner,
        "days": ending.days,
        "last_day": ending.last_day.isoformat(),
        "claims": at_risk[ending.partner_id],
    }
    for user_id in user_ids:
        yield message_row(MessageKind.certificate_warning, ending.key(), user_id, figures, now)
