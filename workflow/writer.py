"""Stores what moves write: one move's rows, or a whole batch's, with the same statements.

Every statement is set for the batch, so their number does not grow with it, and all are sent together.
Conditions are looked at before the commit: a claim that is no longer what it was, or a fund that does not
hold the money, raises Conflict.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from models.base import Base
from models.bulk import inserting, updating
from models.claims import Claim, Evidence
from models.driver import send
from models.funds import Fund, LedgerEntry
from models.history import Move, Reason
from models.links import Link
from models.messages import Message
from models.payment_runs import RunClaim
from models.payments import ClawBack, Payment, PaymentFailure
from models.tasks import Task
from models.vocabulary import LeftRun
from workflow.consequences import Consequences
from workflow.ledger import BUCKETS
from workflow.proof.chains import move_link

Batch = Sequence[Consequences]


class Conflict(Exception):
    """Something that the decision rested on has changed since; do the whole command again."""


class Order(NamedTuple):
    """Rows to insert or, with `updates`, to change; with `firm` each of those must be what it was."""

    model: type[Base]
    rows: Sequence[Mapping[str, Any]]
    updates: bool = False
    firm: bool = False


def write(connection: Connection, batch: Batch) -> None:
    """Store every move of the batch, each whole. After Conflict the transaction must roll back."""
    dialect = connection.dialect
    orders = [order for order in _orders(batch) if order.rows]
    commands = [
        (updating if order.updates else inserting)(dialect, order.model, order.rows) for order in orders
    ]
    for order, cursor in zip(orders, send(connection, commands), strict=True):
        if order.firm and cursor.rowcount != len(order.rows):
            raise Conflict(order.model.__tablename__, [row["was_id"] for row in order.rows])


def _orders(batch: Batch) -> Iterator[Order]:
    yield from _claims(batch)
    yield Order(Fund, _funds(batch), updates=True, firm=True)
    yield Order(Reason, [text for one in batch for text in (one.reason, one.texts) if text])
    yield Order(Move, [one.move for one in batch])
    yield Order(Link, [_link(one) for one in batch])
    yield Order(LedgerEntry, [_ledger_row(one) for one in batch if one.entry])
    yield Order(Payment, [one.payment for one in batch if one.payment])
    yield Order(PaymentFailure, [one.failure for one in batch if one.failure])
    released = [one for one in batch if one.closes_claw_back]
    yield Order(ClawBack, [_closed(one, one.closes_claw_back) for one in released], updates=True, firm=True)
    owed_again = [_out_of_run(one) for one in batch if one.leaves_run]
    yield Order(RunClaim, owed_again, updates=True, firm=True)
    ended = [one for one in batch if one.closes_task]
    yield Order(Task, [_closed(one, one.closes_task) for one in ended], updates=True)
    yield Order(Task, [one.task for one in batch if one.task])
    yield Order(Evidence, [row for one in batch for row in _frozen(one)], updates=True)
    yield Order(Message, [row for one in batch for row in one.messages])


def _claims(batch: Batch) -> Iterator[Order]:
    """Yield the new values of the claims, those together that change the same columns."""
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
        yield Order(Claim, rows, updates=True, firm=True)


def _funds(batch: Batch) -> list[dict[str, Any]]:
    """Return what is added to each fund, in the order of their ids, so that two batches never block both."""
    changes: dict[int, dict[str, Any]] = {}
    for one in batch:
        if one.entry is not None:
            assert one.fund_id is not None
            row = changes.setdefault(one.fund_id, {"was_id": one.fund_id})
            for bucket, cents in one.entry.change().items():
                name = f"plus_{bucket}"
                row[name] = row.get(name, 0) + cents
    return [row for _, row in sorted(changes.items())]


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


def _link(one: Consequences) -> dict[str, Any]:
    return move_link(
        one.move,
        one.head,
        ledger_entry=_ledger_row(one) if one.entry else None,
        payment=one.payment,
        payment_failure=one.failure,
    )


def _closed(one: Consequences, row_id: int | None) -> dict[str, Any]:
    return {"was_id": row_id, "closed_at": one.move["at"]}


def _out_of_run(one: Consequences) -> dict[str, Any]:
    return {"was_id": one.leaves_run, "taken_out_at": one.move["at"], "taken_out_why": LeftRun.failed}


def _frozen(one: Consequences) -> Iterator[dict[str, Any]]:
    for evidence_id in one.frozen:
        yield {"was_id": evidence_id, "frozen_at": one.move["at"]}
