"""Remembers moves that were refused, apart from history; tells the managers where the vendor lacks a fact."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from models.claims import Claim
from models.database import Database
from models.history import RefusedAttempt
from models.messages import Message
from models.people import Partner
from models.programme import Period
from models.vocabulary import Role
from workflow.announcements import missing_fact_messages
from workflow.assignment import holders
from workflow.attempt import Command
from workflow.clock import programme_today
from workflow.erasure.held import held, wait_for_holds
from workflow.outbox import announce
from workflow.refusals import Refused
from workflow.verdicts import Whose, verdict_to_row

FACT_OF_RULE = {
    "period": "period",
    "certification": "certificate",
    "performance": "performance",
    "activity-details": "country_limit",
}
"""What the programme owner has to record where a rule waits for its people."""

FACT_OF_PROBLEM = {"no_fund": "fund", "no_open_period": "period"}
"""The same where plain sense does."""

PER_HOUR = 60
"""How many refused attempts of one actor are kept in an hour; more would only fill the table."""


def remember(database: Database, command: Command, refused: Refused, now: datetime) -> None:
    """Keep a refused attempt, and tell the programme managers of facts that only they can record."""
    with database.write() as connection:
        claim = connection.execute(
            select(Claim.__table__, Partner.name.label("partner_name"), Period.code.label("period_code"))
            .select_from(Claim)
            .join(Partner, Partner.id == Claim.partner_id)
            .outerjoin(Period, Period.id == Claim.period_id)
            .where(Claim.id == command.claim_id)
        ).one()
        if _recent(connection, command, now) < PER_HOUR:
            connection.execute(
                insert(RefusedAttempt).values(
                    at=now,
                    claim_id=claim.id,
                    partner_id=claim.partner_id,
                    actor_id=command.actor.user_id,
                    trigger=command.trigger,
                    state=claim.state,
                    why=refused.why,
                    verdicts=[verdict_to_row(one) for one in refused.verdicts],
                )
            )
        missing = vendor_facts_missing(refused)
        if missing:
            _tell_managers(connection, command, claim, missing, now)


def vendor_facts_missing(refused: Refused) -> list[str]:
    """Return which facts kept the move back that are the programme owner's to record."""
    facts = {
        FACT_OF_RULE[verdict.rule]
        for verdict in refused.verdicts
        if verdict.broken and verdict.whose is Whose.vendor and verdict.rule in FACT_OF_RULE
    }
    facts |= {FACT_OF_PROBLEM[one.code] for one in refused.problems if one.code in FACT_OF_PROBLEM}
    return sorted(facts)


def prune(database: Database, before: datetime) -> int:
    """Delete refused attempts from before a moment; return how many. Those on claims on hold stay."""
    old, free = RefusedAttempt.at < before, ~held(RefusedAttempt.claim_id, RefusedAttempt.partner_id)
    with database.write() as connection:
        wait_for_holds(connection, Partner.id.in_(select(RefusedAttempt.partner_id).where(old)))
        return connection.execute(delete(RefusedAttempt).where(old, free)).rowcount


def _recent(connection: Connection, command: Command, now: datetime) -> int:
    return (
        connection.scalar(
            select(func.count()).where(
                RefusedAttempt.actor_id == command.actor.user_id, RefusedAttempt.at > now - timedelta(hours=1)
            )
        )
        or 0
    )


def _tell_managers(
    connection: Connection, command: Command, claim: Any, missing: list[str], now: datetime
) -> None:
    """Tell each manager once on a day of the programme, however often it is tried."""
    today = programme_today(connection, now)
    key = f"missing:{claim.partner_id}:{claim.period_code}:{'+'.join(missing)}:{today}"
    told = set(
        connection.scalars(select(Message.user_id).where(Message.key.startswith(f"{key}:", autoescape=True)))
    )
    untold = [user_id for user_id in holders(connection, Role.manager) if user_id not in told]
    announce(connection, missing_fact_messages(claim, command.trigger, missing, untold, key=key, now=now))
