"""Two programme managers publish a policy, or withdraw one before its first day: one proposes, one decides.

A version is never changed. What was withdrawn stays on file, and judges nothing.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from models.policies import PolicyDraft, PolicyProposal, PolicyWithdrawal
from models.programme import PolicyVersion
from workflow.actors import Actor
from workflow.acts.policy import require_day, require_news, require_publishable, store_version
from workflow.acts.policy_drafts import open_draft
from workflow.acts.policy_messages import tell_decided, tell_waiting
from workflow.acts.record import record_act, require_manager
from workflow.dossier import AnyRow
from workflow.policy_shelf import stands
from workflow.proof.chains import append_one
from workflow.refusals import Problem, Refused
from workflow.second_person import why_not_second


def propose_draft(
    connection: Connection,
    actor: Actor,
    now: datetime,
    draft_id: int,
    version: int,
    *,
    first_day: date,
    today: date,
    key: str | None = None,
) -> int:
    """Propose to publish a draft, as it was seen, from a first day on; return the proposal's id.

    From then on it does not change. Raises Refused for a day or a document with which nobody could publish,
    and for one that changes nothing of the version it would follow.
    """
    draft = open_draft(connection, actor, draft_id)
    if draft.version != version:
        raise Refused(Problem("changed_meanwhile"))
    policy = require_publishable(connection, draft.document)
    require_day(connection, first_day, today)
    require_news(connection, policy, first_day)
    figures = {"name": draft.name, "first_day": first_day.isoformat()}
    act_id = record_act(
        connection, actor, now, "policy_proposed", f"policy:{first_day.isoformat()}", figures, key=key
    )
    values = {"draft_id": draft_id, "first_day": first_day}
    return _propose(connection, actor, now, act_id, values, figures, draft.changed_by_id)


def propose_withdrawal(
    connection: Connection,
    actor: Actor,
    now: datetime,
    version_id: int,
    *,
    reason: str,
    today: date,
    key: str | None = None,
) -> int:
    """Propose to withdraw a version before its first day; return the proposal's id. Raises Refused."""
    require_manager(connection, actor)
    version = _to_come(connection, version_id, today)
    _require_reason(reason)
    if (
        connection.scalar(select(PolicyProposal.id).where(PolicyProposal.version_id == version_id))
        is not None
    ):
        raise Refused(Problem("withdrawal_proposed"))
    subject, figures = f"policy:{version.first_day.isoformat()}", {"first_day": version.first_day.isoformat()}
    act_id = record_act(
        connection, actor, now, "policy_withdrawal_proposed", subject, figures, reason=reason, key=key
    )
    return _propose(connection, actor, now, act_id, {"version_id": version_id}, figures, None)


def publish(
    connection: Connection,
    actor: Actor,
    now: datetime,
    proposal_id: int,
    *,
    today: date,
    key: str | None = None,
) -> int:
    """Publish the draft of a proposal as a version and return the version's id.

    Raises Refused for whom `why_not_decided` names, and once its first day is past or taken, or
    another version says the same from before on.
    """
    proposal = _proposal(connection, actor, proposal_id)
    draft = connection.execute(
        select(PolicyDraft.__table__).where(PolicyDraft.id == proposal.draft_id)
    ).one_or_none()
    if draft is None:
        raise Refused(Problem("proposal_gone"))
    if (problem := why_not_decided(connection, actor, now, proposal, draft.changed_by_id)) is not None:
        raise Refused(problem)
    policy = require_publishable(connection, draft.document)
    require_day(connection, proposal.first_day, today)
    require_news(connection, policy, proposal.first_day)
    figures = {
        "name": draft.name,
        "first_day": proposal.first_day.isoformat(),
        "proposed_by": proposal.proposed_by_id,
    }
    subject = f"policy:{proposal.first_day.isoformat()}"
    act_id = record_act(connection, actor, now, "policy_published", subject, figures, key=key)
    _close(connection, proposal.id)
    connection.execute(delete(PolicyDraft).where(PolicyDraft.id == draft.id))
    concerned = (proposal.proposed_by_id, draft.author_id, draft.changed_by_id)
    day = figures["first_day"]
    tell_decided(connection, actor, now, act_id, name=draft.name, day=day, concerned=concerned)
    return store_version(connection, now, draft.document, proposal.first_day, act_id)


def withdraw(
    connection: Connection,
    actor: Actor,
    now: datetime,
    proposal_id: int,
    *,
    today: date,
    key: str | None = None,
) -> int:
    """Withdraw the version of a proposal and return the version's id.

    Raises Refused for whom `why_not_decided` names, and from its first day on.
    """
    proposal = _proposal(connection, actor, proposal_id)
    if proposal.version_id is None:
        raise Refused(Problem("proposal_gone"))
    if (problem := why_not_decided(connection, actor, now, proposal, None)) is not None:
        raise Refused(problem)
    version = _to_come(connection, proposal.version_id, today)
    figures = {"first_day": version.first_day.isoformat(), "proposed_by": proposal.proposed_by_id}
    subject = f"policy:{version.first_day.isoformat()}"
    act_id = record_act(connection, actor, now, "policy_withdrawn", subject, figures, key=key)
    _close(connection, proposal.id)
    append_one(connection, PolicyWithdrawal, version_id=version.id, act_id=act_id)
    day, concerned = figures["first_day"], (proposal.proposed_by_id,)
    tell_decided(connection, actor, now, act_id, name=None, day=day, concerned=concerned)
    return int(version.id)


def why_not_decided(
    connection: Connection,
    actor: Actor,
    now: datetime,
    proposal: AnyRow | PolicyProposal,
    changed_by_id: int | None,
) -> Problem | None:
    """Return why a programme manager may not do what is proposed; None where they may.

    They have to be a second person both for who proposed it and for who changed its draft last.
    """
    proposer = proposal.proposed_by_id
    why_not = why_not_second(connection, actor, now, [proposer], "proposed_policy").get(proposer)
    if why_not is not None or changed_by_id is None:
        return why_not
    return why_not_second(connection, actor, now, [changed_by_id], "changed_policy").get(changed_by_id)


def turn_down(
    connection: Connection,
    actor: Actor,
    now: datetime,
    proposal_id: int,
    *,
    reason: str,
    key: str | None = None,
) -> int:
    """Close a proposal without doing it, and return its id. Whoever made it may take it back."""
    proposal = _proposal(connection, actor, proposal_id)
    _require_reason(reason)
    draft = connection.execute(
        select(PolicyDraft.__table__).where(PolicyDraft.id == proposal.draft_id)
    ).one_or_none()
    of_version = select(PolicyVersion.first_day).where(PolicyVersion.id == proposal.version_id)
    day = (proposal.first_day or connection.execute(of_version).scalar_one()).isoformat()
    kind = "policy_withdrawal_turned_down" if draft is None else "policy_turned_down"
    act_id = record_act(
        connection, actor, now, kind, f"policy:{day}", {"first_day": day}, reason=reason, key=key
    )
    _close(connection, proposal.id)
    name = None if draft is None else draft.name
    authors = () if draft is None else (draft.author_id, draft.changed_by_id)
    concerned = (proposal.proposed_by_id, *authors)
    tell_decided(connection, actor, now, act_id, name=name, day=day, concerned=concerned)
    return int(proposal.id)


def _proposal(connection: Connection, actor: Actor, proposal_id: int) -> AnyRow:
    """Return an open proposal, locked; raise Refused where it was decided on already."""
    require_manager(connection, actor)
    found = connection.execute(
        select(PolicyProposal.__table__).where(PolicyProposal.id == proposal_id).with_for_update()
    ).one_or_none()
    if found is None:
        raise Refused(Problem("proposal_gone"))
    return found


def _to_come(connection: Connection, version_id: int, today: date) -> AnyRow:
    """Return a version that stands and is not in force yet; raise Refused for any other."""
    version = connection.execute(
        select(PolicyVersion.id, PolicyVersion.first_day).where(PolicyVersion.id == version_id, stands())
    ).one_or_none()
    if version is None:
        raise Refused(Problem("version_withdrawn"))
    if version.first_day <= today:
        raise Refused(Problem("version_in_force", figures={"first_day": version.first_day.isoformat()}))
    return version


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(Problem("policy_why", "reason"))


def _close(connection: Connection, proposal_id: int) -> None:
    connection.execute(delete(PolicyProposal).where(PolicyProposal.id == proposal_id))


def _propose(
    connection: Connection,
    actor: Actor,
    now: datetime,
    act_id: int,
    values: Mapping[str, Any],
    figures: Mapping[str, str],
    changed_by_id: int | None,
) -> int:
    """Store a proposal, and tell those who may decide on it."""
    proposal_id: int = connection.execute(
        insert(PolicyProposal)
        .values(**values, proposed_by_id=actor.user_id, act_id=act_id)
        .returning(PolicyProposal.id)
    ).scalar_one()
    tell_waiting(
        connection,
        actor,
        now,
        act_id,
        proposal_id,
        name=figures.get("name"),
        day=figures["first_day"],
        changed_by_id=changed_by_id,
    )
    return proposal_id
