"""What is written between two moves: the plan of a draft, the report, the approver's review.

Saving is no move and leaves no history: a draft may be incomplete, and every move judges what stands then.
Each save names the version that the person saw; a claim that has changed since is refused as stale.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from models.claims import Claim, ClaimLine, Evidence
from models.database import Database
from models.people import User
from models.pictures import ImageBand, Picture
from models.tasks import Task
from models.vocabulary import LineKind, Role, State
from workflow.actors import Actor
from workflow.coverage import INVOICE, point, require_invoices
from workflow.deductions import Deduction
from workflow.duplicates.invoices import invoice_key
from workflow.duplicates.pictures import bands
from workflow.file_types import FileRefused
from workflow.loose_files import loosen
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

ATTACHABLE = frozenset({State.draft, State.approved})
"""States in which the partner may add and remove files; `submit` and `report` freeze them."""

MOST_FILES = 200
"""How many files a claim may have: more than any activity needs, and few enough for one page."""


class LineFinding(NamedTuple):
    """What an approver found of a cost line. It is open where it is neither accepted nor refused.

    A refused one has a comment and a `reason_code` of CHOSEN; `proof_id` is the invoice that proves it.
    """

    accepted: bool | None = None
    comment: str = ""
    reason_code: Deduction | None = None
    proof_id: int | None = None


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
        return _touch(
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
        return _touch(connection, claim_id, version, {})


def save_review(
    database: Database,
    actor: Actor,
    claim_id: int,
    version: int,
    *,
    lines: Mapping[int, LineFinding],
    evidence: Mapping[int, tuple[bool | None, str]],
    checklist: Mapping[str, bool],
) -> int:
    """Store what the assigned approver found so far of an executed claim; return the claim's new version.

    `lines` by line id, `evidence` by evidence id (meets the standard or not, comment). Raises Refused where a
    line is to point to what is no invoice of the claim.
    """
    with database.write() as connection:
        claim = _claim(connection, claim_id, version, State.executed)
        assignee = connection.scalar(
            select(Task.assignee_id).where(Task.claim_id == claim_id, Task.closed_at.is_(None))
        )
        if (
            Role.approver not in actor.roles
            or assignee != actor.user_id
            or claim.partner_id == actor.partner_id
        ):
            raise Refused(Problem("not_assigned"))
        proofs = {f"proof-{line_id}": found.proof_id for line_id, found in lines.items()}
        require_invoices(connection, claim_id, proofs)
        for line_id, found in lines.items():
            connection.execute(
                update(ClaimLine)
                .where(
                    ClaimLine.id == line_id,
                    ClaimLine.claim_id == claim_id,
                    ClaimLine.kind == LineKind.actual,
                )
                .values(**found._asdict())
            )
        for evidence_id, (meets, comment) in evidence.items():
            connection.execute(
                update(Evidence)
                .where(Evidence.id == evidence_id, Evidence.claim_id == claim_id)
                .values(meets_standard=meets, comment=comment)
            )
        return _touch(connection, claim_id, version, {"checklist": dict(checklist)})


def attach(
    database: Database,
    actor: Actor,
    claim_id: int,
    version: int,
    file: Mapping[str, Any],
    now: datetime,
    fingerprint: bytes | None = None,
) -> int:
    """Record a stored file on a claim; return its new version.

    The file is kind, name, content_type, size, digest and dated_on. A picture has a fingerprint, by which it
    is found again. Raises FileRefused where the claim has MOST_FILES already.
    """
    with database.write() as connection:
        return attach_to(connection, actor, claim_id, version, file, now, fingerprint)


def attach_to(
    connection: Connection,
    actor: Actor,
    claim_id: int,
    version: int,
    file: Mapping[str, Any],
    now: datetime,
    fingerprint: bytes | None,
) -> int:
    """Do what `attach` does, in the caller's transaction."""
    own_claim(connection, actor, claim_id, version, *ATTACHABLE)
    there = connection.scalar(select(func.count()).where(Evidence.claim_id == claim_id))
    if there is not None and there >= MOST_FILES:
        raise FileRefused("too_many", {"name": file["name"], "most": str(MOST_FILES)})
    evidence_id = connection.scalar(
        insert(Evidence)
        .values(claim_id=claim_id, uploaded_by=actor.user_id, uploaded_at=now, comment="", **file)
        .returning(Evidence.id)
    )
    if fingerprint is not None:
        _keep_fingerprint(connection, evidence_id, fingerprint)
    if file["kind"] == INVOICE:
        point(connection, claim_id)
    return _touch(connection, claim_id, version, {})


def detach(
    database: Database, actor: Actor, claim_id: int, version: int, evidence_id: int, now: datetime
) -> int:
    """Take a file that is not frozen off a claim, and from the lines it proves; return the new version."""
    with database.write() as connection:
        own_claim(connection, actor, claim_id, version, *ATTACHABLE)
        proven = ClaimLine.claim_id == claim_id, ClaimLine.proof_id == evidence_id
        connection.execute(update(ClaimLine).where(*proven).values(proof_id=None))
        digest = connection.scalar(
            delete(Evidence)
            .where(Evidence.id == evidence_id, Evidence.claim_id == claim_id, Evidence.frozen_at.is_(None))
            .returning(Evidence.digest)
        )
        if digest is None:
            raise Refused(Problem("frozen"))
        loosen(connection, digest, now)
        return _touch(connection, claim_id, version, {})


def _keep_fingerprint(connection: Connection, evidence_id: int | None, fingerprint: bytes) -> None:
    connection.execute(insert(Picture).values(evidence_id=evidence_id, fingerprint=fingerprint))
    found = bands(fingerprint).items()
    rows = [{"value": value, "evidence_id": evidence_id, "whole": whole} for value, whole in found]
    connection.execute(insert(ImageBand), rows)


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
    claim = _claim(connection, claim_id, version, *states, partner_id=actor.partner_id)
    if Role.partner not in actor.roles:
        raise Refused(Problem("not_yours"))
    return claim


def _claim(
    connection: Connection,
    claim_id: int,
    version: int | None,
    *states: State,
    partner_id: int | None = None,
) -> Any:
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


def _touch(connection: Connection, claim_id: int, version: int, values: Mapping[str, Any]) -> int:
    connection.execute(update(Claim).where(Claim.id == claim_id).values(**values, version=version + 1))
    return version + 1
