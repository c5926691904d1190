"""Open tasks change hands: a manager reassigns one, a colleague takes it over, its holder gives it back."""

from datetime import datetime

from sqlalchemy import Connection

from models.vocabulary import Role
from workflow.actors import Actor
from workflow.acts.record import record_act, require_manager
from workflow.assignment import NAMED, Assignment
from workflow.clock import programme_today
from workflow.dossier import AnyRow
from workflow.hand_over import candidates, could_take, give_away, hand, open_task
from workflow.refusals import Problem, Refused
from workflow.table import ROLE_OF_TASK


def reassign(
    connection: Connection, actor: Actor, now: datetime, claim_id: int, user_id: int, reason: str = ""
) -> None:
    """Give a claim's open task to another entitled person. The claim itself does not move.

    A payment belongs to all of finance. Nobody takes a task themselves, for a manager decides nothing.
    """
    require_manager(connection, actor)
    task = open_task(connection, claim_id)
    if task.task_kind not in NAMED:
        raise Refused(Problem("task_of_all"))
    if user_id == actor.user_id:
        raise Refused(Problem("task_to_oneself", "assignee"))
    if user_id not in {one.user_id for one in candidates(connection, task, now)}:
        raise Refused(Problem("not_entitled", "assignee"))
    if task.assignee_id == user_id and task.on_behalf_of_id is None:
        return
    cause = _record(connection, actor, now, "task_reassigned", task, user_id, reason, Role.manager)
    hand(connection, task, Assignment(user_id, None, (user_id,)), cause, now, because="reassign")


def take(connection: Connection, actor: Actor, now: datetime, claim_id: int) -> None:
    """Let somebody take a task that is for them too, from its holder or from nobody. The claim does not move.

    Raises Refused for whom the claim's route does not name, or who may not decide on it.
    """
    task = open_task(connection, claim_id)
    if task.task_kind not in NAMED:
        raise Refused(Problem("task_of_all"))
    today = programme_today(connection, now)
    if actor.user_id is None or not could_take(connection, task.task_kind, task, actor.user_id, today):
        raise Refused(Problem("not_for_you"))
    if task.assignee_id == actor.user_id and task.on_behalf_of_id is None:
        return
    role = ROLE_OF_TASK[task.task_kind]
    cause = _record(connection, actor, now, "task_taken", task, actor.user_id, "", role)
    hand(connection, task, Assignment(actor.user_id, None, ()), cause, now)


def give_back(connection: Connection, actor: Actor, now: datetime, claim_id: int, reason: str) -> None:
    """Let the holder of a task give it back: it goes to the next who is entitled, or to the managers.

    Raises Refused for anybody else, and without a reason. The claim itself does not move.
    """
    task = open_task(connection, claim_id)
    if actor.user_id is None or task.assignee_id != actor.user_id:
        raise Refused(Problem("not_assigned"))
    if not reason.strip():
        raise Refused(Problem("give_back_why", "reason"))
    role = ROLE_OF_TASK[task.task_kind]
    cause = _record(connection, actor, now, "task_given_back", task, None, reason, role)
    give_away(connection, task, actor.user_id, cause, now)


def _record(
    connection: Connection,
    actor: Actor,
    now: datetime,
    kind: str,
    task: AnyRow,
    after: int | None,
    reason: str,
    role: Role,
) -> str:
    """Write the act that a hand-over leaves; return what the keys of its messages begin with."""
    figures = {"claim": task.id, "task": task.task_kind.value, "before": task.assignee_id, "after": after}
    act_id = record_act(
        connection,
        actor,
        now,
        kind,
        f"claim:{task.id}",
        figures,
        partner_id=task.partner_id,
        reason=reason,
        role=role,
    )
    return f"act:{act_id}"
