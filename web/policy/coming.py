"""What versions to come change for a partner's own claims that are still to be submitted."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from models.claims import Claim
from models.vocabulary import State, Trigger
from web.auth.visitor import actor
from web.services import reading, today
from web.verdicts import VerdictItem, verdict_items
from workflow.dossier import Dossier
from workflow.gathering import gather
from workflow.judgement import judge_partial
from workflow.policies import Policy
from workflow.policy_shelf import Coming
from workflow.record import document_of

MOST_CLAIMS = 100
"""Drafts that are looked at, the newest first."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a version to come changes for one draft: the rules that come out otherwise, in its words."""

    claim_id: int
    title: str
    items: list[VerdictItem]


def effects(to_come: Sequence[Coming]) -> dict[int, list[Effect]]:
    """Return the drafts of the visitor's partner for which a version to come changes something, by its id.

    Each version is held against the one that it follows; the first of all changes nothing. What was submitted
    keeps its version. The number of statements does not grow with the drafts.
    """
    if not to_come or actor().partner_id is None:
        return {}
    drafts = _drafts()
    return {
        version.id: [found for one in drafts if (found := _effect(one, before.policy, version.policy))]
        for version, before in to_come
        if before is not None
    }


def _drafts() -> list[Dossier]:
    ids = (
        reading()
        .scalars(
            select(Claim.id)
            .where(Claim.partner_id == actor().partner_id, Claim.state == State.draft)
            .order_by(Claim.id.desc())
            .limit(MOST_CLAIMS)
        )
        .all()
    )
    found = gather(reading().connection(), ids, lock=False) if ids else {}
    return [found[claim_id] for claim_id in ids]


def _effect(draft: Dossier, earlier: Policy, coming: Policy) -> Effect | None:
    document = document_of(draft, today())
    before = {one.rule: one.outcome for one in judge_partial(document, earlier, Trigger.submit)}
    after = judge_partial(document, coming, Trigger.submit)
    otherwise = [one for one in after if one.outcome is not before[one.rule]]
    if not otherwise:
        return None
    title = draft.claim.title or coming.catalogue.label("activity_type", draft.claim.activity_type)
    return Effect(draft.claim.id, title, verdict_items(otherwise, coming))
