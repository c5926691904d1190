"""Stores what moves write: one move's rows, or a whole batch's, with the same statements.

Every statement is set for the batch, so their number does not grow with it. Conditions are looked at before
the commit: a claim that is no longer what it was, or a fund that does not hold the money, raises Conflict.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, insert, update

from models.claims import Claim, Evidence
from models.funds import Fund, LedgerEntry
from models.history import Move, Reason
from models.messages import Message
from models.tasks import Task
from workflow.consequences import Consequences
from workflow.ledger import BUCKETS


class Conflict(Exception):
    """Something that the decision rested on has changed since; do the whole command again."""


def write(connection: Connection, batch: Sequence[Consequences]) -> None:
    """Store every move of the batch, each whole. After Conflict the transaction must roll back."""
    for one in batch:
        _move_claim(connection, one)
    _move_money(connection, batch)
    _insert(connection, Reason, [one.reason for one in batch if one.reason])
    _insert(connection, Move, [one.move for one in batch])
    _insert(connection, LedgerEntry, [_ledger_row(one) for one in batch if one.entry])
    _close_tasks(connection, batch)
    _insert(connection, Task, [one.task for one in batch if one.task])
    _freeze_evidence(connection, batch)
    _insert(connection, Message, [row for one in batch for row in one.messages])


def _move_claim(connection: Connection, one: Consequences) -> None:
    changed = connection.execute(
        update(Claim)
        .where(Claim.id == one.claim_id, Claim.version == one.version, Claim.state == one.source)
        .values(**one.claim, version=one.version + 1, moves=one.move["number"])
    )
    if changed.rowcount != 1:
        raise Conflict(one.claim_id)


_MOVE_MONEY = (
    update(Fund)
    .where(
        Fund.id == bindparam("fund"),
        Fund.available + bindparam("d_available") >= 0,
        Fund.reserved + bindparam("d_reserved") >= 0,
    )
    .values(
        available=Fund.available + bindparam("d_available"),
        reserved=Fund.reserved + bindparam("d_reserved"),
        paid=Fund.paid + bindparam("d_paid"),
    )
)


def _move_money(connection: Connection, batch: Sequence[Consequences]) -> None:
    changes = [one for one in batch if one.entry]
    for one in sorted(changes, key=lambda one: one.fund_id or 0):
        assert one.entry is not None
        change = {f"d_{bucket}": cents for bucket, cents in one.entry.change().items()}
        if connection.execute(_MOVE_MONEY, {"fund": one.fund_id, **change}).rowcount != 1:
            raise Conflict(one.claim_id)


def _ledger_row(one: Consequences) -> dict[str, Any]:
    assert one.entry is not None
    source, target = BUCKETS[one.entry.kind]
    return {
        "fund_id": one.fund_id,
        "kind": one.entry.kind,
        "source": source,
        "target": target,
        "amount": one.entry.amount,
        "claim_id": one.claim_id,
        "move_number": one.move["number"],
        "at": one.move["at"],
    }


def _close_tasks(connection: Connection, batch: Sequence[Consequences]) -> None:
    closed = [one for one in batch if one.closes_task]
    if closed:
        connection.execute(
            update(Task)
            .where(Task.id.in_([one.closes_task for one in closed]))
            .values(closed_at=closed[0].move["at"])
        )


def _freeze_evidence(connection: Connection, batch: Sequence[Consequences]) -> None:
    frozen = [one for one in batch if one.freezes_evidence]
    if frozen:
        connection.execute(
            update(Evidence)
            .where(Evidence.claim_id.in_([one.claim_id for one in frozen]), Evidence.frozen_at.is_(None))
            .values(frozen_at=frozen[0].move["at"])
        )


def _insert(connection: Connection, model: type[Any], rows: Sequence[Any]) -> None:
    if rows:
        connection.execute(insert(model.__table__), rows)
