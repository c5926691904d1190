"""The worker draws a sample that was asked for, with the very functions that every audit package brings."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from models.database import Database
from models.history import Act, Move
from models.money import plain
from models.samples import Sample as SampleRow
from models.samples import SampleClaim
from models.vocabulary import JobKind, Role
from workflow.acts.record import record_act
from workflow.assignment import actor_now
from workflow.dossier import AnyRow
from workflow.jobs import Doer, Doers
from workflow.leases import Tell
from workflow.proof.doing import Signer
from workflow.proof.live import Columns, Live, json_of
from workflow.refusals import Problem, Refused
from workflow.sampling.sample import NotCovered, Sample, draw

READ: Columns = {
    Move.__tablename__: (
        "claim_id",
        "number",
        "partner_id",
        "trigger",
        "target",
        "on_behalf_of_id",
        "role",
        "at",
        "day",
        "policy_version_id",
        "approved",
        "reserved",
        "paid",
        "document",
    )
}
"""What a sample is drawn from."""


def sampling_doers(signer: Signer) -> Doers:
    """Return how samples are drawn."""
    drawer = _Drawer(signer)
    return {JobKind.draw_sample: Doer(drawer.keep, ready=drawer.find_out)}


@dataclass(frozen=True, slots=True)
class _Drawer:
    signer: Signer

    def find_out(self, database: Database, job: AnyRow, item: AnyRow, now: datetime, tell: Tell) -> Sample:
        """Return what is drawn. A checkpoint is signed where none covers yet that it was asked for."""
        try:
            return _drawn(database, job.input["act"], tell)
        except NotCovered:
            self.signer.sign(database, now)
        return _drawn(database, job.input["act"], tell)

    def keep(
        self, connection: Connection, job: AnyRow, item: AnyRow, now: datetime, drawn: Sample
    ) -> dict[str, Any]:
        """Record what was drawn. Raises Refused where there is nothing to draw from any more."""
        if not drawn.taken:
            raise Refused(Problem("nothing_to_sample"))
        act = connection.execute(select(Act.id, Act.figures).where(Act.id == job.input["act"])).one()
        found = {
            "checkpoint": drawn.checkpoint,
            "seed": drawn.seed,
            "claims": drawn.claims,
            "amount": drawn.amount,
        }
        sample_id = connection.execute(
            insert(SampleRow)
            .values(act_id=act.id, asked=act.figures, drawn_at=now, **found)
            .returning(SampleRow.id)
        ).scalar_one()
        connection.execute(insert(SampleClaim), list(_rows(sample_id, drawn)))
        figures = {
            **found,
            "asked": act.id,
            "sample": sample_id,
            "amount": plain(drawn.amount),
            "taken": len(drawn.taken),
            "digest": drawn.digest(),
        }
        actor = actor_now(connection, job.actor_id)
        record_act(connection, actor, now, "sample_drawn", f"sample:{sample_id}", figures, role=Role.auditor)
        return {"outcome": "done", "sample": sample_id}


def _drawn(database: Database, act_id: int, tell: Tell) -> Sample:
    with database.snapshot() as connection:
        act = connection.execute(select(Act.__table__).where(Act.id == act_id)).one()
        total = connection.scalar(select(func.count()).select_from(Move)) or 0
        return draw(Live(connection, columns=READ), json_of(act), lambda done: tell(done, total))


def _rows(sample_id: int, drawn: Sample) -> Any:
    for one in drawn.taken:
        yield {
            "sample_id": sample_id,
            "claim_id": one.claim,
            "amount": one.amount,
            "units": one.units,
            "hit": one.hit,
            "risks": list(one.risks),
        }
