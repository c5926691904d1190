"""How long what is of persons is kept, and requests to erase it before: by a manager, and a second one."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from models.erasure import ErasureRequest, Retention
from models.programme import Programme
from models.vocabulary import Personal
from workflow.actors import Actor
from workflow.acts.record import record_act, require_manager, require_unchanged
from workflow.dossier import AnyRow
from workflow.erasure.due import is_over, months_set
from workflow.erasure.erasing import counts, erase, locked, require_free
from workflow.refusals import Problem, Refused

MOST_MONTHS = 1200
"""A hundred years: as long as anything is kept that is not kept for good."""


def set_retention(
    connection: Connection,
    actor: Actor,
    now: datetime,
    months: Mapping[Personal, int | None],
    *,
    seen: str | None = None,
    key: str | None = None,
) -> int | None:
    """Set for how many months after a claim's end each kind is kept, None for good; return the act.

    None where nothing changes. `seen` is the text of `as_figures` as the page showed it. Raises Refused.
    """
    require_manager(connection, actor)
    connection.execute(select(Programme.id).with_for_update())
    wrong = [kind for kind, number in months.items() if number is not None and not 0 < number <= MOST_MONTHS]
    if wrong:
        raise Refused(*(Problem("months_wrong", kind.value, {"most": str(MOST_MONTHS)}) for kind in wrong))
    before = as_figures(months_set(connection))
    after = as_figures(months)
    if before == after:
        return None
    require_unchanged(seen, before)
    connection.execute(delete(Retention))
    rows = [{"kind": kind, "months": number} for kind, number in months.items() if number]
    if rows:
        connection.execute(insert(Retention), rows)
    figures = {"before": before, "after": after}
    return record_act(connection, actor, now, "retention_set", "programme:1", figures, key=key)


def as_figures(months: Mapping[Personal, int | None]) -> dict[str, int | None]:
    """Return for how long each kind is kept, as acts hold it."""
    return {kind.value: months.get(kind) for kind in Personal}


def propose_erasure(
    connection: Connection,
    actor: Actor,
    now: datetime,
    claim_id: int,
    kinds: Collection[Personal],
    *,
    reference: str,
    reason: str,
    key: str | None = None,
) -> int:
    """Propose to erase kinds of what a claim holds, under a request; return the proposal's id.

    The reason stays, so it names nobody. Raises Refused.
    """
    require_manager(connection, actor)
    claim = locked(connection, claim_id)
    problems = []
    if not kinds:
        problems.append(Problem("nothing_chosen", "kinds"))
    if not reference.strip():
        problems.append(Problem("field_missing", "reference"))
    if not reason.strip():
        problems.append(Problem("erasure_why", "reason"))
    if problems:
        raise Refused(*problems)
    _require_over(connection, claim)
    require_free(connection, claim)
    if connection.scalar(select(ErasureRequest.id).where(ErasureRequest.claim_id == claim_id)) is not None:
        raise Refused(Problem("erasure_proposed"))
    there = counts(connection, claim_id)
    if not any(there[kind] for kind in kinds):
        raise Refused(Problem("nothing_to_erase", "kinds"))
    asked = [kind.value for kind in Personal if kind in kinds]
    figures = {"claim": claim_id, "kinds": asked, "reference": reference.strip()}
    act_id = _record(connection, actor, now, "erasure_proposed", claim, figures, reason, key)
    values = {"claim_id": claim_id, "kinds": asked, "reference": reference.strip(), "act_id": act_id}
    proposal = insert(ErasureRequest).values(**values, proposed_by_id=actor.user_id)
    return int(connection.execute(proposal.returning(ErasureRequest.id)).scalar_one())


def confirm_erasure(
    connection: Connection, actor: Actor, now: datetime, request_id: int, key: str | None = None
) -> int:
    """Erase what a request covers, for good; return the claim's id. Refused for whoever proposed it."""
    require_manager(connection, actor)
    request, claim = _open(connection, request_id)
    if request.proposed_by_id == actor.user_id:
        raise Refused(Problem("proposed_erasure"))
    _require_over(connection, claim)
    why = {"why": "request", "reference": request.reference, "proposed_by": request.proposed_by_id}
    kinds = [Personal(kind) for kind in request.kinds]
    erased = erase(connection, actor, now, claim, kinds, why, key)
    if erased is None:
        raise Refused(Problem("nothing_to_erase"))
    connection.execute(delete(ErasureRequest).where(ErasureRequest.id == request.id))
    return int(claim.id)


def turn_down_erasure(
    connection: Connection,
    actor: Actor,
    now: datetime,
    request_id: int,
    *,
    reason: str,
    key: str | None = None,
) -> int:
    """Close a request without erasing anything; return the claim's id. Whoever made it may take it back."""
    require_manager(connection, actor)
    if not reason.strip():
        raise Refused(Problem("erasure_why", "reason"))
    request, claim = _open(connection, request_id)
    figures = {"claim": claim.id, "reference": request.reference}
    _record(connection, actor, now, "erasure_turned_down", claim, figures, reason, key)
    connection.execute(delete(ErasureRequest).where(ErasureRequest.id == request.id))
    return int(claim.id)


def _open(connection: Connection, request_id: int) -> tuple[AnyRow, AnyRow]:
    """Return an open request and its claim, both locked; raise Refused where it was decided on already."""
    claim_id = connection.scalar(select(ErasureRequest.claim_id).where(ErasureRequest.id == request_id))
    if claim_id is None:
        raise Refused(Problem("erasure_gone"))
    claim = locked(connection, claim_id)
    request: Any = connection.execute(
        select(ErasureRequest.__table__).where(ErasureRequest.id == request_id).with_for_update()
    ).one_or_none()
    if request is None:
        raise Refused(Problem("erasure_gone"))
    return request, claim


def _require_over(connection: Connection, claim: AnyRow) -> None:
    if not is_over(connection, claim.id):
        raise Refused(Problem("not_over", figures={"state": claim.state.value}))


def _record(
    connection: Connection,
    actor: Actor,
    now: datetime,
    kind: str,
    claim: AnyRow,
    figures: Mapping[str, Any],
    reason: str,
    key: str | None,
) -> int:
    return record_act(
        connection,
        actor,
        now,
        kind,
        f"claim:{claim.id}",
        figures,
        partner_id=claim.partner_id,
        reason=reason,
        key=key,
        erased_as=None,
    )
