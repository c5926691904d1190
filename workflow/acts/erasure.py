"""Requests to erase what is of persons before its time: by a manager, and a second one."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from models.erasure import ErasureRequest
from models.people import User
from models.vocabulary import MessageKind, Personal, Role
from workflow.actors import Actor
from workflow.acts.record import record_act, require_manager
from workflow.announcements import message_row
from workflow.assignment import holders
from workflow.dossier import AnyRow
from workflow.erasure.due import is_over
from workflow.erasure.erasing import counts, erase, locked, require_free
from workflow.erasure.forgetting import forget, require_forgettable
from workflow.outbox import announce
from workflow.refusals import Problem, Refused
from workflow.second_person import require_second


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
    problems = [] if kinds else [Problem("nothing_chosen", "kinds")]
    if problems := [*problems, *_unexplained(reference, reason)]:
        raise Refused(*problems)
    _require_over(connection, claim, now)
    require_free(connection, claim)
    if connection.scalar(select(ErasureRequest.id).where(ErasureRequest.claim_id == claim_id)) is not None:
        raise Refused(Problem("erasure_proposed"))
    there = counts(connection, claim_id)
    if not any(there[kind] for kind in kinds):
        raise Refused(Problem("nothing_to_erase", "kinds"))
    asked = [kind.value for kind in Personal if kind in kinds]
    figures = {"kinds": asked, "reference": reference.strip()}
    act_id = _record(connection, actor, now, "erasure_proposed", claim, figures, reason, key)
    values = {"claim_id": claim_id, "kinds": asked, "reference": reference.strip(), "act_id": act_id}
    return _ask(connection, actor, now, values, claim.number)


def propose_forgetting(
    connection: Connection,
    actor: Actor,
    now: datetime,
    user_id: int,
    *,
    reference: str,
    reason: str,
    key: str | None = None,
) -> int:
    """Propose to erase name and address of a deactivated user; return the proposal's id. Raises Refused."""
    require_manager(connection, actor)
    user = _locked_user(connection, user_id)
    if problems := _unexplained(reference, reason):
        raise Refused(*problems)
    require_forgettable(connection, user)
    if connection.scalar(select(ErasureRequest.id).where(ErasureRequest.user_id == user_id)) is not None:
        raise Refused(Problem("erasure_proposed"))
    figures = {"reference": reference.strip()}
    act_id = _record(connection, actor, now, "user_erasure_proposed", user, figures, reason, key)
    values = {"user_id": user_id, "kinds": [], "reference": reference.strip(), "act_id": act_id}
    return _ask(connection, actor, now, values)


def confirm_erasure(
    connection: Connection, actor: Actor, now: datetime, request_id: int, key: str | None = None
) -> int:
    """Erase what a request covers, for good; return the id of claim or user.

    Raises Refused for who is no second person beside whoever proposed it.
    """
    require_manager(connection, actor)
    request, claim = _open(connection, request_id)
    require_second(connection, actor, now, request.proposed_by_id, "proposed_erasure")
    why = {"why": "request", "reference": request.reference, "proposed_by": request.proposed_by_id}
    if request.user_id is not None:
        forget(connection, actor, now, claim, why, key)
        connection.execute(delete(ErasureRequest).where(ErasureRequest.id == request.id))
        return int(request.user_id)
    _require_over(connection, claim, now)
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
    """Close a request without erasing anything; return the id of claim or user.

    Whoever made it may take it back.
    """
    require_manager(connection, actor)
    if not reason.strip():
        raise Refused(Problem("erasure_why", "reason"))
    request, claim = _open(connection, request_id)
    figures = {"reference": request.reference}
    kind = "user_erasure_turned_down" if request.user_id else "erasure_turned_down"
    _record(connection, actor, now, kind, claim, figures, reason, key)
    connection.execute(delete(ErasureRequest).where(ErasureRequest.id == request.id))
    return int(claim.id)


def _ask(
    connection: Connection,
    actor: Actor,
    now: datetime,
    values: Mapping[str, Any],
    number: str | None = None,
) -> int:
    """Store a request, and tell those who may confirm it: all managers but who proposed it."""
    asked = insert(ErasureRequest).values(**values, proposed_by_id=actor.user_id)
    request_id = int(connection.execute(asked.returning(ErasureRequest.id)).scalar_one())
    told = {
        "reference": values["reference"],
        "claim": values.get("claim_id"),
        "number": number,
        "user": values.get("user_id"),
        "proposed_by": connection.scalar(select(User.name).where(User.id == actor.user_id)),
    }
    kind, key = MessageKind.erasure_waiting, f"erasure:{values['act_id']}:waiting"
    others = [one for one in holders(connection, Role.manager) if one != actor.user_id]
    announce(connection, (message_row(kind, key, user_id, told, now) for user_id in others))
    return request_id


def _unexplained(reference: str, reason: str) -> list[Problem]:
    problems = [] if reference.strip() else [Problem("field_missing", "reference")]
    return problems if reason.strip() else [*problems, Problem("erasure_why", "reason")]


def _open(connection: Connection, request_id: int) -> tuple[AnyRow, AnyRow]:
    """Return an open request and its claim or user, both locked; raise Refused where it was decided on."""
    request: Any = connection.execute(_REQUEST.where(ErasureRequest.id == request_id)).one_or_none()
    if request is None:
        raise Refused(Problem("erasure_gone"))
    whose = (
        locked(connection, request.claim_id)
        if request.user_id is None
        else _locked_user(connection, request.user_id)
    )
    again = _REQUEST.where(ErasureRequest.id == request_id).with_for_update()
    if connection.execute(again).one_or_none() is None:
        raise Refused(Problem("erasure_gone"))
    return request, whose


_REQUEST = select(ErasureRequest.__table__)


def _locked_user(connection: Connection, user_id: int) -> AnyRow:
    user: AnyRow | None = connection.execute(
        select(User.__table__).where(User.id == user_id).with_for_update(key_share=True)
    ).one_or_none()
    if user is None:
        raise Refused(Problem("no_such_user"))
    return user


def _require_over(connection: Connection, claim: AnyRow, now: datetime) -> None:
    if not is_over(connection, claim.id, now):
        raise Refused(Problem("not_over", figures={"state": claim.state.value}))


def _record(
    connection: Connection,
    actor: Actor,
    now: datetime,
    kind: str,
    whose: AnyRow,
    figures: Mapping[str, Any],
    reason: str,
    key: str | None,
) -> int:
    """Record an act on a claim, or on a user, whose reason stays."""
    of_user = kind.startswith("user_")
    return record_act(
        connection,
        actor,
        now,
        kind,
        f"user:{whose.id}" if of_user else f"claim:{whose.id}",
        figures if of_user else {"claim": whose.id, **figures},
        partner_id=whose.partner_id,
        reason=reason,
        key=key,
        erased_as=None,
    )
