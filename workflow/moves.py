"""The path of a move: read facts, decide, work out the rows, write them. One transaction, all or nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import Connection, and_, bindparam, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from models.database import Database
from models.driver import Question
from models.history import Move
from models.money import Cents
from models.people import User, UserRole
from models.programme import Period
from models.vocabulary import Role, State, Trigger
from workflow.actors import Actor
from workflow.assignment import colleagues_by_role, hold
from workflow.attempt import Attempt, Command
from workflow.authority import authority_of
from workflow.clock import programme_day
from workflow.consequences import NO_STAFF, Consequences, Staff, consequences
from workflow.dossier import AnyRow, Dossier, Query
from workflow.gathering import gather_and_ask
from workflow.holds import ACCOUNTS_STAND, HELD
from workflow.machine import decide
from workflow.payments import CLAW_BACK, PAYMENTS
from workflow.policy_shelf import Version, policy_in_force, policy_version
from workflow.refusals import ClaimNotFound, Problem, Refused
from workflow.routing import ONE_APPROVER, Route, groups_of, route_of
from workflow.sharing import shares_of
from workflow.table import ROLE_OF_TASK, TASK_OF
from workflow.task_deadlines import office_of
from workflow.writer import Conflict, write

ATTEMPTS = 5
"""How often a command is done again, whole, after a conflict with somebody else's."""

TAKES_SHARES = frozenset({Trigger.report, Trigger.accept})
"""Moves that may take part of a shared invoice."""

_DO_AGAIN = frozenset({"40001", "40P01"})  # serialization failure, deadlock

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Done:
    """A move that was made. `repeated` says that this very request had made it before."""

    claim_id: int
    number: int
    trigger: Trigger
    source: State
    target: State
    repeated: bool = False


def perform(database: Database, command: Command, now: datetime) -> Done:
    """Make one move, in a transaction of its own.

    Raises Refused with every reason why not, or ClaimNotFound. The same `key` again changes nothing and
    returns what was done the first time.
    """
    return in_transaction(database, lambda connection: perform_in(connection, command, now))


def in_transaction(database: Database, work: Callable[[Connection], Result]) -> Result:
    """Return what the work returns, done in one write transaction, and again, whole, after a conflict."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with database.write() as connection:
                return work(connection)
        except Conflict:
            if attempt == ATTEMPTS:
                raise
        except OperationalError as error:
            if attempt == ATTEMPTS or getattr(error.orig, "sqlstate", None) not in _DO_AGAIN:
                raise
    raise AssertionError("unreachable")


def settled(database: Database, work: Callable[[Connection], Result]) -> Result:
    """Return what the work returns, done in one write transaction.

    What somebody else did at the same moment, so that the database refused it, is seen at a second try.
    """
    try:
        return in_transaction(database, work)
    except IntegrityError:
        return in_transaction(database, work)


def perform_in(connection: Connection, command: Command, now: datetime) -> Done:
    """Make one move within the caller's write transaction; see `perform`."""
    questions = [_who_asks(command), *_asked_besides(command)]
    found, (rows, *more) = gather_and_ask(connection, [command.claim_id], questions, lock=True)
    dossier = found.get(command.claim_id)
    if dossier is None:
        raise ClaimNotFound(command.claim_id)
    actor, own_limit, before = _admitted(command, rows)
    if before is not None:
        return before
    command = command._replace(actor=actor)
    if command.version is not None and command.version != dossier.claim.version:
        raise Refused(Problem("stale"))
    attempt = attempt_of(connection, dossier, command, now)
    attempt.asked = more[-1] if more else ()
    attempt.authority = authority_of(connection, dossier.claim, own_limit, attempt.today)
    if command.trigger in TAKES_SHARES:
        attempt.shares = shares_of(connection, dossier, lock=True)
    row = decide(attempt)
    opens_task = row.target in TASK_OF and not row.keeps_task
    staff = staff_of(connection, attempt.today) if opens_task else NO_STAFF
    result = consequences(attempt, row, staff)
    _hold_assignee(connection, result)
    try:
        write(connection, [result])
    except IntegrityError as error:
        if command.payment_reference and any(each in str(error.orig) for each in _REFERENCES):
            raise _reference_used(command) from error
        raise
    return Done(command.claim_id, result.move["number"], row.trigger, row.source, row.target)


def attempt_of(connection: Connection, dossier: Dossier, command: Command, now: datetime) -> Attempt:
    """Return the command with all that is known, ready for the machine. A submission is given its number."""
    claim = dossier.claim
    today = programme_day(now, claim.zone)
    if command.trigger is Trigger.submit:
        version = policy_in_force(connection, today)
        number = claim.number or _next_number(connection, claim.period_id)
    else:
        version = policy_version(connection, claim.policy_version_id)
        number = claim.number
    route = _route(claim, version) if command.trigger in TO_BE_ROUTED else ONE_APPROVER
    deciders = deciders_of(connection, claim.id) if command.trigger is Trigger.dispute else ()
    return Attempt(
        dossier=dossier,
        command=command,
        policy=version.policy if version else None,
        policy_version_id=version.id if version else None,
        now=now,
        today=today,
        state=claim.state,
        number=number,
        route=route,
        deciders=deciders,
    )


TO_BE_ROUTED = frozenset({Trigger.submit, Trigger.amend})
"""Moves with which a plan goes to whoever decides on it."""


def _route(claim: AnyRow, version: Version | None) -> Route:
    """Return the way that a claim which is being submitted will go, by its policy version."""
    return route_of(
        (version and version.policy.routing) or (),
        country=claim.country,
        activity_type=claim.activity_type,
        partner_id=claim.partner_id,
        requested=claim.requested or 0,
    )


def deciders_of(connection: Connection, claim_id: int) -> tuple[int, ...]:
    """Return who decided on a claim so far, and on whose behalf."""
    rows = connection.execute(
        select(Move.actor_id, Move.on_behalf_of_id).where(
            Move.claim_id == claim_id, Move.role == Role.approver
        )
    )
    return tuple(sorted({user_id for row in rows for user_id in row if user_id is not None}))


def staff_of(connection: Connection, today: date) -> Staff:
    """Return who may be given a task on a programme day."""
    by_role = colleagues_by_role(connection, {Role.manager, *ROLE_OF_TASK.values()}, today)
    managers = tuple(one.user_id for one in by_role[Role.manager])
    return Staff(by_role, managers, groups_of(connection), office_of(connection))


_THIS_REQUEST = and_(Move.claim_id == bindparam("claim"), Move.key == bindparam("request"))
_MADE = (Move.actor_id, Move.number, Move.trigger, Move.source, Move.target)

_BY_A_PERSON = (
    select(UserRole.role, User.amount_limit, *_MADE)
    .select_from(User)
    .join(UserRole, UserRole.user_id == User.id)
    .outerjoin(Move, _THIS_REQUEST)
    .where(User.id == bindparam("actor"), User.deactivated_at.is_(None))
)
_BY_TIME = select(*_MADE).where(_THIS_REQUEST)


def _who_asks(command: Command) -> Question:
    """Return what tells the actor's roles now, and the move that this very request made before, if it did."""
    asked = {"claim": command.claim_id, "request": command.key}
    actor_id = command.actor.user_id
    return (_BY_TIME, asked) if actor_id is None else (_BY_A_PERSON, {**asked, "actor": actor_id})


ASKED_BESIDES: dict[Trigger, tuple[Query, ...]] = {
    Trigger.reimburse: (ACCOUNTS_STAND, HELD),
    Trigger.pay_part: (ACCOUNTS_STAND, HELD),
    Trigger.reopen: (HELD,),
    Trigger.payment_failed: (PAYMENTS,),
    Trigger.claw_back: (CLAW_BACK,),
}
"""What a trigger's guard has to know that no other does: the last of these questions about the claim."""


def _asked_besides(command: Command) -> list[Question]:
    """Return the trigger's own questions, if it has any: every other move takes no statement more."""
    day = command.paid_on.isoformat() if command.paid_on else None
    about = {"claim": command.claim_id, "paid_on": day}
    return [(query, about) for query in ASKED_BESIDES.get(command.trigger, ())]


def _admitted(command: Command, rows: Sequence[AnyRow]) -> tuple[Actor, Cents | None, Done | None]:
    """Return the actor with the roles still held now and their limit, and what this very request did before.

    A key that made a move of somebody else's is refused: no page gives two people the same.
    """
    actor, own_limit = command.actor, None
    if actor.user_id is not None:
        actor = actor._replace(roles=actor.roles & {row.role for row in rows})
        own_limit = rows[0].amount_limit if rows else None
    move = rows[0] if rows and rows[0].number is not None else None
    if move is None:
        return actor, own_limit, None
    if move.actor_id != actor.user_id:
        raise Refused(Problem("stale"))
    done = Done(command.claim_id, move.number, move.trigger, move.source, move.target, repeated=True)
    return actor, own_limit, done


def _hold_assignee(connection: Connection, result: Consequences) -> None:
    """Raise Conflict where whoever is to get the task has just left: the command then finds somebody else."""
    assignee = result.task["assignee_id"] if result.task else None
    if result.task is None or assignee is None:
        return
    if not hold(connection, assignee, ROLE_OF_TASK[result.task["kind"]]):
        raise Conflict(result.claim_id)


def _next_number(connection: Connection, period_id: int | None) -> str | None:
    """Return a claim number that was never given before (`2026H1-00042`)."""
    if period_id is None:
        return None
    row = connection.execute(
        update(Period)
        .where(Period.id == period_id)
        .values(last_claim_number=Period.last_claim_number + 1)
        .returning(Period.code, Period.last_claim_number)
    ).one()
    return f"{row.code}-{row.last_claim_number:05d}"


_REFERENCES = ("payment_reference", "payment is append-only")
"""What the databases say where another payment bears the reference; SQLite asks its guard first."""


def _reference_used(command: Command) -> Refused:
    figures = {"reference": command.payment_reference.strip()}
    return Refused(Problem("reference_used", "payment_reference", figures))
