"""A partner reports what came of an activity: leads, meetings, revenue. No rule reads it."""

from datetime import datetime

from sqlalchemy import Connection, select

from models.claims import Claim
from models.database import insert_into
from models.exchange import ExchangeRate
from models.history import Act
from models.money import Cents, plain, rounded_down
from models.outcomes import Outcome
from models.vocabulary import Role, State
from workflow.actors import Actor
from workflow.acts.record import record_act
from workflow.assignment import roles_now
from workflow.dossier import AnyRow
from workflow.exchange import exchange_of
from workflow.rates import RATE
from workflow.refusals import Problem, Refused

HELD = frozenset({State.executed, State.accepted, State.reimbursed})
"""States in which the activity was held, and the fund bears a part of it or will."""


def report_outcomes(
    connection: Connection,
    actor: Actor,
    now: datetime,
    claim_id: int,
    *,
    leads: int,
    meetings: int,
    revenue: Cents,
    key: str | None = None,
) -> int:
    """Report the outcomes of a claim of the actor's partner so far, in place of what was reported before.

    `revenue` is in hundredths of the claim's currency. Returns the id of the act, which keeps the figures;
    the claim itself does not change. Raises LookupError for a claim that is not the actor's partner's,
    Refused for one whose activity was not reported, for who is no partner's any more, and for the very
    figures of the newest report. Under the key of that one its act is returned.
    """
    claim = _own_claim(connection, actor, claim_id)
    if claim.state not in HELD:
        raise Refused(Problem("wrong_state", figures={"state": claim.state.value}))
    exchange = exchange_of(claim)
    assert exchange is not None, "a submission pins a rate"
    worth = rounded_down(exchange.in_usd(revenue))
    figures = {
        "claim": claim_id,
        "leads": leads,
        "meetings": meetings,
        "revenue": plain(revenue),
        "currency": claim.currency,
        "worth": f"{plain(worth)} USD" if exchange.is_foreign else None,
    }
    newest = _newest(connection, claim_id)
    if newest is not None and newest.figures == figures:
        if key is not None and newest.key == key:
            return int(newest.id)
        raise Refused(Problem("outcomes_known"))
    act_id = record_act(
        connection,
        actor,
        now,
        "outcomes_reported",
        f"claim:{claim_id}",
        figures,
        partner_id=claim.partner_id,
        role=Role.partner,
        key=key,
    )
    counts = {"leads": leads, "meetings": meetings, "revenue": worth, "act_id": act_id}
    insert = insert_into(connection, Outcome).values(claim_id=claim_id, **counts)
    connection.execute(insert.on_conflict_do_update(index_elements=[Outcome.claim_id], set_=counts))
    return act_id


def _newest(connection: Connection, claim_id: int) -> AnyRow | None:
    """Return the act of the report that counts; None before the first."""
    act = select(Act.id, Act.key, Act.figures).join(Outcome, Outcome.act_id == Act.id)
    return connection.execute(act.where(Outcome.claim_id == claim_id)).one_or_none()


def _own_claim(connection: Connection, actor: Actor, claim_id: int) -> AnyRow:
    """Return a claim of the actor's partner with its rate, locked: reports of one claim come one by one."""
    if actor.partner_id is None or Role.partner not in roles_now(connection, actor.user_id or 0):
        raise Refused(Problem("not_yours"))
    mine = (Claim.id == claim_id) & (Claim.partner_id == actor.partner_id)
    row = connection.execute(
        select(Claim.state, Claim.partner_id, Claim.currency, *RATE)
        .outerjoin(ExchangeRate, ExchangeRate.id == Claim.pinned_rate_id)
        .where(mine)
        .with_for_update(of=Claim)
    ).one_or_none()
    if row is None:
        raise LookupError(claim_id)
    return row
