"""An auditor asks for a sample: that is recorded before anybody can know what will be drawn."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select

from models.claims import Claim
from models.money import Cents
from models.programme import Period
from models.vocabulary import JobKind, Role, State
from workflow.actors import Actor
from workflow.acts.record import record_act
from workflow.assignment import roles_now
from workflow.jobs import Item, admitted, start
from workflow.refusals import Problem, Refused
from workflow.sampling.sample import MONEY, WEIGHTS

Asked = Mapping[str, Any]
"""What is asked for: `method`, `size`, `seed_text`, and the keys of CONDITIONS. Weights are added to it."""

CONDITIONS: Mapping[str, Callable[[Any], ColumnElement[bool]]] = {
    "period": lambda code: Claim.period_id.in_(select(Period.id).where(Period.code == code)),
    "state": lambda state: Claim.state == state,
    "partner_id": lambda partner_id: Claim.partner_id == partner_id,
    "first_day": lambda day: Claim.submitted_on >= date.fromisoformat(day),
    "last_day": lambda day: Claim.submitted_on <= date.fromisoformat(day),
}
"""Which claims are drawn from: what `is_asked` of sample.py says of history, said of the claims on file."""


class Population(NamedTuple):
    """How many claims a sample is drawn from, and what they hold in cents."""

    claims: int
    amount: Cents


def ask_sample(connection: Connection, actor: Actor, now: datetime, asked: Asked, key: str) -> int:
    """Record that a sample is asked for and have it drawn; return the job: the same under the same key.

    Raises Refused for who is no auditor, and where there is nothing to draw from.
    """
    require_auditor(connection, actor)
    before = admitted(connection, actor, JobKind.draw_sample, key)
    if before is not None:
        return before
    if not population(connection, asked).claims:
        raise Refused(Problem("nothing_to_sample"))
    figures = {**asked, "weights": WEIGHTS}
    act_id = record_act(connection, actor, now, "sample_asked", "samples", figures, role=Role.auditor)
    return start(connection, actor, now, JobKind.draw_sample, {"act": act_id}, [Item({})], key)


def population(connection: Connection, asked: Asked) -> Population:
    """Return what a sample would be drawn from as claims stand now."""
    held = Claim.reserved + Claim.paid
    query = select(func.count(), func.coalesce(func.sum(held), 0)).where(*_which(asked))
    claims, amount = connection.execute(query).one()
    return Population(int(claims), int(amount))


def require_auditor(connection: Connection, actor: Actor) -> None:
    """Return for who is an auditor now; raise Refused for anybody else."""
    if actor.user_id is None or Role.auditor not in roles_now(connection, actor.user_id):
        raise Refused(Problem("not_yours"))


def _which(asked: Asked) -> Iterator[ColumnElement[bool]]:
    yield Claim.submitted_on.is_not(None)
    yield Claim.state != State.draft
    if asked["method"] == MONEY:
        yield Claim.reserved + Claim.paid > 0
    for name, condition in CONDITIONS.items():
        if name in asked:
            yield condition(asked[name])
