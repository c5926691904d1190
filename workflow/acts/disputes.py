"""A partner disputes an amount that was reduced; another approver raises it by a move, or lets it stand."""

from datetime import datetime

from sqlalchemy import Connection, insert, update

from models.claims import Claim
from models.money import plain, written
from models.tasks import Task
from models.vocabulary import MessageKind, Role, State, TaskKind
from workflow.actors import Actor
from workflow.acts.record import record_act
from workflow.announcements import claim_figures, message_row, turn_messages
from workflow.assignment import assign, colleagues, holders, roles_now
from workflow.authority import authority_of
from workflow.clock import programme_day, programme_today
from workflow.deadlines import dispute_deadline
from workflow.dossier import Dossier
from workflow.gathering import gather
from workflow.hand_over import open_task
from workflow.moves import deciders_of
from workflow.outbox import announce
from workflow.policy_shelf import policy_version
from workflow.refusals import ClaimNotFound, Problem, Refused
from workflow.routing import groups_of
from workflow.task_deadlines import last_day_in_time, office_of
from workflow.tasks import amount_of, needs_of, task_row


def dispute_amount(
    connection: Connection,
    actor: Actor,
    now: datetime,
    claim_id: int,
    version: int,
    reason: str,
    key: str | None = None,
) -> int:
    """Dispute that less was granted than asked for, and return the act's id. The claim does not move.

    Somebody who did not decide on it before looks at the amount again. Raises Refused with every reason why
    not, ClaimNotFound for a claim of another partner.
    """
    dossier = gather(connection, [claim_id], lock=True).get(claim_id)
    if dossier is None or actor.partner_id != dossier.claim.partner_id:
        raise ClaimNotFound(claim_id)
    if Role.partner not in actor.roles & roles_now(connection, actor.user_id or 0):
        raise Refused(Problem("not_yours"))
    problems = amount_problems(connection, dossier, now)
    if dossier.claim.version != version:
        problems = [Problem("stale")]
    elif not reason.strip():
        problems.append(Problem("dispute_why", "reason"))
    if problems:
        raise Refused(*problems)
    return _open(connection, actor, now, dossier, reason, key)


def amount_problems(connection: Connection, dossier: Dossier, now: datetime) -> list[Problem]:
    """Return what keeps the granted amount of a claim from being disputed now."""
    claim, version = dossier.claim, policy_version(connection, dossier.claim.policy_version_id)
    if claim.state is not State.approved or version is None:
        return [Problem("wrong_state", figures={"state": claim.state.value})]
    problems = []
    if claim.approved >= claim.requested or claim.accepted_on is not None:
        problems.append(Problem("nothing_reduced", figures={"approved": written(claim.approved)}))
    if claim.disputed_on is not None:
        problems.append(Problem("disputed_already", figures={"disputed_on": claim.disputed_on.isoformat()}))
    deadline = dispute_deadline(programme_day(claim.state_since, claim.zone), version.policy)
    if deadline is not None and deadline < programme_day(now, claim.zone):
        problems.append(Problem("dispute_late", figures={"deadline": deadline.isoformat()}))
    return problems


def uphold(
    connection: Connection, actor: Actor, now: datetime, claim_id: int, reason: str, key: str | None = None
) -> int:
    """Let a disputed amount stand, and return the act's id. Its partner is told why.

    Raises Refused for who does not hold the task, or no longer stands in for whom it belongs to, and
    without a reason.
    """
    task = open_task(connection, claim_id)
    if (
        task.task_kind is not TaskKind.reconsider
        or actor.user_id is None
        or task.assignee_id != actor.user_id
    ):
        raise Refused(Problem("not_assigned"))
    if authority_of(connection, task, None, programme_today(connection, now)).ended:
        raise Refused(Problem("absence_over"))
    if not reason.strip():
        raise Refused(Problem("reason_missing", "reason"))
    connection.execute(update(Task).where(Task.id == task.task_id).values(closed_at=now))
    connection.execute(
        update(Claim).where(Claim.id == claim_id).values(barred=None, version=Claim.version + 1)
    )
    figures = {"claim": claim_id, "approved": plain(task.approved), "requested": plain(task.requested)}
    act_id = record_act(
        connection,
        actor,
        now,
        "amount_upheld",
        f"claim:{claim_id}",
        figures,
        partner_id=task.partner_id,
        reason=reason,
        key=key,
        role=Role.approver,
    )
    _tell(connection, claim_id, act_id, now)
    return act_id


def _open(
    connection: Connection, actor: Actor, now: datetime, dossier: Dossier, reason: str, key: str | None
) -> int:
    claim, today = dossier.claim, programme_day(now, dossier.claim.zone)
    barred = list(deciders_of(connection, claim.id))
    values = {"disputed_on": today, "barred": barred}
    connection.execute(update(Claim).where(Claim.id == claim.id).values(**values, version=claim.version + 1))
    figures = {"claim": claim.id, "approved": plain(claim.approved), "requested": plain(claim.requested)}
    act_id = record_act(
        connection,
        actor,
        now,
        "amount_disputed",
        f"claim:{claim.id}",
        figures,
        partner_id=claim.partner_id,
        reason=reason,
        key=key,
        role=Role.partner,
    )
    kind = TaskKind.reconsider
    needs = needs_of(kind, claim, groups_of(connection), values)
    assignment = assign(colleagues(connection, Role.approver, today), needs)
    due_on = last_day_in_time(kind, today, office_of(connection), assignment.assignee_id, None)
    connection.execute(insert(Task).values(**task_row(kind, claim.id, assignment, now, due_on)))
    announce(
        connection,
        turn_messages(
            claim_figures(claim),
            claim.id,
            kind,
            assignment,
            holders(connection, Role.manager),
            key=f"act:{act_id}",
            cause="dispute_amount",
            amount=amount_of(kind, {}, claim),
            now=now,
        ),
    )
    return act_id


def _tell(connection: Connection, claim_id: int, act_id: int, now: datetime) -> None:
    """Tell the partner that the amount stands."""
    dossier = gather(connection, [claim_id], lock=False)[claim_id]
    figures = {**claim_figures(dossier.claim), "approved": plain(dossier.claim.approved)}
    announce(
        connection,
        (
            message_row(MessageKind.amount_upheld, f"act:{act_id}", user_id, figures, now, claim_id)
            for user_id in dossier.told
        ),
    )
