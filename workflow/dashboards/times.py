"""How long claims stay in each state: stays that ended, from moves, and apart those that go on."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from models.claims import Claim
from models.history import Move
from models.tasks import Task
from models.vocabulary import State, TaskKind
from workflow.dashboards.facets import Asking, Which, narrowed, population
from workflow.dashboards.spans import Spans, tenths_between
from workflow.dossier import Query
from workflow.table import ENDS


def ended_stays(asking: Asking, which: Which) -> dict[State, Spans]:
    """Return the stays that ended, by state. Two statements.

    A stay begins with the move that led to the state from another one, a first draft's with its making; the
    next move to another state ends it. A move that stays (an endorsement, a part paid) does neither.
    """
    came = func.lag(Move.at).over(partition_by=Move.claim_id, order_by=Move.number)
    took = tenths_between(func.coalesce(came, Claim.created_at), Move.at).label("took")
    stays = (
        select(Move.claim_id, Move.source.label("kind"), took)
        .join(Claim, Claim.id == Move.claim_id)
        .where(Move.source != Move.target, *population(asking, which))
    )
    return {State(kind): spans for kind, spans in _counted(asking, stays).items()}


def going_on(asking: Asking, which: Which, now: datetime) -> dict[State, Spans]:
    """Return how long claims have been where they are by now, by state; ends are no stay. Two statements."""
    stays = select(
        Claim.id.label("claim_id"),
        Claim.state.label("kind"),
        tenths_between(Claim.state_since, now).label("took"),
    ).where(Claim.state.not_in(ENDS), *population(asking, which))
    return {State(kind): spans for kind, spans in _counted(asking, stays).items()}


def own_tasks(asking: Asking, which: Which, now: datetime) -> tuple[dict[TaskKind, Spans], ...]:
    """Return how long an approver had their tasks that are closed, and has had those that are open. By kind.

    From when they got it. A task is closed by the decision, or by whatever else ended it meanwhile.
    """
    got = func.coalesce(Task.held_since, Task.opened_at)
    found = []
    for is_open, end in ((False, Task.closed_at), (True, now)):
        tasks = (
            select(Task.claim_id, Task.kind.label("kind"), tenths_between(got, end).label("took"))
            .join(Claim, Claim.id == Task.claim_id)
            .where(
                Task.assignee_id == asking.actor.user_id,
                Task.closed_at.is_(None) if is_open else Task.closed_at.is_not(None),
                *narrowed(asking, which),
            )
        )
        found.append({TaskKind(kind): spans for kind, spans in _counted(asking, tasks).items()})
    return tuple(found)


def _counted(asking: Asking, spans: Query) -> dict[Any, Spans]:
    """Return spans, a query of `claim_id`, `kind` and `took`, counted by kind."""
    each = spans.subquery()
    histogram = select(each.c.kind, each.c.took, func.count()).group_by(each.c.kind, each.c.took)
    # Without what they took, which costs most.
    claim_id, kind, _ = spans.selected_columns
    of = spans.with_only_columns(claim_id, kind).distinct().subquery()
    claims = select(of.c.kind, func.count()).group_by(of.c.kind)
    counts: defaultdict[Any, dict[int, int]] = defaultdict(dict)
    for kind, took, number in asking.connection.execute(histogram):
        counts[kind][int(took)] = number
    rows: Iterable[Any] = asking.connection.execute(claims)
    return {kind: Spans(counts[kind], number) for kind, number in rows}
