"""How history is proved: checkpoints, and what was found when it was last verified."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from models.links import Checkpoint, Link, Verification
from models.packages import AuditPackage
from models.vocabulary import JobKind, Role
from web.access import allow
from web.audit.room import room
from web.long_work import latest
from web.paging import page_of
from web.services import reading
from workflow.proof.checkpoints import file_name, written
from workflow.proof.forgetting import KEPT
from workflow.proof.verify import Mark

LOOKS = 8
"""How many verifications are listed, the latest."""


@room.get("/proof")
@allow(Role.auditor, Role.manager)
def proof() -> ResponseReturnValue:
    """Show the newest checkpoint, what is not in one yet, what was verified, and all checkpoints."""
    return proof_page()


def proof_page(*, verified_problem: str = "", packages_problem: str = "") -> str:
    """Return the page, with what is wrong with asking for a verification or a package."""
    last = reading().scalars(select(Checkpoint).order_by(Checkpoint.number.desc()).limit(1)).one_or_none()
    signed = json.loads(last.text) if last else None
    packages, asked = latest(JobKind.make_package), latest(JobKind.verify_history)
    packing, verifying = (any(work.waits for work in works) for works in (packages, asked))
    return render_template(
        "audit/proof.html",
        packages=packages,
        packing=packing,
        verifying=verifying,
        asked_for=[work for work in asked if work.outcome != "done"],
        works=packing or verifying,
        offered=_offered(),
        verified_problem=verified_problem,
        packages_problem=packages_problem,
        days=KEPT.days,
        signed=signed,
        made_at=datetime.fromisoformat(signed["at"]) if signed else None,
        last=last,
        unsigned=_links() - (signed["links"] if signed else 0),
        looks=_looks(),
        page=page_of(
            select(Checkpoint.number, Checkpoint.at),
            (Checkpoint.number,),
            descending=True,
            at=url_for("audit.proof"),
        ),
    )


@room.get("/proof/checkpoints/<int:checkpoint_number>")
@allow(Role.auditor, Role.manager)
def checkpoint(checkpoint_number: int) -> ResponseReturnValue:
    """Send a checkpoint as the file that verify.py takes."""
    found = reading().get(Checkpoint, checkpoint_number) or abort(404)
    content = written(Mark(found.number, found.text, found.signature))
    told = {"Content-Disposition": f'attachment; filename="{file_name(found.number)}"'}
    return Response(content, mimetype="text/plain", headers=told)


def _offered() -> Mapping[int, AuditPackage]:
    """Return the packages that can be downloaded, or could before something was erased, by their jobs."""
    return {one.job_id: one for one in reading().scalars(select(AuditPackage))}


def _links() -> int:
    return reading().scalar(select(func.count()).select_from(Link)) or 0


def _looks() -> Sequence[Verification]:
    query = select(Verification).order_by(Verification.id.desc()).limit(LOOKS)
    return reading().scalars(query).all()
