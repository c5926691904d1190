"""Why claims came back, were rejected or got less: counted from the moves that say so."""

from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, cast, func, select, true

from models.claims import Claim
from models.history import Move
from models.json_text import items_at, members_at, word_at
from models.money import Cents
from models.vocabulary import State, Trigger
from workflow.dashboards.facets import LESS, NONE, SENT_BACK, Asking, Which, population
from workflow.dossier import Query


class Reason(NamedTuple):
    """How many claims and decisions something was the reason of, and an amount in cents of a US dollar."""

    claims: int
    decisions: int
    amount: Cents


def sent_back(asking: Asking, which: Which) -> dict[tuple[Trigger, State], Reason]:
    """Return the decisions that said no by `SENT_BACK`, with what was asked for. One statement."""
    said_no = Move.trigger.in_({trigger for trigger, _ in SENT_BACK})
    query = _moves(asking, which, Move.trigger, Move.source).where(said_no)
    rows = asking.connection.execute(query.group_by(Move.trigger, Move.source))
    return {(row[0], row[1]): _reason(row[2:]) for row in rows}


def rejected_why(asking: Asking, which: Which) -> dict[str, Reason]:
    """Return rejections by the code that their approver chose, with what was asked for. One statement.

    Those from before there were codes stand under NONE.
    """
    why = func.coalesce(word_at(asking.connection, Move.figures, "why"), NONE)
    return _by_word(asking, _moves(asking, which, why).where(Move.trigger == Trigger.reject), why)


def rejected_rules(asking: Asking, which: Which) -> dict[str, Reason]:
    """Return rejections by the rules that were broken then, with what was asked for. One statement.

    A claim that broke several counts under each.
    """
    rule = items_at(asking.connection, Move.figures, "broken")
    query = _moves(asking, which, rule.c.value).join(rule, true()).where(Move.trigger == Trigger.reject)
    return _by_word(asking, query, rule.c.value)


def reduced(asking: Asking, which: Which) -> dict[str, Reason]:
    """Return what approvals and acceptances disallowed, by its reason. One statement.

    Every decision counts as it was made: what was raised later, or decided anew, is not taken off.
    """
    part = members_at(asking.connection, Move.figures, "disallowed")
    cents = cast(func.replace(part.c.value, ".", ""), BigInteger)
    query = _moves(asking, which, part.c.key, amount=cents).join(part, true()).where(Move.trigger.in_(LESS))
    return _by_word(asking, query, part.c.key)


def _moves(asking: Asking, which: Which, *by: Any, amount: ColumnElement[int] | None = None) -> Query:
    asked = func.coalesce(Move.requested, 0) if amount is None else amount
    return (
        select(*by, func.count(Move.claim_id.distinct()), func.count(), func.sum(asked))
        .select_from(Move)
        .join(Claim, Claim.id == Move.claim_id)
        .where(*population(asking, which))
    )


def _by_word(asking: Asking, query: Query, word: ColumnElement[str]) -> dict[str, Reason]:
    rows = asking.connection.execute(query.group_by(word))
    return {row[0]: _reason(row[1:]) for row in rows}


def _reason(values: Any) -> Reason:
    return Reason(*map(int, values))
