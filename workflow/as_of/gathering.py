"""Reads all that a claim as of a moment is made of, in a fixed number of statements."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Connection, case, func, select

from models.base import WholeNumber
from models.funds import Fund, LedgerEntry
from models.history import Act, Move
from models.messages import Message
from models.payments import Payment, PaymentFailure
from models.people import Absence, User, UserRole
from models.programme import Period, PolicyVersion
from models.standing import Certificate, Performance
from models.tasks import Task
from models.vocabulary import Bucket, MessageKind, Role
from workflow.as_of.claim import Stand, stand_at
from workflow.as_of.deciding import (
    DISPUTES,
    ROUTING,
    Values,
    former_rules_at,
    groups_at,
    needs_at,
    route_at,
    values_at,
)
from workflow.as_of.knowledge import Records
from workflow.as_of.people import CHANGES, Person, people_at
from workflow.as_of.tasks import Held, task_at, turn_taken, turn_told
from workflow.assignment import Needs
from workflow.dossier import AnyRow, Rows
from workflow.former_routing import former_rows
from workflow.moves import TO_BE_ROUTED
from workflow.policy_shelf import policy_version, stands
from workflow.routing import ONE_APPROVER, Route, groups_of


class AsOf(NamedTuple):
    """A claim at a moment: where it stood, the task on it, the fund it drew on, the people, the records.

    The `fund` is None where nothing had been allocated. `moves` are all moves of the claim, later ones too.
    `values` and `needs` are what it bore of its decisions, and what the open task asked for.
    """

    moves: Rows
    stand: Stand
    task: Held | None
    fund: AnyRow | None
    people: list[Person]
    records: Records
    values: Values
    needs: Needs | None


def as_of(connection: Connection, claim: Any, at: datetime, day: date) -> AsOf:
    """Return a claim as of a moment since it was made, which lies on a programme day.

    `claim` is its row as it stands now.
    """
    users, moves, acts = _users(connection), _moves(connection, claim.id), _acts(connection, claim.id)
    stand = stand_at(claim.created_at, moves, acts["plan_corrected"], at)
    task = _task(connection, claim.id, acts["task_taken"], users, at)
    groups, routing = groups_of(connection), _routing(connection)
    route = _route(connection, claim, moves, stand.sent, routing)
    disputes = sorted((act for kind in DISPUTES for act in acts[kind]), key=lambda act: act.id)
    values = values_at(moves, disputes, route, at)
    then = groups_at(groups, routing, at)
    return AsOf(
        moves=moves,
        stand=stand,
        task=task,
        fund=_funds(connection, claim.partner_id, at).get(stand.period or ""),
        people=people_at(users, _changes_since(connection, at), at),
        records=_records(connection, claim.id, claim.partner_id, day),
        values=values,
        needs=needs_at(task.kind, claim.partner_id, stand, values, then) if task else None,
    )


def _acts(connection: Connection, claim_id: int) -> defaultdict[str, list[AnyRow]]:
    """Return the acts on a claim that leave no move, by their kinds, the oldest first."""
    found: defaultdict[str, list[AnyRow]] = defaultdict(list)
    for act in connection.execute(
        select(Act.id, Act.kind, Act.at, Act.figures)
        .where(Act.subject == f"claim:{claim_id}", Act.kind.in_(("plan_corrected", "task_taken", *DISPUTES)))
        .order_by(Act.id)
    ):
        found[act.kind].append(act)
    return found


def _routing(connection: Connection) -> Rows:
    return connection.execute(
        select(Act.id, Act.kind, Act.at, Act.subject, Act.figures).where(Act.kind.in_(ROUTING))
    ).all()


def _route(connection: Connection, claim: Any, moves: Rows, sent: AnyRow | None, acts: Rows) -> Route:
    """Return the way of a claim by the routing rules that held when its plan went to whoever decides.

    Rules from before versions held them may have named people. A way that they gave, and that the claim bears
    still, is as it was.
    """
    version = policy_version(connection, sent.policy_version_id) if sent else None
    if sent is None or version is None:
        return ONE_APPROVER
    if version.says_routing:
        return route_at(sent, version.policy.routing or ())
    if claim.route and not any(move.number > sent.number for move in moves if move.trigger in TO_BE_ROUTED):
        return Route(tuple(claim.route["tiers"]), claim.route["rule"])
    return route_at(sent, former_rules_at(former_rows(connection), acts, sent.at))


def _moves(connection: Connection, claim_id: int) -> Rows:
    return connection.execute(
        select(Move.__table__).where(Move.claim_id == claim_id).order_by(Move.number)
    ).all()


def _task(connection: Connection, claim_id: int, taken: Rows, users: Rows, at: datetime) -> Held | None:
    tasks = connection.execute(
        select(Task.__table__).where(Task.claim_id == claim_id).order_by(Task.id)
    ).all()
    told = connection.execute(
        select(Message.kind, Message.user_id, Message.created_at, Message.figures)
        .where(Message.claim_id == claim_id, Message.kind.in_((MessageKind.turn, MessageKind.unassigned)))
        .order_by(Message.id)
    ).all()
    turns = [*map(turn_told, told), *map(turn_taken, taken)]
    return task_at(tasks, turns, {user.id: user.name for user in users}, at)


def _users(connection: Connection) -> Rows:
    """Return the programme owner's people as they are now, each with their roles."""
    roles: defaultdict[int, set[Role]] = defaultdict(set)
    found = connection.execute(
        select(
            User.id,
            User.name,
            User.created_at,
            User.amount_limit,
            User.deactivated_at,
            User.password_hash.is_not(None).label("has_password"),
            UserRole.role,
        )
        .outerjoin(UserRole, UserRole.user_id == User.id)
        .where(User.partner_id.is_(None))
        .order_by(User.name, User.id)
    ).all()
    for row in found:
        roles[row.id].add(row.role)
    by_id: Mapping[int, AnyRow] = {row.id: row for row in found}
    return [
        cast(
            AnyRow,
            SimpleNamespace(
                **row._asdict() | {"roles": frozenset(roles[id]), "active": row.deactivated_at is None}
            ),
        )
        for id, row in by_id.items()
    ]


def _changes_since(connection: Connection, at: datetime) -> Rows:
    return connection.execute(
        select(Act.id, Act.kind, Act.subject, Act.figures).where(
            Act.kind.in_(CHANGES), Act.partner_id.is_(None), Act.at > at
        )
    ).all()


def _funds(connection: Connection, partner_id: int, at: datetime) -> dict[str, AnyRow]:
    """Return the balances of a partner's funds at a moment, by the codes of their periods."""

    def balance(bucket: Bucket) -> ColumnElement[int]:
        moved = case(
            (LedgerEntry.target == bucket, LedgerEntry.amount),
            (LedgerEntry.source == bucket, -LedgerEntry.amount),
            else_=0,
        )
        return func.sum(moved).cast(WholeNumber).label(bucket.value)

    held = map(balance, (Bucket.available, Bucket.reserved, Bucket.paid))
    rows = connection.execute(
        select(Fund.id, Period.code, *held)
        .join(Period, Period.id == Fund.period_id)
        .join(LedgerEntry, LedgerEntry.fund_id == Fund.id)
        .where(Fund.partner_id == partner_id, LedgerEntry.at <= at)
        .group_by(Fund.id, Period.code)
    )
    return {row.code: row for row in rows}


def _records(connection: Connection, claim_id: int, partner_id: int, day: date) -> Records:
    recorded, failed = Move.__table__.alias("recorded"), Move.__table__.alias("failed")
    payments = (
        select(
            Payment.amount,
            Payment.paid_on,
            recorded.c.at.label("recorded_at"),
            failed.c.at.label("failed_at"),
        )
        .join(
            recorded,
            (recorded.c.claim_id == Payment.claim_id) & (recorded.c.number == Payment.move_number),
        )
        .outerjoin(PaymentFailure, PaymentFailure.payment_id == Payment.id)
        .outerjoin(
            failed,
            (failed.c.claim_id == PaymentFailure.claim_id) & (failed.c.number == PaymentFailure.move_number),
        )
        .where(Payment.claim_id == claim_id)
    )
    performance = (
        select(Performance.__table__, Period.code.label("period"))
        .join(Period, Period.id == Performance.period_id)
        .where(Performance.partner_id == partner_id)
        .order_by(Period.first_day, Performance.id)
    )
    certificates = (
        select(Certificate.__table__)
        .where(Certificate.partner_id == partner_id)
        .order_by(Certificate.valid_from, Certificate.id)
    )
    # A version is withdrawn before its first day only: one that was never counted on any day.
    versions = select(PolicyVersion.id, PolicyVersion.first_day, PolicyVersion.recorded_at).where(stands())
    absences = (
        select(Absence.__table__, Act.at.label("recorded_at"))
        .join(Act, Act.id == Absence.act_id)
        .where(Absence.first_day <= day, Absence.last_day >= day)
        .order_by(Absence.first_day, Absence.id)
    )
    queries = (certificates, performance, versions, payments, absences)
    return Records(*(connection.execute(query).all() for query in queries))
