"""Stores what moves write: one move's rows, or a whole batch's, with the same statements.

Every statement is set for the batch, so their number does not grow with it. Conditions are looked at before
the commit: a claim that is no longer what it was, or a fund that does not hold the money, raises Conflict.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, update

from models.bulk import insert_rows, update_rows
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
    _move_claims(connection, batch)
    _move_money(connection, batch)
    insert_rows(connection, Reason, [one.reason for one in batch if one.reason])
    insert_rows(connection, Move, [one.move for one in batch])
    insert_rows(connection, LedgerEntry, [_ledger_row(one) for one in batch if one.entry])
    _close_tasks(connection, batch)
    insert_rows(connection, Task, [one.task for one in batch if one.task])
    _freeze_evidence(connection, batch)
    insert_rows(connection, Message, [row for one in batch for row in one.messages])


def _move_claims(connection: Connection, batch: Sequence[Consequences]) -> None:
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for one in batch:
        alike[tuple(one.claim)].append(
            {
                **one.claim,
                "version": one.version + 1,
                "moves": one.move["number"],
                "was_id": one.claim_id,
                "was_version": one.version,
                "was_state": one.source,
            }
        )
    for rows in alike.values():
        if update_rows(connection, Claim, rows) != len(rows):
            raise Conflict([row["was_id"] for row in rows])


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
    changes: dict[int | None, Counter[str]] = defaultdict(Counter)
    for one in batch:
        if one.entry is not None:
            changes[one.fund_id].update(one.entry.change())
    rows = [
        {"fund": fund_id, **{f"d_{bucket}": cents for bucket, cents in change.items()}}
        for fund_id, change in sorted(changes.items(), key=lambda item: item[0] or 0)
    ]
    if rows and connection.execute(_MOVE_MONEY, rows).rowcount != len(rows):
        raise Conflict([row["fund"] for row in rows])


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
    closed = [{"was_id": one.closes_task, "closed_at": one.move["at"]} for one in batch if one.closes_task]
    update_rows(connection, Task, closed)


def _freeze_evidence(connection: Connection, batch: Sequence[Consequences]) -> None:
    frozen = [one for one in batch if one.freezes_evidence]
    if frozen:
        connection.execute(
            update(Evidence)
            .where(Evidence.claim_id.in_([one.claim_id for one in frozen]), Evidence.frozen_at.is_(None))
            .values(frozen_at=frozen[0].move["at"])
        )
