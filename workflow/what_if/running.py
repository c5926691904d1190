"""A what-if as a job: asked for with its policy and its choice of claims, done chunk by chunk, kept."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from models.jobs import Job
from models.vocabulary import JobKind
from models.what_if import WhatIfClaim, WhatIfFlip
from workflow.actors import Actor
from workflow.acts.record import require_manager
from workflow.dossier import AnyRow
from workflow.jobs import Item, start
from workflow.policies import Policy, read_policy
from workflow.policy_shelf import policy_version
from workflow.what_if.chosen import Chosen, chunks, histories, last_move
from workflow.what_if.judging import PolicyOf, Rejudged, judge_again

SUMS = ("claims", "decisions", "unread", "before", "after")
"""What an item's result counts over all its claims: those too that come out as they did."""


def ask(
    connection: Connection,
    actor: Actor,
    now: datetime,
    *,
    document: Mapping[str, Any],
    source: Mapping[str, Any],
    chosen: Chosen,
    key: str,
) -> int:
    """Ask how past claims come out by a policy document; return the job's id.

    `source` says where the document is from, for whoever reads the result. Raises Refused for who is no
    programme manager, PolicyError for what is no policy.
    """
    require_manager(connection, actor)
    read_policy(document)
    shared = {
        "policy": dict(document),
        "source": dict(source),
        "chosen": dict(chosen),
        "until": last_move(connection),
    }
    items = [Item(chunk) for chunk in chunks(connection, chosen)]
    return start(connection, actor, now, JobKind.what_if, shared, items, key)


def judge_chunk(connection: Connection, job: AnyRow, item: AnyRow, _now: datetime) -> dict[str, Any]:
    """Judge the claims of one chunk; keep those that come out otherwise, and the sums of all."""
    asked, policy_of = asked_policy(job), policies(connection)
    sums = dict.fromkeys(SUMS, 0)
    claims: list[dict[str, Any]] = []
    flips: list[dict[str, Any]] = []
    for claim_id, moves in histories(connection, item.input, job.input["chosen"], job.input["until"]):
        found = judge_again(moves, asked, policy_of)
        _count(sums, found)
        if found.effect is not None:
            of_claim = {"job_id": job.id, "claim_id": claim_id}
            money = {"before": found.before, "after": found.after}
            claims.append({**of_claim, "effect": found.effect, **money})
            flips += [{**of_claim, **flip._asdict()} for flip in found.flips]
    for model, rows in ((WhatIfClaim, claims), (WhatIfFlip, flips)):
        if rows:
            connection.execute(insert(model), rows)
    return {"outcome": "done", **sums}


def asked_policy(job: AnyRow | Job) -> Policy:
    """Return the policy that a what-if asks."""
    return read_policy(job.input["policy"])


def policies(connection: Connection) -> PolicyOf:
    """Return what finds the policy that a claim was judged by."""

    def policy_of(version_id: int) -> Policy:
        version = policy_version(connection, version_id)
        assert version is not None
        return version.policy

    return policy_of


def _count(sums: dict[str, int], found: Rejudged) -> None:
    sums["claims"] += 1
    for name in SUMS[1:]:
        sums[name] += getattr(found, name)
