"""Drafts of policies: made of a document, changed part by part, thrown away. They judge nothing.

Drafts leave no acts behind; what is proposed and published does.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from models.policies import PolicyDraft, PolicyProposal
from workflow.actors import Actor
from workflow.acts.policy import require_known
from workflow.acts.record import require_manager, require_unchanged
from workflow.clock import programme_today
from workflow.dossier import AnyRow
from workflow.policies import Policy, PolicyError, policy_document, read_policy
from workflow.policy_parts import Part
from workflow.policy_shelf import policy_in_force
from workflow.refusals import Problem, Refused

LONGEST_NAME = 100
"""Characters in the name of a draft."""


def make_draft(
    connection: Connection, actor: Actor, now: datetime, *, name: str, document: Any, key: str | None = None
) -> int:
    """Store a new draft of a policy document and return its id: the same for a form that was sent twice.

    Where the document says nothing of routing, the draft says of it what holds today. Raises Refused at a bad
    name or document.
    """
    require_manager(connection, actor)
    before = connection.scalar(select(PolicyDraft.id).where(PolicyDraft.key == key)) if key else None
    if before is not None:
        return before
    found: int = connection.execute(
        insert(PolicyDraft)
        .values(
            name=_name(name),
            document=policy_document(_routed(connection, now, _whole(connection, document))),
            version=1,
            author_id=actor.user_id,
            changed_by_id=actor.user_id,
            updated_at=now,
            key=key,
        )
        .returning(PolicyDraft.id)
    ).scalar_one()
    return found


def save_part(
    connection: Connection, actor: Actor, now: datetime, draft_id: int, part: Part, value: Any, seen: str
) -> int:
    """Change one part of a draft and return the draft's new version.

    `seen` is the canonical text of the part as the page showed it. Raises Refused where somebody changed it
    since, where the draft is proposed or gone, and for what is no policy with it.
    """
    draft = open_draft(connection, actor, draft_id)
    document = policy_document(_whole(connection, part.into(draft.document, value)))
    if document == draft.document:
        return int(draft.version)  # a form that was sent twice
    require_unchanged(seen, part.of(draft.document))
    return _change(connection, actor, now, draft, document=document)


def rename_draft(connection: Connection, actor: Actor, now: datetime, draft_id: int, name: str) -> int:
    """Give a draft another name and return its new version."""
    return _change(connection, actor, now, open_draft(connection, actor, draft_id), name=_name(name))


def drop_draft(connection: Connection, actor: Actor, draft_id: int, version: int) -> int:
    """Throw a draft away as it was seen; return its id. Raises Refused where it is proposed or changed."""
    draft = open_draft(connection, actor, draft_id)
    if draft.version != version:
        raise Refused(Problem("changed_meanwhile"))
    connection.execute(delete(PolicyDraft).where(PolicyDraft.id == draft_id))
    return draft_id


def open_draft(connection: Connection, actor: Actor, draft_id: int) -> AnyRow:
    """Return a draft that is not proposed, locked; raise Refused where it is, or is gone."""
    require_manager(connection, actor)
    draft = connection.execute(
        select(PolicyDraft.__table__).where(PolicyDraft.id == draft_id).with_for_update()
    ).one_or_none()
    if draft is None:
        raise Refused(Problem("draft_gone"))
    if connection.scalar(select(PolicyProposal.id).where(PolicyProposal.draft_id == draft_id)) is not None:
        raise Refused(Problem("draft_proposed"))
    return draft


def _change(connection: Connection, actor: Actor, now: datetime, draft: AnyRow, **values: Any) -> int:
    version = int(draft.version) + 1
    connection.execute(
        update(PolicyDraft)
        .where(PolicyDraft.id == draft.id)
        .values(**values, version=version, changed_by_id=actor.user_id, updated_at=now)
    )
    return version


def _name(name: str) -> str:
    if not name.strip():
        raise Refused(Problem("field_missing", "name"))
    return name.strip()[:LONGEST_NAME]


def _whole(connection: Connection, document: Any) -> Policy:
    """Return the policy of a document; raise Refused for what is none."""
    try:
        policy = read_policy(document)
    except PolicyError as error:
        raise Refused(Problem("policy_file", "document", {"error": str(error)})) from error
    require_known(connection, policy)
    return policy


def _routed(connection: Connection, now: datetime, policy: Policy) -> Policy:
    """Return a policy that says whom claims go to: as today, but for rules that its activities never meet."""
    if policy.routing is not None:
        return policy
    present = policy_in_force(connection, programme_today(connection, now))
    types = {None, *(one.code for one in policy.catalogue.activity_types)}
    rules = (present and present.policy.routing) or ()
    return replace(policy, routing=tuple(rule for rule in rules if rule.activity_type in types))
