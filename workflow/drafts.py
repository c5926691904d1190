"""What a partner writes between two moves: the plan of a draft, and the report.

Saving is no move and leaves no history: a draft may be incomplete, and every move judges what stands then.
Each save names the version that the person saw; a claim that has changed since is refused as stale.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from models.claims import Claim, ClaimLine
from models.database import Database
from models.people import User
from models.vocabulary import LineKind, Role, State
from workflow.actors import Actor
from workflow.coverage import point, require_invoices
from workflow.duplicates.invoices import invoice_key
from workflow.refusals import ClaimNotFound, Problem, Refused

PLAN_COLUMNS = (
    "activity_type",
    "title",
    "place",
    "audience",
    "objective",
    "contact",
    "period_id",
    "starts_on",
    "ends_on",
    "organiser_kind",
    "organiser_name",
    "expected_attendees",
    "details",
    "currency",
    "requested",
)
"""The columns of a claim that its plan fills."""

LINE_COLUMNS = ("category", "description", "product_model", "quantity", "unit_value", "amount")
ACTUAL_COLUMNS = (*LINE_COLUMNS, "supplier", "invoice_number", "proof_id")


def create_draft(
    database: Database, actor: Actor, activity_type: str, now: datetime, key: str | None = None
) -> int:
    """Return the id of a new draft of the actor's partner, or of the one that the same `key` made before.

    Raises Refused for who is no partner's user.
    """
    if Role.partner not in actor.roles or actor.partner_id is None:
        raise Refused(Problem("not_yours"))
    with database.write() as connection:
        made = _made_before(connection, actor, key)
        return made or _insert_claim(connection, actor, now, {"activity_type": activity_type, "key": key})


def save_plan(
    database: Database,
    actor: Actor,
    claim_id: int,
    version: int,
    plan: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]],
) -> int:
    """Store a draft's plan (PLAN_COLUMNS that are given) and its lines; return the claim's new version."""
    with database.write() as connection:
        own_claim(connection, actor, claim_id, version, State.draft)
        replace_lines(connection, claim_id, LineKind.planned, lines, LINE_COLUMNS)
        return touch(
            connection, claim_id, version, {name: plan[name] for name in PLAN_COLUMNS if name in plan}
        )


def copy_claim(database: Database, actor: Actor, claim_id: int, now: datetime, key: str | None = None) -> int:
    """Return the id of a new draft with the plan of one of the partner's own claims. Files are not copied.

    The same `key` again returns the draft that it made before.
    """
    with database.write() as connection:
        source = own_claim(connection, actor, claim_id)
        made = _made_before(connection, actor, key)
        if made is not None:
            return made
        plan = {name: getattr(source, name) for name in PLAN_COLUMNS}
        new_id = _insert_claim(connection, actor, now, {**plan, "key": key})
        lines = connection.execute(
            select(ClaimLine.__table__)
            .where(ClaimLine.claim_id == claim_id, ClaimLine.kind == LineKind.planned)
            .order_by(ClaimLine.position)
        )
        replace_lines(
            connection, new_id, LineKind.planned, [dict(row._mapping) for row in lines], LINE_COLUMNS
        )
        return new_id


def save_report(
    database: Database, actor: Actor, claim_id: int, version: int, lines: Sequence[Mapping[str, Any]]
) -> int:
    """Store the actual cost lines of an approved claim; return the claim's new version.

    What an approver found of a line stays with it while the line stays as it is. A line that names no invoice
    among the claim's files (`proof_id`) gets the one that can only be meant; a foreign one is refused.
    """
    with database.write() as connection:
        own_claim(connection, actor, claim_id, version, State.approved)
        found = _found(connection, claim_id)
        lines = [{"proof_id": None, **line} for line in lines]
        proofs = {f"actual_lines[{place}].proof_id": line["proof_id"] for place, line in enumerate(lines)}
        require_invoices(connection, claim_id, proofs)
        lines = [
            {**line, **found.get(_sameness(line), NOTHING_FOUND), "invoice_key": _invoice_key(line)}
            for line in lines
        ]
        columns = (*ACTUAL_COLUMNS, *NOTHING_FOUND, "invoice_key")
        replace_lines(connection, claim_id, LineKind.actual, lines, columns)
        point(connection, claim_id)
        return touch(connection, claim_id, version, {})


def _made_before(connection: Connection, actor: Actor, key: str | None) -> int | None:
    """Return the draft that this very request made before. Requests of one person wait for each other."""
    if key is None:
        return None
    connection.execute(select(User.id).where(User.id == actor.user_id).with_for_update(key_share=True))
    made: int | None = connection.scalar(
        select(Claim.id).where(Claim.author_id == actor.user_id, Claim.key == key)
    )
    return made


def _insert_claim(connection: Connection, actor: Actor, now: datetime, plan: Mapping[str, Any]) -> int:
    key = connection.execute(
        insert(Claim)
        .values(
            partner_id=actor.partner_id,
            author_id=actor.user_id,
            created_at=now,
            state=State.draft,
            state_since=now,
            **plan,
        )
        .returning(Claim.id)
    ).scalar_one()
    return int(key)


def own_claim(
    connection: Connection, actor: Actor, claim_id: int, version: int | None = None, *states: State
) -> Any:
    """Return the locked claim if it is the actor's partner's; a foreign one is not found at all.

    Raises Refused where it has another version, or is in none of these states.
    """
    if actor.partner_id is None:
        raise ClaimNotFound(claim_id)
    claim = locked_claim(connection, claim_id, version, *states, partner_id=actor.partner_id)
    if Role.partner not in actor.roles:
        raise Refused(Problem("not_yours"))
    return claim


def locked_claim(
    connection: Connection,
    claim_id: int,
    version: int | None,
    *states: State,
    partner_id: int | None = None,
) -> Any:
    """Return a claim, locked. Raises ClaimNotFound, or Refused where version or state is another."""
    claim = connection.execute(
        select(Claim.__table__).where(Claim.id == claim_id).with_for_update()
    ).one_or_none()
    if claim is None or (partner_id is not None and claim.partner_id != partner_id):
        raise ClaimNotFound(claim_id)
    if states and claim.state not in states:
        raise Refused(Problem("wrong_state", figures={"state": claim.state.value}))
    if version is not None and claim.version != version:
        raise Refused(Problem("stale"))
    return claim


def replace_lines(
    connection: Connection,
    claim_id: int,
    kind: LineKind,
    lines: Sequence[Mapping[str, Any]],
    columns: Sequence[str],
) -> None:
    """Put lines in place of a claim's lines of a kind."""
    connection.execute(delete(ClaimLine).where(ClaimLine.claim_id == claim_id, ClaimLine.kind == kind))
    rows = [
        {
            "claim_id": claim_id,
            "kind": kind,
            "position": position,
            **{name: line[name] for name in columns},
        }
        for position, line in enumerate(lines)
    ]
    if rows:
        connection.execute(insert(ClaimLine), rows)


NOTHING_FOUND: Mapping[str, Any] = {"accepted": None, "comment": "", "reason_code": None}


def _found(connection: Connection, claim_id: int) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    """Return what was found of each actual cost line, by what makes a line the same."""
    lines = connection.execute(
        select(ClaimLine.__table__).where(ClaimLine.claim_id == claim_id, ClaimLine.kind == LineKind.actual)
    ).mappings()
    return {_sameness(line): {name: line[name] for name in NOTHING_FOUND} for line in lines}


def _invoice_key(line: Mapping[str, Any]) -> str | None:
    return invoice_key(line["supplier"] or "", line["invoice_number"] or "")


def _sameness(line: Mapping[str, Any] | RowMapping) -> tuple[Any, ...]:
    return tuple(line[name] for name in ACTUAL_COLUMNS)


def touch(connection: Connection, claim_id: int, version: int, values: Mapping[str, Any]) -> int:
    """Give a claim these values and its next version, which is returned."""
    connection.execute(update(Claim).where(Claim.id == claim_id).values(**values, version=version + 1))
    return version + 1
