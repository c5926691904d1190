"""What an approver finds of a report, line by line and file by file, before it is accepted or sent back."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import select, update

from models.claims import ClaimLine, Evidence
from models.database import Database
from models.tasks import Task
from models.vocabulary import LineKind, Role, State
from workflow.actors import Actor
from workflow.coverage import require_invoices
from workflow.deductions import Deduction
from workflow.drafts import locked_claim, touch
from workflow.refusals import Problem, Refused


class LineFinding(NamedTuple):
    """What an approver found of a cost line. It is open where it is neither accepted nor refused.

    A refused one has a comment and a `reason_code` of CHOSEN; `proof_id` is the invoice that proves it.
    """

    accepted: bool | None = None
    comment: str = ""
    reason_code: Deduction | None = None
    proof_id: int | None = None


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
        claim = locked_claim(connection, claim_id, version, State.executed)
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
        return touch(connection, claim_id, version, {"checklist": dict(checklist)})
